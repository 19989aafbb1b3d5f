package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestSecrets checks by what CodeBuild finds each secret, and that the build may read these and no others.
func TestSecrets(t *testing.T) {
	const flat = "arn:aws:ssm:us-east-1:111122223333:parameter/licence"
	c := newConfig(func(c *Config) {
		c.Build.Environment = map[string]v1alpha1.BuildVariable{"Z": "1"}
		c.Build.Secrets = map[string]v1alpha1.BuildSecretARN{
			"A": testSecret, "B": testSecret + ":token", "C": testParameter, "D": flat, "E": testParameter,
		}
	})
	want := []Variable{
		{"Z", "PLAINTEXT", "1"},
		{"A", "SECRETS_MANAGER", testSecret},
		{"B", "SECRETS_MANAGER", testSecret + ":token"},
		{"C", "PARAMETER_STORE", "/payments/limits"},
		{"D", "PARAMETER_STORE", "licence"},
		{"E", "PARAMETER_STORE", "/payments/limits"},
	}
	if diff := cmp.Diff(want, c.Project().Variables); diff != "" {
		t.Errorf("-want variables, +got:\n%s", diff)
	}
	statements := bySid(c)
	for _, want := range []iam.Statement{
		iam.Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(testSecret),
		iam.Allow("ReadParameters", "ssm:GetParameters").On(flat, testParameter),
	} {
		if diff := cmp.Diff(want, statements[want.Sid]); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}
