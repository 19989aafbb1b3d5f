package architecture

import (
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
	const object = "pr-123.function-network-attachment.default"
	cases := map[string]struct {
		reason   string
		change   func(*Pipeline)
		observed resource.Name
		want     bool
	}{
		"None":  {reason: "A function outside of a VPC makes no network interfaces."},
		"VPC":   {reason: "Lambda makes network interfaces in the role's name.", change: inVPC, want: true},
		"Taken": {reason: "Versions that exist are still in the VPC.", observed: functionNetworkAttachment, want: true},
		"Old":   {reason: "So they are if an earlier release of this package has put them there.", observed: functionRoleVPC, want: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			if tc.observed != "" {
				names, err := newNames(p.Spec.EnvironmentSuffix, "default", compose.NewObservation(
					fntest.State(t, fntest.XR, map[resource.Name]string{tc.observed: "metadata: {name: " + object + "}"})))
				if err != nil {
					t.Fatal(err)
				}
				p.Names = names
			}
			attachment, got := buildAll(p.Resources())[functionNetworkAttachment].(*iamv1beta1.RolePolicyAttachment)
			if got != tc.want {
				t.Fatalf("%s\nwant the permission: %t, got it: %t", tc.reason, tc.want, got)
			}
			if !got {
				return
			}
			want := iamv1beta1.RolePolicyAttachmentParameters{
				RoleRef: p.ref(functionRole), PolicyArnRef: p.ref(functionNetworkPolicy),
			}
			if diff := cmp.Diff(want, attachment.Spec.ForProvider); diff != "" || attachment.GetName() != object {
				t.Errorf("%s: -want, +got:\n%s", attachment.GetName(), diff)
			}
		})
	}
}
