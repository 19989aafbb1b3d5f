package architecture

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	runtimemeta "github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// progressWith is the object with metadata, in YAML.
func progressWith(metadata string) string {
	return "status: {atProvider: {metadata: " + metadata + "}}"
}

func at(hour int) *metav1.Time {
	return &metav1.Time{Time: time.Date(2026, 1, 2, hour, 0, 0, 0, time.UTC)}
}

// TestReadProgress reads what the watch writes, and what somebody else may have written.
func TestReadProgress(t *testing.T) {
	cases := map[string]struct {
		reason string
		object string
		want   release.Progress
	}{
		"Absent":  {reason: "An upgrade has not made the object yet.", object: "{}"},
		"Nothing": {reason: "The object is made without metadata.", object: progressWith("{}")},
		"Waits": {
			reason: "A person is asked.",
			object: progressWith(`{execution: e-1, commit: abc, state: WaitingForApproval, stage: S, action: A, started: "2026-01-02T03:00:00Z",
				waiting: "2026-01-02T04:00:00.123Z", observed: "2026-01-02T05:00:00.999Z", deployment: d-1}`),
			want: release.Progress{Last: &v1alpha1.RunStatus{
				ExecutionID: "e-1", Commit: "abc", State: "WaitingForApproval", Stage: "S", Action: "A",
				StartedAt: at(3), WaitingSince: at(4), ObservedAt: at(5), DeploymentID: "d-1",
			}},
		},
		"Failed": {
			reason: "A run has failed, and another version is live.",
			object: progressWith(`{execution: e-1, state: Failed, reason: R, ended: "2026-01-02T04:00:00Z", live-version: "7", live-commit: def, live-deployment: d-0, live-since: "2026-01-02T01:00:00Z"}`),
			want: release.Progress{
				Last: &v1alpha1.RunStatus{ExecutionID: "e-1", State: "Failed", Reason: "R", EndedAt: at(4)},
				Live: &v1alpha1.LiveStatus{Version: "7", Commit: "def", DeploymentID: "d-0", Since: at(1)},
			},
		},
		"BadTimes": {
			reason: "What is no time is left out.",
			object: progressWith(`{execution: e-1, state: Stopped, started: yesterday, ended: "", live-version: "7", live-since: "1767322800"}`),
			want:   release.Progress{Last: &v1alpha1.RunStatus{ExecutionID: "e-1", State: "Stopped"}, Live: &v1alpha1.LiveStatus{Version: "7"}},
		},
		"BadState":   {reason: "A state that no run has says nothing.", object: progressWith(`{execution: e-1, state: Fine}`)},
		"NoRun":      {reason: "A state is of a run.", object: progressWith(`{state: Failed}`)},
		"BadVersion": {reason: "What is live is a version.", object: progressWith(`{live-version: $LATEST, live-commit: def}`)},
		"NotText":    {reason: "Metadata is text.", object: progressWith(`{execution: 1, state: [Failed], live-version: 7}`)},
		"NotAnObject": {
			reason: "Whatever is there, it is never an error.",
			object: "status: {atProvider: {metadata: [Failed]}}",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			seen := compose.NewObservation(fntest.State(t, "{}", map[resource.Name]string{progressObject: tc.object}))
			if diff := cmp.Diff(tc.want, ReadProgress(seen)); diff != "" {
				t.Errorf("%s\nReadProgress(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestProgressObject checks that nobody but the watch changes the object, and that it outlives what runs leave behind.
func TestProgressObject(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Pipeline)
		want   xpv2.ManagementPolicies
	}{
		"Default":   {want: xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionDelete}},
		"Protected": {change: func(p *Pipeline) { p.Spec.DeletionProtection = true }, want: xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			object := buildOne[*s3v1beta2.Object](t, p, progressObject)
			if diff := cmp.Diff(tc.want, object.Spec.ManagementPolicies); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
			if interval, ok := runtimemeta.GetPollInterval(object); !ok || interval != time.Minute {
				t.Errorf("want the provider to read it each minute, got %s", interval)
			}
			for _, rule := range buildOne[*s3v1beta2.BucketLifecycleConfiguration](t, p, artifactBucketLifecycle).Spec.ForProvider.Rule {
				if expires := len(rule.Expiration) > 0; expires && (rule.Filter[0].Prefix == nil || strings.HasPrefix(*object.Spec.ForProvider.Key, *rule.Filter[0].Prefix)) {
					t.Errorf("%s lets the object expire", *rule.ID)
				}
			}
		})
	}
}

// TestAliasIsPolled checks that the provider looks more often at the alias while a run may move it, and not while it waits for a person.
func TestAliasIsPolled(t *testing.T) {
	for state, want := range map[string]bool{v1alpha1.RunInProgress: true, v1alpha1.RunWaitingForApproval: false, v1alpha1.RunSucceeded: false, "": false} {
		p := newTestPipeline(t)
		if state != "" {
			p.Progress.Last = &v1alpha1.RunStatus{State: state}
		}
		if _, got := runtimemeta.GetPollInterval(buildOne[*lambdav1beta2.Alias](t, p, LiveAlias)); got != want {
			t.Errorf("%q: want it polled more often: %t, got %t", state, want, got)
		}
	}
}

// TestRememberCommits checks that the commit of a version is still known when a rollback has made the version live again.
func TestRememberCommits(t *testing.T) {
	const xr = "status: {release: {versions: [{version: '7', settings: {memorySizeMiB: '512'}}, {version: '6', settings: {memorySizeMiB: '512'}, commit: old}]}}"
	for name, tc := range map[string]struct {
		reason, object string
		want           map[string]string
	}{
		"New":        {"What is live is told.", progressWith("{live-version: '7', live-commit: new}"), map[string]string{"7": "new", "6": "old"}},
		"Untold":     {"What is not told any more stays.", progressWith("{live-version: '6'}"), map[string]string{"7": "", "6": "old"}},
		"Unknown":    {"Of another version nothing is remembered.", progressWith("{live-version: '5', live-commit: older}"), map[string]string{"7": "", "6": "old"}},
		"NotWritten": {"There may be no object.", "{}", map[string]string{"7": "", "6": "old"}},
	} {
		t.Run(name, func(t *testing.T) {
			seen := compose.NewObservation(fntest.State(t, xr, map[resource.Name]string{progressObject: tc.object}))
			got := map[string]string{}
			for _, v := range RememberVersions(seen, Serving{Version: "7"}) {
				got[v.Version] = v.Commit
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
