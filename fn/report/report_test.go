package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestSetStatus checks what becomes of what an earlier step of the Composition wrote to the XR.
func TestSetStatus(t *testing.T) {
	ours := v1alpha1.PaymentDeliveryPipelineStatus{AccountID: fntest.Account, Alarm: &v1alpha1.AlarmStatus{Name: "a"}}
	xr := func(status map[string]any) map[string]any {
		return map[string]any{"apiVersion": "paymentdelivery.io/v1alpha1", "kind": "XPaymentDeliveryPipeline", "status": status}
	}

	type args struct {
		earlier string
		waiting []compose.Waiting
	}
	type want struct {
		XR    map[string]any
		Ready fnv1.Ready
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"Nothing": {
			reason: "Without an earlier step, the status should be ours alone.",
			args:   args{earlier: "{}"},
			want:   want{XR: xr(map[string]any{"accountId": fntest.Account, "alarm": map[string]any{"name": "a"}})},
		},
		"EmptyStatus": {
			reason: "An empty status should be filled.",
			args:   args{earlier: "status: {}"},
			want:   want{XR: xr(map[string]any{"accountId": fntest.Account, "alarm": map[string]any{"name": "a"}})},
		},
		"StatusOfAnotherType": {
			reason: "A status that is none should be replaced.",
			args:   args{earlier: "status: [a]"},
			want:   want{XR: xr(map[string]any{"accountId": fntest.Account, "alarm": map[string]any{"name": "a"}})},
		},
		"OtherFields": {
			reason: "Other fields should stay, whatever is in them.",
			args:   args{earlier: "status: {cost: 42, team: {name: payments}, list: [a], release: {liveVersion: theirs}}"},
			want: want{XR: xr(map[string]any{
				"accountId": fntest.Account, "alarm": map[string]any{"name": "a"},
				"cost": 42.0, "team": map[string]any{"name": "payments"}, "list": []any{"a"},
				"release": map[string]any{"liveVersion": "theirs"},
			})},
		},
		"OurFields": {
			reason: "Our fields should be ours as a whole.",
			args:   args{earlier: "status: {accountId: theirs, alarm: {name: theirs, arn: theirs}}"},
			want:   want{XR: xr(map[string]any{"accountId": fntest.Account, "alarm": map[string]any{"name": "a"}})},
		},
		"Waiting": {
			reason: "An XR of which something waits should not be ready.",
			args:   args{earlier: "{}", waiting: []compose.Waiting{{Name: "z", For: architecture.AccountID}}},
			want: want{
				XR:    xr(map[string]any{"accountId": fntest.Account, "alarm": map[string]any{"name": "a"}}),
				Ready: fnv1.Ready_READY_FALSE,
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rsp := &fnv1.RunFunctionResponse{Desired: &fnv1.State{Composite: &fnv1.Resource{Resource: fntest.Struct(t, tc.args.earlier)}}}
			r := Report{Seen: compose.NewObservation(fntest.State(t, fntest.XR, nil)), State: compose.State{Waiting: tc.args.waiting}}
			if err := r.setStatus(rsp, ours); err != nil {
				t.Fatalf("%s\nsetStatus(...): %v", tc.reason, err)
			}
			got := want{XR: rsp.GetDesired().GetComposite().GetResource().AsMap(), Ready: rsp.GetDesired().GetComposite().GetReady()}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nsetStatus(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestWrite checks that a response gets all parts of the report, whether earlier steps have left something in it or not.
func TestWrite(t *testing.T) {
	bucket := &fnv1.Resource{Ready: fnv1.Ready_READY_TRUE}
	theirs := &fnv1.Resource{Ready: fnv1.Ready_READY_FALSE}
	cases := map[string]struct {
		reason string
		rsp    *fnv1.RunFunctionResponse
		want   map[string]*fnv1.Resource
	}{
		"Empty": {
			reason: "Without earlier steps all should be ours.",
			rsp:    &fnv1.RunFunctionResponse{Meta: &fnv1.ResponseMeta{}},
			want:   map[string]*fnv1.Resource{"bucket": bucket},
		},
		"NoResources": {
			reason: "An earlier step may desire an XR alone.",
			rsp:    &fnv1.RunFunctionResponse{Meta: &fnv1.ResponseMeta{}, Desired: &fnv1.State{Composite: &fnv1.Resource{}}},
			want:   map[string]*fnv1.Resource{"bucket": bucket},
		},
		"Beside": {
			reason: "What earlier steps desire should stay.",
			rsp: &fnv1.RunFunctionResponse{Meta: &fnv1.ResponseMeta{}, Desired: &fnv1.State{
				Resources: map[string]*fnv1.Resource{"theirs": theirs},
			}},
			want: map[string]*fnv1.Resource{"bucket": bucket, "theirs": theirs},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := Report{
				Pipeline: newTestPipeline(t, func(c *claim.Claim) { c.Platform.ResponseTTL = metav1.Duration{Duration: time.Hour} }),
				Seen:     compose.NewObservation(fntest.State(t, fntest.XR, nil)),
				State:    compose.State{Desired: map[resource.Name]*fnv1.Resource{"bucket": bucket}},
			}
			if err := r.Write(tc.rsp); err != nil {
				t.Fatalf("%s\nWrite(...): %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, tc.rsp.GetDesired().GetResources(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nWrite(...): -want resources, +got:\n%s", tc.reason, diff)
			}
			status := tc.rsp.GetDesired().GetComposite().GetResource().AsMap()["status"].(map[string]any)
			got := []any{tc.rsp.GetMeta().GetTtl().AsDuration(), len(tc.rsp.GetConditions()), status["deploymentTableName"]}
			if diff := cmp.Diff([]any{time.Hour, 4, "deployment-history-pr-123"}, got); diff != "" {
				t.Errorf("%s\nWrite(...): -want time to live, conditions and table, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
