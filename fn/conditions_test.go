package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// conditionOf is a condition of claim and XR, as the response carries it.
func conditionOf(kind string, status fnv1.Status, reason, message string) *fnv1.Condition {
	c := &fnv1.Condition{Type: kind, Status: status, Reason: reason, Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum()}
	if message != "" {
		c.Message = new(message)
	}
	return c
}

func TestSetConditions(t *testing.T) {
	const yes, no = fnv1.Status_STATUS_CONDITION_TRUE, fnv1.Status_STATUS_CONDITION_FALSE

	const url = "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1"

	accepted := conditionOf("Accepted", yes, "Valid", "")
	connected := conditionOf("SourceConnected", yes, "ConnectionAvailable", "")
	nothingWaits := conditionOf("ResourcesWaiting", no, "NothingWaiting", "")
	nothingFails := conditionOf("ResourcesFailing", no, "NothingFailing", "")
	notLive := conditionOf("TrafficShifting", no, "NotLive", "No version is live yet.")
	available := &v1alpha1.ConnectionStatus{ARN: testConnection, Status: "AVAILABLE"}

	type args struct {
		status  v1alpha1.PaymentDeliveryPipelineStatus
		waiting []compose.Waiting
		failing []compose.Failing
	}
	cases := map[string]struct {
		reason string
		args   args
		want   []*fnv1.Condition
	}{
		"Connected": {
			reason: "A connected source should need no message.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: available}},
			want:   []*fnv1.Condition{accepted, connected, nothingWaits, nothingFails, notLive},
		},
		"ExistingConnection": {
			reason: "A connection that the claim brings should be taken as it is.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{ARN: testConnection}}},
			want: []*fnv1.Condition{
				accepted,
				conditionOf("SourceConnected", yes, "ExistingConnection", "The claim brings a connection, which is used as it is."),
				nothingWaits, nothingFails, notLive,
			},
		},
		"ConnectionNotCreated": {
			reason: "Nobody should be sent to authorise what does not exist.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{AuthorizeURL: url}}},
			want: []*fnv1.Condition{
				accepted,
				conditionOf("SourceConnected", no, "ConnectionNotCreated", "The connection to GitHub is being created."),
				nothingWaits, nothingFails, notLive,
			},
		},
		"HandshakePending": {
			reason: "A person should be told where to click, and on what.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: &v1alpha1.ConnectionStatus{ARN: "arn:1", Status: "PENDING", AuthorizeURL: url},
			}},
			want: []*fnv1.Condition{
				accepted,
				conditionOf("SourceConnected", no, "HandshakePending",
					`A person must authorise the connection to GitHub once: open `+url+`, choose arn:1 and then "Update pending connection".`),
				nothingWaits, nothingFails, notLive,
			},
		},
		"Waiting": {
			reason: "What waits should be grouped by what it waits for, in the architecture's order.",
			args: args{
				status:  v1alpha1.PaymentDeliveryPipelineStatus{Connection: available},
				waiting: []compose.Waiting{{Name: "z", For: "the one"}, {Name: "m", For: "the other"}, {Name: "a", For: "the one"}},
			},
			want: []*fnv1.Condition{
				accepted, connected,
				conditionOf("ResourcesWaiting", yes, "FactsMissing", "Waiting for the one: z, a. Waiting for the other: m."),
				nothingFails, notLive,
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
					{Name: "c", Message: "3"},
					{Name: "d", Message: "status code: 403, request id: 1-2-3 (denied)"},
					{Name: "e", Message: "5"},
					{Name: "f", Message: "6"},
				},
			},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits,
				conditionOf("ResourcesFailing", yes, "ReconcileError",
					"z, a: create failed: operation error DynamoDB: CreateTable, https response error StatusCode: 400, api error AccessDeniedException: no; "+
						"m: bucket: StatusCode: 409, BucketAlreadyExists:; "+
						"b: "+strings.Repeat("é", 500)+"…; c: 3; d: status code: 403 (denied); and 2 more errors"),
				notLive,
			},
		},
		"Live": {
			reason: "One version should be said to take all traffic.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3"},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails,
				conditionOf("TrafficShifting", no, "OneVersion", "Version 3 takes all production traffic."),
			},
		},
		"Shifting": {
			reason: "Two versions should be said to share traffic, and how.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 10},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits, nothingFails,
				conditionOf("TrafficShifting", yes, "TwoVersions", "Version 4 takes 10 % of production traffic, version 3 the rest."),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rsp := &fnv1.RunFunctionResponse{}
			setConditions(rsp, tc.args.status, compose.State{Waiting: tc.args.waiting, Failing: tc.args.failing})
			if diff := cmp.Diff(tc.want, rsp.GetConditions(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nsetConditions(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
