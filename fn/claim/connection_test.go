package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestCheckConnection(t *testing.T) {
	const (
		here       = "arn:aws:codestar-connections:us-east-1:111122223333:connection/1"
		sharable   = "arn:aws:codeconnections:eu-west-1:444455556666:connection/1"
		shares     = "the pipeline is in account 111122223333, with which another account can share a connection whose ARN begins with arn:aws:codeconnections: only"
		unsharable = "arn:aws:codestar-connections:us-east-1:444455556666:connection/1"
	)
	cases := map[string]struct {
		reason             string
		region             string
		account            string
		ofClaim, ofSetting string
		want               []string
	}{
		"None":        {reason: "A pipeline may make its own.", region: "us-east-1", account: fntest.Account},
		"Here":        {reason: "One of the account may be used.", region: "us-east-1", account: fntest.Account, ofClaim: here},
		"OtherRegion": {reason: "It may be of another region.", region: "eu-west-1", account: fntest.Account, ofClaim: here},
		"Shared":      {reason: "Another account may share its own.", region: "us-east-1", account: fntest.Account, ofSetting: sharable},
		"Unsharable": {
			reason: "AWS shares none that has the former name.", region: "us-east-1", account: fntest.Account, ofSetting: unsharable,
			want: []string{ofAWS("input.connectionArn", `"`+unsharable+`"`, shares)},
		},
		"UnsharableOfClaim": {
			reason: "That is so whoever names it.", region: "us-east-1", account: fntest.Account, ofClaim: unsharable,
			want: []string{ofAWS("spec.source.connectionArn", `"`+unsharable+`"`, shares)},
		},
		"UnknownAccount": {reason: "Where the account is not known, nobody can tell.", region: "us-east-1", ofClaim: unsharable},
		"OtherPartition": {
			reason: "Partitions share nothing.", region: "us-gov-west-1", ofClaim: sharable,
			want: []string{notHere("spec.source.connectionArn", sharable, "partition aws-us-gov")},
		},
		"OtherPartitionOfSetting": {
			reason: "Nor do they with the platform team.", region: "us-gov-west-1", ofSetting: sharable,
			want: []string{notHere("input.connectionArn", sharable, "partition aws-us-gov")},
		},
		"Unused": {
			reason: "The platform team's makes no difference to a claim that brings one.", region: "us-east-1", account: fntest.Account,
			ofClaim: here, ofSetting: unsharable,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Region, spec.Source.ConnectionARN = tc.region, tc.ofClaim
			got := append(checkConnection(spec, tc.account), checkSharedConnection(spec, v1beta1.PlatformSettings{ConnectionARN: tc.ofSetting}, tc.account, "input")...)
			if diff := cmp.Diff(tc.want, messages(got)); diff != "" {
				t.Errorf("\n%s\ncheckConnection(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
