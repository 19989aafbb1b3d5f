package architecture

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	testSecret    = "arn:aws:secretsmanager:us-east-1:111122223333:secret:acquirer-a1B2c3"
	testParameter = "arn:aws:ssm:us-east-1:111122223333:parameter/payments/limits"
)

// TestSecretStatements checks that the functions' role reads the claim's secrets and parameters, and no others.
func TestSecretStatements(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.Service.Secrets = v1alpha1.FunctionSecrets{"A": testSecret, "C": testParameter, "D": testSecret}
	})
	want := map[string]iam.Statement{
		"ReadSecrets":    iam.Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(testSecret),
		"ReadParameters": iam.Allow("ReadParameters", "ssm:GetParameter").On(testParameter),
	}
	got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
	maps.DeleteFunc(got, func(sid string, s iam.Statement) bool { return sid == "History" || s.Effect == "Deny" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
