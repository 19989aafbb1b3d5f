package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestRead checks what is read of claim and settings, and whose mistake is told first.
func TestRead(t *testing.T) {
	const (
		settings = "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, "
		account  = "accountId: '111122223333'"
		region   = "allowedRegions: [eu-central-1]"
	)
	type args struct {
		input, xr, account string
	}
	type want struct {
		Suffix, AccountID string
		Err               string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"Valid": {
			reason: "Both should be read.",
			args:   args{input: settings + account + "}", xr: fntest.Spec, account: fntest.Account},
			want:   want{Suffix: "pr-123", AccountID: fntest.Account},
		},
		"WrongSettings": {
			reason: "The settings' mistakes should be told before the claim's: they are everybody's.",
			args:   args{input: settings + "accountId: '1'}", xr: "spec: {}"},
			want:   want{Err: `invalid PlatformSettings: input.accountId: Invalid value: "1": should match '^([0-9]{12})?$'`},
		},
		"WrongAccount": {
			reason: "An account that is not where everything is should be refused.",
			args:   args{input: settings + account + "}", xr: fntest.Spec, account: "222222222222"},
			want: want{Err: `invalid PlatformSettings: input.accountId: Invalid value: "111122223333": ` +
				`the pipeline's resources are in account 222222222222`},
		},
		"WrongClaim": {
			reason: "What is required should be asked for, whatever the guardrails.",
			args:   args{input: settings + region + "}", xr: "spec: {environmentSuffix: pr-123}"},
			want:   want{Err: `invalid PaymentDeliveryPipeline: spec.source: Required value`},
		},
		"Guardrails": {
			reason: "A valid claim should keep the guardrails.",
			args:   args{input: settings + region + "}", xr: fntest.Spec},
			want:   want{Err: `invalid PaymentDeliveryPipeline: spec.region: Unsupported value: "us-east-1": supported values: "eu-central-1" (platform setting allowedRegions of the Composition's input); the field is immutable: delete this claim if it has made nothing, and file a new one`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c, err := Read(Sources{Input: fntest.Struct(t, tc.args.input)}, fntest.Struct(t, tc.args.xr), Existing{Account: tc.args.account})
			got := want{Suffix: c.Spec.EnvironmentSuffix, AccountID: c.Platform.AccountID}
			if err != nil {
				got.Err = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nRead(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
