package release

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

// serveIAM decides on the calls of state machines and of EventBridge, of which the emulator asks before it makes them. What is denied
// fails the call as on AWS.
func (b *bench) serveIAM(w http.ResponseWriter, r *http.Request) {
	var call struct {
		Role        string `json:"role"`
		Integration string `json:"integration"`
		Arguments   any    `json:"arguments"`
	}
	err := json.NewDecoder(r.Body).Decode(&call)
	if err == nil {
		err = b.authorize(call.Role, call.Integration, call.Arguments)
	}
	if err == nil {
		return
	}
	refusal := &interpreter.Error{Name: "AccessDeniedException", Cause: err.Error()}
	if strings.HasPrefix(call.Integration, "arn:") {
		errors.As(sdk.Denied(call.Integration, err.Error()), &refusal)
	}
	w.WriteHeader(http.StatusForbidden)
	if err := json.NewEncoder(w).Encode(map[string]string{"name": refusal.Name, "cause": refusal.Cause}); err != nil {
		b.t.Errorf("cannot answer for IAM: %v", err)
	}
}

// authorize a call of a role's, and remember what IAM was asked.
func (b *bench) authorize(role, integration string, arguments any) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	asked, err := b.account.Authorize(role, integration, arguments)
	b.asked[role] = append(b.asked[role], asked...)
	if err == nil {
		return nil
	}
	b.denied = append(b.denied, err.Error())
	if denied := (*access.DeniedError)(nil); !b.mayBeDenied || !errors.As(err, &denied) {
		b.t.Errorf("%s: %v", integration, err)
	}
	return err
}

// refused is how many calls IAM has refused.
func (b *bench) refused() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.denied)
}

// role of the pipeline's, by the name of its resource.
func (b *bench) role(name string) string {
	return roleARN(b.rendered.awsName(name))
}

// startAsPipeline asks whether the pipeline may start a release and follow it.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-StepFunctions.html.
func (b *bench) startAsPipeline(execution string) {
	b.t.Helper()
	machine := map[string]any{"StateMachineArn": b.rendered.machineARN(releaseMachine)}
	b.asPipeline("states:describeStateMachine", machine)
	b.asPipeline("states:startExecution", machine)
	b.asPipeline("states:describeExecution", map[string]any{
		"ExecutionArn": strings.Replace(b.rendered.machineARN(releaseMachine), ":stateMachine:", ":execution:", 1) + ":" + execution,
	})
}

// deploy code of a function as the pipeline does, and return its version.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-LambdaDeploy.html.
func (b *bench) deploy(function, code string) string {
	b.t.Helper()
	name := b.rendered.awsName(function)
	for _, call := range []string{"lambda:updateFunctionCode", "lambda:getFunctionConfiguration", "lambda:publishVersion"} {
		b.asPipeline(call, map[string]any{"FunctionName": name})
	}
	return publish(b.t, name, code)
}

func (b *bench) asPipeline(call string, arguments map[string]any) {
	b.t.Helper()
	if err := b.authorize(b.role("pipeline-role"), call, arguments); err != nil {
		b.t.Fatal(err)
	}
}

// TestDenied takes a statement from a role: what the role does fails as on AWS.
func TestDenied(t *testing.T) {
	cases := map[string]struct {
		reason, machine, without string
		act                      func(b *bench) executed
		want, cause              string
	}{
		"OverrideAlarms": {
			reason:  "Who overrides the alarms of a deployment group must be allowed to change the group.",
			machine: rollbackMachine, without: "OverrideAlarms",
			act: func(b *bench) executed {
				return b.rollback(`{"requestedBy": "ada", "reason": "payments are charged twice"}`)
			},
			want: "CodeDeploy.CodeDeployException", cause: "codedeploy:UpdateDeploymentGroup",
		},
		"DeploymentConfig": {
			reason:  "Who creates a deployment must be allowed to read its configuration.",
			machine: releaseMachine, without: "DeploymentConfig",
			act:  func(b *bench) executed { return b.runShift("3", commit) },
			want: "CodeDeploy.CodeDeployException", cause: "codedeploy:GetDeploymentConfig",
		},
		"SmokeTest": {
			reason:  "Who invokes a function must be allowed to.",
			machine: releaseMachine, without: "SmokeTest",
			act:  func(b *bench) executed { return b.smoke("1") },
			want: "Lambda.AWSLambdaException", cause: "lambda:InvokeFunction",
		},
		"ReadDeployments": {
			reason:  "Whoever reads a deployment must be allowed to.",
			machine: watchMachine, without: "ReadDeployments",
			act:  func(b *bench) executed { b.record(b.events()[0]); return b.executions[len(b.executions)-1] },
			want: "CodeDeploy.CodeDeployException", cause: "codedeploy:GetDeployment",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, allAtOnce)
			b.blue("2")
			b.blue("3")
			b.shift("2")
			b.lacking(tc.machine+"-role", tc.without)
			got := tc.act(b)
			if got.Status != "FAILED" || got.Error != tc.want || !strings.Contains(got.Cause, "is not authorized to perform: "+tc.cause+" on resource: ") {
				t.Errorf("%s\nwant %s by %s, got %s: %s", tc.reason, tc.want, tc.cause, got.Error, got.Cause)
			}
		})
	}
}

// TestEventsDenied takes the right to start the watch from the role of EventBridge: nothing starts.
func TestEventsDenied(t *testing.T) {
	b := newBench(t, ready, allAtOnce)
	b.lacking("watch-events-role", "StartWatch")
	if err := send(t.Context(), b.event("d-TEST00001", "START")); err != nil {
		t.Fatal(err)
	}
	if err := process.Eventually(t.Context(), "EventBridge is refused", ministack.Process, func(context.Context) bool { return b.refused() > 0 }); err != nil {
		t.Fatal(err)
	}
	if got, err := executionARNs(t.Context(), b.rendered.machineARN(watchMachine)); err != nil || len(got) > 0 {
		t.Errorf("want no execution, got %v, %v", got, err)
	}
}

// lacking a statement, the role goes on.
func (b *bench) lacking(role, sid string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.ContainsFunc(b.account.Statements(b.role(role)), func(s iam.Statement) bool { return s.Sid == sid }) {
		b.t.Fatalf("the %s has no statement %s", role, sid)
	}
	b.account, b.mayBeDenied = b.account.Without(b.role(role), sid), true
}
