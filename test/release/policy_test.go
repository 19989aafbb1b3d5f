package release

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// TestPolicy checks that the role of each state machine may do what the machine does, and nothing else.
func TestPolicy(t *testing.T) {
	b := newBench(t, ready, linear)
	b.cloud.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Cut: true, After: true})
	b.publish(1, 26)
	b.wasLive("23")
	b.wasLive("24")
	b.smoke()
	b.shift("25")
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"26": {Errors: 1}}})
	b.shift("26")
	b.clock.Advance(time.Minute)
	input := rollback("24")
	input["bySteps"] = true
	b.run(rollbackMachine, "rollback by steps", input)
	b.run(rollbackMachine, "rollback", rollback("23"))
	b.recordNew()
	b.clock.Advance(time.Minute)
	b.newRun("after")
	b.shiftCommit("26", nextCommit)
	b.cloud.CodePipeline.Wait("older-execution")
	b.overtake("newer-execution")
	// A rollback stops what somebody has started in the console, and takes traffic back itself.
	b.clock.Advance(time.Minute)
	b.cloud.CodeDeploy.NothingToRollBackTo = true
	b.cloud.CodeDeploy.Start("26")
	b.clock.Advance(time.Minute)
	b.rollBack("")
	b.cloud.CodeDeploy.NothingToRollBackTo = false
	// One that is bad and cannot be stopped in time is taken back.
	b.clock.Advance(time.Minute)
	b.newRun("last")
	b.cloud.Fail("codedeploy:StopDeployment", repeat(throttled, 20)...)
	b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"25": {Errors: 1}}})
	b.shiftCommit("25", "another commit")
	// One whose execution ends before it is stopped by the watch.
	b.clock.Advance(time.Hour)
	b.newRun("abandoned")
	b.cloud.Lambda.Send(fakeaws.Traffic{})
	b.badEnd(b.abandon("26", "one more commit"), "FAILED")
	for _, machine := range machineNames {
		if diff := cmp.Diff(slices.Sorted(slices.Values(b.machines[machine].Resources())), slices.Compact(slices.Sorted(slices.Values(b.calls[machine])))); diff != "" {
			t.Errorf("not every call of the %s was made\n-want, +got:\n%s", machine, diff)
		}
		b.checkNeeded(machine, func(string) bool { return true })
	}
}

// checkNeeded permissions of a state machine's role: IAM was asked for each that is about one of the actions. It returns their number.
func (b *bench) checkNeeded(machine string, is func(action string) bool) (n int) {
	b.t.Helper()
	for _, s := range b.account.Statements(b.rendered.roleARN(machine)) {
		for _, one := range single(s) {
			action, resource := one.Action[0], one.Resource[0]
			if !is(action) {
				continue
			}
			n++
			policy := access.Policies{Identity: []iam.Document{iam.New(one)}}
			needed := slices.ContainsFunc(b.asked[machine], func(r access.Request) bool {
				decision, err := policy.Decide(r)
				return err == nil && decision == access.Allowed
			})
			if !needed {
				b.t.Errorf("the role of the %s does not need %s on %s", machine, action, resource)
			}
		}
	}
	return n
}

// single statements, each of one action on one resource, that are together as much as the supplied one.
func single(s iam.Statement) (all []iam.Statement) {
	for _, action := range s.Action {
		for _, resource := range s.Resource {
			one := s.On(resource)
			one.Action = iam.Texts{action}
			all = append(all, one)
		}
	}
	return all
}

// accounts that have been read, by the golden case.
var accounts sync.Map

// account with a pipeline that was rendered.
func account(t *testing.T, r rendered) *access.Account {
	t.Helper()
	if known, ok := accounts.Load(r.name); ok {
		return known.(*access.Account)
	}
	expected, err := golden.Case(filepath.Join("..", "render", r.name)).Expected()
	if err != nil {
		t.Fatal(err)
	}
	setup := r.setup(fakeaws.Shift{})
	a, err := access.Read(setup.Account, setup.Region, expected)
	if err != nil {
		t.Fatal(err)
	}
	accounts.Store(r.name, a)
	return a
}

// roleARN of a state machine.
func (r rendered) roleARN(machine string) string {
	return "arn:aws:iam::" + r.setup(fakeaws.Shift{}).Account + ":role/" + r.awsName(machine+"-role")
}

// TestDenied takes the right away that AWS asks for beside the call: the state machine fails as on AWS.
func TestDenied(t *testing.T) {
	b := newBench(t, ready, allAtOnce)
	b.account = b.account.Without(b.rendered.roleARN(rollbackMachine), "OverrideAlarms")
	b.mayBeDenied = true
	b.publish(1, 2)
	b.shift("2")
	result := b.run(rollbackMachine, "rollback", rollback("1"))
	const want = "User: arn:aws:sts::111122223333:assumed-role/rollback-service-role-pr-123/session is not authorized to perform: codedeploy:UpdateDeploymentGroup " +
		"on resource: arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123 " +
		"because no identity-based policy allows the codedeploy:UpdateDeploymentGroup action (Service: CodeDeploy, Status Code: 400, "
	if result.Error != "CodeDeploy.CodeDeployException" || !strings.Contains(result.Cause, want) {
		t.Errorf("want CodeDeploy.CodeDeployException: %s\ngot %s: %s", want, result.Error, result.Cause)
	}
}

