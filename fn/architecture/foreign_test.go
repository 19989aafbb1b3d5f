package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// TestDelivers checks which resources no statement of a claim may name, those of the test's pipeline among them.
func TestDelivers(t *testing.T) {
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
		p.functionARN(f, blue):                     false,
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
		if got := delivers(arn); got != want {
			t.Errorf("delivers(%q): want %t, got %t", arn, want, got)
		}
	}
}

func TestCheckStatements(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-team-a-prod"
	p := newTestPipeline(t)
	p.Spec.Service.Permissions = v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{
		{Actions: []string{"sqs:SendMessage"}, Resources: []string{testQueue}},
		{Actions: []string{"dynamodb:PutItem"}, Resources: []string{"arn:aws:dynamodb:us-east-1:111122223333:table/orders", table}},
	}}
	want := `invalid PaymentDeliveryPipeline: spec.service.permissions.statements[1].resources[1]: Invalid value: "` + table +
		`": history tables, artifact buckets and state machines of pipelines are only for pipelines; name another resource`
	if diff := cmp.Diff(want, checkPermissions(p.Claim).Error()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
