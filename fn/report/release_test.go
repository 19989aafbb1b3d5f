package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestLive checks what the status says of what is live: by the alias, by what the watch has written, and by what was known before.
func TestLive(t *testing.T) {
	written := v1alpha1.LiveStatus{Version: "7", Commit: "0123456789", DeploymentID: "d-1"}
	cases := map[string]struct {
		reason   string
		serving  architecture.Serving
		written  *v1alpha1.LiveStatus
		versions []v1alpha1.VersionStatus
		want     v1alpha1.LiveStatus
	}{
		"Bootstrap": {
			reason: "Nothing has been released yet.", serving: architecture.Serving{Before: "1", Version: "1", Bootstrap: "1"}, written: &v1alpha1.LiveStatus{Version: "1", Commit: "abc"},
			want: v1alpha1.LiveStatus{Version: "none"},
		},
		"NotWritten": {
			reason: "The watch has written nothing yet.", serving: architecture.Serving{Before: "7", Version: "7"},
			want: v1alpha1.LiveStatus{Version: "7"},
		},
		"Written": {
			reason: "The watch has seen what the alias has.", serving: architecture.Serving{Before: "7", Version: "7"}, written: &written,
			want: v1alpha1.LiveStatus{Version: "7", Commit: "0123456789", ShortCommit: "0123456", DeploymentID: "d-1"},
		},
		"Other": {
			reason: "The watch has seen another version: nothing of it is said.", serving: architecture.Serving{Before: "6", Version: "6"}, written: &written,
			want: v1alpha1.LiveStatus{Version: "6"},
		},
		"RolledBack": {
			reason: "A rollback does not say the commit, which is remembered.", serving: architecture.Serving{Before: "6", Version: "6"},
			written:  &v1alpha1.LiveStatus{Version: "6", DeploymentID: "d-2"},
			versions: []v1alpha1.VersionStatus{{Version: "7", Commit: "new"}, {Version: "6", Commit: "old"}},
			want:     v1alpha1.LiveStatus{Version: "6", Commit: "old", ShortCommit: "old", DeploymentID: "d-2"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t)
			p.Serving, p.Progress.Live = tc.serving, tc.written
			if diff := cmp.Diff(&tc.want, newLiveStatus(p, tc.versions)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRun checks that a run has an address, and keeps its deployment when CodeDeploy has had others since.
func TestRun(t *testing.T) {
	const url = "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/executions/e-1/timeline?region=us-east-1"
	cases := map[string]struct {
		reason string
		xr     string
		last   *v1alpha1.RunStatus
		want   *v1alpha1.RunStatus
	}{
		"None": {reason: "There was no run.", xr: "{}"},
		"New":  {reason: "A run is seen.", xr: "{}", last: &v1alpha1.RunStatus{ExecutionID: "e-1"}, want: &v1alpha1.RunStatus{ExecutionID: "e-1", URL: url}},
		"Kept": {
			reason: "Its deployment was seen before.", xr: "status: {release: {last: {executionId: e-1, deploymentId: d-1}}}",
			last: &v1alpha1.RunStatus{ExecutionID: "e-1"}, want: &v1alpha1.RunStatus{ExecutionID: "e-1", DeploymentID: "d-1", URL: url},
		},
		"Again": {
			reason: "A retry has another deployment.", xr: "status: {release: {last: {executionId: e-1, deploymentId: d-1}}}",
			last: &v1alpha1.RunStatus{ExecutionID: "e-1", DeploymentID: "d-2"}, want: &v1alpha1.RunStatus{ExecutionID: "e-1", DeploymentID: "d-2", URL: url},
		},
		"Other": {
			reason: "That of another run says nothing of this one.", xr: "status: {release: {last: {executionId: e-0, deploymentId: d-0}}}",
			last: &v1alpha1.RunStatus{ExecutionID: "e-1"}, want: &v1alpha1.RunStatus{ExecutionID: "e-1", URL: url},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t)
			p.Progress.Last = tc.last
			seen := compose.NewObservation(fntest.State(t, tc.xr, map[resource.Name]string{}))
			if diff := cmp.Diff(tc.want, newRunStatus(p, seen)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
