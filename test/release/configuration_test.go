package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	known "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

// releasing is the case whose claim has settings released by themselves.
const releasing = "28-configuration-release"

// look for settings that wait for a release, as the schedule has it done five minutes later, with what the function knows then.
func (b *bench) look() interpreter.Result {
	b.t.Helper()
	return b.lookKnowing(func(*known.Settings) {})
}

// lookKnowing something else than all that can be known.
func (b *bench) lookKnowing(change func(*known.Settings)) interpreter.Result {
	b.t.Helper()
	settings := b.settings()
	change(&settings)
	data, err := json.Marshal(known.Configuration(settings))
	if err != nil {
		b.t.Fatal(err)
	}
	b.clock.Advance(5 * time.Minute)
	return b.run(watchMachine, "look for settings", parse(b.t, string(data)))
}

// settings that the function knows of: those that blue is configured with are what the claim asks for, and the provider has seen each
// version.
func (b *bench) settings() known.Settings {
	wanted := b.cloud.Lambda.Settings(b.blue(), "")
	sum := sha256.Sum256([]byte(wanted))
	seen := known.Settings{Wanted: hex.EncodeToString(sum[:8]), Newest: "0"}
	for _, v := range b.cloud.Lambda.Versions(b.blue()) {
		seen.Newest = v
		if b.cloud.Lambda.Settings(b.blue(), v) == wanted {
			seen.With = append(seen.With, v)
		} else {
			seen.Without = append(seen.Without, v)
		}
	}
	return seen
}

// unseen is a version that another had followed before the provider looked.
func unseen(version string) func(*known.Settings) {
	return func(s *known.Settings) {
		isVersion := func(v string) bool { return v == version }
		s.With, s.Without = slices.DeleteFunc(s.With, isVersion), slices.DeleteFunc(s.Without, isVersion)
	}
}

// lookOfEarlier schedule, which tells nothing.
func (b *bench) lookOfEarlier() interpreter.Result {
	b.t.Helper()
	return b.lookKnowing(func(s *known.Settings) { *s = known.Settings{} })
}

// configure the next version of blue with memory, in MiB. The provider publishes one, which nobody serves.
func (b *bench) configure(memory int, version int) {
	b.t.Helper()
	b.give(settingsOf(memory))
	b.cloud.Lambda.Publish(b.blue(), version, version)
}

// give both functions settings, as the provider does. A version of blue that is published from now on has them, and so has the one of
// green that is tested.
func (b *bench) give(settings object) {
	b.cloud.Lambda.Configure(b.blue(), settings)
	b.cloud.Lambda.Configure(b.green()+":"+tested, ofGreen(settings))
}

// ofGreen are settings as green has them: each function has a variable that names it.
func ofGreen(settings object) object {
	variables := maps.Clone(settings["Environment"].(object)["Variables"].(object))
	variables["VERSION"] = "green"
	green := maps.Clone(settings)
	green["Environment"] = object{"Variables": variables}
	return green
}

// settingsOf blue with memory, in MiB.
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

// rememberAsEarlier releases of this package did: what was released, or asked to be, in words.
func (b *bench) rememberAsEarlier(memory, version int) {
	b.cloud.DynamoDB.Put("configuration", map[string]string{
		"deploymentId": "configuration", "at": "2026-01-01T00:00:00.000Z", "pipelineExecutionId": "", "version": strconv.Itoa(version),
		"settings": fmt.Sprintf("Runtime nodejs24.x, Handler index.handler, MemorySize %d, Environment e3b0c442", memory),
	})
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
			reason: "What no version has yet is not released.", runs: 1,
			act: func(b *bench) {
				b.give(settingsOf(1024))
				b.look()
				b.cloud.Lambda.Publish(b.blue(), 2, 2)
				b.look()
			},
		},
		"Variables": {
			reason: "A variable is a setting.", runs: 1,
			act: func(b *bench) {
				b.look()
				other := settingsOf(512)
				other["Environment"] = object{"Variables": object{"TOKEN": "another-secret"}}
				b.give(other)
				b.cloud.Lambda.Publish(b.blue(), 2, 2)
				b.look()
			},
		},
		"HiddenVariables": {
			reason: "Whether the roles may read variables changes nothing.", runs: 1,
			act: func(b *bench) {
				b.cloud.Lambda.Hide()
				b.look()
				other := settingsOf(512)
				other["Environment"] = object{"Variables": object{"TOKEN": "another-secret"}}
				b.give(other)
				b.cloud.Lambda.Publish(b.blue(), 2, 2)
				b.look()
				b.look()
				b.release(3)
				b.look()
				b.look()
			},
		},
		"NotSeenYet": {
			reason: "A version that went live before the provider has looked is judged when it has.",
			act: func(b *bench) {
				b.release(2)
				b.lookKnowing(func(s *known.Settings) { s.Newest, s.With = "1", []string{"1"} })
				b.look()
			},
		},
		"Unseen": {
			reason: "Of a version that the provider has never seen people are told once, and of each change after that.",
			act: func(b *bench) {
				b.release(2)
				b.configure(1024, 3)
				b.lookKnowing(unseen("2"))
				b.lookKnowing(unseen("2"))
				b.configure(2048, 4)
				b.lookKnowing(unseen("2"))
				b.lookKnowing(unseen("2"))
				b.release(5)
				b.look()
			},
		},
		"HiddenFromProvider": {
			reason: "If the provider may not decrypt, nobody knows a version's settings, and people are told.",
			act: func(b *bench) {
				hidden := func(s *known.Settings) { s.With, s.Without = nil, nil }
				b.lookKnowing(hidden)
				b.lookKnowing(hidden)
			},
		},
		"UnclearNotRemembered": {
			reason: "People are told again rather than never.",
			act: func(b *bench) {
				b.configure(1024, 2)
				b.cloud.Fail("dynamodb:UpdateItem", repeat(broken, 9)...)
				b.lookKnowing(unseen("1"))
				b.lookKnowing(unseen("1"))
				b.lookKnowing(unseen("1"))
			},
		},
		"UnclearRolledBack": {
			reason: "After a person's rollback nothing is started anyway, and nobody is told.",
			act: func(b *bench) {
				b.release(2)
				b.look()
				b.rollBack("")
				b.configure(1024, 3)
				b.lookKnowing(unseen("1"))
			},
		},
		"UpgradedLive": {
			reason: "After an upgrade, settings that are live are remembered anew, and the next change is released.", runs: 1,
			act: func(b *bench) {
				b.rememberAsEarlier(512, 1)
				b.lookOfEarlier()
				b.look()
				b.configure(1024, 2)
				b.look()
				b.look()
			},
		},
		"UpgradedPending": {
			reason: "Settings that an upgrade finds not live are not released by it. People are told once, and the next change is released.", runs: 1,
			act: func(b *bench) {
				b.configure(1024, 2)
				b.rememberAsEarlier(1024, 1)
				b.lookOfEarlier()
				b.look()
				b.look()
				b.configure(2048, 3)
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
			b.give(settingsOf(512))
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
			for _, resource := range b.calls[watchMachine] {
				if strings.HasSuffix(resource, ":getFunctionConfiguration") {
					t.Error("the watch reads settings")
				}
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
