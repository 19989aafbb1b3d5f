package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// newTestPipeline returns the smallest pipeline, with the supplied changes to its claim.
func newTestPipeline(t *testing.T, changes ...func(*claim.Claim)) architecture.Pipeline {
	t.Helper()
	c := claim.Claim{Spec: fntest.MinimalSpec(), Platform: v1beta1.PlatformSettings{ProviderConfig: "default"}}
	for _, change := range changes {
		if change != nil {
			change(&c)
		}
	}
	p, err := architecture.New(c, compose.NewObservation(fntest.State(t, fntest.XR, nil)))
	if err != nil {
		t.Fatalf("New(...): %v", err)
	}
	return p
}

// testFacts are those that the status tells.
var testFacts = compose.Known{architecture.AccountID: fntest.Account, architecture.ConnectionARN: fntest.Connection}

func TestNewStatus(t *testing.T) {
	p := newTestPipeline(t)
	p.Spec.DeletionProtection = true
	protected := &fnv1.Resource{Resource: &structpb.Struct{}}
	if err := protojson.Unmarshal([]byte(`{"spec": {"managementPolicies": ["Observe", "Create", "Update"]}}`), protected.GetResource()); err != nil {
		t.Fatal(err)
	}
	state := compose.State{
		Desired: map[resource.Name]*fnv1.Resource{"a": nil, "b": protected},
		Waiting: []compose.Waiting{{Name: "z", For: architecture.AccountID}, {Name: "c", For: compose.Fact{ID: "other", Text: "the other"}}},
		Unready: []resource.Name{"b"},
	}

	xr := fntest.State(t, "metadata: {annotations: {paymentdelivery.io/change: abc}}\n"+fntest.Spec, nil)
	want := v1alpha1.PaymentDeliveryPipelineStatus{
		AcceptedSpec:        architecture.SpecDigest(compose.NewObservation(xr)),
		AcceptedChange:      "abc",
		DeploymentTableName: "deployment-history-pr-123",
		ArtifactBucketName:  "pipeline-artifacts-pr-123-0b7a2c9e",
		AccountID:           fntest.Account,
		ARNs: &v1alpha1.ARNs{
			Alias:                "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123:live",
			BlueFunction:         "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123",
			GreenFunction:        "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-pr-123",
			FunctionRole:         "arn:aws:iam::111122223333:role/lambda-execution-role-pr-123",
			Pipeline:             "arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123",
			Topic:                "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123",
			ReleaseStateMachine:  "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-release-pr-123",
			RollbackStateMachine: "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-rollback-pr-123",
		},
		Settings: &v1alpha1.SettingsStatus{},
		Connection: &v1alpha1.ConnectionStatus{
			ARN:          fntest.Connection,
			AuthorizeURL: "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1",
		},
		ObservedSpec:   &v1alpha1.ObservedSpec{DeletionProtection: true},
		Release:        &v1alpha1.ReleaseStatus{Live: &v1alpha1.LiveStatus{Version: "none"}},
		KeptOnDeletion: true,
		Alarm:          &v1alpha1.AlarmStatus{Name: "lambda-errors-pr-123"},
		CodeDeploy:     &v1alpha1.CodeDeployStatus{Application: "payment-processor-app-pr-123", DeploymentGroup: "payment-processor-dg-pr-123"},
		Resources: &v1alpha1.ResourcesStatus{Desired: 4, Ready: 1, Summary: "1/4", Unready: []string{"b"}, Waiting: []v1alpha1.WaitingResource{
			{Name: "z", For: "the AWS account id, which the first ARN from AWS tells"},
			{Name: "c", For: "the other"},
		}},
	}
	got := newStatus(p, testFacts, compose.NewObservation(xr), state)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newStatus(...): -want, +got:\n%s", diff)
	}
}

// TestARNsOfOthers checks the ARNs where they are not AWS's usual ones, and that there are none before the account is known.
func TestARNsOfOthers(t *testing.T) {
	p := newTestPipeline(t, func(c *claim.Claim) { c.Spec.Region = "us-gov-west-1" })
	if got := p.ARNs(compose.Known{}); got != nil {
		t.Errorf("want no ARNs without an account, got %v", got)
	}
	got := p.ARNs(testFacts)
	if want := "arn:aws-us-gov:iam::111122223333:role/lambda-execution-role-pr-123"; got.FunctionRole != want {
		t.Errorf("want %q, got %q", want, got.FunctionRole)
	}
	if want := "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:payment-processor-blue-pr-123:live"; got.Alias != want {
		t.Errorf("want %q, got %q", want, got.Alias)
	}
}

