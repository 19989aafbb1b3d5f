package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

// releasing is the case whose claim has settings released by themselves.
const releasing = "28-configuration-release"

// look for settings that wait for a release, as the schedule has it done.
func (b *bench) look() interpreter.Result {
	b.t.Helper()
	var input any
	if err := json.Unmarshal([]byte(b.rendered.byName["watch-configuration-target"].Spec.ForProvider.Input), &input); err != nil {
		b.t.Fatalf("cannot read input: %v", err)
	}
	b.clock.Advance(5 * time.Minute)
	return b.run(watchMachine, "look for settings", input)
}

// configure the next version of blue with memory, in MiB. The provider publishes one, which nobody serves.
func (b *bench) configure(memory int, version int) {
	b.t.Helper()
	b.cloud.Lambda.Configure(b.blue(), settingsOf(memory))
	b.cloud.Lambda.Publish(b.blue(), version, version)
}

// settingsOf a function with memory, in MiB.
func settingsOf(memory int) object {
	return object{
		"Runtime": "nodejs24.x", "Handler": "index.handler", "MemorySize": memory, "Timeout": 30,
		"Environment": object{"Variables": object{"DEPLOYMENT_TABLE": "history", "VERSION": "blue", "TOKEN": "top-secret"}},
	}
}

// release a new version of blue with the settings that it has.
func (b *bench) release(version int) {
	b.t.Helper()
	b.cloud.Lambda.Publish(b.blue(), version, version)
	b.newRun(fmt.Sprintf("execution-of-%d", version))
	b.shiftCommit(strconv.Itoa(version), fmt.Sprintf("commit-of-%d", version))
}

// TestConfiguration follows changes of settings to the release of each.
func TestConfiguration(t *testing.T) {
	cases := map[string]struct {
		reason string
		shift  fakeaws.Shift
		act    func(b *bench)
		runs   int
	}{
		"Nothing": {
			reason: "Settings that are live start nothing, and the second look ends sooner.",
			act:    func(b *bench) { b.look(); b.look() },
		},
		"Released": {
			reason: "A change runs the pipeline once, and once it is live it is known to be.", runs: 1,
			act: func(b *bench) {
				b.look()
				b.configure(1024, 2)
				b.look()
				b.look()
				b.release(3)
				b.look()
				b.look()
			},
		},
		"Failed": {
			reason: "What the pipeline could not release is not tried again.", runs: 1,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.look()
				b.look()
				b.look()
			},
		},
		"ChangedBack": {
			reason: "Who takes a change back while it is released has that released too.", runs: 2,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.look()
				b.cloud.Lambda.Publish(b.blue(), 3, 3)
				b.configure(512, 4)
				b.look()
				b.shift("3")
				b.look()
				b.look()
			},
		},
		"Pushed": {
			reason: "Settings that a push has released start nothing, not even after a rollback.",
			act: func(b *bench) {
				b.look()
				b.configure(1024, 2)
				b.release(3)
				b.look()
				b.rollBack("")
				b.look()
			},
		},
		"Shifting": {
			reason: "A release that is under way has the settings already.", shift: linear,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.CodeDeploy.Start("2")
				b.clock.Advance(time.Minute)
				b.look()
				b.look()
			},
		},
		"ShiftingWithOthers": {
			reason: "While traffic moves nothing is started, and after that what is still wanted.", shift: linear, runs: 1,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.CodeDeploy.Start("2")
				b.clock.Advance(time.Minute)
				b.configure(2048, 3)
				b.look()
				b.clock.Advance(2 * time.Hour)
				b.look()
			},
		},
		"TakenBack": {
			reason: "After a person's rollback the branch may have what was taken back: a person releases it.",
			act: func(b *bench) {
				b.release(2)
				b.look()
				b.rollBack("")
				b.configure(1024, 3)
				b.look()
			},
		},
		"ReleasedAfterTakenBack": {
			reason: "The release after it ends that.", runs: 1,
			act: func(b *bench) {
				b.release(2)
				b.rollBack("")
				b.clock.Advance(time.Minute)
				b.release(3)
				b.look()
				b.configure(1024, 4)
				b.look()
			},
		},
		"Changing": {
			reason: "Half of a change is not released.",
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.Lambda.Changing(true)
				b.look()
			},
		},
		"Variables": {
			reason: "A variable is a setting, in whatever order they come.", runs: 1,
			act: func(b *bench) {
				b.look()
				other := settingsOf(512)
				other["Environment"] = object{"Variables": object{"TOKEN": "another-secret"}}
				b.cloud.Lambda.Configure(b.blue(), other)
				b.look()
			},
		},
		"NoVariables": {
			reason: "A function without variables is one too.", runs: 1,
			act: func(b *bench) {
				none := settingsOf(512)
				delete(none, "Environment")
				b.cloud.Lambda.Configure(b.blue(), none)
				b.look()
			},
		},
		"AnswerLost": {
			reason: "A run whose start was not answered is not started twice.", runs: 1,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.Fail("codepipeline:StartPipelineExecution", fakeaws.Fault{Cut: true, After: true})
				b.look()
			},
		},
		"NotRemembered": {
			reason: "What could not be written down is started again, and fails until then.", runs: 2,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.Fail("dynamodb:UpdateItem", repeat(broken, 9)...)
				b.look()
				b.look()
				b.look()
			},
		},
		"NotStarted": {
			reason: "A pipeline that cannot be started fails the look, and is started by a later one.", runs: 1,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.Fail("codepipeline:StartPipelineExecution", repeat(throttled, 9)...)
				b.look()
				b.look()
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.shift == (fakeaws.Shift{}) {
				tc.shift = fakeaws.Shift{Percentage: 100}
			}
			b := newBench(t, releasing, tc.shift)
			b.cloud.Lambda.Configure(b.blue(), settingsOf(512))
			b.cloud.Lambda.Publish(b.blue(), 1, 1)
			tc.act(b)
			if diff := cmp.Diff(tc.runs, len(b.cloud.CodePipeline.Runs())); diff != "" {
				t.Errorf("%s\n-want runs of the pipeline, +got:\n%s", tc.reason, diff)
			}
			b.golden("Configuration" + name)
			if t.Failed() {
				t.Log(tc.reason)
			}
			history, err := json.Marshal(b.cloud.DynamoDB.Items())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(history), "secret") {
				t.Errorf("the history tells the value of a variable: %s", history)
			}
		})
	}
}

// TestConfigurationWithoutPipeline looks for settings before there is a pipeline, whose first run releases them.
func TestConfigurationWithoutPipeline(t *testing.T) {
	r := load(t, releasing)
	delete(r.byName, "pipeline")
	b := newBenchOf(t, r, linear)
	b.configure(512, 1)
	b.configure(1024, 2)
	result := b.look()
	want := object{"result": "there is no pipeline yet, and its first run releases the settings"}
	if diff := cmp.Diff(any(want), result.Output); diff != "" {
		t.Errorf("%s %s: -want output, +got:\n%s", result.Error, result.Cause, diff)
	}
	if items := b.cloud.DynamoDB.Items(); len(items) > 0 {
		t.Errorf("want nothing remembered, got %v", items)
	}
}

// TestConfigurationWaits checks that the state machine of a claim that waits knows nothing of this.
func TestConfigurationWaits(t *testing.T) {
	if resources := load(t, ready).machine(t, watchMachine).Resources(); slices.ContainsFunc(resources, func(r string) bool {
		return sdk.Action(r) == "codepipeline:StartPipelineExecution"
	}) {
		t.Errorf("want no run of the pipeline, got %v", resources)
	}
}
