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

func TestSecretStatements(t *testing.T) {
	const another = "arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/ledger-d4E5f6"
	cases := map[string]struct {
		reason  string
		secrets v1alpha1.FunctionSecrets
		want    map[string]iam.Statement
	}{
		"None": {reason: "Who has no secrets reads none.", want: map[string]iam.Statement{}},
		"Both": {
			reason:  "Each may be read by its own action, and once, whatever variables name it.",
			secrets: v1alpha1.FunctionSecrets{"A": testSecret, "B": another, "C": testParameter, "D": testSecret},
			want: map[string]iam.Statement{
				"ReadSecrets":    iam.Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(testSecret, another),
				"ReadParameters": iam.Allow("ReadParameters", "ssm:GetParameter").On(testParameter),
			},
		},
		"Parameter": {
			reason:  "Without a secret there is no statement about secrets.",
			secrets: v1alpha1.FunctionSecrets{"C": testParameter},
			want:    map[string]iam.Statement{"ReadParameters": iam.Allow("ReadParameters", "ssm:GetParameter").On(testParameter)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Secrets = tc.secrets })
			got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
			maps.DeleteFunc(got, func(sid string, s iam.Statement) bool { return sid == "History" || s.Effect == "Deny" })
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
