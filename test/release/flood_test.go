package release

import (
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// TestFloodedHistory has a service keep its own release from the history table, into which it may write too. Its version is judged all the same.
func TestFloodedHistory(t *testing.T) {
	const long, short = 9, 3 // How often a call is made that is repeated for minutes, and one that is repeated for seconds.
	cases := map[string]struct {
		reason string
		errors float64

		// flooded is how many calls the table refuses, from the beginning of the shift on.
		flooded int

		want, live string
	}{
		"BadVersion":   {reason: "A bad version is taken back.", errors: 0.5, flooded: 1000, want: "CandidateJudgedBad", live: "1"},
		"GoodVersion":  {reason: "Of a good one the history says nothing, so the release fails.", flooded: 1000, want: "DynamoDB.ThrottlingException", live: "2"},
		"EndsInTime":   {reason: "What was not written when the deployment ended is written with the verdict.", flooded: short + short + long, live: "2"},
		"WithoutFlood": {reason: "Without a flood all is written.", live: "2"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newJudge(t, byDefault, atOnce)
			b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 60, Bad: map[string]fakeaws.Bad{"2": {Errors: tc.errors}}})
			b.cloud.Fail("dynamodb:UpdateItem", repeat(throttled, tc.flooded)...)
			result := b.shift("2")
			if result.Error != tc.want {
				t.Errorf("%s\nwant %q, got %q: %s", tc.reason, tc.want, result.Error, result.Cause)
			}
			if live := b.cloud.Lambda.Alias().Version; live != tc.live {
				t.Errorf("%s\nwant version %s live, got %s", tc.reason, tc.live, live)
			}
			if tc.want == "" {
				b.checkHistory(result)
			}
		})
	}
}

// TestUnrecordedRelease has a service keep from the history table a release that nobody judges. It hides nothing: the release fails, which
// people are told, and the watch writes that the version went live. What is missing is who approved what, and the way back without a name.
func TestUnrecordedRelease(t *testing.T) {
	b := newJudge(t, v1alpha1.Analysis{}, atOnce)
	b.shift("2")
	b.clock.Advance(time.Hour)
	b.newRun("run for 3")
	const untilItHasFailed = 3 + 9
	b.cloud.Fail("dynamodb:UpdateItem", repeat(throttled, untilItHasFailed)...)
	if result := b.shift("3"); result.Error != "DynamoDB.ThrottlingException" {
		t.Errorf("want the release to fail with the table's refusal, got %q: %s", result.Error, result.Cause)
	}
	if live := b.cloud.Lambda.Alias().Version; live != "3" {
		t.Fatalf("want version 3 live, got %s", live)
	}

	b.lookDaily()
	unrecorded := b.item("3")
	if unrecorded["status"] != "Succeeded" || unrecorded["fromVersion"] != "2" || unrecorded["commitId"] != nil {
		t.Errorf("want an item of CodeDeploy's deployment from version 2, without a commit, got %v", unrecorded)
	}
	if recorded := b.item("2"); recorded["commitId"] != commit {
		t.Errorf("want the release before to have its commit, got %v", recorded)
	}

	if result := b.rollBack(""); result.Error != "NoWayBack" {
		t.Errorf("want no way back without a name, got %q: %s", result.Error, result.Cause)
	}
	if result := b.rollBack("2"); result.Status != interpreter.Succeeded {
		t.Errorf("want a way back to the version that is named, got %q: %s", result.Error, result.Cause)
	}
}

// item of the history by the version that the deployment went to.
func (b *bench) item(toVersion string) map[string]any {
	b.t.Helper()
	for _, item := range b.cloud.DynamoDB.Items() {
		if item["toVersion"] == toVersion && item["status"] != nil {
			return item
		}
	}
	b.t.Fatalf("want an item of a deployment to version %s, got none", toVersion)
	return nil
}
