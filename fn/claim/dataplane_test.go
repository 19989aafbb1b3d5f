package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// TestIsNamed checks where a wildcard may stand.
func TestIsNamed(t *testing.T) {
	for arn, want := range map[string]bool{
		"arn:aws:sqs:us-east-1:111122223333:payments-booked":                            true,
		"arn:aws:sqs:us-east-1:111122223333:payments-*":                                 false,
		"arn:aws:sns:us-east-1:111122223333:payment?":                                   false,
		"arn:aws:s3:::receipts":                                                         true,
		"arn:aws:s3:::receipts/*":                                                       true,
		"arn:aws:s3:::receipts*":                                                        false,
		"arn:aws:s3:::r*/2026":                                                          false,
		"arn:aws:s3:::/*":                                                               false,
		"arn:aws:s3:us-east-1:111122223333:accesspoint/*":                               false,
		"arn:aws:s3:us-east-1:111122223333:accesspoint/receipts/object/*":               true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/orders":                          true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/*":                  true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/*":                               false,
		"arn:aws:dynamodb:us-east-1:111122223333:table/o*":                              false,
		"arn:aws:dynamodb:us-east-1:111122223333:t*":                                    false,
		"arn:aws:dynamodb:us-east-1:111122223333:t*/orders":                             false,
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/acquirer-??????": true,
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:acquirer-??????":          true,
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/*":               true,
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:*":                        false,
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:-??????":                  false,
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:a???????":                 false,
		"arn:aws:sqs:us-east-1:111122223333:booked-??????":                              false,
		"arn:aws:ssm:us-east-1:111122223333:parameter/payments/*":                       true,
		"arn:aws:ssm:us-east-1:111122223333:parameter/*":                                false,
		"arn:aws:ssm:us-east-1:111122223333:parameter//*":                               false,
		"arn:aws:kms:us-east-1:111122223333:key/*":                                      false,
		"arn:aws:lambda:us-east-1:111122223333:function:ledger:*":                       true,
		"arn:aws:lambda:us-east-1:111122223333:function:*":                              false,
		"arn:aws:iam::111122223333:role/*":                                              false,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/POST/payments":         true,
		"arn:aws:execute-api:us-east-1:111122223333:a*/prod":                            false,
		"arn:aws:execute-api:us-east-1:111122223333:/domainnames/*":                     false,
		"arn:aws:apigateway:us-east-1::/apis/a":                                         true,
	} {
		if got := isNamed(arn); got != want {
			t.Errorf("isNamed(%q): want %t, got %t", arn, want, got)
		}
	}
}

// TestCheckDataPlane checks what opens the list of a package that says nothing, and what does not.
func TestCheckDataPlane(t *testing.T) {
	const (
		queue  = "arn:aws:sqs:us-east-1:111122223333:booked"
		queues = "arn:aws:sqs:us-east-1:111122223333:b*"
		policy = "arn:aws:iam::aws:policy/AdministratorAccess"

		action   = `spec.service.permissions.statements[0].actions[0]: Forbidden: "sqs:PurgeQueue": is not among the actions on data that docs/callers.md lists; ask the platform team for allowedActions or a permissions boundary`
		resource = `spec.service.permissions.statements[0].resources[0]: Forbidden: "` + queues + `": a wildcard may stand only for what is in a resource whose name is written out: bucket/*, table/orders/index/*, secret:payments/*; write the name, or ask the platform team for allowedActions`
		attached = `spec.service.permissions.policyArns[0]: Forbidden: "` + policy + `": is neither a policy payment-service-… nor AWSXRayDaemonWriteAccess; ask the platform team for allowedPolicyArns or a permissions boundary`
	)
	permissions := func(action, resource string, policies ...string) v1alpha1.Permissions {
		return v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{{Actions: []string{action}, Resources: []string{resource}}}, PolicyARNs: policies}
	}
	all := permissions("sqs:PurgeQueue", queues, policy)
	cases := map[string]struct {
		reason      string
		permissions v1alpha1.Permissions
		settings    v1beta1.PlatformSettings
		want        []string
	}{
		"Data": {
			reason:      "What a service does with data needs nobody's leave, in whatever case.",
			permissions: permissions("sqs:sendmessage", queue, "arn:aws-us-gov:iam::111122223333:policy/payment-service-a", "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"),
		},
		"Nothing": {reason: "All else does.", permissions: all, want: []string{action, resource, attached}},
		"Boundary": {
			reason: "A boundary ends what roles can do, and knows no names of others.", permissions: all,
			settings: v1beta1.PlatformSettings{PermissionsBoundaryARN: "arn:aws:iam::111122223333:policy/b"}, want: []string{resource},
		},
		"Actions": {
			reason: "A list of actions says nothing of policies.", permissions: all,
			settings: v1beta1.PlatformSettings{AllowedActions: []string{"sqs:*"}}, want: []string{attached},
		},
		"Policies": {
			reason: "Nor does one of policies of actions.", permissions: all,
			settings: v1beta1.PlatformSettings{AllowedPolicyARNs: []string{policy}}, want: []string{action, resource},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := &v1alpha1.PaymentDeliveryPipelineSpec{Service: v1alpha1.Service{Permissions: tc.permissions}}
			if diff := cmp.Diff(tc.want, messages(checkDataPlane(judged{spec: spec, settings: &tc.settings}))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
