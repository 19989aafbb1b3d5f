package architecture

import (
	"strings"
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
		"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-team-a-prod/*/*":                         true,
		"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/payment-processor-green-a:*":                          true,
		"arn:aws:logs:us-east-1:111122223333:log-group:/aws/*":                                                           true,
		"arn:aws:states:us-east-1:111122223333:execution:orders:*":                                                       false,
		"arn:aws:logs:us-east-1:111122223333:log-group:/payments/audit:*":                                                false,
		"arn:aws:iam::111122223333:policy/denials-policy-team-a-prod":                                                    true,
		"arn:aws:cloudwatch:us-east-1:111122223333:alarm:lambda-err?rs-a":                                                true,
		"arn:aws:codebuild:us-east-1:111122223333:report-group/payment-processor-build-a-test":                           true,
		"arn:aws:states:us-east-1:111122223333:execution:payment-processor-rollback-team-a-prod:*":                       true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-team-a-prod":                                   true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/d*":                                                               true,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployments":                                                      false,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployments*":                                                     false,
		"arn:aws:logs:us-east-1:111122223333:log-group:/aws/codepipeline/payment-processor-pipeline-team-a-prod":         true,
		"arn:aws:logs:us-east-1:111122223333:log-group:/us-east-1/codepipeline/payment-processor-pipeline-team-a-prod:*": true,
		"arn:aws:codebuild:us-east-1:111122223333:sandbox/payment-processor-build-team-a-prod:x":                         true,
		"arn:aws:codebuild:us-east-1:111122223333:report/payment-processor-build-team-a-prod-test:x":                     true,
		"arn:aws:codebuild:us-east-1:111122223333:project/orders":                                                        false,
		"arn:aws:codedeploy:us-east-1:111122223333:deploymentconfig:payment-processor-canary-10percent-5minutes-team-a":  true,
		"arn:aws:codedeploy:us-east-1:111122223333:deploymentconfig:orders":                                              false,
		"arn:aws:dynamodb::111122223333:global-table/deployment-history-team-a-prod":                                     true,
		"arn:aws:events:us-east-1:111122223333:rule/payment-event-nightly.team-a-prod":                                   true,
		"arn:aws:events:us-east-1:111122223333:rule/orders/payment-event-placed.team-a-prod":                             true,
		"arn:aws:events:us-east-1:111122223333:rule/orders/payment-processor-watch-deployments-team-a-prod":              true,
		"arn:aws:events:us-east-1:111122223333:rule/orders/placed":                                                       false,
		"arn:aws:states:us-east-1:111122223333:execution:orders:payment-processor-release-1":                             false,
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

// TestOwnTopic has a service publish to the topic of its own pipeline, and name what only ends as that does.
func TestOwnTopic(t *testing.T) {
	for arn, allowed := range map[string]bool{
		"arn:aws:sns:us-east-1:111122223333:deployment-alarms-mine":                           true,
		"arn:aws:sns:us-east-1:111122223333:deployment-alarms-b":                              false,
		"arn:aws:s3:::pipeline-artifacts-victim-1a2b3c4d/*:deployment-alarms-mine":            false,
		"arn:aws:dynamodb:us-east-1:111122223333:table/deployment-*:deployment-alarms-mine":   false,
		"arn:aws:sns:us-east-1:111122223333:deployment-alarms-*:deployment-alarms-mine":       false,
		"arn:aws:sns:us-east-1:111122223333:deployment-alarms-mine:deployment-alarms-victim*": false,
	} {
		p := v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{{Actions: []string{"sns:Publish"}, Resources: []string{arn}}}}
		if got := (Names{suffix: "mine"}).checkStatements(p); (len(got) == 0) != allowed {
			t.Errorf("%s: want allowed: %t, got %v", arn, allowed, got)
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

// TestGuardedAreOfPipelines checks that no claim may name what is denied to a pipeline's own code.
func TestGuardedAreOfPipelines(t *testing.T) {
	p := newTestPipeline(t, everything, func(p *Pipeline) {
		p.Spec.Rollout.Custom = &v1alpha1.CustomRollout{Type: "Canary", Percentage: 10, IntervalMinutes: 5}
	})
	n := 0
	for _, g := range p.guarded() {
		for _, arn := range g.arns(p.Partition()) {
			n++
			if named := strings.ReplaceAll(arn, "*", "x"); !isOfAnyPipeline(named) {
				t.Errorf("want %s to be known as a pipeline's", named)
			}
		}
	}
	if n < 40 {
		t.Errorf("want at least 40 ARNs, got %d", n)
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

// TestOverlapOfParts checks that a part has no separators.
func TestOverlapOfParts(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"execution:release-a:1", "PART:release-*:*", true},
		{"exec*", "PART:release-*:*", true},
		{"execution:?elease-a:*", "PART:release-*:*", true},
		{"execution:orders:*", "PART:release-*:*", false},
		{"execution:orders:release-a:1", "PART:release-*:*", false},
		{"/aws/codepipeline/a", "/PART/codepipeline/*", true},
		{"/a/b/codepipeline/a", "/PART/codepipeline/*", false},
		{"/*", "/PART/codepipeline/*", true},
		{"", "PART", true},
		{":", "PART", false},
	} {
		if got := overlap(tc.a, strings.ReplaceAll(tc.b, "PART", string(anyPart))); got != tc.want {
			t.Errorf("overlap(%q, %q): want %t, got %t", tc.a, tc.b, tc.want, got)
		}
	}
}

func TestCheckStatements(t *testing.T) {
	const (
		table   = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-team-a-prod"
		notLive = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-ledger"
	)
	p := newTestPipeline(t)
	p.Spec.Service.Permissions = v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{
		{Actions: []string{"sqs:SendMessage"}, Resources: []string{testQueue}},
		{Actions: []string{"lambda:InvokeFunction"}, Resources: []string{"arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-ledger:live"}},
		{Actions: []string{"sns:Publish"}, Resources: []string{p.topicARN(allFacts())}},
		{Actions: []string{"dynamodb:PutItem"}, Resources: []string{"arn:aws:dynamodb:us-east-1:111122223333:table/orders", table}},
		{Actions: []string{"lambda:InvokeFunction"}, Resources: []string{notLive}},
	}}
	const told = `: resources of pipelines are only for pipelines; name another resource`
	want := `invalid PaymentDeliveryPipeline: [spec.service.permissions.statements[3].resources[1]: Invalid value: "` + table + `"` + told +
		`, spec.service.permissions.statements[4].resources[0]: Invalid value: "` + notLive + `"` + told + `]`
	if diff := cmp.Diff(want, checkPermissions(p.Claim).Error()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