func TestConsoleURLs(t *testing.T) {
	type want struct{ Pipeline, Authorize, Dashboard string }
	cases := map[string]struct {
		reason string
		region string
		want   want
	}{
		"Commercial": {
			reason: "The console should open in the pipeline's region.",
			region: "eu-central-1",
			want: want{
				Pipeline:  "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=eu-central-1",
				Authorize: "https://console.aws.amazon.com/codesuite/settings/connections?region=eu-central-1",
				Dashboard: "https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/payment-processor-pr-123",
			},
		},
		"GovCloud": {
			reason: "GovCloud has a console of its own.",
			region: "us-gov-west-1",
			want: want{
				Pipeline:  "https://console.amazonaws-us-gov.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=us-gov-west-1",
				Authorize: "https://console.amazonaws-us-gov.com/codesuite/settings/connections?region=us-gov-west-1",
				Dashboard: "https://console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#dashboards/dashboard/payment-processor-pr-123",
			},
		},
		"China": {
			reason: "China has a console of its own.",
			region: "cn-north-1",
			want: want{
				Pipeline:  "https://console.amazonaws.cn/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=cn-north-1",
				Authorize: "https://console.amazonaws.cn/codesuite/settings/connections?region=cn-north-1",
				Dashboard: "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/payment-processor-pr-123",
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(c *claim.Claim) { c.Spec.Region = tc.region })
			if diff := cmp.Diff(tc.want, want{p.PipelineURL(), p.AuthorizeURL(), p.DashboardURL()}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestConnectionStatus(t *testing.T) {
	const url = "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1"

	type args struct {
		change   func(*claim.Claim)
		arn      string
		xr       string
		observed string
		deleted  bool
	}
	cases := map[string]struct {
		reason string
		args   args
		want   v1alpha1.ConnectionStatus
	}{
		"NotCreated": {
			reason: "Before AWS tells the ARN there should be none.",
			args:   args{observed: "{}"},
			want:   v1alpha1.ConnectionStatus{AuthorizeURL: url},
		},
		"Pending": {
			reason: "A pending connection should say where to authorise it.",
			args:   args{arn: fntest.Connection, observed: fntest.ConnectionIn("PENDING")},
			want:   v1alpha1.ConnectionStatus{ARN: fntest.Connection, Status: "PENDING", AuthorizeURL: url},
		},
		"Available": {
			reason: "An authorised connection should ask for nothing.",
			args:   args{arn: fntest.Connection, observed: fntest.ConnectionIn("AVAILABLE")},
			want:   v1alpha1.ConnectionStatus{ARN: fntest.Connection, Status: "AVAILABLE"},
		},
		"Remembered": {
			reason: "A connection whose status is briefly empty should stay what it was.",
			args:   args{arn: fntest.Connection, xr: "status: {connection: {status: AVAILABLE}}", observed: "{}"},
			want:   v1alpha1.ConnectionStatus{ARN: fntest.Connection, Status: "AVAILABLE"},
		},
		"Deleted": {
			reason: "What was remembered of a connection that is gone should not count for the next one.",
			args:   args{arn: fntest.Connection, xr: "status: {connection: {status: AVAILABLE}}", deleted: true},
			want:   v1alpha1.ConnectionStatus{ARN: fntest.Connection, AuthorizeURL: url},
		},
		"ObservedWins": {
			reason: "What is observed should win over what was remembered.",
			args: args{
				arn: fntest.Connection, xr: "status: {connection: {status: AVAILABLE}}",
				observed: fntest.ConnectionIn("PENDING"),
			},
			want: v1alpha1.ConnectionStatus{ARN: fntest.Connection, Status: "PENDING", AuthorizeURL: url},
		},
		"Given": {
			reason: "Of a connection that the claim brings, only the ARN is known.",
			args: args{
				change: func(c *claim.Claim) { c.Spec.Source.ConnectionARN = fntest.Connection },
				arn:    fntest.Connection, observed: fntest.ConnectionIn("PENDING"),
			},
			want: v1alpha1.ConnectionStatus{ARN: fntest.Connection},
		},
		"Shared": {
			reason: "One of the platform team's should be told as theirs, which is also how it is remembered.",
			args: args{
				change: func(c *claim.Claim) { c.Platform.ConnectionARN = fntest.Connection },
				arn:    fntest.Connection, deleted: true,
			},
			want: v1alpha1.ConnectionStatus{ARN: fntest.Connection, Shared: true},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			observed := map[resource.Name]string{architecture.Connection: tc.args.observed}
			if tc.args.deleted {
				observed = nil
			}
			seen := compose.NewObservation(fntest.State(t, tc.args.xr, observed))
			got := newConnectionStatus(newTestPipeline(t, tc.args.change), tc.args.arn, seen)
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("%s\nnewConnectionStatus(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestReleaseStatus(t *testing.T) {
	live := func(version string) *v1alpha1.LiveStatus { return &v1alpha1.LiveStatus{Version: version} }
	cases := map[string]struct {
		reason string
		xr     string
		alias  string
		want   *v1alpha1.ReleaseStatus
	}{
		"NotLive": {
			reason: "Before the alias is observed nothing is live, whatever is desired.",
			alias:  fntest.AliasOn("1", standin.Lost),
			want:   &v1alpha1.ReleaseStatus{Live: live("none")},
		},
		"Unpublished": {
			reason: "$LATEST should never be said to be live.",
			alias:  fntest.AliasOn("$LATEST"),
			want:   &v1alpha1.ReleaseStatus{Live: live("none")},
		},
		"UnpublishedLater": {
			reason: "What was live should stay so while the alias is on no version.",
			xr:     "status: {release: {liveVersion: '2'}}",
			alias:  fntest.AliasOn("$LATEST"),
			want:   &v1alpha1.ReleaseStatus{Live: live("2"), LiveVersion: "2"},
		},
		"OneVersion": {
			reason: "The alias's version takes all traffic.",
			xr:     "status: {release: {liveVersion: '2'}}",
			alias:  fntest.AliasOn("3", standin.Shifted),
			want:   &v1alpha1.ReleaseStatus{Live: live("3"), LiveVersion: "3"},
		},
		"Shifting": {
			reason: "A tenth of the traffic is 10 %.",
			alias:  fntest.AliasOn("3", standin.Shifting("4", 0.1)),
			want:   &v1alpha1.ReleaseStatus{Live: live("3"), LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 10},
		},
		"Rounded": {
			reason: "Shares that floating point cannot hold should be rounded, not cut.",
			alias:  fntest.AliasOn("3", standin.Shifting("4", 0.29)),
			want:   &v1alpha1.ReleaseStatus{Live: live("3"), LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 29},
		},
		"Lost": {
			reason: "What AWS told of an alias that is gone should not be told any more.",
			xr:     "status: {release: {liveVersion: '9', lostVersion: '7'}}",
			alias:  fntest.AliasOn("7", standin.Shifting("8", 0.5), fntest.Gone("7")),
			want:   &v1alpha1.ReleaseStatus{Live: live("9"), LiveVersion: "9", LostVersion: "7"},
		},
		"Bootstrap": {
			reason: "A bootstrap that was told of should be remembered.",
			xr:     "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}",
			alias:  fntest.AliasOn("2"),
			want:   &v1alpha1.ReleaseStatus{Live: live("2"), LiveVersion: "2", BootstrapVersion: "1"},
		},
		"BootstrapLive": {
			reason: "While the bootstrap serves, no release is live.",
			xr:     "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}",
			alias:  fntest.AliasOn("1"),
			want:   &v1alpha1.ReleaseStatus{Live: live("none"), LiveVersion: "1", BootstrapVersion: "1"},
		},
		"Remembered": {
			reason: "What was live should be remembered while the alias is gone.",
			xr:     "status: {release: {liveVersion: '3', candidateVersion: '4', candidateWeight: 10}}",
			alias:  "{}",
			want:   &v1alpha1.ReleaseStatus{Live: live("3"), LiveVersion: "3"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			seen := compose.NewObservation(fntest.State(t, tc.xr, map[resource.Name]string{architecture.LiveAlias: tc.alias}))
			p := newTestPipeline(t)
			p.Serving = architecture.ReadServing(seen)
			got := newReleaseStatus(p, seen)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nnewReleaseStatus(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
