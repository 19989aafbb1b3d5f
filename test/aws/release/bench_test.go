package release

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

const (
	ready     = "04-ready"
	calendars = "27-change-windows"

	commit    = "0123456789abcdef0123456789abcdef01234567"
	execution = "pipeline-execution"
)

// linear is the shift of LambdaLinear10PercentEvery10Minutes.
var linear = fakeaws.Shift{Percentage: 10, Interval: 10 * time.Minute}

// pollEvery is how much of CodeDeploy's time passes between two polls of a shift.
const pollEvery = 10 * time.Minute

// A bench is an account with a pipeline, whose state machines are started as the pipeline, people and EventBridge start them.
type bench struct {
	t        *testing.T
	rendered rendered
	cloud    *fakeaws.Cloud

	// clock is CodeDeploy's. The emulator has the real time.
	clock *clock.Clock

	executions []executed
	recorded   int

	// tested are the versions of green that have the code of blue's, by those.
	tested map[string]string

	// account in which IAM is asked before each call of a role's.
	account *access.Account

	mu sync.Mutex
	// asked is what IAM was asked, by role, and denied what it has refused. If that may be, the scenario is one of a role that lacks a
	// permission.
	asked       map[string][]access.Request
	denied      []string
	mayBeDenied bool
	// hooks are called before CodeDeploy answers, by operation.
	hooks map[string]func()
}

func newBench(t *testing.T, name string, shift fakeaws.Shift) *bench {
	t.Helper()
	forget(t)
	r := load(t, name)
	deploy(t, r)
	// CodeDeploy's clock is ahead, so that no deployment seems older than the execution that has created it.
	c := clock.New(time.Now().Add(time.Hour))
	cloud := fakeaws.New(t, c, fakeaws.Setup{
		Region:      region,
		Account:     accountID,
		Function:    r.awsName("blue-function"),
		Alias:       r.awsName("live-alias"),
		Live:        live{t.Context(), r.awsName("blue-function"), r.awsName("live-alias")},
		Application: r.awsName("deploy-application"),
		Group:       r.awsName("deployment-group"),
		Shift:       shift,

		RollbackEvents: r.get("deployment-group").Spec.ForProvider.AutoRollback[0].Events,

		Pipeline: r.awsName("pipeline"),
	})
	cloud.CodePipeline.Begin(execution)
	cloud.CodePipeline.Approve(execution, "arn:aws:iam::111122223333:user/ada", "looks good")
	const built = "payment-processor-pi/build_outp/" + execution
	cloud.CodePipeline.Build(execution, built)
	cloud.S3.Put(r.awsName("artifact-bucket"), built, "what "+execution+" has built", nil, false)
	b := &bench{t: t, rendered: r, cloud: cloud, clock: c, hooks: map[string]func(){}, tested: map[string]string{}, account: r.account(), asked: map[string][]access.Request{}}
	codeDeploy.Store(new(b.withHooks(cloud)))
	authority.Store(new(http.Handler(http.HandlerFunc(b.serveIAM))))
	return b
}

func (b *bench) withHooks(codeDeploy http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		b.mu.Lock()
		hook := b.hooks[operation]
		b.mu.Unlock()
		if hook != nil {
			hook()
		}
		codeDeploy.ServeHTTP(w, r)
	})
}

// poll is the operation that a shift polls.
const poll = "GetDeployment"

// hook what is done before CodeDeploy answers an operation, and return what was done until now.
func (b *bench) hook(operation string, do func()) (before func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before, b.hooks[operation] = b.hooks[operation], do
	return before
}

// alias as it is in the emulator.
func (b *bench) alias() string {
	return share(b.cloud.Lambda.Alias())
}

// nextName is that of the execution that is run next.
func (b *bench) nextName() string {
	return fmt.Sprintf("execution-%d", len(b.executions)+1)
}

// run an execution of a state machine to its end.
func (b *bench) run(machine, what, input string) executed {
	b.t.Helper()
	name := b.nextName()
	if machine == releaseMachine {
		b.startAsPipeline(name)
	}
	started := must[*sfn.StartExecutionOutput](b.t)(aws.StepFunctions.StartExecution(b.t.Context(), &sfn.StartExecutionInput{
		StateMachineArn: new(b.rendered.machineARN(machine)),
		Name:            &name,
		Input:           &input,
	}))
	e, err := waitFor(b.t.Context(), *started.ExecutionArn, func(ctx context.Context) {
		// CodeDeploy's time passes while nobody asks it anything.
		if waitsIn(ctx, *started.ExecutionArn, "AwaitBack.Wait") {
			b.clock.Advance(time.Minute)
			b.alias()
		}
	})
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	e.What = what
	b.executions = append(b.executions, e)
	return e
}

// smoke tests a version of green.
func (b *bench) smoke(version string) executed {
	b.t.Helper()
	return b.run(releaseMachine, "smoke", b.rendered.input("Smoke_Test_Green", map[string]string{
		"DeployGreen.FunctionVersion": version, "codepipeline.PipelineExecutionId": execution,
	}))
}

