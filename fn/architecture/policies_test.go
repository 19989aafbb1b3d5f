package architecture

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestClaimsAttachNoPolicyOfPipelines checks that a claim can name no policy that any pipeline has, or had in an earlier release, not even in
// other letters, and that it is told which of its policies must go.
func TestClaimsAttachNoPolicyOfPipelines(t *testing.T) {
	all := readIdentities(t, identitiesFile)
	maps.Copy(all, readIdentities(t, retiredFile))
	policies := 0
	for name, locked := range all {
		if locked.Kind != "Policy.iam.aws.upbound.io" {
			continue
		}
		policies++
		of := strings.TrimSuffix(locked.ExternalName, "pr-123")
		for _, other := range []string{of + "team-a-prod", strings.ToUpper(of) + "prod", "path/" + of + "prod"} {
			arn := "arn:aws:iam::111122223333:policy/" + other
			want := `invalid PaymentDeliveryPipeline: spec.service.permissions.policyArns[1]: Invalid value: "` + arn + `": policies of pipelines are only for their own roles; name another policy`
			if diff := cmp.Diff(want, refusalOf(t, testPolicy, arn)); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", name, diff)
			}
		}
	}
	if policies != len(policyBases) {
		t.Errorf("want the %d policies of the lock files to have a name each, got %d names", policies, len(policyBases))
	}
	for _, arn := range []string{testPolicy, "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess", "arn:aws:iam::111122223333:policy/releases"} {
		if got := refusalOf(t, arn); got != "" {
			t.Errorf("%s is no pipeline's: want no refusal, got %s", arn, got)
		}
	}
}

// refusalOf a claim that names these policies. Empty: it is accepted.
func refusalOf(t *testing.T, policyARNs ...string) string {
	t.Helper()
	p := newTestPipeline(t)
	p.Spec.Service.Permissions.PolicyARNs = policyARNs
	if _, err := New(p.Claim, compose.NewObservation(fntest.State(t, fntest.XR, nil))); err != nil {
		return err.Error()
	}
	return ""
}
