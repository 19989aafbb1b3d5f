package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRollbackPolicy checks on what a rollback may act: it moves traffic of this pipeline, and starts and deletes nothing.
func TestRollbackPolicy(t *testing.T) {
	const (
		blue       = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"
		codedeploy = "arn:aws:codedeploy:us-east-1:111122223333:"
	)
	want := map[string][]string{
		"ReadAlias":   {blue, blue + ":live"},
		"ReadVersion": {blue + ":*"},
		"Deploy":      {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
		"Revision":    {codedeploy + "application:payment-processor-app-pr-123"},
		"DeploymentConfig": {
			codedeploy + "deploymentconfig:CodeDeployDefault.LambdaAllAtOnce",
			codedeploy + "deploymentconfig:CodeDeployDefault.LambdaLinear10PercentEvery10Minutes",
		},
		"History":        {"arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123"},
		"OverrideAlarms": {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
		"FindShift":      {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
		"StopShift":      {"*"},
		"MendAlias":      {blue, blue + ":live"},
		"CountReleases":  {"*"},
		"TellPeople":     {"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
	}
	got := map[string][]string{}
	for sid, s := range policyOf(t, newTestPipeline(t), rollbackStateMachine) {
		got[sid] = s.Resource
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