// shift traffic to a version of blue, and return what the alias did at each poll.
func (b *bench) shift(target string) []string {
	b.t.Helper()
	return b.shiftCommit(target, commit)
}

func (b *bench) shiftCommit(target, commit string) (seen []string) {
	b.t.Helper()
	b.hook(poll, func() {
		b.clock.Advance(pollEvery)
		seen = append(seen, b.alias())
	})
	defer func() { b.hook(poll, nil) }()
	b.runShift(target, commit)
	return seen
}

func (b *bench) runShift(target, commit string) executed {
	b.t.Helper()
	return b.runRelease(target, shiftVariables(target, commit))
}

// shiftVariables are what the pipeline knows of a release.
func shiftVariables(target, commit string) map[string]string {
	return map[string]string{
		"DeployBlue.FunctionVersion":       target,
		"codepipeline.PipelineExecutionId": execution,
		"SourceVariables.CommitId":         commit,
		"SourceVariables.AuthorDate":       "2026-01-02T02:00:00Z",
	}
}

// runRelease runs a shift as the pipeline does: its action waits for it, and has given it the name of its own run.
func (b *bench) runRelease(target string, variables map[string]string) executed {
	b.t.Helper()
	name := b.nextName()
	b.cloud.CodePipeline.PutOut(execution, b.rendered.outputs(variables))
	// Before its first release green has the code that blue has too.
	b.cloud.CodePipeline.Test(execution, cmp.Or(b.tested[target], "1"))
	b.cloud.CodePipeline.BeginShift(name)
	e := b.run(releaseMachine, "shift to "+target, b.rendered.input("Shift_Traffic", variables))
	b.cloud.CodePipeline.EndShift(name, e.Status == "SUCCEEDED")
	return e
}

// overtake older executions of the pipeline, in the name of one.
func (b *bench) overtake(execution string) executed {
	b.t.Helper()
	return b.run(releaseMachine, "overtake", b.rendered.input("Overtake_Waiting_Release", map[string]string{"codepipeline.PipelineExecutionId": execution}))
}

// An event of CodeDeploy's.
type event struct {
	Source     string         `json:"source"`
	DetailType string         `json:"detail-type"`
	Resources  []string       `json:"resources"`
	Detail     map[string]any `json:"detail"`
}

func what(e event) string {
	return fmt.Sprintf("record %s of %s", e.Detail["state"], e.Detail["deploymentId"])
}

// events that CodeDeploy has sent so far.
func (b *bench) events() (events []event) {
	data, err := json.Marshal(b.cloud.CodeDeploy.Events())
	if err == nil {
		err = json.Unmarshal(data, &events)
	}
	if err != nil {
		b.t.Errorf("cannot read CodeDeploy's events: %v", err)
	}
	return events
}

// recordNew sends the events that have come since the last time.
func (b *bench) recordNew() {
	for _, e := range b.events()[b.recorded:] {
		b.recorded++
		b.record(e)
	}
}

// record puts an event on the bus and waits for the execution that the rule starts. Meanwhile polls are only answered.
// It may be called from a poll, and so it fails the test without ending it.
func (b *bench) record(e event) {
	before := b.hook(poll, nil)
	defer func() { b.hook(poll, before) }()
	known, err := executionARNs(b.t.Context(), b.rendered.machineARN(watchMachine))
	if err == nil {
		err = send(b.t.Context(), e)
	}
	if err != nil {
		b.t.Errorf("%s: %v", what(e), err)
		return
	}
	b.await(e, known)
}

// await the end of the execution that an event starts. Known are those that there were before.
func (b *bench) await(e event, known []string) {
	var started string
	err := process.Eventually(b.t.Context(), "EventBridge starts the state machine", ministack.Process, func(ctx context.Context) bool {
		now, err := executionARNs(ctx, b.rendered.machineARN(watchMachine))
		now = slices.DeleteFunc(now, func(arn string) bool { return slices.Contains(known, arn) })
		if err == nil && len(now) > 0 {
			started = now[0]
		}
		return started != "" || b.refused() > 0
	})
	var done executed
	if err == nil {
		done, err = waitFor(b.t.Context(), started, nil)
	}
	if err != nil {
		b.t.Errorf("%s: %v", what(e), err)
		return
	}
	done.What = what(e)
	b.executions = append(b.executions, done)
}

// send an event to the bus.
func send(ctx context.Context, e event) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	out, err := aws.EventBridge.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		Source:     &e.Source,
		DetailType: &e.DetailType,
		Resources:  e.Resources,
		Detail:     new(string(detail)),
	}}})
	if err != nil {
		return err
	}
	if out.FailedEntryCount > 0 {
		return fmt.Errorf("the bus refuses the event: %s", *out.Entries[0].ErrorMessage)
	}
	return nil
}
