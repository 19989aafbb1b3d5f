package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestCheckService checks that layers and keys are where the functions are, whoever's they are.
func TestCheckService(t *testing.T) {
	const layer = "arn:aws:lambda:us-east-1:580247275435:layer:insights:1"
	cases := map[string]struct {
		reason string
		region string
		layers []string
		key    string
		want   []string
	}{
		"None": {reason: "Nothing is nowhere else.", region: "eu-central-1"},
		"Here": {reason: "Another account's layer may be used.", region: "us-east-1", layers: []string{layer}, key: fntest.Key},
		"Layer": {
			reason: "Lambda takes no layer of another region.", region: "eu-central-1", layers: []string{layer},
			want: []string{notHere("spec.service.layers", layer, "region eu-central-1")},
		},
		"Key": {
			reason: "Nor a key.", region: "eu-central-1", key: fntest.Key,
			want: []string{notHere("spec.service.kmsKeyArn", fntest.Key, "region eu-central-1")},
		},
		"Partition": {
			reason: "Nor one of another partition.", region: "us-gov-west-1", key: "arn:aws:kms:us-gov-west-1:111122223333:key/a",
			want: []string{notHere("spec.service.kmsKeyArn", "arn:aws:kms:us-gov-west-1:111122223333:key/a", "region us-gov-west-1")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Region, spec.Service.Layers, spec.Service.KMSKeyARN = tc.region, tc.layers, tc.key
			if diff := cmp.Diff(tc.want, messages(checkService(spec))); diff != "" {
				t.Errorf("%s\ncheckService(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
