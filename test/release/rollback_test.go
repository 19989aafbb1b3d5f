package release

import (
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// rollBack asks for a rollback, as a person does. No target: to what was live before.
func (b *bench) rollBack(target string) interpreter.Result {
	b.t.Helper()
	return b.run("rollback "+target, rollback(target))
}

func rollback(target string) object {
	input := object{"action": "rollback", "requestedBy": "ada", "reason": "payments are charged twice"}
	if target != "" {
		input["targetVersion"] = target
	}
	return input
}

// TestRollback follows rollbacks that a person asks for, and the releases after them.
func TestRollback(t *testing.T) {
	cases := map[string]struct {
		reason string
		shift  fakeaws.Shift
		act    func(b *bench)
	}{
		"ToPrevious": {
			reason: "Production goes back to what was live before, and the history says who asked, and why.",
			act:    func(b *bench) { b.shift("2"); b.rollBack(""); b.recordNew() },
		},
		"ToNamed": {
			reason: "Any version that is there can be named.",
			act:    func(b *bench) { b.shift("2"); b.shift("3"); b.rollBack("1") },
		},
		"BySteps": {
			reason: "Who asks for it gets the steps of the rollout instead of one.", shift: linear,
			act: func(b *bench) {
				b.shift("2")
				input := rollback("")
				input["bySteps"] = true
				b.run("rollback by steps", input)
			},
		},
		"WhileAlarmsFire": {
			reason: "An alarm does not keep production from going back.",
			act: func(b *bench) {
				b.shift("2")
				b.cloud.CodeDeploy.Alarm(0, time.Hour)
				b.rollBack("")
			},
		},
		"Twice": {
			reason: "What was live before a rollback is not known to be good.",
			act:    func(b *bench) { b.shift("2"); b.rollBack(""); b.rollBack("") },
		},
		"NeverReleased": {
			reason: "Before the first release there is nothing to go back to.",
			act:    func(b *bench) { b.rollBack("") },
		},
		"AliasMoved": {
			reason: "If somebody else has moved the alias, what was before is not known.",
			act:    func(b *bench) { b.shift("2"); b.cloud.Lambda.Serve("3"); b.rollBack("") },
		},
		"AlreadyLive": {
			reason: "There is nothing to do.",
			act:    func(b *bench) { b.shift("2"); b.rollBack("2") },
		},
		"Gone": {
			reason: "A version that is gone cannot go live.",
			act: func(b *bench) {
				b.shift("2")
				b.cloud.Fail("lambda:GetFunctionConfiguration", fakeaws.Fault{Status: 404, Code: "ResourceNotFoundException", Message: "Function not found: 1"})
				b.rollBack("1")
			},
		},
		"WhileShifting": {
			reason: "A deployment that runs must be stopped, which takes traffic back.", shift: linear,
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(time.Minute)
				b.rollBack("1")
			},
		},
		"NoTable": {
			reason: "A table that does not answer does not keep a named version from going live.",
			act: func(b *bench) {
				b.cloud.Fail("dynamodb:GetItem", repeat(broken, 20)...)
				b.cloud.Lambda.Serve("2")
				b.rollBack("1")
			},
		},
		"ThenOlder": {
			reason: "A version that was published before the rollback does not go live after it.",
			act: func(b *bench) {
				b.shift("2")
				b.cloud.Lambda.Publish(b.blue(), 3, 3)
				b.clock.Advance(time.Minute)
				b.rollBack("")
				b.shift("3")
			},
		},
		"ThenNewer": {
			reason: "A version that was published after it does.",
			act: func(b *bench) {
				b.shift("2")
				b.rollBack("")
				b.clock.Advance(time.Minute)
				b.cloud.Lambda.Publish(b.blue(), 3, 3)
				b.shift("3")
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.shift == (fakeaws.Shift{}) {
				tc.shift = fakeaws.Shift{Percentage: 100}
			}
			b := newBench(t, ready, tc.shift)
			tc.act(b)
			b.golden("Rollback" + name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}

// TestRollbackIsOverruled checks that the commit that the claim lets through alarms goes live after a rollback too.
func TestRollbackIsOverruled(t *testing.T) {
	b := newBench(t, "17-full", fakeaws.Shift{Percentage: 100})
	b.shift("2")
	b.rollBack("")
	if result := b.shiftCommit("2", b.bypassed()); result.Error != "" {
		t.Errorf("%s: %s", result.Error, result.Cause)
	}
	if got := b.cloud.Lambda.Alias().Version; got != "2" {
		t.Errorf("want version 2 to be live, got %s", got)
	}
}
