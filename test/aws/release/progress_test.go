package release

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// runEvent is CodePipeline's event of the run, or of its approval.
func (b *bench) runEvent(state, approval string) event {
	e := event{
		Source: "aws.codepipeline", DetailType: "CodePipeline Pipeline Execution State Change",
		Detail: map[string]any{"pipeline": b.rendered.awsName("pipeline"), "execution-id": execution, "state": state, "version": 1},
	}
	if approval != "" {
		e.DetailType, e.Detail["stage"], e.Detail["action"] = "CodePipeline Action Execution State Change", "Switch-Traffic", approval
		e.Detail["type"] = map[string]any{"owner": "AWS", "category": "Approval", "provider": "Manual", "version": "1"}
	}
	return e
}

// shown is what the metadata of the object says, but for times.
func (b *bench) shown() map[string]string {
	b.t.Helper()
	versions := b.cloud.S3.Versions(b.rendered.awsName("artifact-bucket"), "status/release")
	if len(versions) == 0 {
		b.t.Fatal("nothing was written")
	}
	shown := maps.Clone(versions[len(versions)-1].Metadata)
	for _, name := range []string{"started", "ended", "observed", "live-since", "waiting"} {
		delete(shown, name)
	}
	return shown
}

// TestProgress has the emulator's EventBridge start the watch, which writes how the run goes: it waits for a person, has
// failed, and has succeeded.
func TestProgress(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.blue("2")
	approve := fakeaws.RunAction{Stage: "Switch-Traffic", Name: "Approve_Traffic_Shift", Category: "Approval", Status: "InProgress", At: b.clock.Now()}
	show := func(e event, status string, action fakeaws.RunAction, want map[string]string) {
		t.Helper()
		b.cloud.CodePipeline.Report(execution, fakeaws.Run{Status: status, Source: "GitHub_Source", Revision: commit, Actions: []fakeaws.RunAction{action}})
		b.record(e)
		want["execution"], want["commit"], want["stage"] = execution, commit, "Switch-Traffic"
		if diff := cmp.Diff(want, b.shown()); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", status, diff)
		}
	}
	waiting := approve
	show(b.runEvent("STARTED", approve.Name), "InProgress", waiting, map[string]string{
		"state": "WaitingForApproval", "action": approve.Name, "live-version": "1",
	})
	approve.Status, approve.Summary = "Failed", "Not on a Friday – größer"
	show(b.runEvent("FAILED", ""), "Failed", approve, map[string]string{
		"state": "Failed", "action": approve.Name, "reason": "Not on a Friday gr er", "live-version": "1",
	})
	b.cloud.CodeDeploy.Start("2")
	b.clock.Advance(time.Minute)
	b.recordNew()
	approve.Status, approve.Summary = "Succeeded", ""
	show(b.runEvent("SUCCEEDED", ""), "Succeeded", approve, map[string]string{
		"state": "Succeeded", "live-version": "2", "live-deployment": "d-TEST00001",
	})
}
