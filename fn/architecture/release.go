package architecture

import (
	"slices"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	releaseRole             resource.Name = "release-role"
	releasePolicy           resource.Name = "release-policy"
	releasePolicyAttachment resource.Name = "release-policy-attachment"
	releaseMachine          resource.Name = "release-state-machine"
)

// releaseStateMachine tries a version out and shifts traffic to it.
var releaseStateMachine = stateMachine{
	role: releaseRole, policy: releasePolicy, policyAttachment: releasePolicyAttachment, machine: releaseMachine,
	base: "release", roleBase: "release-service-role",
	definition: release.Config.Release,
	statements: Pipeline.releaseStatements,
}

// release is the state machine that the pipeline starts. In a pipeline of an earlier release of this package it did the work of all
// three: it changes once the other two can do theirs. Executions under way keep the definition that they began with.
func (p Pipeline) release() []compose.Resource {
	rs := p.stateMachine(releaseStateMachine)
	for i := range rs {
		rs[i].After = successors()
	}
	return rs
}

// successors take over what the release did in earlier releases of this package.
func successors() []resource.Name {
	return []resource.Name{
		rollbackPolicyAttachment, rollbackMachine,
		watchPolicyAttachment, watchMachine, watchEventsPolicyAttachment, watchDeploymentsRule, watchDeploymentsTarget,
	}
}

// releaseStatements are the calls in the state machine's definition, and what CodeDeploy asks of the caller beside them.
func (p Pipeline) releaseStatements(f compose.Facts) []iam.Statement {
	return slices.Concat([]iam.Statement{
		// A version is invoked, never $LATEST.
		iam.Allow("SmokeTest", "lambda:InvokeFunction").
			On(p.functionARN(f, green) + ":*"),
		p.readAliasStatement(f),
		iam.Allow("ReadVersion", "lambda:GetFunctionConfiguration").
			On(p.functionARN(f, blue)+":*", p.functionARN(f, green)+":*"),
		iam.Allow("FindDeployment", "codedeploy:BatchGetDeployments", "codedeploy:ListDeployments").
			On(p.deploymentGroupARN(f)),
	}, p.deploymentStatements(f, p.releaseConfigs()...), []iam.Statement{
		iam.Allow("History", "dynamodb:GetItem", "dynamodb:UpdateItem").
			On(p.historyTableARN(f)),
		// Its state says that the pipeline has started the release, and who has approved it. Its actions say what was built, tested and published.
		iam.Allow("Runs", "codepipeline:GetPipelineState", "codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions").
			On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
		p.countStatement(),
		p.tellPeopleStatement(f),
	}, p.overtakeStatements(f), p.bypassStatements(f), p.judgeStatements(), p.checkBuiltStatements(), p.offerStatements(), p.useTableKey())
}

// checkBuiltStatements let a release see whether somebody has replaced what was built.
func (p Pipeline) checkBuiltStatements() []iam.Statement {
	if p.isPromoted() {
		return nil
	}
	return []iam.Statement{iam.Allow("CheckBuilt", "s3:ListBucketVersions").On(p.artifactBucketARN()).
		If(iam.StringLike, "s3:prefix", p.outputFolder()+"*")}
}

// readAliasStatement lets a state machine see what serves production.
func (p Pipeline) readAliasStatement(f compose.Facts) iam.Statement {
	return iam.Allow("ReadAlias", "lambda:GetAlias").On(p.functionARN(f, blue), p.aliasARN(f))
}

// tellPeopleStatement lets a state machine say what it has come to.
func (p Pipeline) tellPeopleStatement(f compose.Facts) iam.Statement {
	return iam.Allow("TellPeople", "sns:Publish").On(p.topicARNs(f)...)
}

// deploymentStatements let a state machine create a deployment by one of the supplied configurations, and follow it.
func (p Pipeline) deploymentStatements(f compose.Facts, configurations ...string) []iam.Statement {
	var arns []string
	for _, c := range configurations {
		arns = append(arns, p.arn(f, "codedeploy", "deploymentconfig:"+c))
	}
	slices.Sort(arns)
	return []iam.Statement{
		iam.Allow("Deploy", "codedeploy:CreateDeployment", "codedeploy:GetDeployment").
			On(p.deploymentGroupARN(f)),
		// CreateDeployment registers the revision that it is given, reads it back, and reads the configuration.
		iam.Allow("Revision", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision").
			On(p.arn(f, "codedeploy", "application:"+p.Names.DeployApp())),
		iam.Allow("DeploymentConfig", "codedeploy:GetDeploymentConfig").
			On(slices.Compact(arns)...),
	}
}

func (p Pipeline) deploymentGroupARN(f compose.Facts) string {
	return p.arn(f, "codedeploy", "deploymentgroup:"+p.Names.DeployApp()+"/"+p.Names.DeploymentGroup())
}

// countStatement lets a release publish its own metrics, and no others. The action knows no resources in IAM.
func (p Pipeline) countStatement() iam.Statement {
	return iam.Allow("CountReleases", "cloudwatch:PutMetricData").On("*").
		If(iam.StringEquals, "cloudwatch:namespace", release.MetricNamespace)
}

// overtakeStatements let a release stop an older one that waits for its approval. It can approve none.
func (p Pipeline) overtakeStatements(f compose.Facts) []iam.Statement {
	if !p.Spec.Approval.Required {
		return nil
	}
	return []iam.Statement{
		iam.Allow("Overtake", "codepipeline:StopPipelineExecution").
			On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
	}
}

// overrideAlarmsStatement lets a state machine create a deployment that the group's alarms do not stop. AWS asks that of each caller that sends
// overrideAlarmConfiguration: see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html. With the right, the
// group could be changed too, so a state machine has it only if it creates such a deployment.
func (p Pipeline) overrideAlarmsStatement(f compose.Facts) iam.Statement {
	return iam.Allow("OverrideAlarms", "codedeploy:UpdateDeploymentGroup").On(p.deploymentGroupARN(f))
}

// bypassStatements let a release go on while alarms fire: the first one, one that takes a version back, and that of the commit that the
// claim names.
func (p Pipeline) bypassStatements(f compose.Facts) []iam.Statement {
	if p.Serving.Bootstrap == "" && !p.judges() && p.Spec.Rollout.BypassAlarmsForCommit == "" {
		return nil
	}
	return []iam.Statement{p.overrideAlarmsStatement(f)}
}

// judges says whether releases are judged.
func (p Pipeline) judges() bool {
	return p.Spec.Rollout.Analysis.Enabled
}

// judgeStatements let a release see how the candidate does, and stop it.
func (p Pipeline) judgeStatements() []iam.Statement {
	if !p.judges() {
		return nil
	}
	// These know no resources in IAM, or none of those that are meant here.
	return []iam.Statement{iam.Allow("Judge", "cloudwatch:GetMetricData", "codedeploy:StopDeployment").On("*")}
}

// releaseConfigs are the deployment configurations of a release: the group's, and that of the first release and of one that is taken back.
func (p Pipeline) releaseConfigs() []string {
	return []string{p.deploymentConfigName(), release.AllAtOnce}
}
