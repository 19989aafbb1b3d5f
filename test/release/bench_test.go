package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/localstack"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

var update = flag.Bool("update", false, "rewrite the expected histories in testdata")

const (
	ready  = "04-ready"
	commit = "0123456789abcdef0123456789abcdef01234567"

	// execution of the pipeline that releases first.
	execution = "pipeline-execution"

	// tested is the version of green that each execution of the pipeline tests.
	tested = "7"
)

// linear is the shift of LambdaLinear10PercentEvery10Minutes.
var linear = fakeaws.Shift{Percentage: 10, Interval: 10 * time.Minute}

// A bench is an account with a pipeline, whose state machines are run as the pipeline, people and EventBridge run them.
type bench struct {
	t        *testing.T
	rendered rendered
	machines map[string]*interpreter.Machine
	clock    *clock.Clock
	begin    time.Time
	cloud    *fakeaws.Cloud
	runner   *sdk.Runner

	// execution of the pipeline that releases.
	execution string

	executions []executed
	recorded   int

	// account in which IAM is asked about the calls of state machines.
	account *access.Account

	// calls are the integrations that each state machine has called, and asked what IAM was asked for that.
	calls map[string][]string
	asked map[string][]access.Request

	// mayBeDenied: the scenario is one of a role that lacks a permission.
	mayBeDenied bool
}

// A caller makes the calls of a state machine, in the name of its role.
type caller struct {
	*bench

	machine string
}

func (c caller) Do(ctx context.Context, resource string, arguments any) (any, error) {
	asked, err := c.account.Authorize(c.rendered.roleARN(c.machine), resource, arguments)
	c.calls[c.machine] = append(c.calls[c.machine], resource)
	c.asked[c.machine] = append(c.asked[c.machine], asked...)
	if denied := (*access.DeniedError)(nil); errors.As(err, &denied) {
		if !c.mayBeDenied {
			c.t.Errorf("the role of the %s lacks a permission: %v", c.machine, err)
		}
		return nil, sdk.Denied(resource, err.Error())
	}
	if err != nil {
		return nil, err
	}
	return c.runner.Do(ctx, resource, arguments)
}

// executed is what a golden file tells of an execution.
type executed struct {
	What   string   `json:"what"`
	Status string   `json:"status"`
	Error  string   `json:"error,omitempty"`
	Cause  string   `json:"cause,omitempty"`
	Output any      `json:"output,omitempty"`
	Took   string   `json:"took"`
	States []string `json:"states"`
}

func newBench(t *testing.T, name string, shift fakeaws.Shift) *bench {
	t.Helper()
	r := load(t, name)
	return newBenchOf(t, r, shift)
}

// newBenchOf a pipeline that was rendered, or changed since.
func newBenchOf(t *testing.T, r rendered, shift fakeaws.Shift) *bench {
	t.Helper()
	begin := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	c := clock.New(begin)
	setup := r.setup(shift)
	cloud := fakeaws.New(t, c, setup)
	b := &bench{
		t: t, rendered: r, machines: map[string]*interpreter.Machine{}, clock: c, begin: begin, cloud: cloud,
		runner: sdk.New(cloud.Endpoint(), setup.Region), account: account(t, r), calls: map[string][]string{}, asked: map[string][]access.Request{},
	}
	for _, name := range machineNames {
		b.machines[name] = r.machine(t, name)
	}
	b.newRun(execution)
	t.Cleanup(b.checkFinality)
	return b
}

// run an execution of a state machine. A mistake in the definition is never what a scenario wants.
func (b *bench) run(machine, what string, input any) interpreter.Result {
	b.t.Helper()
	begin := b.clock.Now()
	i := len(b.executions)
	b.executions = append(b.executions, executed{What: what})
	result := b.execute(machine, nameOf(i), input)
	if strings.HasPrefix(result.Error, "States.") && result.Error != interpreter.ErrTimeout {
		b.t.Errorf("%s: %s: %s", what, result.Error, result.Cause)
	}
	if machine == rollbackMachine && result.Status == "SUCCEEDED" {
		b.checkRolledBack(what, result.Output)
	}
	b.executions[i] = executed{
		What: what, Status: result.Status, Error: result.Error, Cause: result.Cause, Output: result.Output,
		Took: b.clock.Now().Sub(begin).String(), States: firstVisits(result.States()),
	}
	return result
}

