package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadSecrets(t *testing.T) {
	const (
		secret    = "arn:aws:secretsmanager:us-east-1:111122223333:secret:acquirer-a1B2c3"
		another   = "arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/ledger-d4E5f6"
		parameter = "arn:aws:ssm:us-east-1:111122223333:parameter/payments/limits"
	)
	cases := map[string]struct {
		reason string
		arns   []string
		want   []Statement
	}{
		"None": {reason: "Who has no secrets reads none."},
		"Both": {
			reason: "Each may be read by its own action, and is named once.",
			arns:   []string{secret, parameter, another, secret},
			want: []Statement{
				Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(secret, another),
				Allow("ReadParameters", "ssm:GetParameter").On(parameter),
			},
		},
		"Parameter": {
			reason: "Without a secret there is no statement about secrets.",
			arns:   []string{parameter},
			want:   []Statement{Allow("ReadParameters", "ssm:GetParameter").On(parameter)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ReadSecrets("ssm:GetParameter", tc.arns)); diff != "" {
				t.Errorf("%s\nReadSecrets(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
