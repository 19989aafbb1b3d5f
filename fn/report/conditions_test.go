package report

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// conditionsInOrder: those that ask a person to act come first.
var conditionsInOrder = []string{
	"Accepted", "ResourcesFailing", "LiveVersionLost", "SourceConnected", "ResourcesWaiting", "TrafficShifting", "ConfigurationPending",
	"SettingsApplied", "RolloutWatched",
}

// TestIsIdle checks that a condition with nothing to say is only told to a claim that was told something else by it.
func TestIsIdle(t *testing.T) {
	const yes, no = fnv1.Status_STATUS_CONDITION_TRUE, fnv1.Status_STATUS_CONDITION_FALSE
	had := "{status: {conditions: [{type: ResourcesFailing, status: 'True'}]}}"
	cases := map[string]struct {
		reason    string
		xr        string
		condition *fnv1.Condition
		want      bool
	}{
		"Never":   {reason: "It has nothing to say, and never had.", xr: "{}", condition: fntest.Condition("ResourcesFailing", no, "NothingFailing", ""), want: true},
		"Over":    {reason: "What it said is over.", xr: had, condition: fntest.Condition("ResourcesFailing", no, "NothingFailing", "")},
		"Another": {reason: "Another condition had something to say.", xr: had, condition: fntest.Condition("LiveVersionLost", no, "NothingLost", ""), want: true},
		"News":    {reason: "It has something to say.", xr: "{}", condition: fntest.Condition("ResourcesFailing", yes, "ReconcileError", "denied")},
		"Always":  {reason: "What a person looks for first is always told.", xr: "{}", condition: fntest.Condition("Accepted", yes, "Valid", "")},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := isIdle(compose.NewObservation(fntest.State(t, tc.xr, nil)), tc.condition); got != tc.want {
				t.Errorf("%s\nisIdle(...): want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}

func TestSetConditions(t *testing.T) {
	const yes, no = fnv1.Status_STATUS_CONDITION_TRUE, fnv1.Status_STATUS_CONDITION_FALSE

	const url = "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1"

	accepted := fntest.Condition("Accepted", yes, "Valid", "")
	connected := fntest.Condition("SourceConnected", yes, "ConnectionAvailable", "")
	nothingWaits := fntest.Condition("ResourcesWaiting", no, "NothingWaiting", "")
	nothingFails := fntest.Condition("ResourcesFailing", no, "NothingFailing", "")
	nothingLost := fntest.Condition("LiveVersionLost", no, "NothingLost", "")
	lost := fntest.Condition("LiveVersionLost", yes, "FunctionRecreated",
		"Version 7 was live and is gone: someone has deleted the blue function, and AWS does not know that version any more. "+
			"Version 10, which the function has now, takes its place. Nobody has approved it, and it may be nothing but the bootstrap code. "+
			`Release again: push to the branch, or choose "Release change" in CodePipeline.`)
	notLive := fntest.Condition("TrafficShifting", no, "NotLive", "No version is live yet.")
	// No case here knows what settings a version has.
	pending := func(r v1alpha1.ReleaseStatus) []*fnv1.Condition {
		if r.LiveVersion == "" {
			return nil
		}
		return []*fnv1.Condition{fntest.Condition("ConfigurationPending", fnv1.Status_STATUS_CONDITION_UNKNOWN, "SettingsUnknown",
			"It is not known which settings version "+r.LiveVersion+" has, which is live: AWS tells those of the newest version only. The next release's are known.")}
	}
	settings := fntest.Condition("SettingsApplied", yes, "SettingsRead", "The platform team's settings are those of the Composition's input.")
	watched := fntest.Condition("RolloutWatched", yes, "CandidateJudged", "")
	available := &v1alpha1.ConnectionStatus{ARN: fntest.Connection, Status: "AVAILABLE"}

	type args struct {
		refused error
		status  v1alpha1.PaymentDeliveryPipelineStatus
		waiting []compose.Waiting
		failing []compose.Failing
		unready []resource.Name

		// sources of the claim, and what is not made before the first release.
		sources  []v1alpha1.EventSource
		deferred []resource.Name
	}
	cases := map[string]struct {
		reason string
		args   args
		want   []*fnv1.Condition
	}{
		"Connected": {
			reason: "A connected source should need no message.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: available}},
			want:   []*fnv1.Condition{accepted, connected, nothingWaits, nothingFails, nothingLost, notLive},
		},
		"Refused": {
			reason: "What AWS refuses should be told, and all else as ever.",
			args: args{
				refused: errors.New("invalid PaymentDeliveryPipeline: spec.tags: Invalid value: {\"R&D\":\"a\"}: AWS takes other tags (rule of AWS)"),
				status:  v1alpha1.PaymentDeliveryPipelineStatus{Connection: available},
			},
			want: []*fnv1.Condition{
				fntest.Condition("Accepted", no, "RefusedByAWS", "invalid PaymentDeliveryPipeline: spec.tags: Invalid value: {\"R&D\":\"a\"}: AWS takes other tags (rule of AWS)"),
				connected, nothingWaits, nothingFails, nothingLost, notLive,
			},
		},
		"ExistingConnection": {
			reason: "A connection that the claim brings should be taken as it is.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{ARN: fntest.Connection}}},
			want: []*fnv1.Condition{
				accepted,
				fntest.Condition("SourceConnected", yes, "ExistingConnection", "The claim brings a connection, which is used as it is."),
				nothingWaits, nothingFails, nothingLost, notLive,
			},
		},
		"SharedConnection": {
			reason: "So should the platform team's, and be said to be theirs.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{ARN: fntest.Connection, Shared: true}}},
			want: []*fnv1.Condition{
				accepted,
				fntest.Condition("SourceConnected", yes, "SharedConnection", "The platform team's connection is used as it is."),
				nothingWaits, nothingFails, nothingLost, notLive,
			},
		},
		"ConnectionNotCreated": {
			reason: "Nobody should be sent to authorise what does not exist.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{AuthorizeURL: url}}},
			want: []*fnv1.Condition{
				accepted,
				fntest.Condition("SourceConnected", no, "ConnectionNotCreated", "The connection to GitHub is being created."),
				nothingWaits, nothingFails, nothingLost, notLive,
			},
		},
		"HandshakePending": {
			reason: "A person should be told where to click, and on what.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: &v1alpha1.ConnectionStatus{ARN: "arn:1", Status: "PENDING", AuthorizeURL: url},
			}},
			want: []*fnv1.Condition{
				accepted,
				fntest.Condition("SourceConnected", no, "HandshakePending",
					`A person must authorise the connection to GitHub once: open `+url+`, choose arn:1 and then "Update pending connection". `+
						`The provider notices within its poll interval, 10 minutes by default. A pipeline that does not exist yet is made then.`),
				nothingWaits, nothingFails, nothingLost, notLive,
			},
		},
		"Waiting": {
			reason: "What waits should be grouped by what it waits for, in the architecture's order.",
			args: args{
				status:  v1alpha1.PaymentDeliveryPipelineStatus{Connection: available},
				waiting: []compose.Waiting{{Name: "z", For: compose.Fact{ID: "one", Text: "the one"}}, {Name: "m", For: compose.Fact{ID: "other", Text: "the other"}}, {Name: "a", For: compose.Fact{ID: "one", Text: "the one"}}},
			},
			want: []*fnv1.Condition{
				accepted, connected,
				fntest.Condition("ResourcesWaiting", yes, "FactsMissing", "Waiting for the one: z, a. Waiting for the other: m."),
				nothingFails, nothingLost, notLive,
			},
		},
		"Failing": {
			reason: "What fails should be grouped by its error, without what is of one attempt, and not more than one can read.",
			args: args{
				status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: available},
				failing: []compose.Failing{
					{Name: "z", Message: "create failed: operation error DynamoDB: CreateTable, https response error StatusCode: 400, RequestID: 7QK5, api error AccessDeniedException: no\n"},
					{Name: "m", Message: "bucket: StatusCode: 409, RequestID: 9X, HostID: a/b+c=, BucketAlreadyExists:"},
					{Name: "a", Message: "create failed: operation error DynamoDB: CreateTable, https response error StatusCode: 400, RequestID: 8RL6, api error AccessDeniedException: no"},
					{Name: "b", Message: strings.Repeat("é", 501)},
					{Name: "c", Message: strings.Repeat("3", 500)},
					{Name: "d", Message: "status code: 403, request id: 1-2-3 (denied)"},
					{Name: "e", Message: "5"},
					{Name: "f", Message: "6"},
				},
			},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits,
				fntest.Condition("ResourcesFailing", yes, "ReconcileError",
					"z, a: create failed: operation error DynamoDB: CreateTable, https response error StatusCode: 400, api error AccessDeniedException: no; "+
						"m: bucket: StatusCode: 409, BucketAlreadyExists:; "+
						"b: "+strings.Repeat("é", 500)+"…; c: "+strings.Repeat("3", 500)+"; d: status code: 403 (denied); and 2 more errors"),
				nothingLost, notLive,
			},
		},
		"FailingAlone": {
			reason: "Of errors that are all told there should be no more.",
			args: args{
				status:  v1alpha1.PaymentDeliveryPipelineStatus{Connection: available},
				failing: []compose.Failing{{Name: "z", Message: "no"}},
			},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits,
				fntest.Condition("ResourcesFailing", yes, "ReconcileError", "z: no"),
				nothingLost, notLive,
			},
		},
		"Live": {
			reason: "One version should be said to take all traffic.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3"},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", no, "OneVersion", "Version 3 takes all production traffic."),
			},
		},
		"Lost": {
			reason: "Who finds another version live than was released should learn why, and what to do.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "10", LostVersion: "7"},
			}, unready: []resource.Name{architecture.LiveAlias}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, lost,
				fntest.Condition("TrafficShifting", no, "OneVersion", "Version 10 takes all production traffic as soon as the alias is there again."),
			},
		},
		"LostAndBack": {
			reason: "An alias that is there again serves.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "10", LostVersion: "7"},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, lost,
				fntest.Condition("TrafficShifting", no, "OneVersion", "Version 10 takes all production traffic."),
			},
		},
		"LiveButUnready": {
			reason: "An alias that is not ready, and lost nothing, is not said to be gone.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3"},
			}, unready: []resource.Name{architecture.LiveAlias}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", no, "OneVersion", "Version 3 takes all production traffic."),
			},
		},
		"Shifting": {
			reason: "Two versions should be said to share traffic, and how.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 10},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", yes, "TwoVersions", "Version 4 takes 10 % of production traffic, version 3 the rest."),
			},
		},
		"FirstShift": {
			reason: "The first release moves traffic as any other does.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "1", BootstrapVersion: "1", CandidateVersion: "2", CandidateWeight: 10},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", yes, "TwoVersions", "Version 2 takes 10 % of production traffic, version 1 the rest."),
			},
		},
		"Bootstrap": {
			reason: "While nothing is released, a person should read why nothing is delivered.",
			args: args{
				status:   v1alpha1.PaymentDeliveryPipelineStatus{Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "1", BootstrapVersion: "1"}},
				sources:  []v1alpha1.EventSource{{Name: "nightly"}},
				deferred: []resource.Name{"live-invoker-api", "event-permission-nightly"},
			},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", no, "BootstrapLive", "No release is live. The alias is on version 1, which has the code that the pipeline created the function with. "+
					"Until the next release, all event sources are disabled. The next release also creates what lets others call the service: live-invoker-api, event-permission-nightly."),
			},
		},
		"BootstrapThatNobodyCalls": {
			reason: "A claim that names no callers should not read of them.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "1", BootstrapVersion: "1"}}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", no, "BootstrapLive", "No release is live. The alias is on version 1, which has the code that the pipeline created the function with."),
			},
		},
		"Released": {
			reason: "A bootstrap that is not live should not be told of.",
			args: args{
				status:  v1alpha1.PaymentDeliveryPipelineStatus{Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "2", BootstrapVersion: "1"}},
				sources: []v1alpha1.EventSource{{Name: "nightly"}},
			},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails, nothingLost,
				fntest.Condition("TrafficShifting", no, "OneVersion", "Version 2 takes all production traffic."),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rsp := &fnv1.RunFunctionResponse{}
			p := architecture.Pipeline{Claim: claim.Claim{Spec: fntest.MinimalSpec(), Refused: tc.args.refused}}
			p.Spec.Service.EventSources = tc.args.sources
			if tc.args.status.Release == nil {
				tc.args.status.Release = &v1alpha1.ReleaseStatus{}
			}
			setConditions(rsp, compose.NewObservation(nil), p, tc.args.status, compose.State{Waiting: tc.args.waiting, Failing: tc.args.failing, Unready: tc.args.unready, Deferred: tc.args.deferred})
			want := slices.Concat(tc.want, []*fnv1.Condition{settings, watched}, pending(*tc.args.status.Release))
			slices.SortFunc(want, func(a, b *fnv1.Condition) int {
				return slices.Index(conditionsInOrder, a.GetType()) - slices.Index(conditionsInOrder, b.GetType())
			})
			if diff := cmp.Diff(want, rsp.GetConditions(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nsetConditions(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSetRolloutWatched(t *testing.T) {
	const (
		yes, no = fnv1.Status_STATUS_CONDITION_TRUE, fnv1.Status_STATUS_CONDITION_FALSE
		choose  = " at the earliest: it stops no rollout. Choose a slower rollout, or less of alarm.evaluationPeriods or alarm.periodSeconds, or have releases judged: rollout.analysis."
	)
	canary := func(minutes int32) v1alpha1.Rollout {
		return v1alpha1.Rollout{Custom: &v1alpha1.CustomRollout{Type: "Canary", Percentage: 10, IntervalMinutes: minutes}}
	}
	cases := map[string]struct {
		reason  string
		rollout v1alpha1.Rollout
		want    *fnv1.Condition
	}{
		"Judged": {
			reason: "A release has time to judge its candidate.", rollout: v1alpha1.Rollout{
				DeploymentConfig: "LambdaAllAtOnce", Analysis: v1alpha1.Analysis{Enabled: true, BakeMinutes: 3},
			},
			want: fntest.Condition("RolloutWatched", yes, "CandidateJudged", ""),
		},
		"JudgedTooShort": {
			reason: "Its metrics come later.", rollout: v1alpha1.Rollout{
				DeploymentConfig: "LambdaAllAtOnce", Analysis: v1alpha1.Analysis{Enabled: true, BakeMinutes: 2},
			},
			want: fntest.Condition("RolloutWatched", no, "AlarmTooSlow",
				"A rollout moves all traffic in 0 minutes, and the alarm fires 10 minutes after failures began"+choose),
		},
		"InTime": {reason: "The alarm fires in the eleventh minute.", rollout: canary(11), want: fntest.Condition("RolloutWatched", yes, "AlarmInTime", "")},
		"TooSlow": {
			reason: "When it fires, all traffic has moved.", rollout: canary(10),
			want: fntest.Condition("RolloutWatched", no, "AlarmTooSlow",
				"A rollout moves all traffic in 10 minutes, and the alarm fires 10 minutes after failures began"+choose),
		},
		"AllAtOnce": {
			reason: "There is no time.", rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaAllAtOnce"},
			want: fntest.Condition("RolloutWatched", no, "AlarmTooSlow",
				"A rollout moves all traffic in 0 minutes, and the alarm fires 10 minutes after failures began"+choose),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Rollout = tc.rollout
			rsp := &fnv1.RunFunctionResponse{}
			setRolloutWatched(rsp, architecture.Pipeline{Claim: claim.Claim{Spec: spec}})
			if diff := cmp.Diff([]*fnv1.Condition{tc.want}, rsp.GetConditions(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nsetRolloutWatched(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestTellLoss(t *testing.T) {
	lost := &v1alpha1.ReleaseStatus{LiveVersion: "10", LostVersion: "7"}
	cases := map[string]struct {
		reason  string
		xr      string
		release *v1alpha1.ReleaseStatus
		want    []*fnv1.Result
	}{
		"NotLive": {reason: "Before a release there is nothing to lose.", release: &v1alpha1.ReleaseStatus{}},
		"Kept":    {reason: "What is live is not lost.", release: &v1alpha1.ReleaseStatus{LiveVersion: "7"}},
		"Found": {
			reason:  "The loss should be told when it is found.",
			release: lost,
			want: []*fnv1.Result{{
				Severity: fnv1.Severity_SEVERITY_WARNING, Message: lossMessage(*lost), Reason: new("LiveVersionLost"),
				Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum(),
			}},
		},
		"Known": {
			reason:  "It should not be told again.",
			xr:      "status: {release: {lostVersion: '7'}}",
			release: lost,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rsp := &fnv1.RunFunctionResponse{}
			tellLoss(rsp, compose.NewObservation(fntest.State(t, tc.xr, nil)), tc.release)
			if diff := cmp.Diff(tc.want, rsp.GetResults(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\ntellLoss(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
