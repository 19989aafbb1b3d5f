package release

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// statusKey is where the watch writes how the pipeline's run goes.
const statusKey = "status/release"

// shown is what the object says, without the time at which it was true. Nil: it was never written.
func (b *bench) shown() map[string]string {
	b.t.Helper()
	versions := b.cloud.S3.Versions(b.bucket(), statusKey)
	if len(versions) == 0 {
		return nil
	}
	metadata := maps.Clone(versions[len(versions)-1].Metadata)
	if _, err := time.Parse(time.RFC3339, metadata["observed"]); err != nil {
		b.t.Errorf("want to know when this was true: %v", err)
	}
	delete(metadata, "observed")
	return metadata
}

// runEvent is CodePipeline's event of a run, one of its stages, or an action of it.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
func (b *bench) runEvent(state, stage, action, category string) object {
	detail := object{"pipeline": b.rendered.awsName("pipeline"), "execution-id": b.execution, "state": state, "version": 1.0}
	kind := "Pipeline"
	if stage != "" {
		detail["stage"], kind = stage, "Stage"
	}
	if action != "" {
		detail["action"], detail["type"], kind = action, object{"owner": "AWS", "category": category, "provider": "Any", "version": "1"}, "Action"
	}
	return object{"source": "aws.codepipeline", "detail-type": "CodePipeline " + kind + " Execution State Change", "detail": detail}
}

// show has the watch hear of an event, if the rule matches it.
func (b *bench) show(event object) interpreter.Result {
	b.t.Helper()
	if !b.startsWatch(event) {
		b.t.Fatalf("the rule does not match the event: %v", event)
	}
	detail := event["detail"].(object)
	return b.run(watchMachine, "show "+detail["state"].(string), event)
}

// report that the run is of the commit, and how it goes.
func (b *bench) report(status string, actions ...fakeaws.RunAction) {
	b.cloud.CodePipeline.Report(b.execution, fakeaws.Run{Status: status, Source: "GitHub_Source", Revision: commit, Summary: "Fix it", Actions: actions})
}

// begun are actions of a run, each a minute after the other.
func (b *bench) begun(actions ...fakeaws.RunAction) []fakeaws.RunAction {
	for i := range actions {
		actions[i].At = b.begin.Add(time.Duration(i) * time.Minute)
	}
	return actions
}

var (
	build    = fakeaws.RunAction{Stage: "Build", Name: "Build_TypeScript", Category: "Build", Status: "Succeeded"}
	approval = fakeaws.RunAction{Stage: "Switch-Traffic", Name: "Approve_Traffic_Shift", Category: "Approval", Status: "InProgress"}
	shifting = fakeaws.RunAction{Stage: "Switch-Traffic", Name: "Shift_Traffic", Category: "Invoke", Status: "InProgress"}
)

// as is an action with another status and summary.
func as(a fakeaws.RunAction, status, summary string) fakeaws.RunAction {
	a.Status, a.Summary = status, summary
	return a
}

