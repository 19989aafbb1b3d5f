package release

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// retries of calls, at the least, that a persistent error outlasts: a release writes its history four times, and goes on three times without.
const retries = 30

// faults of a single call, by what kind of trouble they are.
var faults = map[string]fakeaws.Fault{
	"Error":        broken,
	"Unavailable":  {Status: 503, Code: "ServiceUnavailableException", Message: "Try again"},
	"Denied":       {Status: 403, Code: "AccessDeniedException", Message: "Not allowed"},
	"Cut":          {Cut: true},
	"LostResponse": {Cut: true, After: true},
	"LateError":    {Status: 500, Code: "InternalFailure", Message: "Something went wrong", After: true},
}

// branches of the state machine.
var branches = map[string]func(*bench) interpreter.Result{
	"Smoke": func(b *bench) interpreter.Result { return b.smoke() },
	"Shift": func(b *bench) interpreter.Result { return b.shift("2") },
	"Rollback": func(b *bench) interpreter.Result {
		b.wasLive("1")
		b.cloud.Lambda.Serve("2")
		return b.rollBack("1")
	},
	"Overtake": func(b *bench) interpreter.Result {
		b.cloud.CodePipeline.Wait("older-execution")
		return b.overtake("newer-execution")
	},
	"Record": func(b *bench) interpreter.Result {
		b.cloud.CodeDeploy.Start("5")
		b.clock.Advance(time.Hour)
		b.recorded = 1
		return b.record(b.cloud.CodeDeploy.Events()[1])
	},
	"Progress": func(b *bench) interpreter.Result {
		b.report("Succeeded", b.begun(build)...)
		return b.show(b.runEvent("SUCCEEDED", "", "", ""))
	},
	"Missed": func(b *bench) interpreter.Result {
		b.deployUntold(1)
		return b.lookDaily()
	},
}

// A place is one call of a branch: the n-th of an action, from 0.
type place struct {
	action string
	n      int
}

// places of all calls that a branch makes, but of an action that it repeats only the first two and the last.
func places(t *testing.T, branch func(*bench) interpreter.Result) []place {
	t.Helper()
	b := newBench(t, ready, fakeaws.Shift{Percentage: 50, Interval: time.Minute})
	if result := branch(b); result.Status != interpreter.Succeeded {
		t.Fatalf("without faults: %s: %s", result.Error, result.Cause)
	}
	count := map[string]int{}
	var all []place
	for _, c := range b.cloud.Calls() {
		all = append(all, place{c.Action, count[c.Action]})
		count[c.Action]++
	}
	return slices.DeleteFunc(all, func(p place) bool { return p.n > 1 && p.n < count[p.action]-1 })
}

// fail the call at the place so often.
func (b *bench) fail(p place, fault fakeaws.Fault, times int) {
	b.cloud.Fail(p.action, repeat(fakeaws.Fault{}, p.n)...)
	b.cloud.Fail(p.action, repeat(fault, times)...)
}

// TestFaults lets each call fail, in each way, once or for good.
func TestFaults(t *testing.T) {
	for branch, run := range branches {
		for _, p := range places(t, run) {
			for kind, fault := range faults {
				for _, times := range []int{1, retries} {
					t.Run(fmt.Sprintf("%s/%s-%d/%s-%d", branch, p.action, p.n, kind, times), func(t *testing.T) {
						b := newBench(t, ready, fakeaws.Shift{Percentage: 50, Interval: time.Minute})
						b.fail(p, fault, times)
						result := run(b)
						if want := survives(branch, p, fault, times); (result.Status == interpreter.Succeeded) != want {
							t.Errorf("want success %t, got %s: %s: %s", want, result.Status, result.Error, result.Cause)
						}
						// The group's own rule hides a second request as long as the first deployment is active, so the
						// requests that were carried out are counted too.
						want := 1
						if p.action == "cloudwatch:GetMetricData" && times > 1 {
							// What nobody can see is taken back.
							want = 2
						}
						if got := b.cloud.CodeDeploy.Deployments(); len(got) > want {
							t.Errorf("want %d deployments at most, got %v", want, got)
						}
						// A rollback does not wait for its history, which CodeDeploy's event writes once more.
						if branch != "Rollback" || p.action != "dynamodb:UpdateItem" || times == 1 {
							b.checkHistory(result)
						}
					})
				}
			}
		}
	}
}

// survives says whether a branch should succeed in spite of a fault.
func survives(branch string, p place, fault fakeaws.Fault, times int) bool {
	switch p.action {
	case "codedeploy:CreateDeployment":
		// Its request is not repeated. Whether it was carried out decides, if that is looked for.
		return fault.After && branch == "Shift"
	case "dynamodb:UpdateItem":
		// A rollback waits for nothing.
		return times == 1 || branch == "Rollback"
	case "dynamodb:GetItem":
		// The way back is named, and nothing is pruned.
		return times == 1 || branch == "Rollback" || branch == "Record" || branch == "Missed"
	case "codedeploy:ListDeploymentTargets", "codedeploy:BatchGetDeploymentTargets":
		// An event is recorded without the versions.
		return true
	case "sns:Publish":
		// Nobody hears of it, and the history has it all the same.
		return true
	case "lambda:ListVersionsByFunction", "lambda:DeleteFunction":
		// Old versions stay until the next deployment.
		return true
	case "lambda:GetAlias":
		// A version that is judged goes on being so. What is live is not shown, though it is recorded.
		return times == 1 || p.n > 0 && branch == "Shift"
	case "codepipeline:GetPipelineState":
		// What is not known to be approved does not shift, and nothing is overtaken.
		return times == 1 || branch == "Overtake"
	case "codepipeline:StopPipelineExecution", "cloudwatch:PutMetricData":
		// Nothing is overtaken, and nothing counted.
		return true
	default:
		return times == 1
	}
}

// checkHistory says of an execution that has succeeded what CodeDeploy says.
func (b *bench) checkHistory(result interpreter.Result) {
	b.t.Helper()
	if result.Status != interpreter.Succeeded {
		return
	}
	for _, id := range b.cloud.CodeDeploy.Deployments() {
		if diff := cmp.Diff(any("Succeeded"), b.status(id)); diff != "" {
			b.t.Errorf("history of %s\n-want, +got:\n%s", id, diff)
		}
	}
}

// TestNeverTwice loses the answer to CreateDeployment, in every way, while the deployment is over at once, so that
// CodeDeploy would take a second request.
func TestNeverTwice(t *testing.T) {
	for kind, fault := range faults {
		if !fault.After {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
			b.cloud.CodeDeploy.PageSize = 1
			b.cloud.Fail("codedeploy:CreateDeployment", fault)
			// Looking for the deployment takes so long that it has ended meanwhile.
			b.cloud.Fail("codedeploy:ListDeployments", throttled, throttled, throttled, throttled, throttled)
			if result := b.shift("2"); result.Status != interpreter.Succeeded {
				t.Errorf("%s: %s", result.Error, result.Cause)
			}
			requests := 0
			for _, c := range b.cloud.Calls() {
				if c.Action == "codedeploy:CreateDeployment" {
					requests++
				}
			}
			if got := b.cloud.CodeDeploy.Deployments(); requests != 1 || len(got) != 1 {
				t.Errorf("want one request and one deployment, got %d and %v", requests, got)
			}
		})
	}
}
