package attack

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// A pipeline as Crossplane renders it for a golden case.
type pipeline struct {
	name      string
	suffix    string
	resources []awsmodel.Managed
	account   *access.Account
}

// pipelines of the golden cases.
func pipelines(t *testing.T) []pipeline {
	t.Helper()
	all, err := readPipelines()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// readPipelines once.
var readPipelines = sync.OnceValues(func() ([]pipeline, error) {
	cases, err := golden.Cases(filepath.Join("..", ".."))
	if err != nil {
		return nil, err
	}
	var all []pipeline
	for _, c := range cases {
		refused, err := c.Refused()
		if err != nil {
			return nil, err
		}
		if refused {
			continue
		}
		expected, err := c.Expected()
		if err != nil {
			return nil, err
		}
		p, err := newPipeline(c.Name(), expected)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
})

func newPipeline(name string, expected []byte) (pipeline, error) {
	resources, err := awsmodel.ReadManaged(expected)
	if err != nil {
		return pipeline{}, err
	}
	of, err := access.Read(ownAccount, ownRegion, expected)
	p := pipeline{name: name, resources: resources, account: of}
	for _, m := range resources {
		if suffix, is := strings.CutPrefix(m.AWSName(), "lambda-execution-role-"); is {
			p.suffix = suffix
		}
	}
	return p, err
}

// coders are the roles in which code of the app team runs, by the policy without which they are not yet what they will be.
var coders = []string{"lambda-execution-role", "codebuild-service-role", "checks-service-role"}

func bucketOf(p pipeline) string {
	i := slices.IndexFunc(p.resources, func(m awsmodel.Managed) bool { return m.Kind() == "s3/Bucket" })
	return p.resources[i].AWSName()
}

// has tells whether the pipeline has a role, and all that denies it something.
func (p pipeline) has(role string) bool {
	return slices.ContainsFunc(p.account.Statements(roleARN(role, p.suffix)), func(s iam.Statement) bool { return s.Sid == "NotWhatDeliversIt" })
}

func roleARN(role, suffix string) string {
	return "arn:aws:iam::" + ownAccount + ":role/" + role + "-" + suffix
}

// A need of a role is what it may be allowed with the pipeline's own resources.
type need struct {
	role    string
	actions []string

	// kind of resource, and what is in the ARN of each that the role needs.
	kind, arn string
	reason    string
}

var needs = []need{
	{"lambda-execution-role", writeLog, "logs/log-stream", ":/aws/lambda/", "Lambda logs in its name"},
	{"lambda-execution-role", []string{"sns:Publish"}, "sns/topic", "", "a claim may let the service tell its team something"},
	{"codebuild-service-role", writeLog, "logs/log-stream", "/payment-processor-build-", "CodeBuild logs in its name"},
	{"codebuild-service-role", []string{"s3:GetBucketAcl", "s3:GetBucketLocation"}, "s3/bucket", "", "a cache asks for it"},
	{"codebuild-service-role", []string{"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"}, "s3/object", "", "it takes the source and gives what is built"},
	{"codebuild-service-role", writeReports, "codebuild/report-group", "/payment-processor-build-", "it writes reports"},
	{"checks-service-role", writeLog, "logs/log-stream", "/payment-processor-checks-", "CodeBuild logs in its name"},
	{"checks-service-role", []string{"s3:GetObject", "s3:GetObjectVersion"}, "s3/object", "", "it takes the source"},
	{"codebuild-service-role", clones, "codestar-connections/Connection", "", "it clones, if the claim asks for it"},
	{"checks-service-role", clones, "codestar-connections/Connection", "", "it clones, if the claim asks for it"},
	{"checks-service-role", writeReports, "codebuild/report-group", "/payment-processor-checks-", "it writes reports"},
	// IAM is not told whose a mapping is when its tags are looked at or changed. Nothing of a pipeline's goes by them.
	{"", []string{"lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"}, "lambda/eventSourceMapping", "", "no role needs them, and nothing can deny them of one mapping"},
}

var writeLog = []string{"logs:CreateLogStream", "logs:PutLogEvents"}

var clones = []string{"codeconnections:UseConnection", "codestar-connections:UseConnection"}

var writeReports = []string{
	"codebuild:BatchPutCodeCoverages", "codebuild:BatchPutTestCases", "codebuild:CreateReport", "codebuild:CreateReportGroup", "codebuild:UpdateReport",
}

func (n need) is(role string, a attempt) bool {
	return (n.role == role || n.role == "") && n.kind == a.kind && slices.Contains(n.actions, a.Action) && strings.Contains(a.Resource, n.arn)
}

// TestCodeTouchesNothingOfItsPipeline goes through all that IAM can decide on: for each action of AWS's and each ARN of each of a pipeline's
// resources, the roles in which the team's code runs are denied it, whatever else allows it.
func TestCodeTouchesNothingOfItsPipeline(t *testing.T) {
	needed := map[int]bool{}
	decided := map[[2]string]bool{}
	count := map[string]int{}
	for _, p := range pipelines(t) {
		all := append(attempts(t, p.resources), connectionAttempts(t, p.account.Statements(roleARN("pipeline-service-role", p.suffix)))...)
		for _, role := range coders {
			if !p.has(role) {
				continue
			}
			statements := fmt.Sprint(p.account.Statements(roleARN(role, p.suffix)))
			for _, a := range all {
				// Many cases have the same policies.
				key := [2]string{statements, a.String()}
				if decided[key] {
					continue
				}
				decided[key] = true
				count[role]++
				decision, err := p.decide(role, a.Request)
				if err != nil {
					t.Fatal(err)
				}
				i := slices.IndexFunc(needs, func(n need) bool { return n.is(role, a) })
				if i >= 0 && decision == access.Allowed {
					needed[i] = true
				}
				if i < 0 && decision != access.ExplicitDeny {
					t.Errorf("%s: %s may be allowed %s", p.name, role, a)
				}
			}
		}
	}
	for i, n := range needs {
		if !needed[i] {
			t.Errorf("%s is denied %s on each %s: it does not need them because %s", n.role, n.actions, n.kind, n.reason)
		}
	}
	for _, role := range coders {
		if count[role] < 2000 {
			t.Errorf("%s: want at least 2000 decisions, got %d", role, count[role])
		}
	}
}

// decide on a request of a role that may do everything, as far as its policies deny nothing.
func (p pipeline) decide(role string, r access.Request) (access.Decision, error) {
	arn := roleARN(role, p.suffix)
	policies := p.account.Policies(arn, r)
	policies.Identity = append(slices.Clip(policies.Identity), iam.New(iam.Allow("Everything", "*").On("*")))
	return policies.Decide(madeBy(arn, r))
}

// madeBy says of a request who makes it.
func madeBy(role string, r access.Request) access.Request {
	context := map[string][]string{"aws:PrincipalArn": {role}, "aws:SecureTransport": {"true"}}
	maps.Copy(context, r.Context)
	r.Context = context
	return r
}

// TestDeniedAttacks are what code in a role that may do everything tries, and what it gets.
func TestDeniedAttacks(t *testing.T) {
	const service, build, checks = "lambda-execution-role", "codebuild-service-role", "checks-service-role"
	in := func(service, resource string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, ownRegion, ownAccount, resource)
	}
	const policy, role = "arn:aws:iam::" + ownAccount + ":policy/", "arn:aws:iam::" + ownAccount + ":role/"
	all := pipelines(t)
	full := all[slices.IndexFunc(all, func(p pipeline) bool { return p.name == "17-full" })]
	deny, allow := access.ExplicitDeny, access.Allowed
	cases := map[string]struct {
		reason           string
		role, action, on string
		context          map[string][]string
		want             access.Decision
	}{
		"Approve":          {"A release is approved by a person.", service, "codepipeline:PutApprovalResult", in("codepipeline", "payment-processor-pipeline-prod/Switch-Traffic/Approve"), nil, deny},
		"RetryStage":       {"A stage is repeated by a person.", service, "codepipeline:RetryStageExecution", in("codepipeline", "payment-processor-pipeline-prod/Switch-Traffic"), nil, deny},
		"ApproveChecks":    {"So it is in the pipeline of the checks.", build, "codepipeline:DisableStageTransition", in("codepipeline", "payment-processor-checks-prod/Check"), nil, deny},
		"LiftDenials":      {"Nobody takes the denials out.", service, "iam:CreatePolicyVersion", policy + "denials-policy-prod", nil, deny},
		"DetachDenials":    {"Nor off.", service, "iam:DetachRolePolicy", role + "lambda-execution-role-prod", nil, deny},
		"WidenRelease":     {"Nobody widens what the release may do.", build, "iam:CreatePolicyVersion", policy + "release-policy-prod", nil, deny},
		"WidenOwn":         {"Nor what builds may do.", build, "iam:SetDefaultPolicyVersion", policy + "codebuild-policy-prod", nil, deny},
		"BecomeRelease":    {"Nobody becomes the release.", checks, "sts:AssumeRole", role + "release-service-role-prod", nil, deny},
		"StopRelease":      {"A release that judges goes on.", service, "states:StopExecution", in("states", "execution:payment-processor-release-prod:0b7a"), nil, deny},
		"RedriveRollback":  {"A rollback is not repeated.", service, "states:RedriveExecution", in("states", "execution:payment-processor-rollback-prod:0b7a"), nil, deny},
		"AliasMachine":     {"A version of a state machine is below it.", service, "states:UpdateStateMachineAlias", in("states", "stateMachine:payment-processor-release-prod:1"), nil, deny},
		"StopWatching":     {"Each deployment is recorded.", service, "events:DisableRule", in("events", "rule/payment-processor-watch-deployments-prod"), nil, deny},
		"TellNobody":       {"People hear of what fails.", service, "events:RemoveTargets", in("events", "rule/payment-processor-pipeline-failed-prod"), nil, deny},
		"StopSchedule":     {"What calls the service goes on.", build, "events:DeleteRule", in("events", "rule/orders/payment-event-orders.prod"), nil, deny},
		"OtherSchedule":    {"A rule of another pipeline is not this one's to deny.", service, "events:PutRule", in("events", "rule/payment-event-orders.a-prod"), nil, allow},
		"HideBuild":        {"What a build has done stays in its log.", build, "logs:DeleteLogStream", in("logs", "log-group:/aws/codebuild/payment-processor-build-prod:log-stream:1"), nil, deny},
		"HideBuilds":       {"So do all of them.", service, "logs:DeleteLogGroup", in("logs", "log-group:/aws/codebuild/payment-processor-build-prod"), nil, deny},
		"Log":              {"A build logs.", build, "logs:PutLogEvents", in("logs", "log-group:/aws/codebuild/payment-processor-build-prod:log-stream:1"), nil, allow},
		"LogForOthers":     {"A pull request does not write what a build seems to have said.", checks, "logs:PutLogEvents", in("logs", "log-group:/aws/codebuild/payment-processor-build-prod:log-stream:1"), nil, deny},
		"Unsubscribe":      {"People stay subscribed.", service, "sns:Unsubscribe", in("sns", "deployment-alarms-prod"), nil, deny},
		"UnsubscribeOne":   {"Also if AWS asks about the subscription.", service, "sns:Unsubscribe", in("sns", "deployment-alarms-prod:0b7a2c9e"), nil, deny},
		"Subscribe":        {"And nobody else hears what they hear.", build, "sns:Subscribe", in("sns", "deployment-alarms-prod"), nil, deny},
		"Tell":             {"A service may tell its team something.", service, "sns:Publish", in("sns", "deployment-alarms-prod"), nil, allow},
		"ChangeChecks":     {"The checks are what the claim says.", service, "codebuild:UpdateProject", in("codebuild", "project/payment-processor-checks-prod"), nil, deny},
		"StopBuild":        {"A build goes on.", service, "codebuild:StopBuild", in("codebuild", "build/payment-processor-build-prod:0b7a"), nil, deny},
		"ForgeReport":      {"A pull request does not write reports of the branch.", checks, "codebuild:CreateReport", in("codebuild", "report-group/payment-processor-build-prod-test"), nil, deny},
		"Report":           {"It writes its own.", checks, "codebuild:CreateReport", in("codebuild", "report-group/payment-processor-checks-prod-test"), nil, allow},
		"ReadRepositories": {"No code reads other repositories.", service, "codeconnections:UseConnection", "arn:aws:codeconnections:us-east-1:111122223333:connection/0a1b2c3d-8aad-4d5d-8878-dfcab0bc441f", nil, deny},
		"StopQueue":        {"What feeds the service is the claim's.", service, "lambda:UpdateEventSourceMapping", in("lambda", "event-source-mapping:0b7a"), map[string][]string{"lambda:FunctionArn": {in("lambda", "function:payment-processor-blue-prod:live")}}, deny},
		"OtherQueue":       {"What feeds others is theirs.", service, "lambda:UpdateEventSourceMapping", in("lambda", "event-source-mapping:0b7a"), map[string][]string{"lambda:FunctionArn": {in("lambda", "function:ledger")}}, allow},
		"AccessPoint":      {"No access point leads around the denials.", build, "s3:GetObject", "arn:aws:s3:::" + bucketOf(full) + "/bootstrap/blue.zip", map[string][]string{"s3:DataAccessPointArn": {in("s3", "accesspoint/mine")}}, deny},
		"ForgeHistory":     {"A build writes no history.", build, "dynamodb:PutItem", in("dynamodb", "table/deployment-history-prod"), nil, deny},
		"RestoreHistory":   {"Nobody restores one from a backup.", service, "dynamodb:RestoreTableFromBackup", in("dynamodb", "table/deployment-history-prod/backup/1"), nil, deny},
		"CallTwin":         {"A pipeline of this suffix in another account may let the service call it.", service, "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:444455556666:function:payment-processor-blue-prod:live", nil, allow},
		"CallAnother":      {"So may another pipeline of this account.", service, "lambda:InvokeFunction", in("lambda", "function:payment-processor-blue-a-prod:live"), nil, allow},
		"MoveTraffic":      {"Only deployments move traffic.", build, "lambda:UpdateAlias", in("lambda", "function:payment-processor-blue-prod:live"), nil, deny},
		"ReplaceCustom":    {"How traffic shifts is the claim's.", service, "codedeploy:DeleteDeploymentConfig", in("codedeploy", "deploymentconfig:payment-processor-linear-20percent-15minutes-prod"), nil, deny},
		"DeployElsewhere":  {"A second group of the application is refused.", service, "codedeploy:CreateDeploymentGroup", in("codedeploy", "deploymentgroup:payment-processor-app-prod/mine"), nil, deny},
		"MakeLogAgain":     {"What deletion has taken from the logs stays away.", service, "logs:CreateLogGroup", in("logs", "log-group:/aws/lambda/payment-processor-blue-prod"), nil, deny},
		"HideDashboard":    {"People see how it does.", service, "cloudwatch:DeleteDashboards", "arn:aws:cloudwatch::" + ownAccount + ":dashboard/payment-processor-prod", nil, deny},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := full.decide(tc.role, access.Request{Action: tc.action, Resource: tc.on, Context: tc.context})
			if err != nil || got != tc.want {
				t.Errorf("%s\n%s, %s: want %s, got %s, %v", tc.reason, tc.role, tc.action+" on "+tc.on, tc.want, got, err)
			}
		})
	}
}
