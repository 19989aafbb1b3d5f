package release

import (
	"slices"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestOvertake lets a newer execution of the pipeline come while an older one is at its approval, or past it.
func TestOvertake(t *testing.T) {
	const older, newer = "older-execution", "newer-execution"
	cases := map[string]struct {
		reason  string
		arrange func(cloud *fakeaws.Cloud)
		stopped []string
		result  string
	}{
		"OlderWaits": {
			reason:  "The older one is stopped, and says why.",
			arrange: func(cloud *fakeaws.Cloud) { cloud.CodePipeline.Wait(older) },
			stopped: []string{older + ": Overtaken by execution " + newer},
		},
		"OlderShifts": {
			reason:  "What a person has approved goes on.",
			arrange: func(cloud *fakeaws.Cloud) { cloud.CodePipeline.Approve(older, "ada", "go") },
			result:  "no release waits for its approval",
		},
		"NothingWaits": {
			reason:  "In a pipeline that has not been so far there is nothing to stop.",
			arrange: func(cloud *fakeaws.Cloud) { cloud.CodePipeline.Wait("") },
			result:  "no release waits for its approval",
		},
		"ItselfWaits": {
			reason:  "An execution does not stop itself.",
			arrange: func(cloud *fakeaws.Cloud) { cloud.CodePipeline.Wait(newer) },
			result:  "no release waits for its approval",
		},
		"AnsweredMeanwhile": {
			reason: "If the older one cannot be stopped, the newer one waits.",
			arrange: func(cloud *fakeaws.Cloud) {
				cloud.CodePipeline.Wait(older)
				cloud.Fail("codepipeline:StopPipelineExecution", fakeaws.Fault{Status: 400, Code: "PipelineExecutionNotStoppableException", Message: "too late"})
			},
			result: "nothing was overtaken: too late (Service: CodePipeline, Status Code: 400, Request ID: 00000000-0000-0000-0000-000000000000)",
		},
		"StoppedBefore": {
			reason: "A request whose answer was lost has been carried out.",
			arrange: func(cloud *fakeaws.Cloud) {
				cloud.CodePipeline.Wait(older)
				cloud.Fail("codepipeline:StopPipelineExecution",
					fakeaws.Fault{Status: 500, Code: "InternalFailure", After: true},
					fakeaws.Fault{Status: 400, Code: "DuplicatedStopRequestException", Message: "it stops already"})
			},
			stopped: []string{older + ": Overtaken by execution " + newer},
		},
		"NoAnswer": {
			reason: "If AWS does not tell, the newer one goes on all the same.",
			arrange: func(cloud *fakeaws.Cloud) {
				cloud.CodePipeline.Wait(older)
				cloud.Fail("codepipeline:GetPipelineState", repeat(broken, 20)...)
			},
			result: "nothing was overtaken: Something went wrong (Service: CodePipeline, Status Code: 500, Request ID: 00000000-0000-0000-0000-000000000000)",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, linear)
			tc.arrange(b.cloud)
			got := b.overtake(newer)
			want := object{"result": tc.result}
			if tc.result == "" {
				want = object{"overtaken": older}
			}
			if output, ok := got.Output.(object); got.Status != "SUCCEEDED" || !ok || len(output) != 1 || output["result"] != want["result"] || output["overtaken"] != want["overtaken"] {
				t.Errorf("%s\nwant %v, got %s: %v", tc.reason, want, got.Status, got.Output)
			}
			if stopped := b.cloud.CodePipeline.Stopped(); !slices.Equal(stopped, tc.stopped) {
				t.Errorf("%s\nwant %v stopped, got %v", tc.reason, tc.stopped, stopped)
			}
		})
	}
}
