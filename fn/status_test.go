package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

func TestNewStatus(t *testing.T) {
	p := newTestPipeline(t)
	state := compose.State{
		Desired: map[resource.Name]*fnv1.Resource{"a": nil, "b": nil},
		Waiting: []compose.Waiting{{Name: "z", For: accountID}, {Name: "c", For: liveVersion}},
		Unready: []resource.Name{"b"},
	}

	want := v1alpha1.PaymentDeliveryPipelineStatus{
		PipelineURL:         "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=us-east-1",
		DeploymentTableName: "deployment-history-pr-123",
		ArtifactBucketName:  "pipeline-artifacts-pr-123-0b7a2c9e",
		AccountID:           testAccount,
		Connection: &v1alpha1.ConnectionStatus{
			ARN:          testConnection,
			AuthorizeURL: "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1",
		},
		Alarm:      &v1alpha1.AlarmStatus{Name: "lambda-errors-pr-123"},
		CodeDeploy: &v1alpha1.CodeDeployStatus{Application: "payment-processor-app-pr-123", DeploymentGroup: "payment-processor-dg-pr-123"},
		Resources: &v1alpha1.ResourcesStatus{Desired: 4, Ready: 1, Unready: []string{"b"}, Waiting: []v1alpha1.WaitingResource{
			{Name: "z", For: "the AWS account id, which the first ARN from AWS tells"},
			{Name: "c", For: "the first published version of the blue function"},
		}},
	}
	got := newStatus(p, testFacts, newObservation(stateOf(t, testXR, nil)), state)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newStatus(...): -want, +got:\n%s", diff)
	}
}

func TestConsoleURLs(t *testing.T) {
	type want struct{ Pipeline, Authorize string }
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
			},
		},
		"GovCloud": {
			reason: "GovCloud has a console of its own.",
			region: "us-gov-west-1",
			want: want{
				Pipeline:  "https://console.amazonaws-us-gov.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=us-gov-west-1",
				Authorize: "https://console.amazonaws-us-gov.com/codesuite/settings/connections?region=us-gov-west-1",
			},
		},
		"China": {
			reason: "China has a console of its own.",
			region: "cn-north-1",
			want: want{
				Pipeline:  "https://console.amazonaws.cn/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=cn-north-1",
				Authorize: "https://console.amazonaws.cn/codesuite/settings/connections?region=cn-north-1",
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *pipeline) { p.spec.Region = tc.region })
			if diff := cmp.Diff(tc.want, want{p.pipelineURL(), p.authorizeURL()}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestConnectionStatus(t *testing.T) {
	const url = "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1"

	type args struct {
		change   func(*pipeline)
		facts    compose.Facts
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
			args:   args{facts: testFacts, observed: "status: {atProvider: {connectionStatus: PENDING}}"},
			want:   v1alpha1.ConnectionStatus{ARN: testConnection, Status: "PENDING", AuthorizeURL: url},
		},
		"Available": {
			reason: "An authorised connection should ask for nothing.",
			args:   args{facts: testFacts, observed: "status: {atProvider: {connectionStatus: AVAILABLE}}"},
			want:   v1alpha1.ConnectionStatus{ARN: testConnection, Status: "AVAILABLE"},
		},
		"Remembered": {
			reason: "A connection whose status is briefly empty should stay what it was.",
			args:   args{facts: testFacts, xr: "status: {connection: {status: AVAILABLE}}", observed: "{}"},
			want:   v1alpha1.ConnectionStatus{ARN: testConnection, Status: "AVAILABLE"},
		},
		"Deleted": {
			reason: "What was remembered of a connection that is gone should not count for the next one.",
			args:   args{facts: testFacts, xr: "status: {connection: {status: AVAILABLE}}", deleted: true},
			want:   v1alpha1.ConnectionStatus{ARN: testConnection, AuthorizeURL: url},
		},
		"ObservedWins": {
			reason: "What is observed should win over what was remembered.",
			args: args{
				facts: testFacts, xr: "status: {connection: {status: AVAILABLE}}",
				observed: "status: {atProvider: {connectionStatus: PENDING}}",
			},
			want: v1alpha1.ConnectionStatus{ARN: testConnection, Status: "PENDING", AuthorizeURL: url},
		},
		"Given": {
			reason: "Of a connection that the claim brings, only the ARN is known.",
			args: args{
				change: func(p *pipeline) { p.spec.Source.ConnectionARN = testConnection },
				facts:  testFacts, observed: "status: {atProvider: {connectionStatus: PENDING}}",
			},
			want: v1alpha1.ConnectionStatus{ARN: testConnection},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			observed := map[resource.Name]string{connection: tc.args.observed}
			if tc.args.deleted {
				observed = nil
			}
			seen := newObservation(stateOf(t, tc.args.xr, observed))
			got := newTestPipeline(t, tc.args.change).connectionStatus(tc.args.facts, seen)
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("%s\nconnectionStatus(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestReleaseStatus(t *testing.T) {
	cases := map[string]struct {
		reason string
		xr     string
		alias  string
		want   *v1alpha1.ReleaseStatus
	}{
		"NotLive": {
			reason: "Before the alias is observed nothing is live, whatever is desired.",
			alias:  "spec: {forProvider: {functionVersion: '1'}}",
		},
		"Unpublished": {
			reason: "$LATEST should never be said to be live.",
			alias:  "status: {atProvider: {functionVersion: $LATEST}}",
		},
		"UnpublishedLater": {
			reason: "What was live should stay so while the alias is on no version.",
			xr:     "status: {release: {liveVersion: '2'}}",
			alias:  "status: {atProvider: {functionVersion: $LATEST}}",
			want:   &v1alpha1.ReleaseStatus{LiveVersion: "2"},
		},
		"OneVersion": {
			reason: "The alias's version takes all traffic.",
			xr:     "status: {release: {liveVersion: '2'}}",
			alias:  "status: {atProvider: {functionVersion: '3', routingConfig: {additionalVersionWeights: {}}}}",
			want:   &v1alpha1.ReleaseStatus{LiveVersion: "3"},
		},
		"Shifting": {
			reason: "A tenth of the traffic is 10 %.",
			alias:  "status: {atProvider: {functionVersion: '3', routingConfig: {additionalVersionWeights: {'4': 0.1}}}}",
			want:   &v1alpha1.ReleaseStatus{LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 10},
		},
		"Rounded": {
			reason: "Shares that floating point cannot hold should be rounded, not cut.",
			alias:  "status: {atProvider: {functionVersion: '3', routingConfig: {additionalVersionWeights: {'4': 0.29}}}}",
			want:   &v1alpha1.ReleaseStatus{LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 29},
		},
		"Remembered": {
			reason: "What was live should be remembered while the alias is gone.",
			xr:     "status: {release: {liveVersion: '3', candidateVersion: '4', candidateWeight: 10}}",
			alias:  "{}",
			want:   &v1alpha1.ReleaseStatus{LiveVersion: "3"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := releaseStatus(newObservation(stateOf(t, tc.xr, map[resource.Name]string{liveTraffic: tc.alias})))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nreleaseStatus(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
