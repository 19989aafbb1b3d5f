package release

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestLateEvents sends the events of a release that was rolled back in their order, backwards, and each once more. What
// the history says of a deployment's end stays.
func TestLateEvents(t *testing.T) {
	b := newBench(t, ready, linear)
	b.blue("2")
	b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Hour)
	b.shift("2")
	b.clock.Advance(time.Minute)
	events := b.events()
	if len(events) != 4 {
		t.Fatalf("want the start and the end of a deployment and of its rollback, got %v", events)
	}
	release := b.history()["d-TEST00001"]
	again := slices.Clone(events)
	slices.Reverse(again)
	for _, e := range append(events, again...) {
		b.record(e)
	}
	b.expectStatus("d-TEST00001", "Stopped")
	b.expectStatus("d-TEST00002", "Succeeded")
	if diff := cmp.Diff(release, b.history()["d-TEST00001"]); diff != "" {
		t.Errorf("events have changed what the release had recorded: -before, +after:\n%s", diff)
	}
	if got := b.alias(); got != "1" {
		t.Errorf("want all traffic back on version 1, got %s", got)
	}
}

// TestEventWhileShifting sends the event of a deployment's start while its release polls, and again when it has ended.
func TestEventWhileShifting(t *testing.T) {
	b := newBench(t, ready, linear)
	b.blue("2")
	polls := 0
	b.hook(poll, func() {
		polls++
		b.clock.Advance(pollEvery)
		if polls == 3 {
			b.recordNew()
			b.expectStatus("d-TEST00001", "InProgress")
		}
	})
	release := b.runShift("2", commit)
	b.hook(poll, nil)
	if release.Status != "SUCCEEDED" {
		t.Errorf("the release has %s: %s: %s", release.Status, release.Error, release.Cause)
	}
	b.expectStatus("d-TEST00001", "Succeeded")
	b.record(b.event("d-TEST00001", "START"))
	b.expectStatus("d-TEST00001", "Succeeded")
	if got := b.history()["d-TEST00001"]["commitId"]; got != commit {
		t.Errorf("want the commit in the history, got %v", got)
	}
}

// TestStaleEvent lets the execution of an event read that a deployment runs, and go on only when the deployment's release
// has recorded how it has ended. The older news must not be written over the newer.
func TestStaleEvent(t *testing.T) {
	b := newBench(t, ready, linear)
	b.blue("2")
	held, ended := make(chan struct{}), make(chan struct{})
	b.hook("ListDeploymentTargets", sync.OnceFunc(func() {
		close(held)
		within(t, ended)
	}))
	known := []string{}
	b.hook(poll, func() {
		b.clock.Advance(pollEvery)
		b.hook(poll, func() { b.clock.Advance(pollEvery) })
		var err error
		if known, err = executionARNs(t.Context(), b.rendered.machineARN(watchMachine)); err == nil {
			// Polls of this execution's would move the clock, too.
			before := b.hook(poll, nil)
			err = send(t.Context(), b.events()[0])
			within(t, held)
			b.hook(poll, before)
		}
		if err != nil {
			t.Errorf("cannot send the event: %v", err)
		}
	})
	release := b.runShift("2", commit)
	close(ended)
	b.await(b.events()[0], known)
	if release.Status != "SUCCEEDED" || len(b.executions) != 2 || b.executions[1].Status != "SUCCEEDED" {
		t.Errorf("want the release and the event to succeed, got %+v", b.executions)
	}
	b.expectStatus("d-TEST00001", "Succeeded")
}

// within five minutes the channel must be closed, which is far longer than a busy machine takes.
func within(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		t.Error("what was waited for has not happened within 5 minutes")
	}
}

// TestOtherEvents sends events that are none of the pipeline's: the rule starts nothing.
func TestOtherEvents(t *testing.T) {
	b := newBench(t, ready, linear)
	b.blue("2")
	other := b.event("d-OTHER0001", "START")
	other.Detail["application"] = b.rendered.awsName("deploy-application") + "-other"
	pipeline := b.event("d-OTHER0002", "START")
	pipeline.DetailType = "CodeDeploy Instance State-change Notification"
	for _, e := range []event{other, pipeline} {
		if err := send(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	// The bus hands events over one after the other. So when this one has been recorded, the others would have been.
	id := b.cloud.CodeDeploy.Start("2")
	b.clock.Advance(time.Minute)
	b.recordNew()
	b.expectStatus(id, "InProgress")
	if got, err := executionARNs(t.Context(), b.rendered.machineARN(watchMachine)); err != nil || len(got) != 1 {
		t.Errorf("want one execution, got %v, %v", got, err)
	}
}

// TestLostAnswer lets CodeDeploy create a deployment and answer with an error. The release looks for its deployment and
// follows it, and creates no second one.
func TestLostAnswer(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.blue("2")
	b.cloud.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Status: 500, Code: "InternalFailure", Message: "Something went wrong", After: true})
	b.shift("2")
	release := b.executions[0]
	if release.Status != "SUCCEEDED" || !slices.Contains(release.States, "Deploy.Adopt") {
		t.Errorf("want the release to succeed by Adopt, got %s by %v: %s: %s", release.Status, release.States, release.Error, release.Cause)
	}
	if got := b.cloud.CodeDeploy.Deployments(); len(got) != 1 {
		t.Errorf("want one deployment, got %v", got)
	}
	b.expectStatus("d-TEST00001", "Succeeded")
}

// TestThrottled lets CodeDeploy refuse calls for a while, which delays a release and does not change it.
func TestThrottled(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.blue("2")
	throttled := fakeaws.Fault{Status: 400, Code: "ThrottlingException", Message: "Rate exceeded"}
	b.cloud.Fail("codedeploy:CreateDeployment", throttled, throttled, throttled)
	b.cloud.Fail("codedeploy:GetDeployment", throttled, throttled, throttled)
	b.shift("2")
	if release := b.executions[0]; release.Status != "SUCCEEDED" || slices.Contains(release.States, "Deploy.WaitForList") {
		t.Errorf("want the release to succeed by itself, got %s by %v: %s: %s", release.Status, release.States, release.Error, release.Cause)
	}
	b.expectStatus("d-TEST00001", "Succeeded")
}

// TestSmokeVersion tests the version that it is asked to, whatever has been published since.
func TestSmokeVersion(t *testing.T) {
	b := newBench(t, ready, linear)
	good, bad := b.green(`return { statusCode: 399 }`), b.green(`return { statusCode: 500 }`)
	if got := b.smoke(good); got.Status != "SUCCEEDED" {
		t.Errorf("version %s is good, got %s: %s: %s", good, got.Status, got.Error, got.Cause)
	}
	if got := b.smoke(bad); got.Error != "SmokeTestFailed" {
		t.Errorf("version %s is bad, got %s: %s: %s", bad, got.Status, got.Error, got.Cause)
	}
}
