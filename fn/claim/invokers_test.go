package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestInvokerRules checks who may be allowed to call the alias.
func TestInvokerRules(t *testing.T) {
	cases := map[string]struct {
		reason, fields string
		want           []string
	}{
		"ForSomething": {reason: "The ARN names the account.", fields: "principal: apigateway.amazonaws.com, sourceArn: 'arn:aws:execute-api:us-east-1:111122223333:a/*/POST/payments'"},
		"ForAnAccount": {reason: "All that the account has.", fields: "principal: events.amazonaws.com, sourceAccount: '111122223333'"},
		"Bucket":       {reason: "A bucket's ARN with its account.", fields: "principal: s3.amazonaws.com, sourceArn: 'arn:aws:s3:::a', sourceAccount: '111122223333'"},
		"Account":      {reason: "An account calls for itself.", fields: "principal: '444455556666'"},
		"Organization": {reason: "All accounts of it.", fields: "principal: '*', organizationId: o-a1b2c3d4e5"},
		"ForAnybody": {
			reason: "Anybody could have the service call: a confused deputy.", fields: "principal: apigateway.amazonaws.com",
			want: []string{`spec.service.invokers[0].principal: Invalid value: "apigateway.amazonaws.com" calls for anybody in AWS; say for whom in sourceArn or sourceAccount`},
		},
		"BucketOfAnybody": {
			reason: "A bucket that is deleted may be made again by others.", fields: "principal: s3.amazonaws.com, sourceArn: 'arn:aws:s3:::a'",
			want: []string{`spec.service.invokers[0].sourceArn: Invalid value: "arn:aws:s3:::a" names no account, and what it names may become another account's; set sourceAccount too`},
		},
		"AccountForSomething": {
			reason: "No call of an account's has a source, so none would be allowed.", fields: "principal: '444455556666', sourceAccount: '111122223333'",
			want: []string{`spec.service.invokers[0].principal: Invalid value: "444455556666" is not an AWS service, and calls for itself; leave out sourceArn and sourceAccount`},
		},
		"ServiceOfAnOrganization": {
			reason: "No call of a service's has one.", fields: "principal: events.amazonaws.com, sourceAccount: '111122223333', organizationId: o-a1b2c3d4e5",
			want: []string{`spec.service.invokers[0].organizationId: Invalid value: "o-a1b2c3d4e5" has accounts only, and "events.amazonaws.com" is an AWS service; leave organizationId out, and set sourceArn or sourceAccount`},
		},
		"Everybody": {
			reason: "A payment service is not for everybody.", fields: "principal: '*'",
			want: []string{`spec.service.invokers[0].principal: Invalid value: "*" is everybody in AWS; set organizationId`},
		},
		"Role": {
			reason: "A role of another account is let by its account.", fields: "principal: 'arn:aws:iam::444455556666:role/a'",
			want: []string{`spec.service.invokers[0].principal: Invalid value: "arn:aws:iam::444455556666:role/a": must be an AWS service, such as apigateway.amazonaws.com, the 12 digits of an AWS account, or *; roles and users call by a policy of their own`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: {invokers: [{name: a, "+tc.fields+"}]}"))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\n-want errors, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckInvokers(t *testing.T) {
	spec := fntest.MinimalSpec()
	spec.Service.Invokers = []v1alpha1.Invoker{
		{Name: "a", SourceARN: "arn:aws:sns:eu-west-1:111122223333:a"},
		{Name: "b", SourceARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:a"},
		{Name: "c"},
	}
	want := []string{notHere("spec.service.invokers[1].sourceArn", "arn:aws-us-gov:sns:us-gov-west-1:111122223333:a", "partition aws")}
	if diff := cmp.Diff(want, messages(checkInvokers(spec))); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
