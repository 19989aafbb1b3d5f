package architecture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestAsync checks what Lambda is told of events for which nobody waits: of the alias, and all of it, so that what somebody else
// changes is set back.
func TestAsync(t *testing.T) {
	if got := buildOf[*lambdav1beta1.FunctionEventInvokeConfig](newTestPipeline(t)); len(got) > 0 {
		t.Errorf("want none unless a claim says so, got %v", got)
	}
	const bus = "arn:aws:events:us-east-1:111122223333:event-bus/payments"
	type destination = lambdav1beta1.FunctionEventInvokeConfigDestinationConfigParameters
	onFailure := []lambdav1beta1.DestinationConfigOnFailureParameters{{Destination: new(testQueue)}}
	onSuccess := []lambdav1beta1.OnSuccessParameters{{Destination: new(bus)}}
	cases := map[string]struct {
		reason string
		async  v1alpha1.Async
		want   []destination
	}{
		"Nowhere": {reason: "The provider takes destinations away that are not stated."},
		"Failure": {
			reason: "Only events that are given up on.", async: v1alpha1.Async{OnFailure: testQueue},
			want: []destination{{OnFailure: onFailure}},
		},
		"Success": {
			reason: "Only those that have succeeded.", async: v1alpha1.Async{OnSuccess: bus},
			want: []destination{{OnSuccess: onSuccess}},
		},
		"Both": {
			reason: "Each goes its own way.", async: v1alpha1.Async{OnFailure: testQueue, OnSuccess: bus},
			want: []destination{{OnFailure: onFailure, OnSuccess: onSuccess}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.async.MaximumAgeSeconds, tc.async.Retries = 60, 0
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Async = &tc.async })
			want := lambdav1beta1.FunctionEventInvokeConfigParameters{
				Region: new("us-east-1"), FunctionName: new("payment-processor-blue-pr-123"), Qualifier: new("live"),
				MaximumEventAgeInSeconds: new(60.0), MaximumRetryAttempts: new(0.0), DestinationConfig: tc.want,
			}
			got := buildOne[*lambdav1beta1.FunctionEventInvokeConfig](t, p, eventInvokeConfig)
			if diff := cmp.Diff(want, got.Spec.ForProvider); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if needs := p.async()[0].Needs; !slices.Contains(needs, aliasThere) {
				t.Errorf("there is no alias to configure before it is there, and it needs %v", needs)
			}
		})
	}
}

// TestDestinationsMayBeWritten checks that the functions' role may write to each kind of destination, and to nothing else.
func TestDestinationsMayBeWritten(t *testing.T) {
	for d, action := range map[v1alpha1.Destination]string{
		testQueue: "sqs:SendMessage",
		"arn:aws:sns:us-east-1:111122223333:payments-booked":                       "sns:Publish",
		"arn:aws:events:us-east-1:111122223333:event-bus/payments":                 "events:PutEvents",
		"arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:ledger:current": "lambda:InvokeFunction",
	} {
		for sid, async := range map[string]v1alpha1.Async{"OnFailure": {OnFailure: d}, "OnSuccess": {OnSuccess: d}} {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Async = &async })
			policy := buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy
			got := statementsOf(t, policy)
			want := iam.Statement{Sid: sid, Effect: "Allow", Action: []string{action}, Resource: []string{string(d)}}
			if diff := cmp.Diff(want, got[sid]); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", d, diff)
			}
			if len(got) != len(statementsOf(t, buildOne[*iamv1beta1.Policy](t, newTestPipeline(t), functionPolicy).Spec.ForProvider.Policy))+1 {
				t.Errorf("%s: want one statement more, got %v", d, got)
			}
		}
	}
}
