package release

import (
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// noApproval is the case of a claim whose releases nobody approves.
const noApproval = "16-no-approval"

// past starts a shift as somebody does who may start the state machine, past the pipeline.
func (b *bench) past() {
	b.t.Helper()
	b.run(releaseMachine, "shift past the pipeline", b.shiftInput("2", commit))
}

// publishedWith has the pipeline's run publish version 2, and starts a release by that run with another input.
func (b *bench) publishedWith(change func(variables map[string]string)) {
	b.t.Helper()
	b.shiftInput("2", commit)
	variables := b.variables("2", commit)
	change(variables)
	b.runShift("shift to another", b.rendered.input(b.t, "Shift_Traffic", variables))
}

// pipelineCases are releases that the pipeline has started, or seems to have.
var pipelineCases = map[string]struct {
	reason   string
	rendered string
	act      func(b *bench)

	// error by which the release is refused, before anything shifts.
	error string
}{
	"Late": {
		reason: "An approval that CodePipeline shows late is waited for.",
		act: func(b *bench) {
			b.cloud.CodePipeline.Late = 55 * time.Second
			b.shift("2")
		},
	},
	"LateNoApproval": {
		reason: "So is a start.", rendered: noApproval,
		act: func(b *bench) {
			b.cloud.CodePipeline.Late = 55 * time.Second
			b.shift("2")
		},
	},
	"TooLate": {
		reason: "After a minute the release fails.",
		act: func(b *bench) {
			b.cloud.CodePipeline.Late = 65 * time.Second
			b.shift("2")
		},
		error: "NotStartedByPipeline",
	},
	"NotApproved": {
		reason: "Nobody has approved what the pipeline has started, somehow.",
		act: func(b *bench) {
			b.cloud.CodePipeline.Wait(execution)
			b.shift("2")
		},
		error: "NotApproved",
	},
	"AnotherIsApproved": {
		reason: "The approval of another execution of the pipeline is none of this one.",
		act: func(b *bench) {
			b.cloud.CodePipeline.Approve("another-execution", "eve", "mine")
			b.shift("2")
		},
		error: "NotStartedByPipeline",
	},
	"Past": {
		reason: "An approval is for the pipeline's own start.",
		act:    func(b *bench) { b.past() },
		error:  "NotStartedByPipeline",
	},
	"PastNoApproval": {
		reason: "Where nobody approves, a version goes live by the pipeline too.", rendered: noApproval,
		act:   func(b *bench) { b.past() },
		error: "NotStartedByPipeline",
	},
	"PastWhileItShifts": {
		reason: "What the pipeline has started has another name.",
		act: func(b *bench) {
			b.cloud.CodePipeline.BeginShift("the pipeline's own")
			b.past()
		},
		error: "NotStartedByPipeline",
	},
	"PastByAnOldName": {
		reason: "The name of a run that has ended is free after 90 days.",
		act: func(b *bench) {
			b.cloud.CodePipeline.BeginShift(nameOf(0))
			b.cloud.CodePipeline.EndShift(nameOf(0), true)
			b.past()
		},
		error: "NotStartedByPipeline",
	},
	"Unknown": {
		reason: "What cannot be read does not shift, whoever has started it.",
		act: func(b *bench) {
			b.cloud.Fail("codepipeline:GetPipelineState", repeat(broken, 20)...)
			b.shift("2")
		},
		error: "CodePipeline.CodePipelineException",
	},
	"UnknownNoApproval": {
		reason: "Also where nobody approves.", rendered: noApproval,
		act: func(b *bench) {
			b.cloud.Fail("codepipeline:GetPipelineState", repeat(broken, 20)...)
			b.shift("2")
		},
		error: "CodePipeline.CodePipelineException",
	},
	"OtherVersion": {
		reason: "Who takes the name of the pipeline's own execution cannot release a version that this run has not published.",
		act: func(b *bench) {
			b.publishedWith(func(v map[string]string) { v["DeployBlue.FunctionVersion"] = "3" })
		},
		error: "NotPublishedByPipeline",
	},
	"OtherCommit": {
		reason: "Nor say that it is of another commit than the pipeline's.",
		act: func(b *bench) {
			b.publishedWith(func(v map[string]string) { v["SourceVariables.CommitId"] = nextCommit })
		},
		error: "NotPublishedByPipeline",
	},
	"BypassingCommit": {
		reason: "Least of all that it is the commit that passes alarms, windows, freezes and rollbacks.", rendered: "17-full",
		act: func(b *bench) {
			b.publishedWith(func(v map[string]string) { v["SourceVariables.CommitId"] = b.bypassed() })
		},
		error: "NotPublishedByPipeline",
	},
	"OtherDate": {
		reason: "When the commit was made is what the pipeline knows.",
		act: func(b *bench) {
			b.publishedWith(func(v map[string]string) { v["SourceVariables.AuthorDate"] = "2001-01-01T00:00:00Z" })
		},
	},
	"OtherRun": {
		reason: "Nor release in the name of a run that is approved what another has published.",
		act: func(b *bench) {
			b.shiftInput("2", commit)
			b.newRun("approved")
			b.shiftInput("3", nextCommit)
			variables := b.variables("2", commit)
			b.runShift("shift to another", b.rendered.input(b.t, "Shift_Traffic", variables))
		},
		error: "NotPublishedByPipeline",
	},
	"PublishedAgain": {
		reason: "\"Retry stage\" publishes anew, and only what was published last is tested and approved.",
		act: func(b *bench) {
			b.shiftInput("3", commit)
			b.clock.Advance(time.Minute)
			b.publishedWith(func(v map[string]string) { v["DeployBlue.FunctionVersion"] = "3" })
		},
		error: "NotPublishedByPipeline",
	},
	"NothingPublished": {
		reason: "A run of which CodePipeline shows no published version releases none. That of \"Start rollback\" in its console is one.",
		act: func(b *bench) {
			b.runShift("shift to 2", b.rendered.input(b.t, "Shift_Traffic", b.variables("2", commit)))
		},
		error: "NotPublishedByPipeline",
	},
	"PublishedUnknown": {
		reason: "What was published is not known without an answer.",
		act: func(b *bench) {
			b.cloud.Fail("codepipeline:ListActionExecutions", repeat(broken, 20)...)
			b.shift("2")
		},
		error: "CodePipeline.CodePipelineException",
	},
	"Retried": {
		reason: "\"Retry stage\" starts a release that could not be seen to be approved, by another run of the action, under the same approval.",
		act: func(b *bench) {
			b.cloud.Fail("codepipeline:GetPipelineState", repeat(broken, 9)...)
			b.shift("2")
			b.shift("2")
		},
	},
}

// TestCheckPipeline starts releases by the pipeline and past it, while CodePipeline tells the truth, late or not at all.
func TestCheckPipeline(t *testing.T) {
	for name, tc := range pipelineCases {
		t.Run(name, func(t *testing.T) {
			if tc.rendered == "" {
				tc.rendered = ready
			}
			b := newBench(t, tc.rendered, fakeaws.Shift{Percentage: 100})
			tc.act(b)
			if got := b.executions[len(b.executions)-1].Error; got != tc.error {
				t.Errorf("%s\nwant error %q, got %q", tc.reason, tc.error, got)
			}
			if shifted := len(b.cloud.CodeDeploy.Deployments()) > 0; shifted == (tc.error != "") {
				t.Errorf("%s\nwant a deployment or an error, got %v", tc.reason, b.cloud.CodeDeploy.Deployments())
			}
			b.golden("Pipeline" + name)
		})
	}
}