// checkRolledBack checks that a rollback which says that it has gone back has: to an older version, which has all traffic.
func (b *bench) checkRolledBack(what string, output any) {
	b.t.Helper()
	said, _ := output.(map[string]any)
	live, gone := fmt.Sprint(said["liveVersion"]), fmt.Sprint(said["rolledBackVersion"])
	if diff := cmp.Diff(fakeaws.Alias{Version: live}, b.cloud.Lambda.Alias()); diff != "" {
		b.t.Errorf("%s: -want the alias that it tells of, +got:\n%s", what, diff)
	}
	to, err := strconv.Atoi(live)
	from, err2 := strconv.Atoi(gone)
	if isBootstrap := b.rendered.bootstrap == gone; err != nil || err2 != nil || to >= from && !isBootstrap {
		b.t.Errorf("%s: want an older version, got from %q to %q", what, gone, live)
	}
}

// nameOf the execution of a state machine that is run as the i-th, from 0.
func nameOf(i int) string {
	return fmt.Sprintf("execution-%d", i+1)
}

// localStack is where LocalStack's interpreter is installed, which runs the executions instead of our own.
var localStack = flag.String("localstack", "", "run the executions in the LocalStack that is installed in this folder")

var startLocalStack = sync.OnceValues(func() (*localstack.Interpreter, error) { return localstack.Start(context.Background(), *localStack) })