// TestProgress follows what the status says of a run, in testdata.
func TestProgress(t *testing.T) {
	live := map[string]string{"live-version": "1"}
	with := func(more map[string]string) map[string]string {
		all := map[string]string{"execution": execution, "commit": commit, "started": "2026-01-02T03:00:00Z"}
		maps.Copy(all, live)
		maps.Copy(all, more)
		return all
	}
	cases := map[string]struct {
		reason string
		act    func(b *bench)
		want   map[string]string
	}{
		"Waiting": {
			reason: "A person is asked.",
			act: func(b *bench) {
				b.report("InProgress", b.begun(build, approval)...)
				b.show(b.runEvent("STARTED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval"))
			},
			want: with(map[string]string{"state": "WaitingForApproval", "stage": "Switch-Traffic", "action": "Approve_Traffic_Shift", "waiting": "2026-01-02T03:01:00Z"}),
		},
		"Failed": {
			reason: "A build has failed.",
			act: func(b *bench) {
				b.report("Failed", b.begun(as(build, "Failed", "Build terminated with state: FAILED.\nPhase: BUILD – größer"))...)
				b.show(b.runEvent("FAILED", "", "", ""))
			},
			want: with(map[string]string{
				"state": "Failed", "stage": "Build", "action": "Build_TypeScript", "ended": "2026-01-02T03:00:00Z",
				"reason": "Build terminated with state: FAILED. Phase: BUILD gr er",
			}),
		},
		"Succeeded": {
			reason: "A release is live.",
			act: func(b *bench) {
				b.shift("2")
				b.report("Succeeded", b.begun(build, as(approval, "Succeeded", ""), as(shifting, "Succeeded", ""))...)
				b.show(b.runEvent("SUCCEEDED", "", "", ""))
			},
			want: with(map[string]string{
				"state": "Succeeded", "stage": "Switch-Traffic", "ended": "2026-01-02T04:40:34Z", "deployment": "d-TEST00001",
				"live-version": "2", "live-commit": commit, "live-deployment": "d-TEST00001", "live-since": "2026-01-02T04:30:15Z",
			}),
		},
		"Shifting": {
			reason: "While traffic shifts, CodeDeploy's event has it shown.",
			act: func(b *bench) {
				b.clock.After(time.Minute, func() {
					b.report("InProgress", b.begun(build, as(approval, "Succeeded", ""), shifting)...)
					b.recordNew()
				})
				b.clock.After(20*time.Minute, func() {
					b.shownWhile(map[string]string{"state": "InProgress", "action": "Shift_Traffic", "deployment": "d-TEST00001", "live-version": "1"})
				})
				b.shift("2")
			},
			want: with(map[string]string{"state": "InProgress", "stage": "Switch-Traffic", "action": "Shift_Traffic", "deployment": "d-TEST00001"}),
		},
		"RolledBack": {
			reason: "The alarm has stopped a release: the version before is live, by CodeDeploy's rollback.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Hour)
				b.shift("2")
				b.clock.Advance(time.Minute)
				b.report("Failed", b.begun(build, as(approval, "Succeeded", ""), as(shifting, "Failed", "DeploymentStopped"))...)
				b.recordNew()
			},
			want: with(map[string]string{
				"state": "Failed", "stage": "Switch-Traffic", "action": "Shift_Traffic", "reason": "DeploymentStopped", "ended": "2026-01-02T03:26:38Z",
				"deployment": "d-TEST00001", "live-deployment": "d-TEST00002", "live-since": "2026-01-02T03:25:30Z",
			}),
		},
		"ByHand": {
			reason: "Somebody has rolled back: CodeDeploy's event has it shown.",
			act: func(b *bench) {
				b.shift("2")
				b.report("Succeeded", b.begun(build, as(approval, "Succeeded", ""), as(shifting, "Succeeded", ""))...)
				b.recordNew()
				b.rollBack("")
				b.recordNew()
			},
			want: with(map[string]string{
				"state": "Succeeded", "stage": "Switch-Traffic", "ended": "2026-01-02T04:40:34Z",
				"live-deployment": "d-TEST00002", "live-since": "2026-01-02T04:41:13Z",
			}),
		},
		"Daily": {
			reason: "If all events are lost, the daily look shows it.",
			act: func(b *bench) {
				b.report("Failed", b.begun(as(build, "Failed", "no"))...)
				b.lookDaily()
			},
			want: with(map[string]string{"state": "Failed", "stage": "Build", "action": "Build_TypeScript", "reason": "no", "ended": "2026-01-02T03:00:00Z"}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, linear)
			tc.act(b)
			if diff := cmp.Diff(tc.want, b.shown()); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			b.golden("Progress" + name)
		})
	}
}

// shownWhile checks some of what the object says at a time.
func (b *bench) shownWhile(want map[string]string) {
	b.t.Helper()
	got := b.shown()
	for name, value := range want {
		if got[name] != value {
			b.t.Errorf("%s: want %s %q, got %q", b.clock.Now(), name, value, got[name])
		}
	}
}

// TestProgressIsLate checks that the end of a run is shown although CodePipeline's lists say for a while that it goes on.
func TestProgressIsLate(t *testing.T) {
	b := newBench(t, ready, linear)
	b.report("InProgress", b.begun(build)...)
	b.clock.Advance(time.Minute)
	b.cloud.CodePipeline.Late = 45 * time.Second
	b.report("Succeeded", b.begun(build)...)
	b.show(b.runEvent("SUCCEEDED", "", "", ""))
	if got := b.shown()["state"]; got != "Succeeded" {
		t.Errorf("want the end to be shown, got %s", got)
	}
}