// TestForbidden decides on what the roles must not do.
func TestForbidden(t *testing.T) {
	r := load(t, ready)
	a, setup := account(t, r), r.setup(fakeaws.Shift{})
	arn := func(service, resource string) string {
		return strings.Join([]string{"arn", "aws", service, setup.Region, setup.Account, resource}, ":")
	}
	watch, releases := arn("states", "stateMachine:"+r.awsName("watch-state-machine")), arn("states", "stateMachine:"+r.awsName("release-state-machine"))
	blue, green := arn("lambda", "function:"+r.awsName("blue-function")), arn("lambda", "function:"+r.awsName("green-function"))
	table := arn("dynamodb", "table/"+r.awsName("history-table"))
	group := arn("codedeploy", "deploymentgroup:"+r.awsName("deploy-application")+"/"+r.awsName("deployment-group"))
	pipeline := arn("codepipeline", r.awsName("pipeline"))
	bucket := "arn:aws:s3:::" + r.awsName("artifact-bucket")
	cases := map[string]struct {
		reason, role, action, resource string
		want                           access.Decision
	}{
		"StartWatch":   {"Events start the watch.", "watch-events-role", "states:StartExecution", watch, access.Allowed},
		"StartRelease": {"Events start no release.", "watch-events-role", "states:StartExecution", releases, access.ImplicitDeny},
		"StartOther":   {"Events start no other state machine.", "watch-events-role", "states:StartExecution", watch + "x", access.ImplicitDeny},
		"StopWatch":    {"Events stop nothing.", "watch-events-role", "states:StopExecution", watch, access.ImplicitDeny},
		"WatchShifts":  {"The watch moves no traffic.", "watch-role", "codedeploy:CreateDeployment", group, access.ImplicitDeny},
		"ReleaseRuns":  {"A release starts no other.", "release-role", "codepipeline:StartPipelineExecution", pipeline, access.ImplicitDeny},
		"Prune":        {"A release deletes nothing.", "release-role", "lambda:DeleteFunction", blue + ":1", access.ImplicitDeny},
		"RollbackStop": {"A rollback stops no release.", "rollback-role", "codepipeline:StopPipelineExecution", pipeline, access.ImplicitDeny},
		"InvokeBlue":   {"A smoke test never reaches production.", "release-role", "lambda:InvokeFunction", blue + ":1", access.ImplicitDeny},
		"InvokeLatest": {"A version is tested.", "release-role", "lambda:InvokeFunction", green, access.ImplicitDeny},
		"MoveAlias":    {"CodeDeploy alone moves the alias.", "release-role", "lambda:UpdateAlias", blue + ":live", access.ImplicitDeny},
		"DeleteBlue":   {"The watch deletes versions, never a function.", "watch-role", "lambda:DeleteFunction", blue, access.ImplicitDeny},
		"DeleteItem":   {"History is not deleted.", "release-role", "dynamodb:DeleteItem", table, access.ImplicitDeny},
		"OtherTable":   {"History is in one table.", "release-role", "dynamodb:UpdateItem", table + "x", access.ImplicitDeny},
		"Approve":      {"Only people approve.", "release-role", "codepipeline:PutApprovalResult", pipeline + "/Switch-Traffic/Approve_Traffic_Shift", access.ImplicitDeny},
		"StopOther":    {"Nothing of another pipeline is stopped.", "release-role", "codepipeline:StopPipelineExecution", pipeline + "x", access.ImplicitDeny},
		"Show":         {"The watch shows how the pipeline's run goes.", "watch-role", "s3:PutObject", bucket + "/status/release", access.Allowed},
		"ShowElse":     {"It writes nothing else.", "watch-role", "s3:PutObject", bucket + "/status/released", access.ImplicitDeny},
		"ReadShown":    {"It reads no object.", "watch-role", "s3:GetObject", bucket + "/status/release", access.ImplicitDeny},
		"BuildShows":   {"No build says how it goes.", "build-role", "s3:PutObject", bucket + "/status/release", access.ImplicitDeny},
		"ServiceShows": {"Nor does the service, whatever its claim allows.", "function-role", "s3:PutObject", bucket + "/status/release", access.ExplicitDeny},
		"ReleaseShows": {"Nor does the release.", "release-role", "s3:PutObject", bucket + "/status/release", access.ImplicitDeny},
		"OtherGroup":   {"Releases are of this deployment group.", "release-role", "codedeploy:CreateDeployment", group + "x", access.ImplicitDeny},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := a.Decide("arn:aws:iam::"+setup.Account+":role/"+r.awsName(tc.role), access.Request{Action: tc.action, Resource: tc.resource})
			if err != nil || got != tc.want {
				t.Errorf("%s\n%s on %s: want %s, got %s, %v", tc.reason, tc.action, tc.resource, tc.want, got, err)
			}
		})
	}
}
