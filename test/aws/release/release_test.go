package release

import (
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// allAtOnce is the shift of LambdaAllAtOnce.
var allAtOnce = fakeaws.Shift{Percentage: 100}

// TestRelease follows releases as TestRelease of our own interpreter does, and expects the same: each execution's end, its
// error, the states it went through, the history, and the alias.
func TestRelease(t *testing.T) {
	cases := map[string]struct {
		reason   string
		rendered string
		shift    fakeaws.Shift
		act      func(b *bench)
	}{
		"FirstRelease": {
			reason: "A good version passes the smoke test, is shifted in ten steps, and is recorded.",
			act:    firstRelease,
		},
		"NoEvents": {
			reason: "The history of a release does not depend on events.",
			act:    func(b *bench) { b.shift("2") },
		},
		"SecondRelease": {
			reason: "A release begins where the one before it has ended.",
			shift:  allAtOnce,
			act: func(b *bench) {
				b.shift("2")
				b.shift("3")
				b.expectAnswer(`"production is version 3"`)
			},
		},
		"NothingToDo": {
			reason: "A release that runs again succeeds at once.",
			shift:  allAtOnce,
			act: func(b *bench) {
				b.shift("2")
				b.shift("2")
			},
		},
		"Canary": {
			reason:   "A rollout of the claim's own is followed to its end.",
			rendered: "09-custom-canary",
			shift:    fakeaws.Shift{Canary: true, Percentage: 5, Interval: 20 * time.Minute},
			act:      func(b *bench) { b.expectShares(b.shift("2"), "1, 5 % to 2", "1, 5 % to 2", "2") },
		},
		"Hooks": {
			reason:   "Hooks are part of the deployment.",
			rendered: "10-hooks",
			shift:    allAtOnce,
			act:      func(b *bench) { b.shift("2") },
		},
		"HistoryExpires": {
			reason:   "Items expire where the claim says so.",
			rendered: "14-history-ttl",
			act: func(b *bench) {
				b.shift("2")
				b.recordNew()
			},
		},
		"Failure": {
			reason: "A failed deployment fails the release with CodeDeploy's message, and its rollback is recorded.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Plan(fakeaws.Failure{After: 30 * time.Minute, Code: "HOOK_EXECUTION_FAILURE", Message: "The hook said no"})
				b.expectShares(b.shift("2"), "1, 10 % to 2", "1, 20 % to 2", "1, 30 % to 2")
				b.rollBack()
			},
		},
		"StopOnAlarm": {
			reason: "A deployment that the alarm stops fails the release, and its rollback is recorded.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Alarm(30*time.Minute, time.Hour)
				b.shift("2")
				b.rollBack()
			},
		},
		"AlarmBlocks": {
			reason:   "While the alarm is active, a release fails at once.",
			rendered: "17-full",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Alarm(0, time.Hour)
				b.shift("2")
				b.rollBack()
			},
		},
		"AlarmBypassed": {
			reason:   "The commit that the claim names is released all the same.",
			rendered: "17-full",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Alarm(0, time.Hour)
				b.shiftCommit("2", b.rendered.bypassed())
				b.recordNew()
			},
		},
		"ConsoleDeployment": {
			reason: "A deployment that someone starts in the console is recorded while it runs, and when it has ended.",
			act:    consoleDeployment,
		},
		"Concurrent": {
			reason: "While another deployment is active, a release fails with CodeDeploy's message and changes nothing.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(time.Minute)
				b.shift("2")
			},
		},
		"InvalidVersion": {
			reason: "CodeDeploy's refusal fails the release.",
			act:    func(b *bench) { b.shift("$LATEST") },
		},
		"UnknownDeployment": {
			reason: "An event of a deployment that CodeDeploy does not know fails, and leaves nothing in the history.",
			act:    func(b *bench) { b.record(b.event("d-UNKNOWN00", "START")) },
		},
		"MalformedInput": {
			reason: "Input that is not understood is refused before anything is done.",
			act: func(b *bench) {
				for _, input := range []string{
					`null`,
					`"smoke"`,
					`[]`,
					`{}`,
					`{"action":"smoke"}`,
					`{"action":"smoke","version":7}`,
					`{"action":"shift"}`,
					`{"action":"shift","targetVersion":2,"pipelineExecutionId":"p","commitId":"c"}`,
					`{"source":"aws.codedeploy"}`,
					`{"source":"aws.codedeploy","detail":{"deploymentId":null}}`,
				} {
					for _, machine := range machineNames {
						b.run(machine, "malformed, to the "+machine, input)
					}
				}
			},
		},
		"SmokeFunctionError": {
			reason: "An error of the function fails the smoke test with its own name.",
			act:    func(b *bench) { b.smoke(b.green(`throw new TypeError("x is undefined")`)) },
		},
		"SmokeStatus": {
			reason: "A status at the limit fails the smoke test.",
			act:    func(b *bench) { b.smoke(b.green(`return { body: "no", statusCode: 400 }`)) },
		},
		"SmokeNoStatus": {
			reason: "An answer without a status fails the smoke test, whatever it is.",
			act: func(b *bench) {
				for _, answer := range []string{`{ ok: true }`, `{ statusCode: "200" }`, `{ statusCode: null }`, `null`, `"fine"`, `[1, 2]`, `200`} {
					b.smoke(b.green("return " + answer))
				}
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.rendered == "" {
				tc.rendered = ready
			}
			if tc.shift == (fakeaws.Shift{}) {
				tc.shift = linear
			}
			b := newBench(t, tc.rendered, tc.shift)
			for _, version := range []string{"2", "3", "4", "5"} {
				b.blue(version)
			}
			tc.act(b)
			b.checkGolden(name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}

// firstRelease looks at everything on the way: who answers in production, and what the history says while traffic
// shifts.
func firstRelease(b *bench) {
	b.expectAnswer(`"statusCode": 200`) // The bootstrap code's.
	b.smoke("1")
	b.expectShares(b.shift("2"),
		"1, 10 % to 2", "1, 20 % to 2", "1, 30 % to 2", "1, 40 % to 2", "1, 50 % to 2",
		"1, 60 % to 2", "1, 70 % to 2", "1, 80 % to 2", "1, 90 % to 2", "2")
	b.expectAnswer(`"production is version 2"`)
	// Both events are late: the release has recorded how the deployment has ended.
	b.recordNew()
}

func consoleDeployment(b *bench) {
	id := b.cloud.CodeDeploy.Start("5")
	b.clock.Advance(time.Minute)
	b.recordNew()
	b.expectStatus(id, "InProgress")
	b.clock.Advance(2 * time.Hour)
	b.recordNew()
	b.expectStatus(id, "Succeeded")
}

// rollBack waits for the deployment that undoes the last one, and records all events.
func (b *bench) rollBack() {
	b.clock.Advance(time.Minute)
	b.recordNew()
}
