package release

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

// dependent permissions are those that AWS wants beside the call itself, by the permission of the call.
var dependent = map[string][]string{
	// CreateDeployment registers the revision it is given, reads it back, and reads the group's configuration.
	// See https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
	"codedeploy:CreateDeployment": {
		"codedeploy:GetApplicationRevision application:payment-processor-app-pr-123",
		"codedeploy:GetDeploymentConfig deploymentconfig:CodeDeployDefault.LambdaAllAtOnce",
		"codedeploy:GetDeploymentConfig deploymentconfig:CodeDeployDefault.LambdaLinear10PercentEvery10Minutes",
		"codedeploy:RegisterApplicationRevision application:payment-processor-app-pr-123",
	},
	// IAM's reference names the function as GetAlias's resource, but a call that names an alias may be checked against the
	// alias's ARN.
	"lambda:GetAlias":    {"lambda:GetAlias function:payment-processor-blue-pr-123:live"},
	"lambda:UpdateAlias": {"lambda:UpdateAlias function:payment-processor-blue-pr-123:live"},
}

// permissions of a state machine's role: actions with the resources they are allowed on.
func (r rendered) permissions(t *testing.T, machine string) []permission {
	t.Helper()
	policy, err := iam.Parse(r.byName[machine+"-policy"].Spec.ForProvider.Policy)
	if err != nil {
		t.Fatal(err)
	}
	var ps []permission
	for _, s := range policy.Statement {
		for _, action := range s.Action {
			for _, resource := range s.Resource {
				ps = append(ps, permission{action, resource})
			}
		}
	}
	return ps
}

// A permission to do something with resources that match a pattern.
type permission struct {
	action, resource string
}

// String leaves out of the ARN what all ARNs have in common.
func (p permission) String() string {
	parts := strings.SplitN(p.resource, ":", 6)
	return p.action + " " + parts[len(parts)-1]
}

func (p permission) allows(c fakeaws.Call) bool {
	// In IAM a star stands for slashes too.
	ok, err := path.Match(strings.ReplaceAll(p.resource, "/", "|"), strings.ReplaceAll(c.Resource, "/", "|"))
	return err == nil && ok && p.action == c.Action
}

// checkCalls that the scenario has made: each state machine's role must be allowed to make its own.
func (b *bench) checkCalls() {
	for machine, calls := range b.calls {
		permissions := b.rendered.permissions(b.t, machine)
		for _, c := range calls {
			allowed := c.Resource == "" || slices.ContainsFunc(permissions, func(p permission) bool { return p.allows(c) })
			if !allowed {
				b.t.Errorf("the role of the %s must not call %s on %s", machine, c.Action, c.Resource)
				return
			}
		}
	}
}

// TestPolicy checks that the role of each state machine may do what the machine does, and nothing else.
func TestPolicy(t *testing.T) {
	b := newBench(t, ready, linear)
	b.cloud.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Cut: true, After: true})
	b.publish(1, 26)
	b.smoke()
	b.shift("25")
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"26": {Errors: 1}}})
	b.shift("26")
	b.clock.Advance(time.Minute)
	input := rollback("24")
	input["bySteps"] = true
	b.run(rollbackMachine, "rollback by steps", input)
	b.recordNew()
	b.clock.Advance(time.Minute)
	b.newRun("after")
	b.shiftCommit("26", nextCommit)
	b.cloud.CodePipeline.Wait("older-execution")
	b.overtake("newer-execution")
	// A rollback stops what somebody has started in the console, and takes traffic back itself.
	b.clock.Advance(time.Minute)
	b.cloud.CodeDeploy.NothingToRollBackTo = true
	b.cloud.CodeDeploy.Start("26")
	b.clock.Advance(time.Minute)
	b.rollBack("")
	b.cloud.CodeDeploy.NothingToRollBackTo = false
	// One that is bad and cannot be stopped in time is taken back.
	b.clock.Advance(time.Minute)
	b.newRun("last")
	b.cloud.Fail("codedeploy:StopDeployment", repeat(throttled, 20)...)
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"25": {Errors: 1}}})
	b.shiftCommit("25", "another commit")
	for _, machine := range machineNames {
		var called []string
		for _, resource := range b.machines[machine].Resources() {
			called = append(called, sdk.Action(resource))
		}
		slices.Sort(called)
		made := map[string]bool{}
		for _, c := range b.calls[machine] {
			made[c.Action] = !c.Dependent || made[c.Action]
		}
		maps.DeleteFunc(made, func(_ string, call bool) bool { return !call })
		if diff := cmp.Diff(called, slices.Sorted(maps.Keys(made))); diff != "" {
			t.Errorf("not every call of the %s was made\n-want, +got:\n%s", machine, diff)
		}
		for _, p := range b.rendered.permissions(t, machine) {
			used := slices.ContainsFunc(b.calls[machine], p.allows)
			for call, needed := range dependent {
				used = used || made[call] && slices.Contains(needed, fmt.Sprint(p))
			}
			if !used {
				t.Errorf("the role of the %s does not need %s on %s", machine, p.action, p.resource)
			}
		}
	}
}
