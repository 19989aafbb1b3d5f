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
