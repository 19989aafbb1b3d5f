package architecture

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
)

// machines of a pipeline, by their names in AWS.
var machines = map[string]stateMachine{
	"payment-processor-release-pr-123":  releaseStateMachine,
	"payment-processor-rollback-pr-123": rollbackStateMachine,
	"payment-processor-watch-pr-123":    watchStateMachine,
}

func TestStateMachines(t *testing.T) {
	p := newTestPipeline(t, everything)
	for name, m := range machines {
		t.Run(name, func(t *testing.T) {
			want := sfnv1beta2.StateMachineParameters{
				Region:     new("us-east-1"),
				Type:       new("STANDARD"),
				RoleArnRef: &xpv2.Reference{Name: "pr-123." + string(m.role) + ".default"},
				Definition: new(document.JSON(m.definition(p.releaseConfig(allFacts())))),
				Tags:       map[string]*string{"team": new("payments"), "owner": new("platform")},
			}
			built := buildOne[*sfnv1beta2.StateMachine](t, p, m.machine)
			if diff := cmp.Diff(want, built.Spec.ForProvider); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
			if diff := cmp.Diff(name, built.GetAnnotations()[annotationExternalName]); diff != "" {
				t.Errorf("-want name, +got:\n%s", diff)
			}
			// AWS allows 1 MB.
			if size := len(*built.Spec.ForProvider.Definition); size > 100_000 {
				t.Errorf("definition: want it far below the limit, got %d bytes", size)
			}
		})
	}
}

// policyOf a state machine's role.
func policyOf(t *testing.T, p Pipeline, m stateMachine) map[string]iam.Statement {
	t.Helper()
	return statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, m.policy).Spec.ForProvider.Policy)
}

// calledActions are the IAM actions of the calls that a state machine makes.
func calledActions(t *testing.T, definition string) []string {
	t.Helper()
	var d struct {
		States map[string]struct {
			Type      string          `json:"Type"`
			Resource  string          `json:"Resource"`
			Arguments json.RawMessage `json:"Arguments"`
		} `json:"States"`
	}
	if err := json.Unmarshal([]byte(definition), &d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	called := map[string]bool{}
	for _, s := range d.States {
		if s.Type != "Task" {
			continue
		}
		if strings.Contains(string(s.Arguments), `"OverrideAlarmConfiguration"`) {
			called["codedeploy:UpdateDeploymentGroup"] = true
		}
		parts := strings.Split(s.Resource, ":")
		service, operation := parts[len(parts)-2], parts[len(parts)-1]
		if service == "lambda" && operation == "invoke" {
			operation = "invokeFunction"
		}
		if service == "s3" && operation == "listObjectVersions" {
			called["s3:ListBucketVersions"] = true
			continue
		}
		if service == "s3" && operation != "putObject" {
			// Who reads an object, to copy it too, asks for another action if it is a version of it.
			read := "s3:GetObject"
			if strings.Contains(strings.ToLower(string(s.Arguments)), "versionid") {
				read = "s3:GetObjectVersion"
			}
			called[read] = true
			if operation == "headObject" {
				continue
			}
			// S3 asks these of whoever copies an object. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html.
			called["s3:GetObjectAnnotation"], called["s3:PutObjectAnnotation"] = true, true
			if read == "s3:GetObjectVersion" {
				called["s3:GetObjectVersionAnnotation"] = true
			}
			operation = "putObject"
		}
		called[service+":"+strings.ToUpper(operation[:1])+operation[1:]] = true
	}
	return slices.Sorted(maps.Keys(called))
}

// TestMachinesMayWhatTheyDo checks that each state machine may make its calls, and no others.
func TestMachinesMayWhatTheyDo(t *testing.T) {
	// CodeDeploy asks these of whoever creates a deployment.
	// See https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
	dependents := map[string][]string{"codedeploy:CreateDeployment": {
		"codedeploy:GetApplicationRevision",
		"codedeploy:GetDeploymentConfig",
		"codedeploy:RegisterApplicationRevision",
	}}
	for variant, changes := range map[string][]func(*Pipeline){"Minimal": nil, "Everything": {everything}, "Promoted": {everything, promotedFromDev}} {
		for name, m := range machines {
			t.Run(variant+"/"+name, func(t *testing.T) {
				p := newTestPipeline(t, changes...)
				want := calledActions(t, *p.definition(allFacts(), m))
				for _, action := range want {
					want = append(want, dependents[action]...)
				}
				slices.Sort(want)

				var got []string
				for sid, s := range policyOf(t, p, m) {
					if sid != "UseKey" && sid != "DecryptOffered" {
						got = append(got, s.Action...)
					}
				}
				slices.Sort(got)
				if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
					t.Errorf("-want actions, +got actions:\n%s", diff)
				}
			})
		}
	}
}

// TestOwnMetrics checks that state machines can publish metrics of their own only, as the action knows no resources.
func TestOwnMetrics(t *testing.T) {
	for _, m := range []stateMachine{releaseStateMachine, rollbackStateMachine} {
		want := iam.Condition{iam.StringEquals: {"cloudwatch:namespace": {"PaymentDelivery"}}}
		if diff := cmp.Diff(want, policyOf(t, newTestPipeline(t), m)["CountReleases"].Condition); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", m.base, diff)
		}
	}
}

// TestWhoMovesTraffic checks that the two state machines that create deployments are those that the pipeline and people start.
func TestWhoMovesTraffic(t *testing.T) {
	for name, m := range machines {
		creates := slices.Contains(calledActions(t, *newTestPipeline(t, everything).definition(allFacts(), m)), "codedeploy:CreateDeployment")
		if creates != (m.base != watchStateMachine.base) {
			t.Errorf("%s: creates deployments: %t", name, creates)
		}
	}
}

// TestSuccessors checks that what changes hands stays until there is somebody who does its work.
func TestSuccessors(t *testing.T) {
	p := newTestPipeline(t)
	names := map[resource.Name]bool{}
	for _, r := range p.Resources() {
		names[r.Name] = !r.Retired
	}
	for _, r := range p.Resources() {
		if r.Retired && len(r.After) == 0 {
			t.Errorf("%s is retired, and nobody takes over", r.Name)
		}
	}
	for _, name := range successors() {
		if !names[name] {
			t.Errorf("%s is to take over, and is not there", name)
		}
	}
}

// TestDefinitionReads checks that people can read expressions in the console.
func TestDefinitionReads(t *testing.T) {
	for name, m := range machines {
		t.Run(name, func(t *testing.T) {
			text := *newTestPipeline(t, everything).definition(allFacts(), m)
			for _, escape := range []string{`\u003c`, `\u003e`, `\u0026`} {
				if strings.Contains(text, escape) {
					t.Errorf("want %s written out, got\n%s", escape, text)
				}
			}
		})
	}
}
