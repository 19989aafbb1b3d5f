package release

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// A permission to call an action on a resource.
type permission struct {
	action, resource string
}

// checkPermissions of the roles for all calls that were made. The emulator's Step Functions does not ask IAM before it calls, so we ask
// afterwards what IAM would have said. Which state machine has made a call of a service that is elsewhere is not known: one of them
// must be allowed to.
func (b *bench) checkPermissions() {
	for _, c := range b.cloud.Calls() {
		// One is allowed under a condition, of which the emulator's simulation knows nothing. Without a resource, the call has failed
		// before it was understood.
		if c.Action == "cloudwatch:PutMetricData" || c.Resource == "" {
			continue
		}
		if !slices.ContainsFunc(machineNames, func(machine string) bool { return b.allows(machine, permission{c.Action, c.Resource}) }) {
			b.t.Errorf("no role may call %s on %s", c.Action, c.Resource)
		}
	}
	for _, e := range b.executions {
		for _, task := range e.tasks {
			for _, p := range b.callOf(e.machine, task) {
				if !b.allows(e.machine, p) {
					b.t.Errorf("the role of the %s must not call %s on %s", e.machine, p.action, p.resource)
				}
			}
		}
	}
}

// allows says whether a state machine's role has a permission. What was asked once is not asked again.
func (b *bench) allows(machine string, p permission) bool {
	role := roleARN(b.rendered.awsName(machine + "-role"))
	key := fmt.Sprint(role, p)
	if _, asked := b.decided[key]; !asked {
		b.decided[key] = decide(b.t, role, p)
	}
	return b.decided[key] == types.PolicyEvaluationDecisionTypeAllowed
}

// elsewhere are the services that are not the emulator's, and know themselves who has called them.
var elsewhere = []string{"cloudwatch", "codedeploy", "codepipeline", "s3"}

// callOf a task of a state machine, if it is one of the emulator's services.
func (b *bench) callOf(machine, task string) []permission {
	b.t.Helper()
	switch _, call, _ := strings.Cut(task, ":states:::"); call {
	case "lambda:invoke":
		return []permission{{"lambda:InvokeFunction", arn("lambda", "function:"+b.rendered.awsName("green-function")+":1")}}
	case "aws-sdk:lambda:getAlias":
		blue := arn("lambda", "function:"+b.rendered.awsName("blue-function"))
		return []permission{{"lambda:GetAlias", blue}, {"lambda:GetAlias", blue + ":" + b.rendered.awsName("live-alias")}}
	case "aws-sdk:lambda:getFunctionConfiguration":
		if machine == releaseMachine {
			return b.ofBoth("lambda:GetFunctionConfiguration", ":1")
		}
		return []permission{{"lambda:GetFunctionConfiguration", arn("lambda", "function:"+b.rendered.awsName("blue-function")) + ":1"}}
	case "aws-sdk:dynamodb:batchGetItem":
		return []permission{{"dynamodb:BatchGetItem", arn("dynamodb", "table/"+b.rendered.awsName("history-table"))}}
	case "dynamodb:getItem":
		return []permission{{"dynamodb:GetItem", arn("dynamodb", "table/"+b.rendered.awsName("history-table"))}}
	case "aws-sdk:lambda:listVersionsByFunction":
		return b.ofBoth("lambda:ListVersionsByFunction", "")
	case "aws-sdk:lambda:deleteFunction":
		return b.ofBoth("lambda:DeleteFunction", ":1")
	case "sns:publish":
		return []permission{{"sns:Publish", arn("sns", b.rendered.awsName("alarm-topic"))}}
	case "dynamodb:updateItem":
		return []permission{{"dynamodb:UpdateItem", arn("dynamodb", "table/"+b.rendered.awsName("history-table"))}}
	default:
		if !slices.ContainsFunc(elsewhere, func(service string) bool { return strings.HasPrefix(call, "aws-sdk:"+service+":") }) {
			b.t.Errorf("which permission does %s need?", task)
		}
		return nil
	}
}

// ofBoth functions, with a qualifier or without.
func (b *bench) ofBoth(action, qualifier string) []permission {
	b.t.Helper()
	var both []permission
	for _, name := range []string{"blue-function", "green-function"} {
		both = append(both, permission{action, arn("lambda", "function:"+b.rendered.awsName(name)) + qualifier})
	}
	return both
}

