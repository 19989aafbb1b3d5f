package release

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

// An upgraded caller makes the calls of an execution that began with the state machine of an earlier release of this package, which
// was release, rollback and watch in one. Step Functions lets such an execution go on with the definition that it began with, in the
// name of the same role, whose policy the upgrade changes in the midst of it.
type upgraded struct {
	*bench

	// calls until the upgrade.
	left int

	// denied are the refusals since.
	denied []string
}

func (u *upgraded) Do(ctx context.Context, resource string, arguments any) (any, error) {
	if u.left--; u.left < 0 {
		if _, err := u.account.Authorize(u.rendered.roleARN(releaseMachine), resource, arguments); err != nil {
			u.denied = append(u.denied, err.Error())
			return nil, sdk.Denied(resource, err.Error())
		}
	}
	return u.runner.Do(ctx, resource, arguments)
}

// earlier reads what an earlier release rendered for the same claim as the case ready.
func earlier(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "earlier", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// underWay are executions during which an upgrade may come.
var underWay = map[string]struct {
	act   func(*bench)
	input func(*bench) any
}{
	"SmokeTest": {input: func(b *bench) any {
		return b.smokeInput()
	}},
	"Shift": {input: func(b *bench) any { return shiftInput("2") }},
	"StoppedShift": {
		act: func(b *bench) {
			b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"2": {Errors: 1}}})
		},
		input: func(*bench) any { return shiftInput("2") },
	},
	"TakenBack": {
		act: func(b *bench) {
			b.cloud.Fail("codedeploy:StopDeployment", repeat(throttled, 20)...)
			b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"2": {Errors: 1}}})
		},
		input: func(*bench) any { return shiftInput("2") },
	},
	"Overtake": {
		act:   func(b *bench) { b.cloud.CodePipeline.Wait("older-execution") },
		input: func(*bench) any { return object{"action": "overtake", "pipelineExecutionId": "newer-execution"} },
	},
	"Rollback": {
		act: func(b *bench) { b.publish(1, 3); b.cloud.Lambda.Serve("2") },
		input: func(*bench) any {
			return object{"action": "rollback", "requestedBy": "ada", "reason": "payments are charged twice", "targetVersion": "1"}
		},
	},
}

func shiftInput(version string) any {
	return object{"action": "shift", "targetVersion": version, "pipelineExecutionId": execution, "commitId": commit, "authoredAt": "2026-01-02T02:00:00Z"}
}

// An ending is what an execution leaves behind.
type ending struct {
	Status, Error string
	Alias         any
	History       any
	Told          []string
}

// runEarlier runs such an execution, with an upgrade after so many calls.
func runEarlier(t *testing.T, machine *interpreter.Machine, name string, calls int) (ending, *upgraded) {
	t.Helper()
	b := newBench(t, ready, fakeaws.Shift{Percentage: 50, Interval: time.Minute})
	scenario := underWay[name]
	if scenario.act != nil {
		scenario.act(b)
	}
	u := &upgraded{bench: b, left: calls}
	result := machine.Run(t.Context(), u, b.clock, "execution-1", scenario.input(b))
	return ending{
		Status: result.Status, Error: result.Error, Alias: b.cloud.Lambda.Alias(), History: b.cloud.DynamoDB.Items(), Told: b.cloud.SNS.Messages(),
	}, u
}

// TestUpgradeCutsNoRelease upgrades a pipeline after each call of an execution that began before, and checks that the execution ends as
// it would have without. Only the versions that it would have deleted at its end stay until the watch deletes them.
func TestUpgradeCutsNoRelease(t *testing.T) {
	machine, err := interpreter.Parse(earlier(t, "release-state-machine"), sdk.New("", "").Resources())
	if err != nil {
		t.Fatal(err)
	}
	later := []string{"lambda:ListVersionsByFunction", "lambda:DeleteFunction"}
	upgrades := 0
	for name := range underWay {
		t.Run(name, func(t *testing.T) {
			const never = 1 << 20
			want, u := runEarlier(t, machine, name, never)
			for calls := range never - u.left {
				upgrades++
				got, u := runEarlier(t, machine, name, calls)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("upgraded after %d calls: -want, +got:\n%s", calls, diff)
				}
				for _, refusal := range u.denied {
					if !slices.ContainsFunc(later, func(action string) bool { return strings.Contains(refusal, "to perform: "+action+" on") }) {
						t.Errorf("upgraded after %d calls: %s", calls, refusal)
					}
				}
			}
		})
	}
	if upgrades < 100 {
		t.Errorf("want at least 100 moments of an upgrade, got %d", upgrades)
	}
}

// TestEarlierPolicy checks that the recorded policy is that of the recorded state machine.
func TestEarlierPolicy(t *testing.T) {
	policy, err := iam.Parse(string(earlier(t, "release-policy")))
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	for _, s := range policy.Statement {
		for _, action := range s.Action {
			allowed[action] = true
		}
	}
	machine, err := interpreter.Parse(earlier(t, "release-state-machine"), sdk.New("", "").Resources())
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range machine.Resources() {
		if action := sdk.Action(resource); !allowed[action] {
			t.Errorf("%s was not allowed", action)
		}
	}
}
