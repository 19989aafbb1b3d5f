package main

import (
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
	notLive := conditionOf("TrafficShifting", no, "NotLive", "No version is live yet.")
	available := &v1alpha1.ConnectionStatus{ARN: testConnection, Status: "AVAILABLE"}

	type args struct {
		status  v1alpha1.PaymentDeliveryPipelineStatus
		waiting []compose.Waiting
	}
	cases := map[string]struct {
		reason string
		args   args
		want   []*fnv1.Condition
	}{
		"Connected": {
			reason: "A connected source should need no message.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: available}},
			want:   []*fnv1.Condition{accepted, connected, nothingWaits, notLive},
		},
		"ExistingConnection": {
			reason: "A connection that the claim brings should be taken as it is.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{ARN: testConnection}}},
			want: []*fnv1.Condition{
				accepted,
				conditionOf("SourceConnected", yes, "ExistingConnection", "The claim brings a connection, which is used as it is."),
				nothingWaits, notLive,
			},
		},
		"ConnectionNotCreated": {
			reason: "Nobody should be sent to authorise what does not exist.",
			args:   args{status: v1alpha1.PaymentDeliveryPipelineStatus{Connection: &v1alpha1.ConnectionStatus{AuthorizeURL: url}}},
			want: []*fnv1.Condition{
				accepted,
				conditionOf("SourceConnected", no, "ConnectionNotCreated", "The connection to GitHub is being created."),
				nothingWaits, notLive,
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
				nothingWaits, notLive,
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
				notLive,
			},
		},
		"Live": {
			reason: "One version should be said to take all traffic.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3"},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits,
				conditionOf("TrafficShifting", no, "OneVersion", "Version 3 takes all production traffic."),
			},
		},
		"Shifting": {
			reason: "Two versions should be said to share traffic, and how.",
			args: args{status: v1alpha1.PaymentDeliveryPipelineStatus{
				Connection: available, Release: &v1alpha1.ReleaseStatus{LiveVersion: "3", CandidateVersion: "4", CandidateWeight: 10},
			}},
			want: []*fnv1.Condition{
				accepted, connected, nothingWaits,
				conditionOf("TrafficShifting", yes, "TwoVersions", "Version 4 takes 10 % of production traffic, version 3 the rest."),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rsp := &fnv1.RunFunctionResponse{}
			setConditions(rsp, tc.args.status, compose.State{Waiting: tc.args.waiting})
			if diff := cmp.Diff(tc.want, rsp.GetConditions(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nsetConditions(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