// decide what IAM says to a call of a role's.
func decide(t *testing.T, role string, p permission) types.PolicyEvaluationDecisionType {
	t.Helper()
	// The test's own context has ended when it is cleaned up.
	out, err := aws.IAM.SimulatePrincipalPolicy(context.WithoutCancel(t.Context()), &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: &role,
		ActionNames:     []string{p.action},
		ResourceArns:    []string{p.resource},
	})
	if err != nil {
		t.Errorf("cannot ask IAM: %v", err)
		return ""
	}
	return out.EvaluationResults[0].EvalDecision
}

// TestForbidden asks IAM about what the roles must not do.
func TestForbidden(t *testing.T) {
	b := newBench(t, ready, linear)
	release, rollback := roleARN(b.rendered.awsName("release-role")), roleARN(b.rendered.awsName("rollback-role"))
	watch, events := roleARN(b.rendered.awsName("watch-role")), roleARN(b.rendered.awsName("watch-events-role"))
	blue, green := arn("lambda", "function:"+b.rendered.awsName("blue-function")), arn("lambda", "function:"+b.rendered.awsName("green-function"))
	table := arn("dynamodb", "table/"+b.rendered.awsName("history-table"))
	group := arn("codedeploy", "deploymentgroup:"+b.rendered.awsName("deploy-application")+"/"+b.rendered.awsName("deployment-group"))
	cases := map[string]struct {
		permission

		reason string
		role   string
		want   types.PolicyEvaluationDecisionType
	}{
		"StartWatch":   {permission{"states:StartExecution", b.rendered.machineARN(watchMachine)}, "Events start the watch.", events, types.PolicyEvaluationDecisionTypeAllowed},
		"StartRelease": {permission{"states:StartExecution", b.rendered.machineARN(releaseMachine)}, "Events start no release.", events, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"StartOther":   {permission{"states:StartExecution", b.rendered.machineARN(watchMachine) + "x"}, "Events start no other state machine.", events, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"StopWatch":    {permission{"states:StopExecution", b.rendered.machineARN(watchMachine)}, "Events stop nothing.", events, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"WatchShifts":  {permission{"codedeploy:CreateDeployment", group}, "The watch moves no traffic.", watch, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"ReleaseRuns":  {permission{"codepipeline:StartPipelineExecution", arn("codepipeline", b.rendered.awsName("pipeline"))}, "A release starts no other.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"Prune":        {permission{"lambda:DeleteFunction", blue + ":1"}, "A release deletes nothing.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"RollbackStop": {permission{"codepipeline:StopPipelineExecution", arn("codepipeline", b.rendered.awsName("pipeline"))}, "A rollback stops no release.", rollback, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"InvokeBlue":   {permission{"lambda:InvokeFunction", blue + ":1"}, "A smoke test never reaches production.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"InvokeLatest": {permission{"lambda:InvokeFunction", green}, "A version is tested.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"MoveAlias":    {permission{"lambda:UpdateAlias", blue + ":live"}, "CodeDeploy alone moves the alias.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"DeleteBlue":   {permission{"lambda:DeleteFunction", blue}, "The watch deletes versions, never a function.", watch, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"DeleteItem":   {permission{"dynamodb:DeleteItem", table}, "History is not deleted.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"OtherTable":   {permission{"dynamodb:UpdateItem", table + "x"}, "History is in one table.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"Approve":      {permission{"codepipeline:PutApprovalResult", arn("codepipeline", b.rendered.awsName("pipeline")+"/Switch-Traffic/Approve_Traffic_Shift")}, "Only people approve.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"StopOther":    {permission{"codepipeline:StopPipelineExecution", arn("codepipeline", b.rendered.awsName("pipeline")+"x")}, "Nothing of another pipeline is stopped.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
		"OtherGroup":   {permission{"codedeploy:CreateDeployment", group + "x"}, "Releases are of this deployment group.", release, types.PolicyEvaluationDecisionTypeImplicitDeny},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := decide(t, tc.role, tc.permission); got != tc.want {
				t.Errorf("%s\n%s on %s: want %s, got %s", tc.reason, tc.action, tc.resource, tc.want, got)
			}
		})
	}
}
