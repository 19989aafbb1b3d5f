package release

import (
	"strings"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestJudged releases a version that fails half of its calls: the release counts that, stops, and production stays as it was.
func TestJudged(t *testing.T) {
	b := newBench(t, ready, linear)
	b.blue("2")
	// The emulator's clock is not CodeDeploy's.
	b.cloud.CloudWatch.AnyTime = true
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 600, Bad: map[string]fakeaws.Bad{"2": {Errors: 0.5}}})
	b.shift("2")
	e := b.executions[0]
	if e.Error != "DeploymentStopped" || !strings.Contains(e.Cause, "invocations of version 2 failed") {
		t.Errorf("want the release to be stopped for its failures, got %s: %s", e.Error, e.Cause)
	}
	if verdict, _ := b.history()["d-TEST00001"]["verdict"].(string); !strings.Contains(verdict, "allowed are 1 %") {
		t.Errorf("want the history to say why, got %q", verdict)
	}
	if got := b.alias(); got != "1" {
		t.Errorf("want version 1 to have all traffic, got %s", got)
	}
}

// TestJudgedAfterTheShift releases a version that has all traffic before it can be judged: production goes back.
func TestJudgedAfterTheShift(t *testing.T) {
	b := newBench(t, ready, allAtOnce)
	b.blue("2")
	b.cloud.CloudWatch.AnyTime = true
	b.hook("GetMetricData", func() { b.clock.Advance(2 * time.Minute) })
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 600, Bad: map[string]fakeaws.Bad{"2": {Errors: 0.5}}})
	b.shift("2")
	if e := b.executions[0]; e.Error != "CandidateJudgedBad" || !strings.Contains(e.Cause, "Version 1 has all traffic again") {
		t.Errorf("want the release to go back, got %s: %s", e.Error, e.Cause)
	}
	b.expectAnswer(`bootstrap`)
}

// TestRollback takes a release back by the command that the documentation gives, and sees that no older version undoes that.
func TestRollback(t *testing.T) {
	b := newBench(t, ready, allAtOnce)
	told := b.listen()
	b.blue("2")
	b.blue("3")
	b.shift("2")
	// Lambda tells to the second when a version was published.
	time.Sleep(time.Second)
	e := b.rollback(`{"requestedBy": "ada", "reason": "payments are charged twice"}`)
	if e.Status != "SUCCEEDED" || b.alias() != "1" {
		t.Errorf("want production to go back to version 1, got %s, %s: %s", b.alias(), e.Error, e.Cause)
	}
	b.expectTold(told, "payment-processor-blue-pr-123: Version 1 has all traffic again, in place of version 2, as ada (self-declared) has asked: payments are charged twice. "+
		"See https://console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/"+arn("states", "execution:"+b.rendered.awsName("rollback-state-machine")+":execution-2"))
	b.shift("3")
	if e := b.executions[2]; e.Error != "OlderThanRollback" || !strings.Contains(e.Cause, "by ada (self-declared): payments are charged twice") {
		t.Errorf("want version 3, which is older than the rollback, to be refused, got %s: %s", e.Error, e.Cause)
	}
}

// rollback by an execution with the supplied input.
func (b *bench) rollback(input string) executed {
	b.t.Helper()
	b.hook(poll, func() { b.clock.Advance(pollEvery) })
	defer func() { b.hook(poll, nil) }()
	return b.run(rollbackMachine, "rollback", input)
}
