package release

import (
	"strings"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// rollBack asks for a rollback, as a person does. No target: to what was live before.
func (b *bench) rollBack(target string) interpreter.Result {
	b.t.Helper()
	return b.run(rollbackMachine, "rollback "+target, rollback(target))
}

func rollback(target string) object {
	input := object{"requestedBy": "ada", "reason": "payments are charged twice"}
	if target != "" {
		input["targetVersion"] = target
	}
	return input
}

// nextCommit is another one than commit.
const nextCommit = "fedcba9876543210fedcba9876543210fedcba98"

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
			reason: "A version that had all traffic can be named.",
			act:    func(b *bench) { b.shift("2"); b.shift("3"); b.shift("4"); b.rollBack("2") },
		},
		"BySteps": {
			reason: "Who asks for it gets the steps of the rollout instead of one.", shift: linear,
			act: func(b *bench) {
				b.shift("2")
				input := rollback("")
				input["bySteps"] = true
				b.run(rollbackMachine, "rollback by steps", input)
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
		"NoTable": {
			reason: "That it cannot be read what is live does not keep a version from going live that was.",
			act: func(b *bench) {
				b.wasLive("1")
				b.cloud.Fail("dynamodb:GetItem", repeat(broken, 20)...)
				b.cloud.Lambda.Serve("2")
				b.rollBack("1")
			},
		},
		"ThenOlder": {
			reason: "What a run of the pipeline has that began before the rollback does not go live after it, whenever it is published.",
			act: func(b *bench) {
				b.shift("2")
				b.newRun("before")
				b.clock.Advance(time.Minute)
				b.rollBack("")
				b.shiftCommit("3", nextCommit)
			},
		},
		"ThenTheSame": {
			reason: "The commit that was taken back does not go live again by another run.",
			act: func(b *bench) {
				b.shift("2")
				b.rollBack("")
				b.clock.Advance(time.Minute)
				b.newRun("after")
				b.shift("3")
			},
		},
		"ThenNewer": {
			reason: "Another commit does, by a run that began after it.",
			act: func(b *bench) {
				b.shift("2")
				b.rollBack("")
				b.clock.Advance(time.Minute)
				b.newRun("after")
				b.shiftCommit("3", nextCommit)
			},
		},
		"ThenUnknown": {
			reason: "A run of which the pipeline knows nothing began before, as far as anybody can tell.",
			act: func(b *bench) {
				b.shift("2")
				b.rollBack("")
				b.execution = "unheard-of"
				b.shiftCommit("3", nextCommit)
			},
		},
		"Forward": {
			reason: "A version that is newer than the live one does not go live by a rollback, past approval and judgement.",
			act:    func(b *bench) { b.wasLive("2"); b.rollBack("2") },
		},
		"Latest": {
			reason: "Nor does what is no version.",
			act:    func(b *bench) { b.shift("2"); b.rollBack("$LATEST") },
		},
		"Refused": {
			reason: "A rollback that CodeDeploy refuses holds up nothing: the next fix goes live.",
			act: func(b *bench) {
				b.shift("2")
				b.cloud.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Status: 400, Code: "InvalidRoleException", Message: "no"})
				b.rollBack("")
				b.shiftCommit("3", nextCommit)
			},
		},
		"WhileJudged": {
			reason: "The release whose version a person takes back while it is judged notices that, and is not counted as good.",
			act: func(b *bench) {
				b.clock.After(3*time.Minute, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"ByStepsWhileJudged": {
			reason: "Also while the way back is by steps.", shift: linear,
			act: func(b *bench) {
				input := rollback("")
				input["bySteps"] = true
				b.clock.After(95*time.Minute, func() { b.run(rollbackMachine, "rollback by steps", input) })
				b.shift("2")
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

// TestPlatformTopicHears checks that a rollback is told to both topics, and that one which is not there keeps the other from
// nothing.
func TestPlatformTopicHears(t *testing.T) {
	for _, topic := range []string{"deployment-alarms-pr-123", "platform-team"} {
		r := load(t, "53-platform-topic")
		r.byName["alarm-topic"].Metadata.Annotations["crossplane.io/external-name"] = topic
		b := newBenchOf(t, r, fakeaws.Shift{Percentage: 100})
		b.shift("2")
		if result := b.rollBack(""); result.Status != "SUCCEEDED" {
			t.Errorf("only %s is there: want the rollback to succeed, got %s: %s", topic, result.Error, result.Cause)
		}
		if told := b.cloud.SNS.Messages(); len(told) != 1 || !strings.Contains(told[0], "Version 1 has all traffic again") {
			t.Errorf("only %s is there: want it to hear of the rollback, got %q", topic, told)
		}
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
