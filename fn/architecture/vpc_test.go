package architecture

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func inVPC(p *Pipeline) {
	p.Spec.Service.VPC = &v1alpha1.VPC{SubnetIDs: []string{"subnet-0a", "subnet-0b"}, SecurityGroupIDs: []string{"sg-0c"}}
}

func TestVPCConfig(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Pipeline)
		want   []lambdav1beta1.VPCConfigParameters
	}{
		"None": {},
		"VPC": {change: inVPC, want: []lambdav1beta1.VPCConfigParameters{{
			SubnetIds: []*string{new("subnet-0a"), new("subnet-0b")}, SecurityGroupIds: []*string{new("sg-0c")},
		}}},
	} {
		for _, function := range []resource.Name{blueFunction, greenFunction} {
			got := buildOne[*lambdav1beta1.Function](t, newTestPipeline(t, tc.change), function).Spec.ForProvider.VPCConfig
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: %s: -want, +got:\n%s", name, function, diff)
			}
		}
	}
}

// TestVPCAccess checks who has the permission. It must not go before the versions that need it, and these go last.
func TestVPCAccess(t *testing.T) {
	cases := map[string]struct {
		reason   string
		change   func(*Pipeline)
		observed map[resource.Name]string
		want     bool
	}{
		"None":     {reason: "A function outside of a VPC makes no network interfaces."},
		"VPC":      {reason: "Lambda makes network interfaces in the role's name.", change: inVPC, want: true},
		"Never":    {reason: "The policy for logs alone says nothing of a VPC.", observed: logPolicyOf(t)},
		"Taken":    {reason: "Versions that exist are still in the VPC.", observed: logPolicyOf(t, inVPC), want: true},
		"Own":      {reason: "An earlier release had a policy of its own for that.", observed: map[resource.Name]string{functionNetworkAttachment: "{}"}, want: true},
		"Original": {reason: "And one before that had AWS's.", observed: map[resource.Name]string{functionRoleVPC: "{}"}, want: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			seen := compose.NewObservation(fntest.State(t, fntest.XR, tc.observed))
			p, err := New(p.Claim, seen)
			if err != nil {
				t.Fatal(err)
			}
			policy := *buildOne[*iamv1beta1.Policy](t, p, functionLogPolicy).Spec.ForProvider.Policy
			if got := strings.Contains(policy, `"ec2:CreateNetworkInterface"`); got != tc.want {
				t.Errorf("%s\nwant the permission: %t, got it: %t", tc.reason, tc.want, got)
			}
		})
	}
}

// logPolicyOf a pipeline, as the API server has it.
func logPolicyOf(t *testing.T, changes ...func(*Pipeline)) map[resource.Name]string {
	t.Helper()
	policy, err := json.Marshal(buildOne[*iamv1beta1.Policy](t, newTestPipeline(t, changes...), functionLogPolicy))
	if err != nil {
		t.Fatal(err)
	}
	return map[resource.Name]string{functionLogPolicy: string(policy)}
}
