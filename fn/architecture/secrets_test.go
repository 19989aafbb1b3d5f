package architecture

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
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
		want    map[string]statement
	}{
		"None": {reason: "Who has no secrets reads none.", want: map[string]statement{}},
		"Both": {
			reason:  "Each may be read by its own action, and once, whatever variables name it.",
			secrets: v1alpha1.FunctionSecrets{"A": testSecret, "B": another, "C": testParameter, "D": testSecret},
			want: map[string]statement{
				"ReadSecrets":    allow("ReadSecrets", "secretsmanager:GetSecretValue").on(testSecret, another),
				"ReadParameters": allow("ReadParameters", "ssm:GetParameter").on(testParameter),
			},
		},
		"Parameter": {
			reason:  "Without a secret there is no statement about secrets.",
			secrets: v1alpha1.FunctionSecrets{"C": testParameter},
			want:    map[string]statement{"ReadParameters": allow("ReadParameters", "ssm:GetParameter").on(testParameter)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Secrets = tc.secrets })
			got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
			maps.DeleteFunc(got, func(sid string, s statement) bool { return sid == "History" || s.Effect == "Deny" })
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
