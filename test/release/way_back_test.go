package release

import (
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// nextRun of the pipeline releases a version of another commit, a minute later.
func (b *bench) nextRun(version, commit string) {
	b.t.Helper()
	b.clock.Advance(time.Minute)
	b.newRun("run for " + version)
	b.shiftCommit(version, commit)
}

// bad has a version fail all that it is asked.
func (b *bench) bad(version string) {
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{version: {Errors: 1}}})
}

// wayBackCases are rollbacks to version 2 that whoever may start the rollback asks for, past approval and judgement.
var wayBackCases = map[string]struct {
	reason   string
	rendered string
	act      func(b *bench)

	// error by which the rollback is refused. Empty: version 2 goes live.
	error string
}{
	"Rejected": {
		reason: "A version that the approver has rejected was never live.",
		act: func(b *bench) {
			b.shiftInput("2", commit)
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"Overtaken": {
		reason: "Nor was one whose run was overtaken while it waited for its approval.",
		act: func(b *bench) {
			b.shiftInput("2", commit)
			b.cloud.CodePipeline.Wait(execution)
			b.overtake("run for 3")
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"JudgedBad": {
		reason: "One that was judged bad while traffic shifted never had all of it.",
		act: func(b *bench) {
			b.bad("2")
			b.shift("2")
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"JudgedBadAtTheEnd": {
		reason: "One that had all traffic and was judged bad after that was taken back.",
		act: func(b *bench) {
			b.cloud.Fail("codedeploy:StopDeployment", repeat(throttled, 20)...)
			b.bad("2")
			b.shift("2")
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"TakenBack": {
		reason: "So was one that a person has taken back.",
		act: func(b *bench) {
			b.shift("2")
			b.clock.Advance(time.Minute)
			b.rollBack("")
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"Stopped": {
		reason: "And one whose shift a person has stopped never had all traffic.",
		act: func(b *bench) {
			b.clock.After(time.Minute, func() { b.rollBack("") })
			b.shift("2")
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"HookFailed": {
		reason: "CodeDeploy's own rollback counts as one.",
		act: func(b *bench) {
			b.cloud.CodeDeploy.Plan(fakeaws.Failure{After: 4 * time.Minute, Code: "HOOK_EXECUTION_FAILURE"})
			b.shift("2")
			b.recordNew()
			b.nextRun("3", nextCommit)
		},
		error: "NoWayBack",
	},
	"Forged": {
		reason: "Items that the service writes are no deployments.",
		act: func(b *bench) {
			b.cloud.DynamoDB.Put("service/d-1", map[string]string{"status": "Succeeded", "toVersion": "2", "startedAt": "2026-01-01T00:00:00Z"})
			b.cloud.Lambda.Serve("3")
		},
		error: "NoWayBack",
	},
	"Expired": {
		reason: "A deployment whose item has expired proves nothing.",
		act: func(b *bench) {
			b.cloud.CodeDeploy.Succeeded("2")
			b.cloud.Lambda.Serve("3")
		},
		error: "NoWayBack",
	},
	"HistoryUnknown": {
		reason: "Nor does a table that does not answer: whoever can flood it could choose a version.",
		act: func(b *bench) {
			b.wasLive("2")
			b.cloud.Lambda.Serve("3")
			b.cloud.Fail("dynamodb:BatchGetItem", repeat(broken, 20)...)
		},
		error: "DynamoDb.DynamoDbException",
	},
	"DeploymentsUnknown": {
		reason: "Nor CodeDeploy.",
		act: func(b *bench) {
			b.wasLive("2")
			b.cloud.Lambda.Serve("3")
			b.cloud.Fail("codedeploy:ListDeployments", append(repeat(fakeaws.Fault{}, 1), repeat(broken, 20)...)...)
		},
		error: "CodeDeploy.CodeDeployException",
	},
	"TakenBackInPages": {
		reason: "All of the history is read, however little of it an answer has.",
		act: func(b *bench) {
			b.cloud.CodeDeploy.PageSize, b.cloud.DynamoDB.BatchSize = 2, 1
			b.shift("2")
			b.clock.Advance(time.Minute)
			b.rollBack("")
			b.nextRun("3", nextCommit)
			b.nextRun("4", "a third commit")
		},
		error: "NoWayBack",
	},
	"NeverProcessed": {
		reason: "A table that processes no key of a request is not waited for without end.",
		act: func(b *bench) {
			b.cloud.DynamoDB.BatchSize = 0
			b.wasLive("2")
			b.cloud.Lambda.Serve("3")
		},
		error: "HistoryTooLong",
	},
	"Upgraded": {
		reason: "An item of an earlier release of ours, without most attributes, is proof that the version was live.",
		act: func(b *bench) {
			b.wasLive("2")
			b.cloud.Lambda.Serve("3")
		},
	},
	"ReleasedAgain": {
		reason: "What was taken back and then released again was live after that.", rendered: "17-full",
		act: func(b *bench) {
			b.shift("2")
			b.clock.Advance(time.Minute)
			b.rollBack("")
			b.nextRun("2", b.bypassed())
			b.nextRun("3", nextCommit)
			b.nextRun("4", "a third commit")
		},
	},
}

// TestWayBack asks for rollbacks to versions that were live, that never were, and that were taken back.
func TestWayBack(t *testing.T) {
	for name, tc := range wayBackCases {
		t.Run(name, func(t *testing.T) {
			if tc.rendered == "" {
				tc.rendered = ready
			}
			b := newBench(t, tc.rendered, fakeaws.Shift{Percentage: 50, Interval: 5 * time.Minute})
			tc.act(b)
			before := b.cloud.Lambda.Alias()
			if before.Version == "1" || before.Version == "2" {
				t.Fatalf("want a newer version to be live, got %s", before.Version)
			}
			got := b.rollBack("2")
			if got.Error != tc.error {
				t.Errorf("%s\nwant error %q, got %q: %s", tc.reason, tc.error, got.Error, got.Cause)
			}
			want := before
			if tc.error == "" {
				want = fakeaws.Alias{Version: "2"}
			}
			if after := b.cloud.Lambda.Alias(); after.Version != want.Version || len(after.Weights) > 0 {
				t.Errorf("%s\nwant version %s to have all traffic, got %v", tc.reason, want.Version, after)
			}
			b.golden("WayBack" + name)
		})
	}
}
