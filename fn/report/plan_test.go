package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/plan"
)

func TestPlanStatus(t *testing.T) {
	if got := newPlanStatus(nil); got != nil {
		t.Errorf("newPlanStatus(nil): want none, got %v", got)
	}
	got := newPlanStatus(&plan.Plan{
		Create:  []resource.Name{"a"},
		Change:  []plan.Change{{Name: "b", Fields: []string{"f: 1 -> 2"}}},
		Same:    3,
		Unknown: []plan.Unknown{{Name: "c", Because: "so"}},
	})
	want := &v1alpha1.PlanStatus{
		Create:  []string{"a"},
		Change:  []v1alpha1.PlannedChange{{Name: "b", Fields: []string{"f: 1 -> 2"}}},
		Same:    3,
		Unknown: []v1alpha1.UnknownChange{{Name: "c", Because: "so"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newPlanStatus(...): -want, +got:\n%s", diff)
	}
}

func TestSetDryRun(t *testing.T) {
	// The message is optional in the protocol.
	condition := func(status fnv1.Status, reason, message string) []*fnv1.Condition {
		c := &fnv1.Condition{Type: "DryRun", Status: status, Reason: reason, Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum()}
		if message != "" {
			c.Message = &message
		}
		return []*fnv1.Condition{c}
	}
	cases := map[string]struct {
		reason string
		plan   *plan.Plan
		want   []*fnv1.Condition
	}{
		"Over": {reason: "That none is on, or it is over, should be told where it was told of.", want: condition(fnv1.Status_STATUS_CONDITION_FALSE, "Managed", "")},
		"Looking": {
			reason: "While the provider has something to look at, the plan is not whole.",
			plan:   &plan.Plan{Create: []resource.Name{"a"}, Unknown: []plan.Unknown{{Name: "b", Because: "the provider has not looked yet"}}},
			want:   condition(fnv1.Status_STATUS_CONDITION_TRUE, "Planning", "The provider only looks. Of the pipeline's resources 1 would be created without dryRun, 0 changed, and 0 left as AWS has them, but for the tags that the provider adds. Of 1 it cannot be told yet. status.plan names them."),
		},
		"Planned": {
			reason: "What would change should be named.",
			plan:   &plan.Plan{Change: []plan.Change{{Name: "a"}, {Name: "b"}}, Same: 7},
			want:   condition(fnv1.Status_STATUS_CONDITION_TRUE, "Planned", "The provider only looks. Of the pipeline's resources 0 would be created without dryRun, 2 changed (a, b), and 7 left as AWS has them, but for the tags that the provider adds. status.plan names them."),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rsp := &fnv1.RunFunctionResponse{}
			setDryRun(rsp, tc.plan)
			if diff := cmp.Diff(tc.want, rsp.GetConditions(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nsetDryRun(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
