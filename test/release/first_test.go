package release

import (
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestFirst follows the first release of a pipeline, before which production has the bootstrap code. The rollout is linear.
func TestFirst(t *testing.T) {
	cases := map[string]struct {
		reason string
		act    func(b *bench)
	}{
		"AllAtOnce": {
			reason: "The first release gets all traffic at once, and the second one step by step.",
			act:    func(b *bench) { b.shift("2"); b.shiftCommit("3", nextCommit) },
		},
		"WhileAlarmsFire": {
			reason: "The alarm is of the bootstrap code, which fails, and keeps no release from taking its place.",
			act:    func(b *bench) { b.cloud.CodeDeploy.Alarm(0, time.Hour); b.shift("2") },
		},
		"AlarmsStopTheSecond": {
			reason: "They stop the next one.",
			act:    func(b *bench) { b.shift("2"); b.cloud.CodeDeploy.Alarm(0, time.Hour); b.shiftCommit("3", nextCommit) },
		},
		"JudgedBad": {
			reason: "A first release that is bad stays live, and people are told.",
			act: func(b *bench) {
				b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"2": {Errors: 1}}})
				b.shift("2")
			},
		},
		"RolledBack": {
			reason: "A rollback of the first release is refused, and says what to do instead.",
			act:    func(b *bench) { b.shift("2"); b.rollBack(""); b.rollBack("1") },
		},
		"SecondRolledBack": {
			reason: "That of the second one goes to the first.",
			act:    func(b *bench) { b.shift("2"); b.shiftCommit("3", nextCommit); b.rollBack("") },
		},
		"NothingReleased": {
			reason: "Before the first release a rollback finds nothing to take back.",
			act:    func(b *bench) { b.rollBack(""); b.rollBack("1") },
		},
		"StoppedBefore": {
			reason: "Before the first release has traffic, a rollback stops it, and nothing is live again.",
			act: func(b *bench) {
				b.clock.After(2*time.Second, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"StoppedAfter": {
			reason: "Once it has traffic it has no way back.",
			act: func(b *bench) {
				b.clock.After(7*time.Second, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"LeftOnTwo": {
			reason: "An alias that is left on the bootstrap and another version is mended to that one.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(time.Minute)
				b.cloud.CodeDeploy.Stop(new(false))
				b.clock.Advance(time.Minute)
				b.rollBack("")
			},
		},
		"Failed": {
			reason: "A hook may fail the first release. Then nothing is live, as before.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Plan(fakeaws.Failure{After: 1, Code: "HOOK_EXECUTION_FAILURE", Message: "The hook said no"})
				b.shift("2")
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBenchOf(t, loadNew(t, ready), linear)
			tc.act(b)
			b.golden("First" + name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}
