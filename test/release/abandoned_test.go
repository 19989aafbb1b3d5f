package release

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// endedEvent is Step Functions' event of an execution that has ended.
// See https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
func (b *bench) endedEvent(machine, name, status string) object {
	return object{
		"source": "aws.states", "detail-type": "Step Functions Execution Status Change",
		"detail": object{
			"executionArn":    "arn:aws:states:us-east-1:111122223333:execution:" + b.rendered.awsName(machine+"-state-machine") + ":" + name,
			"stateMachineArn": "arn:aws:states:us-east-1:111122223333:stateMachine:" + b.rendered.awsName(machine+"-state-machine"),
			"name":            name, "status": status,
		},
	}
}

// badEnd of an execution of the release, of which the watch hears.
func (b *bench) badEnd(name, status string) interpreter.Result {
	b.t.Helper()
	event := b.endedEvent(releaseMachine, name, status)
	if !b.startsWatch(event) {
		b.t.Fatalf("the rule does not match the event: %v", event)
	}
	return b.run(watchMachine, "end of "+name, event)
}

// abandon a shift: its execution fails, as CodeDeploy does not answer it, and its deployment goes on. It returns the execution's name.
func (b *bench) abandon(version, commit string) string {
	b.t.Helper()
	name := nameOf(len(b.executions))
	b.cloud.Fail("codedeploy:GetDeployment", repeat(broken, 9)...)
	if result := b.shiftCommit(version, commit); result.Status != interpreter.Failed {
		b.t.Fatalf("want it to fail, got %s", result.Status)
	}
	return name
}

// TestAbandoned follows deployments whose release has ended before them.
func TestAbandoned(t *testing.T) {
	back := fakeaws.Alias{Version: "1"}
	cases := map[string]struct {
		reason string
		act    func(b *bench)
		stays  bool
	}{
		"Failed":   {reason: "What nobody follows any more is stopped, and traffic goes back.", act: func(b *bench) { b.badEnd(b.abandon("2", commit), "FAILED") }},
		"Aborted":  {reason: "So is that of an execution that somebody has stopped.", act: func(b *bench) { b.badEnd(b.abandon("2", commit), "ABORTED") }},
		"TimedOut": {reason: "And of one that took too long.", act: func(b *bench) { b.badEnd(b.abandon("2", commit), "TIMED_OUT") }},
		"OtherExecution": {
			reason: "A failed smoke test stops no shift of another execution.", stays: true,
			act: func(b *bench) { b.abandon("2", commit); b.badEnd("a-smoke-test", "FAILED") },
		},
		"Console": {
			reason: "What somebody has started in the console goes on.", stays: true,
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("2")
				b.clock.Advance(time.Minute)
				b.badEnd("a-smoke-test", "FAILED")
			},
		},
		"NotStopped": {
			reason: "That it cannot be stopped is seen.", stays: true,
			act: func(b *bench) {
				name := b.abandon("2", commit)
				b.cloud.Fail("codedeploy:StopDeployment", repeat(broken, 20)...)
				if result := b.badEnd(name, "FAILED"); result.Status != interpreter.Failed {
					b.t.Errorf("want the watch to fail, got %s", result.Status)
				}
			},
		},
		"Handled": {
			reason: "Where a rollback has stopped it before, nothing is left to do.",
			act:    func(b *bench) { name := b.abandon("2", commit); b.rollBack(""); b.badEnd(name, "ABORTED") },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, linear)
			tc.act(b)
			b.clock.Advance(time.Minute)
			if got := b.cloud.Lambda.Alias(); cmp.Equal(back, got) == tc.stays {
				t.Errorf("%s\nwant the shift to go on: %t, got the alias %v", tc.reason, tc.stays, got)
			}
			b.golden("Abandoned" + name)
		})
	}
}

// TestBadEnds checks that no other execution starts the watch.
func TestBadEnds(t *testing.T) {
	b := newBench(t, ready, linear)
	for _, e := range []struct{ machine, status string }{
		{releaseMachine, "RUNNING"}, {releaseMachine, "SUCCEEDED"}, {rollbackMachine, "FAILED"}, {watchMachine, "FAILED"},
	} {
		if b.startsWatch(b.endedEvent(e.machine, "e", e.status)) {
			t.Errorf("%s of the %s starts the watch", e.status, e.machine)
		}
	}
}
