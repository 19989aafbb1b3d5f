package architecture

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// An actionSummary is an action without its configuration.
type actionSummary struct {
	Stage, Action, Provider, In, Out, Namespace string
	Order                                       float64
}

func summarise(stages []codepipelinev1beta2.StageParameters) []actionSummary {
	text := func(s ...*string) string {
		if len(s) == 0 || s[0] == nil {
			return ""
		}
		return *s[0]
	}
	var sum []actionSummary
	for _, stage := range stages {
		for _, a := range stage.Action {
			sum = append(sum, actionSummary{
				Stage:     *stage.Name,
				Action:    *a.Name,
				Provider:  *a.Category + "/" + *a.Owner + "/" + *a.Provider + "/" + *a.Version,
				In:        text(a.InputArtifacts...),
				Out:       text(a.OutputArtifacts...),
				Namespace: text(a.Namespace),
				Order:     *a.RunOrder,
			})
		}
	}
	return sum
}

func TestStages(t *testing.T) {
	delivered := []actionSummary{
		{Stage: "Source", Action: "GitHub_Source", Provider: "Source/AWS/CodeStarSourceConnection/1", Out: "source_output", Namespace: "SourceVariables", Order: 1},
		{Stage: "Build", Action: "Build_TypeScript", Provider: "Build/AWS/CodeBuild/1", In: "source_output", Out: "build_output", Order: 1},
		{Stage: "Deploy-Blue", Action: "Deploy_Green_Lambda", Provider: "Deploy/AWS/Lambda/1", In: "build_output", Namespace: "DeployGreen", Order: 1},
		{Stage: "Deploy-Blue", Action: "Smoke_Test_Green", Provider: "Invoke/AWS/StepFunctions/1", Order: 2},
		{Stage: "Deploy-Blue", Action: "Deploy_Blue_Lambda", Provider: "Deploy/AWS/Lambda/1", In: "build_output", Namespace: "DeployBlue", Order: 3},
	}
	then := func(actions ...actionSummary) []actionSummary { return append(slices.Clip(delivered), actions...) }
	cases := map[string]struct {
		reason   string
		required bool
		want     []actionSummary
	}{
		"Approved": {
			reason:   "A push should come by a person before traffic moves.",
			required: true,
			want: then(
				actionSummary{Stage: "Deploy-Blue", Action: "Overtake_Waiting_Release", Provider: "Invoke/AWS/StepFunctions/1", Order: 4},
				actionSummary{Stage: "Switch-Traffic", Action: "Approve_Traffic_Shift", Provider: "Approval/AWS/Manual/1", Order: 1},
				actionSummary{Stage: "Switch-Traffic", Action: "Shift_Traffic", Provider: "Invoke/AWS/StepFunctions/1", Order: 2},
			),
		},
		"Unapproved": {
			reason: "A claim that asks for no approval should get none, and its traffic shifted all the same.",
			want:   then(actionSummary{Stage: "Switch-Traffic", Action: "Shift_Traffic", Provider: "Invoke/AWS/StepFunctions/1", Order: 1}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Approval.Required = tc.required })
			if diff := cmp.Diff(tc.want, summarise(p.stages(allFacts()))); diff != "" {
				t.Errorf("%s\nstages(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestActionConfigurations checks all that each action is told.
func TestActionConfigurations(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.Source.Branch = "release"
		p.Spec.Approval.TimeoutMinutes = 1440
	})
	type configuration struct {
		Timeout *float64
		Values  map[string]*string
	}
	got := map[string]configuration{}
	for _, stage := range p.stages(allFacts()) {
		for _, a := range stage.Action {
			got[*a.Name] = configuration{a.TimeoutInMinutes, a.Configuration}
		}
	}

	release := func(input string) configuration {
		return configuration{Values: map[string]*string{
			"StateMachineArn": new("arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-release-pr-123"),
			"InputType":       new("Literal"),
			"Input":           new(input),
		}}
	}

	want := map[string]configuration{
		"GitHub_Source": {Values: map[string]*string{
			"ConnectionArn":        new(fntest.Connection),
			"FullRepositoryId":     new("my-org/my-repo"),
			"BranchName":           new("release"),
			"OutputArtifactFormat": new("CODE_ZIP"),
			"DetectChanges":        new("true"),
		}},
		"Build_TypeScript":         {Values: map[string]*string{"ProjectName": new("payment-processor-build-pr-123")}},
		"Deploy_Green_Lambda":      {Values: map[string]*string{"FunctionName": new("payment-processor-green-pr-123")}},
		"Smoke_Test_Green":         release(`{"action":"smoke","version":"#{DeployGreen.FunctionVersion}","pipelineExecutionId":"#{codepipeline.PipelineExecutionId}"}`),
		"Deploy_Blue_Lambda":       {Values: map[string]*string{"FunctionName": new("payment-processor-blue-pr-123")}},
		"Overtake_Waiting_Release": release(`{"action":"overtake","pipelineExecutionId":"#{codepipeline.PipelineExecutionId}"}`),
		"Approve_Traffic_Shift": {Timeout: new(1440.0), Values: map[string]*string{
			"CustomData": new("Shift production traffic of payment-processor-blue-pr-123:live to version #{DeployBlue.FunctionVersion}, " +
				"built from commit #{SourceVariables.CommitId}?"),
			"NotificationArn": new("arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"),
		}},
		"Shift_Traffic": release(`{"action":"shift","targetVersion":"#{DeployBlue.FunctionVersion}",` +
			`"pipelineExecutionId":"#{codepipeline.PipelineExecutionId}","commitId":"#{SourceVariables.CommitId}",` +
			`"authoredAt":"#{SourceVariables.AuthorDate}"}`),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestArtifactsAreMadeBeforeTheyAreUsed holds whatever actions there are. So does what follows for namespaces: CodePipeline
// refuses a pipeline that breaks either.
func TestArtifactsAreMadeBeforeTheyAreUsed(t *testing.T) {
	made, namespaces := map[string]bool{"": true}, map[string]bool{}
	for _, a := range summarise(newTestPipeline(t, everything).stages(allFacts())) {
		if !made[a.In] {
			t.Errorf("%s: nothing before it makes %q", a.Action, a.In)
		}
		if a.Out != "" && made[a.Out] {
			t.Errorf("%s: %q is made twice", a.Action, a.Out)
		}
		if a.Namespace != "" && namespaces[a.Namespace] {
			t.Errorf("%s: namespace %q is taken", a.Action, a.Namespace)
		}
		made[a.Out], namespaces[a.Namespace] = true, true
	}
}

// TestVariablesAreThereBeforeTheyAreRead checks the namespaces that actions name in their configuration.
func TestVariablesAreThereBeforeTheyAreRead(t *testing.T) {
	variable := regexp.MustCompile(`#\{([A-Za-z]+)\.`)
	// CodePipeline's own variables need no action.
	known := map[string]bool{"codepipeline": true}
	read := 0
	for _, stage := range newTestPipeline(t, everything).stages(allFacts()) {
		for _, a := range stage.Action {
			for field, value := range a.Configuration {
				for _, match := range variable.FindAllStringSubmatch(*value, -1) {
					read++
					if !known[match[1]] {
						t.Errorf("%s: %s reads %q, which no action before it writes", *a.Name, field, match[1])
					}
				}
			}
			if a.Namespace != nil {
				known[*a.Namespace] = true
			}
		}
	}
	if read == 0 {
		t.Error("no action reads a variable")
	}
}

// TestBuildActionName checks that pipelines that exist keep the name of theirs.
func TestBuildActionName(t *testing.T) {
	got := map[string]string{}
	for _, name := range []string{"nodejs22.x", "nodejs24.x", "python3.14", "java25", "ruby3.4", "provided.al2023"} {
		got[name] = newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Runtime = name }).buildActionName()
	}
	want := map[string]string{
		"nodejs22.x": "Build_TypeScript", "nodejs24.x": "Build_TypeScript",
		"python3.14": "Build", "java25": "Build", "ruby3.4": "Build", "provided.al2023": "Build",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("buildActionName(): -want, +got:\n%s", diff)
	}
}
