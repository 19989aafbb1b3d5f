package report

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/plan"
)

func TestNewMessage(t *testing.T) {
	two := map[resource.Name]*fnv1.Resource{"a": nil, "b": nil}
	ready := compose.State{Desired: two}
	unready := compose.State{Desired: two, Unready: []resource.Name{"b"}}
	failing := compose.State{Desired: two, Failing: []compose.Failing{{Name: "a"}}}
	none, live := v1alpha1.LiveStatus{Version: v1alpha1.NoVersion}, v1alpha1.LiveStatus{Version: "7"}
	pending := &v1alpha1.ConnectionStatus{ARN: "arn", AuthorizeURL: "https://"}
	since := metav1.NewTime(time.Date(2026, 11, 30, 15, 3, 0, 0, time.FixedZone("CET", 3600)))
	run := func(state, stage, action string) *v1alpha1.RunStatus {
		return &v1alpha1.RunStatus{State: state, Stage: stage, Action: action, Commit: "3f2a9c1d5e6f"}
	}
	waits := run(v1alpha1.RunWaitingForApproval, "Switch-Traffic", "")
	waits.WaitingSince = &since

	type args struct {
		live       v1alpha1.LiveStatus
		candidate  string
		lost       string
		last       *v1alpha1.RunStatus
		connection *v1alpha1.ConnectionStatus
		refused    error
		state      compose.State
		plan       *plan.Plan
	}
	refused := errors.New("invalid PaymentDeliveryPipeline: spec.tags: Invalid value: {}")
	cases := map[string]struct {
		reason string
		args   args
		want   string
	}{
		"Lost":            {reason: "Production runs what nobody approved: that is first.", args: args{live: live, lost: "6", refused: refused, state: failing}, want: "Live version lost"},
		"RefusedByAWS":    {reason: "The claim must be corrected, whatever fails.", args: args{live: live, refused: refused, state: failing}, want: "Refused: spec.tags …"},
		"Failing":         {reason: "What fails hides what waits: it may be why.", args: args{live: live, connection: pending, state: failing, last: waits}, want: "Failing: 1 of 2"},
		"FailingDryRun":   {reason: "Nor does a dry run that cannot look say what it would do.", args: args{live: none, state: failing, plan: &plan.Plan{}}, want: "Failing: 1 of 2"},
		"DryRun":          {reason: "A dry run says what it would do.", args: args{live: none, state: unready, plan: &plan.Plan{Create: []resource.Name{"a"}}}, want: "Dry run: 1 to create, 0 to change"},
		"Pending":         {reason: "A person must authorise the connection.", args: args{live: none, connection: pending, state: unready}, want: "Waiting: authorise the connection"},
		"PendingARN":      {reason: "There must be one to authorise.", args: args{live: none, connection: &v1alpha1.ConnectionStatus{AuthorizeURL: "https://"}, state: unready}, want: "Creating: 1 of 2"},
		"Approval":        {reason: "An approval waits, also while something is updated. The time is UTC.", args: args{live: live, state: unready, last: waits}, want: "Waiting for approval since Nov 30 14:03"},
		"ApprovalUntimed": {reason: "It may not be known since when.", args: args{live: live, state: ready, last: run(v1alpha1.RunWaitingForApproval, "", "")}, want: "Waiting for approval"},
		"Failed":          {reason: "The action that failed is told in words.", args: args{live: live, state: ready, last: run(v1alpha1.RunFailed, "Deploy-Blue", "Smoke_Test")}, want: "Release failed: smoke test"},
		"FailedStage":     {reason: "Or else the stage.", args: args{live: live, state: ready, last: run(v1alpha1.RunFailed, "Deploy-Blue", "")}, want: "Release failed: deploy blue"},
		"Updating":        {reason: "What was released and is not ready is updated.", args: args{live: live, candidate: "8", state: unready}, want: "Updating: 1 of 2"},
		"Releasing":       {reason: "Traffic shifts.", args: args{live: live, candidate: "8", state: ready, last: run(v1alpha1.RunInProgress, "Switch-Traffic", "")}, want: "Releasing: 30 % to 8"},
		"Building":        {reason: "The build runs.", args: args{live: live, state: ready, last: run(v1alpha1.RunInProgress, "Build", "")}, want: "Building 3f2a9c1"},
		"InProgress":      {reason: "Another stage runs.", args: args{live: none, state: ready, last: run(v1alpha1.RunInProgress, "Deploy-Blue", "")}, want: "Releasing 3f2a9c1"},
		"Stopped":         {reason: "Somebody has stopped the run.", args: args{live: live, state: ready, last: run(v1alpha1.RunStopped, "Build", "")}, want: "Release stopped"},
		"Superseded":      {reason: "A newer run has taken over.", args: args{live: live, state: ready, last: run(v1alpha1.RunSuperseded, "Build", "")}, want: "Ready"},
		"NoRelease":       {reason: "All is there, and nothing is released.", args: args{live: none, state: ready}, want: "Ready: no release yet"},
		"Ready":           {reason: "All is well.", args: args{live: live, state: ready, last: run(v1alpha1.RunSucceeded, "", "")}, want: "Ready"},
	}
	known := runbookMessages(t)
	used := map[string]bool{}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := v1alpha1.PaymentDeliveryPipelineStatus{Connection: tc.args.connection, Release: &v1alpha1.ReleaseStatus{
				Live: &tc.args.live, LostVersion: tc.args.lost, CandidateVersion: tc.args.candidate, CandidateWeight: 30, Last: tc.args.last,
			}}
			got := newMessage(s, tc.args.refused, tc.args.state, tc.args.plan)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nnewMessage(...): -want, +got:\n%s", tc.reason, diff)
			}
			if n := utf8.RuneCountInString(got); n > maxMessage {
				t.Errorf("%s\nwant at most %d characters, got %d: %s", tc.reason, maxMessage, n, got)
			}
			i := slices.IndexFunc(known, func(begin string) bool { return strings.HasPrefix(got, begin) })
			if i < 0 {
				t.Fatalf("the runbook does not say what to do about the STATUS %q", got)
			}
			used[known[i]] = true
		})
	}
	for _, begin := range known {
		if !used[begin] {
			t.Errorf("the runbook has the STATUS %q, which no claim has", begin)
		}
	}
}

