package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestBuildSecrets checks by what CodeBuild finds each secret, and that the build may read these and no others.
func TestBuildSecrets(t *testing.T) {
	const (
		whole = "arn:aws:secretsmanager:us-east-1:111122223333:secret:npm-a1B2c3"
		flat  = "arn:aws:ssm:us-east-1:111122223333:parameter/licence"
	)
	p := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.Build.Environment = map[string]v1alpha1.BuildVariable{"Z": "1"}
		p.Spec.Build.Secrets = map[string]v1alpha1.BuildSecretARN{
			"A": whole, "B": whole + ":token", "C": testParameter, "D": flat, "E": testParameter,
		}
	})

	variable := func(name, kind, value string) codebuildv1beta1.EnvironmentVariableParameters {
		return codebuildv1beta1.EnvironmentVariableParameters{Name: new(name), Type: new(kind), Value: new(value)}
	}
	want := []codebuildv1beta1.EnvironmentVariableParameters{
		variable("Z", "PLAINTEXT", "1"),
		variable("A", "SECRETS_MANAGER", whole),
		variable("B", "SECRETS_MANAGER", whole+":token"),
		variable("C", "PARAMETER_STORE", "/payments/limits"),
		variable("D", "PARAMETER_STORE", "licence"),
		variable("E", "PARAMETER_STORE", "/payments/limits"),
	}
	got := buildOne[*codebuildv1beta1.Project](t, p, buildProject).Spec.ForProvider.Environment.EnvironmentVariable
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want variables, +got:\n%s", diff)
	}

	statements := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, buildPolicy).Spec.ForProvider.Policy)
	for _, want := range []iam.Statement{
		iam.Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(whole),
		iam.Allow("ReadParameters", "ssm:GetParameters").On(flat, testParameter),
	} {
		if diff := cmp.Diff(want, statements[want.Sid]); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}