// execute a state machine.
func (b *bench) execute(machine, name string, input any) interpreter.Result {
	b.t.Helper()
	if *localStack == "" {
		return b.machines[machine].Run(b.t.Context(), caller{b, machine}, b.clock, name, input)
	}
	other, err := startLocalStack()
	if err != nil {
		b.t.Fatal(err)
	}
	result, err := other.Run(b.t.Context(), localstack.Execution{
		Name: name, Definition: b.rendered.definition(machine), Input: input,
		Endpoint: b.cloud.Endpoint(), Region: b.rendered.setup(fakeaws.Shift{}).Region,
	}, b.clock)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// firstVisits returns the states in the order in which they were first visited.
func firstVisits(states []string) []string {
	var first []string
	for _, s := range states {
		if !slices.Contains(first, s) {
			first = append(first, s)
		}
	}
	return first
}

// smoke tests a version of green.
func (b *bench) smoke() interpreter.Result {
	b.t.Helper()
	return b.run(releaseMachine, "smoke", b.smokeInput())
}

// smokeInput is what the pipeline gives a smoke test.
func (b *bench) smokeInput() any {
	b.t.Helper()
	return b.rendered.input(b.t, "Smoke_Test_Green", map[string]string{
		"DeployGreen.FunctionVersion": tested, "codepipeline.PipelineExecutionId": b.execution,
	})
}

// shift traffic to a version of blue.
func (b *bench) shift(target string) interpreter.Result {
	b.t.Helper()
	return b.shiftCommit(target, commit)
}

func (b *bench) shiftCommit(target, commit string) interpreter.Result {
	b.t.Helper()
	return b.runShift("shift to "+target, b.shiftInput(target, commit))
}

// shiftInput is what the pipeline gives a release.
func (b *bench) shiftInput(target, commit string) any {
	b.t.Helper()
	return b.published(b.variables(target, commit))
}

// variables of the pipeline when its run has published a version of a commit.
func (b *bench) variables(target, commit string) map[string]string {
	return map[string]string{
		"DeployBlue.FunctionVersion":       target,
		"codepipeline.PipelineExecutionId": b.execution,
		"SourceVariables.CommitId":         commit,
		"SourceVariables.AuthorDate":       b.begin.Add(-time.Hour).Format(time.RFC3339),
	}
}

// published has the actions of the pipeline's run put out such variables, and returns what the pipeline gives the release then.
func (b *bench) published(variables map[string]string) any {
	b.t.Helper()
	b.cloud.CodePipeline.PutOut(b.execution, b.rendered.outputs(variables))
	return b.rendered.input(b.t, "Shift_Traffic", variables)
}

// wasLive has a version be one that a deployment gave all traffic before.
func (b *bench) wasLive(version string) {
	id := b.cloud.CodeDeploy.Succeeded(version)
	b.cloud.DynamoDB.Put(id, map[string]string{
		"status": "Succeeded", "toVersion": version, "startedAt": b.begin.Add(-time.Hour).Format(time.RFC3339), "rollbackOf": "",
	})
}

// runShift runs a release as the pipeline does: its action waits for it, and has given it the name of its own run.
func (b *bench) runShift(what string, input any) interpreter.Result {
	b.t.Helper()
	name := nameOf(len(b.executions))
	b.cloud.CodePipeline.BeginShift(name)
	result := b.run(releaseMachine, what, input)
	b.cloud.CodePipeline.EndShift(name, result.Status == interpreter.Succeeded)
	return result
}

// newRun of the pipeline, which has built something, and which somebody approves.
func (b *bench) newRun(execution string) {
	b.execution = execution
	b.cloud.CodePipeline.Begin(execution)
	b.cloud.CodePipeline.Build(execution, builtKey(execution))
	b.cloud.CodePipeline.Test(execution, tested)
	b.cloud.S3.Put(b.bucket(), builtKey(execution), "what "+execution+" has built", nil, false)
	b.cloud.CodePipeline.Approve(execution, "arn:aws:iam::111122223333:user/ada", "looks good")
}

// overtake older executions of the pipeline, in the name of one.
func (b *bench) overtake(execution string) interpreter.Result {
	b.t.Helper()
	return b.run(releaseMachine, "overtake", b.rendered.input(b.t, "Overtake_Waiting_Release", map[string]string{"codepipeline.PipelineExecutionId": execution}))
}

// record an event, if the rule matches it.
func (b *bench) record(event any) interpreter.Result {
	b.t.Helper()
	if !b.startsWatch(event) {
		b.t.Fatalf("the rule does not match the event: %v", event)
	}
	detail := event.(map[string]any)["detail"].(map[string]any)
	return b.run(watchMachine, fmt.Sprintf("record %s of %s", detail["state"], detail["deploymentId"]), event)
}

// startsWatch says whether the rule matches an event.
func (b *bench) startsWatch(event any) bool {
	b.t.Helper()
	var pattern any
	if err := json.Unmarshal([]byte(b.rendered.byName["watch-deployments-rule"].Spec.ForProvider.EventPattern), &pattern); err != nil {
		b.t.Fatalf("cannot read event pattern: %v", err)
	}
	return matches(pattern, event)
}

// matches says whether an event has, for each member of the pattern, one of the values that it lists.
func matches(pattern, event any) bool {
	switch p := pattern.(type) {
	case map[string]any:
		e, ok := event.(map[string]any)
		for name, want := range p {
			if name == "$or" {
				ok = ok && slices.ContainsFunc(want.([]any), func(one any) bool { return matches(one, event) })
				continue
			}
			ok = ok && matches(want, e[name])
		}
		return ok
	case []any:
		return slices.ContainsFunc(p, func(one any) bool { return isValue(one, event) })
	default:
		return false
	}
}

// isValue says whether a value is the one that a pattern lists, or is there or ends as it says.
func isValue(listed, value any) bool {
	operator, ok := listed.(map[string]any)
	if !ok {
		return listed == value
	}
	if exists, ok := operator["exists"].(bool); ok {
		return exists == (value != nil)
	}
	text, isText := value.(string)
	suffix, isSuffix := operator["suffix"].(string)
	return isText && isSuffix && strings.HasSuffix(text, suffix)
}

// recordNew records the events that have come since the last time.
func (b *bench) recordNew() {
	b.t.Helper()
	for events := b.cloud.CodeDeploy.Events(); b.recorded < len(events); {
		b.recorded++
		b.record(events[b.recorded-1])
	}
}

// recordAlways records events as they come, for some time.
func (b *bench) recordAlways(length time.Duration) {
	for d := time.Duration(0); d < length; d += time.Second * 10 {
		b.clock.After(d, b.recordNew)
	}
}

// checkFinality of what the history has said: how a deployment ended never changes.
func (b *bench) checkFinality() {
	ended := map[any]any{}
	for _, item := range b.cloud.DynamoDB.Written() {
		id, status := item["deploymentId"], item["status"]
		if before, ok := ended[id]; ok && before != status {
			b.t.Errorf("%s had ended as %s, and is %s again", id, before, status)
		}
		if status == "Succeeded" || status == "Failed" || status == "Stopped" {
			ended[id] = status
		}
	}
}

// status that the history has of a deployment.
func (b *bench) status(deployment string) any {
	return b.cloud.DynamoDB.Items()[deployment]["status"]
}

// golden compares what happened with a file in testdata.
func (b *bench) golden(name string) {
	b.t.Helper()
	var buffer bytes.Buffer
	e := json.NewEncoder(&buffer)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	all := map[string]any{
		"executions": b.executions,
		"alias":      b.cloud.Lambda.Alias(),
		"history":    b.cloud.DynamoDB.Items(),
		"metrics":    b.cloud.CloudWatch.Published(),
	}
	if told := b.cloud.SNS.Messages(); len(told) > 0 {
		all["told"] = told
	}
	if err := e.Encode(all); err != nil {
		b.t.Fatalf("cannot write history: %v", err)
	}
	got := buffer.Bytes()
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			b.t.Fatalf("cannot write golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatalf("cannot read golden file: %v", err)
	}
	if !bytes.Equal(want, got) {
		b.t.Errorf("%s: -want, +got:\n%s", file, cmp.Diff(string(want), string(got)))
	}
}