// runbookMessages are the beginnings of messages that the runbook knows, the longest first.
func runbookMessages(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(b)) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if _, messages, says := strings.Cut(cell, "STATUS says "); says {
			for _, match := range regexp.MustCompile("`([^`…]+)…?`").FindAllStringSubmatch(messages, -1) {
				all = append(all, strings.TrimSpace(match[1]))
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

func TestRefusedMessage(t *testing.T) {
	cases := map[string]struct {
		reason string
		err    string
		want   string
	}{
		"Field":     {reason: "The field is named.", err: `invalid PaymentDeliveryPipeline: spec.service.secrets.DB_ARN: Invalid value: "x": should match`, want: "Refused: spec.service.secrets.DB_ARN …"},
		"Fields":    {reason: "Of many, the first.", err: `invalid PaymentDeliveryPipeline: [spec.region: Required value, spec.tags: Invalid value: {}]`, want: "Refused: spec.region …"},
		"LongField": {reason: "A long one is cut.", err: `invalid PaymentDeliveryPipeline: spec.service.permissions.statements[0].actions[0]: Forbidden`, want: "Refused: spec.service.permissions.stat…"},
		"Package":   {reason: "A rule of the package names no object.", err: `spec.environmentSuffix: Invalid value: "prod": held by another`, want: "Refused: spec.environmentSuffix …"},
		"Sentence":  {reason: "What is no field's fault is told as far as there is room.", err: `cannot compose "pipeline", which exists, without the AWS account id`, want: `Refused: cannot compose "pipeline", wh…`},
		"Emoji":     {reason: "No character is cut in two.", err: strings.Repeat("é", 50), want: "Refused: " + strings.Repeat("é", 29) + "…"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refusedMessage(errors.New(tc.err))); diff != "" {
				t.Errorf("%s\nrefusedMessage(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
