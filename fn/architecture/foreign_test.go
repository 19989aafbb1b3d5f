package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// TestIsOfAnyPipeline checks which resources no statement of a claim may name, those of the test's pipeline among them.
func TestIsOfAnyPipeline(t *testing.T) {
	p := newTestPipeline(t)
	f := allFacts()
	for arn, want := range map[string]bool{
		p.historyTableARN(f):                       true,
		p.historyTableARN(f) + "/index/a":          true,
		p.artifactBucketARN():                      true,
		p.artifactBucketARN() + "/released/*":      true,
		p.stateMachineARN(f, releaseStateMachine):  true,
		p.stateMachineARN(f, rollbackStateMachine): true,
		p.stateMachineARN(f, watchStateMachine):    true,
		p.functionARN(f, blue):                     true,
		p.functionARN(f, green) + ":live":          true,
		p.topicARN(f):                              true,
		p.functionRoleARN(f):                       true,
		"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-team-a-prod/*/*":   true,
		"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/payment-processor-green-a:*":    true,
		"arn:aws:logs:us-east-1:111122223333:log-group:/aws/*":                                     true,
		"arn:aws:states:us-east-1:111122223333:execution:orders:*":                                 false,
		"arn:aws:logs:us-east-1:111122223333:log-group:/payments/audit:*":                          false,
		"arn:aws:iam::111122223333:policy/denials-policy-team-a-prod":                              true,
		"arn:aws:cloudwatch:us-east-1:111122223333:alarm:lambda-err?rs-a":                          true,
		"arn:aws:codebuild:us-east-1:111122223333:report-group/payment-processor-build-a-test":     true,
		"arn:aws:states:us-east-1:111122223333:execution:payment-processor-rollback-team-a-prod:*": true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-team-a-prod":             true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/d*":                                         true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployments":                                false,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployments*":                               false,
		"arn:aws:s3:::p*":         true,
		"arn:aws:s3:::payments*":  false,
		"arn:aws:s3:::receipts/*": false,
		"arn:aws:sqs:us-east-1:111122223333:payment-processor-release-a": false,
		"arn": false,
	} {
		if got := isOfAnyPipeline(arn); got != want {
			t.Errorf("isOfAnyPipeline(%q): want %t, got %t", arn, want, got)
		}
	}
}

// TestCheckConnected checks which resources of pipelines a claim may not connect its service or its releases with.
func TestCheckConnected(t *testing.T) {
	p := newTestPipeline(t)
	p.Spec.Service.Async = &v1alpha1.Async{
		OnFailure: "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-team-a-prod",
		OnSuccess: "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-team-a-prod:live",
	}
	p.Spec.Notifications.ApprovalTopicARN = "arn:aws:sns:us-east-1:111122223333:deployment-alarms-team-a-prod"
	p.Spec.Rollout.Hooks.BeforeAllowTraffic = "payment-processor-blue-team-a-prod"
	p.Spec.Rollout.Hooks.AfterAllowTraffic = "check-after"
	var got []string
	for _, r := range checkConnected(&p.Spec) {
		got = append(got, r.Field)
	}
	if diff := cmp.Diff([]string{"spec.service.async.onFailure", "spec.notifications.approvalTopicArn", "spec.rollout.hooks.beforeAllowTraffic"}, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestPipelinesHaveNoOtherServices checks that no service is forgotten of whose resources pipelines have some.
func TestPipelinesHaveNoOtherServices(t *testing.T) {
	known := map[string]bool{}
	for _, g := range ofPipelines() {
		known[g.service] = true
	}
	for _, g := range newTestPipeline(t, everything).guarded() {
		if !known[g.service] {
			t.Errorf("want resources of %s to be known as those of pipelines", g.service)
		}
	}
}

// TestOverlap checks that two patterns overlap as soon as there is one text that both match.
func TestOverlap(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"a", "a", true},
		{"a", "b", false},
		{"a", "", false},
		{"*", "", true},
		{"*", "abc", true},
		{"a*", "abc*", true},
		{"a*c", "ab*", true},
		{"a*c", "b*c", false},
		{"a?c", "abc", true},
		{"a?", "abc", false},
		{"*a", "*b", false},
		{"*a*", "*b*", true},
		{"????", "ab*", true},
		{"execution:orders:*", "execution:payment-processor-release-*", false},
	} {
		for _, pair := range [][2]string{{tc.a, tc.b}, {tc.b, tc.a}} {
			if got := overlap(pair[0], pair[1]); got != tc.want {
				t.Errorf("overlap(%q, %q): want %t, got %t", pair[0], pair[1], tc.want, got)
			}
		}
	}
}

func TestCheckStatements(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-team-a-prod"
	p := newTestPipeline(t)
	p.Spec.Service.Permissions = v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{
		{Actions: []string{"sqs:SendMessage"}, Resources: []string{testQueue}},
		{Actions: []string{"lambda:InvokeFunction"}, Resources: []string{"arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-ledger:live"}},
		{Actions: []string{"sns:Publish"}, Resources: []string{p.topicARN(allFacts())}},
		{Actions: []string{"dynamodb:PutItem"}, Resources: []string{"arn:aws:dynamodb:us-east-1:111122223333:table/orders", table}},
	}}
	want := `invalid PaymentDeliveryPipeline: spec.service.permissions.statements[3].resources[1]: Invalid value: "` + table +
		`": resources of pipelines are only for pipelines; name another resource`
	if diff := cmp.Diff(want, checkPermissions(p.Claim).Error()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