// progressCalls are what an execution calls, up to the object that it writes.
var progressCalls = []string{
	"codepipeline:ListPipelineExecutions", "codepipeline:ListActionExecutions", "lambda:GetAlias", "codedeploy:GetDeploymentGroup", "dynamodb:BatchGetItem", "s3:PutObject",
}

// TestProgressStaleWriter has an execution read, wait for an answer while another one shows what came since, and write what it has read. It mends
// that itself.
func TestProgressStaleWriter(t *testing.T) {
	for _, action := range progressCalls {
		t.Run(action, func(t *testing.T) {
			b := newBench(t, ready, linear)
			b.report("InProgress", b.begun(build, approval)...)
			b.cloud.Fail(action, throttled)
			b.clock.After(time.Nanosecond, func() {
				b.report("Succeeded", b.begun(build)...)
				b.show(b.runEvent("SUCCEEDED", "", "", ""))
			})
			b.show(b.runEvent("STARTED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval"))
			if got := b.shown()["state"]; got != "Succeeded" {
				t.Errorf("want what is so now, got %s", got)
			}
		})
	}
}

// TestProgressFails checks that an execution says that it could show nothing, and that the next one does.
func TestProgressFails(t *testing.T) {
	for _, action := range progressCalls {
		t.Run(action, func(t *testing.T) {
			b := newBench(t, ready, linear)
			b.report("Failed", b.begun(as(build, "Failed", "no"))...)
			b.cloud.Fail(action, repeat(broken, 9)...)
			if result := b.show(b.runEvent("FAILED", "", "", "")); result.Status != interpreter.Failed || result.Cause == "" {
				t.Errorf("want it to fail and say why, got %s: %s", result.Status, result.Cause)
			}
			if result := b.show(b.runEvent("FAILED", "", "", "")); result.Status != interpreter.Succeeded {
				t.Errorf("%s: %s", result.Error, result.Cause)
			}
			if got := b.shown()["state"]; got != "Failed" {
				t.Errorf("want the failure to be shown, got %s", got)
			}
		})
	}
}

// TestProgressCosts counts the transitions of one event, which each is paid for.
func TestProgressCosts(t *testing.T) {
	b := newBench(t, ready, linear)
	b.report("InProgress", b.begun(build, approval)...)
	if got := len(b.show(b.runEvent("STARTED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval")).States()); got != 19 {
		t.Errorf("docs/release.md says 19 transitions, got %d", got)
	}
	if got := len(b.cloud.S3.Versions(b.bucket(), statusKey)); got != 1 {
		t.Errorf("want what has not changed to be written once, got %d times", got)
	}
}

// TestShownEvents checks which of CodePipeline's events start the watch.
func TestShownEvents(t *testing.T) {
	b := newBench(t, ready, linear)
	other := b.runEvent("SUCCEEDED", "", "", "")
	other["detail"].(object)["pipeline"] = "another"
	for name, tc := range map[string]struct {
		event object
		want  bool
	}{
		"Ends":          {b.runEvent("SUCCEEDED", "", "", ""), true},
		"Fails":         {b.runEvent("FAILED", "", "", ""), true},
		"IsStopped":     {b.runEvent("STOPPED", "", "", ""), true},
		"IsRetried":     {b.runEvent("RESUMED", "", "", ""), true},
		"Stage":         {b.runEvent("STARTED", "Build", "", ""), true},
		"Asks":          {b.runEvent("STARTED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval"), true},
		"Answered":      {b.runEvent("SUCCEEDED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval"), true},
		"Begins":        {b.runEvent("STARTED", "", "", ""), false},
		"StageEnds":     {b.runEvent("SUCCEEDED", "Build", "", ""), false},
		"StageFails":    {b.runEvent("FAILED", "Build", "", ""), false},
		"Action":        {b.runEvent("STARTED", "Build", "Build_TypeScript", "Build"), false},
		"OtherPipeline": {other, false},
	} {
		if got := b.startsWatch(tc.event); got != tc.want {
			t.Errorf("%s: want the watch to start: %t, got %t", name, tc.want, got)
		}
	}
}
