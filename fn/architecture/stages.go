package architecture

import (
	"fmt"
	"strconv"

	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// Artifacts that the stages hand on.
const (
	sourceOutput = "source_output"
	buildOutput  = release.BuildArtifact
)

// Namespaces under which an action's output can be read by a later one.
const (
	sourceVariables = "SourceVariables"
	deployGreen     = "DeployGreen"
	deployBlue      = "DeployBlue"
)

// sourceActionName is what triggers know the source by.
const sourceActionName = "GitHub_Source"

// publishAction publishes what is released as a version of blue.
const publishAction = "Deploy_Blue_Lambda"

// The stage that moves traffic, and its actions.
const (
	switchStage   = "Switch-Traffic"
	approveAction = "Approve_Traffic_Shift"
	shiftAction   = "Shift_Traffic"
)

// What a run of the pipeline knows of itself: the commit that it runs for, when that was made, and its own id.
const (
	commitID    = "#{" + sourceVariables + ".CommitId}"
	authoredAt  = "#{" + sourceVariables + ".AuthorDate}"
	executionID = "#{codepipeline.PipelineExecutionId}"
)

// stages of the delivery, in order.
func (p Pipeline) stages(f compose.Facts) []codepipelinev1beta2.StageParameters {
	return append(p.codeStages(f),
		stage("Deploy-Blue", append([]codepipelinev1beta2.ActionParameters{
			p.deployAction(release.GreenAction, green, deployGreen),
			p.smokeAction(f),
			p.deployAction(publishAction, blue, deployBlue),
		}, p.overtakeActions(f)...)...),
		stage(switchStage, p.switchActions(f)...),
	)
}

// codeStages get the code that is released.
func (p Pipeline) codeStages(f compose.Facts) []codepipelinev1beta2.StageParameters {
	if p.isPromoted() {
		return []codepipelinev1beta2.StageParameters{stage("Source", p.promotedAction())}
	}
	return []codepipelinev1beta2.StageParameters{stage("Source", p.sourceAction(f)), stage("Build", p.buildAction())}
}

// sourceActionName of this pipeline.
func (p Pipeline) sourceActionName() string {
	if p.isPromoted() {
		return promotionActionName
	}
	return sourceActionName
}

// codeArtifact has the code that is released.
func (p Pipeline) codeArtifact() string {
	if p.isPromoted() {
		return sourceOutput
	}
	return buildOutput
}

// stage runs the supplied actions one after the other.
func stage(name string, actions ...codepipelinev1beta2.ActionParameters) codepipelinev1beta2.StageParameters {
	for i := range actions {
		actions[i].RunOrder = new(float64(i + 1))
	}
	return codepipelinev1beta2.StageParameters{Name: new(name), Action: actions}
}

// action of a provider that AWS owns.
func action(name, category, provider string, configuration map[string]string) codepipelinev1beta2.ActionParameters {
	a := codepipelinev1beta2.ActionParameters{
		Name:          new(name),
		Category:      new(category),
		Owner:         new("AWS"),
		Provider:      new(provider),
		Version:       new("1"),
		Configuration: map[string]*string{},
	}
	for k, v := range configuration {
		a.Configuration[k] = new(v)
	}
	return a
}

func (p Pipeline) sourceAction(f compose.Facts) codepipelinev1beta2.ActionParameters {
	a := action(sourceActionName, "Source", "CodeStarSourceConnection", map[string]string{
		"ConnectionArn":        f.Get(ConnectionARN),
		"FullRepositoryId":     p.repository(),
		"BranchName":           p.Spec.Source.Branch,
		"OutputArtifactFormat": p.sourceFormat(),
		// Triggers take the place of any push to the branch.
		"DetectChanges": strconv.FormatBool(len(p.triggers()) == 0),
	})
	a.Namespace = new(sourceVariables)
	a.OutputArtifacts = []*string{new(sourceOutput)}
	return a
}

// repository that is built, with its owner.
func (p Pipeline) repository() string {
	return p.Spec.Source.Owner + "/" + p.Spec.Source.Repository
}

// sourceFormat is what builds get: the files of a commit, or what CodeBuild clones the repository by.
func (p Pipeline) sourceFormat() string {
	if p.clones() {
		return "CODEBUILD_CLONE_REF"
	}
	return "CODE_ZIP"
}

// buildActionName is Build, but for Node.js what it was when there was nothing else: who watches for it finds it still.
func (p Pipeline) buildActionName() string {
	if p.runtime().Language() == runtime.Node {
		return "Build_TypeScript"
	}
	return "Build"
}

func (p Pipeline) buildAction() codepipelinev1beta2.ActionParameters {
	a := action(p.buildActionName(), "Build", "CodeBuild", map[string]string{
		"ProjectName": p.Names.buildProject(),
	})
	a.InputArtifacts = []*string{new(sourceOutput)}
	a.OutputArtifacts = []*string{new(buildOutput)}
	return a
}

// deployAction replaces a function's code and publishes a version of it, whose number later actions read from the
// namespace. It names no alias, so no traffic moves.
func (p Pipeline) deployAction(name string, c color, namespace string) codepipelinev1beta2.ActionParameters {
	a := action(name, "Deploy", "Lambda", map[string]string{
		"FunctionName": p.Names.function(c),
	})
	a.InputArtifacts = []*string{new(p.codeArtifact())}
	a.Namespace = new(namespace)
	return a
}

// versionOf is the version that the deploy action with the supplied namespace has published.
func versionOf(namespace string) string {
	return "#{" + namespace + ".FunctionVersion}"
}

// releaseAction runs the release state machine and ends as it ends.
func (p Pipeline) releaseAction(f compose.Facts, name string, input release.Input) codepipelinev1beta2.ActionParameters {
	return action(name, "Invoke", "StepFunctions", map[string]string{
		"StateMachineArn": p.stateMachineARN(f, releaseStateMachine),
		"InputType":       "Literal",
		"Input":           document.JSON(input),
	})
}

func (p Pipeline) smokeAction(f compose.Facts) codepipelinev1beta2.ActionParameters {
	return p.releaseAction(f, "Smoke_Test_Green", release.SmokeTest(versionOf(deployGreen), executionID))
}

// overtakeActions stop an older release that waits for its approval, so that it does not hold up this one: CodePipeline lets
// one execution into the last stage at a time.
func (p Pipeline) overtakeActions(f compose.Facts) []codepipelinev1beta2.ActionParameters {
	if !p.Spec.Approval.Required {
		return nil
	}
	return []codepipelinev1beta2.ActionParameters{p.releaseAction(f, "Overtake_Waiting_Release", release.Overtake(executionID))}
}

// switchStage is what a release knows of the stage that starts it.
func (p Pipeline) switchStage() release.SwitchStage {
	s := release.SwitchStage{Name: switchStage, Shift: shiftAction}
	if p.Spec.Approval.Required {
		s.Approve = approveAction
	}
	return s
}

// switchActions move production traffic, after a person has agreed if the claim asks for that.
func (p Pipeline) switchActions(f compose.Facts) []codepipelinev1beta2.ActionParameters {
	shift := p.releaseAction(f, shiftAction, p.shiftInput())
	if !p.Spec.Approval.Required {
		return []codepipelinev1beta2.ActionParameters{shift}
	}
	return []codepipelinev1beta2.ActionParameters{p.approveAction(f), shift}
}

// shiftInput says what the release is of: a commit, or a version of what was taken from another pipeline, which knows its commit.
func (p Pipeline) shiftInput() release.Input {
	if p.isPromoted() {
		return release.ShiftPromoted(versionOf(deployBlue), executionID, artifactVersion)
	}
	return release.Shift(versionOf(deployBlue), executionID, commitID, authoredAt)
}

// origin of what is released, for the person who approves it.
func (p Pipeline) origin() string {
	if from := p.Spec.Source.PromotedFrom; from != nil {
		return fmt.Sprintf("taken from %s, version %s of %s in %s", from.BucketName, artifactVersion, release.PromotedKey, p.Names.Bucket)
	}
	// Another text would end the runs under way of every pipeline that exists: a change of the pipeline does.
	return "built from commit " + commitID
}

// approveAction waits for a person. CodePipeline itself tells people, as its message has the link by which to approve.
func (p Pipeline) approveAction(f compose.Facts) codepipelinev1beta2.ActionParameters {
	a := action(approveAction, "Approval", "Manual", map[string]string{
		"CustomData": fmt.Sprintf("Shift production traffic of %s:%s to version %s, %s?",
			p.Names.function(blue), aliasName, versionOf(deployBlue), p.origin()),
		"NotificationArn": p.approvalTopicARN(f),
	})
	a.TimeoutInMinutes = new(float64(p.Spec.Approval.TimeoutMinutes))
	return a
}
