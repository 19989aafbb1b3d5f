package release

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

type object = map[string]any

var (
	throttled = fakeaws.Fault{Status: 400, Code: "ThrottlingException", Message: "Rate exceeded"}
	busy      = fakeaws.Fault{Status: 429, Code: "TooManyRequestsException", Message: "Rate exceeded"}
	broken    = fakeaws.Fault{Status: 500, Code: "InternalFailure", Message: "Something went wrong"}
)

// TestRelease follows releases from what starts them to the history they leave behind, in testdata.
func TestRelease(t *testing.T) {
	cases := map[string]struct {
		reason   string
		rendered string
		shift    fakeaws.Shift
		act      func(b *bench)
	}{
		"FirstRelease": {
			reason: "A good version passes the smoke test, is shifted in ten steps, and its events are recorded as they come.",
			act: func(b *bench) {
				b.recordAlways(2 * time.Hour)
				b.smoke()
				b.shift("2")
				b.recordNew()
			},
		},
		"NoEvents": {
			reason: "The history of a release does not depend on events.",
			act:    func(b *bench) { b.shift("2") },
		},
		"SecondRelease": {
			reason: "A release begins where the one before it has ended.",
			shift:  fakeaws.Shift{Percentage: 100},
			act: func(b *bench) {
				b.shift("2")
				b.shift("3")
			},
		},
		"NothingToDo": {
			reason: "A release that runs again succeeds at once.",
			shift:  fakeaws.Shift{Percentage: 100},
			act: func(b *bench) {
				b.shift("2")
				b.shift("2")
			},
		},
		"Canary": {
			reason:   "A rollout of the claim's own is followed to its end.",
			rendered: "09-custom-canary",
			shift:    fakeaws.Shift{Canary: true, Percentage: 5, Interval: 20 * time.Minute},
			act:      func(b *bench) { b.shift("2") },
		},
		"Hooks": {
			reason:   "Hooks are part of the deployment.",
			rendered: "10-hooks",
			shift:    fakeaws.Shift{Percentage: 100},
			act:      func(b *bench) { b.shift("2") },
		},
		"HistoryExpires": {
			reason:   "Items expire where the claim says so.",
			rendered: "14-history-ttl",
			act: func(b *bench) {
				b.recordAlways(2 * time.Hour)
				b.shift("2")
			},
		},
		"Failure": {
			reason: "A failed deployment fails the release, and its rollback is recorded.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Plan(fakeaws.Failure{After: 30 * time.Minute, Code: "HOOK_EXECUTION_FAILURE", Message: "The hook said no"})
				b.shift("2")
				b.clock.Advance(time.Minute)
				b.recordNew()
			},
		},
		"StopOnAlarm": {
			reason: "A deployment that the alarm stops fails the release, and its rollback is recorded.",
			act: func(b *bench) {
				b.recordAlways(2 * time.Hour)
				b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Hour)
				b.shift("2")
				b.clock.Advance(time.Minute)
				b.recordNew()
			},
		},
		"AlarmBlocks": {
			reason:   "While the alarm is active, a release fails at once.",
			rendered: "17-full",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Alarm(0, time.Hour)
				b.shift("2")
				b.clock.Advance(time.Minute)
				b.recordNew()
			},
		},
		"AlarmBypassed": {
			reason:   "The commit that the claim names is released all the same.",
			rendered: "17-full",
			act: func(b *bench) {
				b.recordAlways(2 * time.Hour)
				b.cloud.CodeDeploy.Alarm(0, time.Hour)
				b.shiftCommit("2", b.bypassed())
				b.recordNew()
			},
		},
		"ConsoleDeployment": {
			reason: "A deployment that someone starts in the console is recorded.",
			act: func(b *bench) {
				b.recordAlways(2 * time.Hour)
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(2 * time.Hour)
			},
		},
		"Concurrent": {
			reason: "While another deployment is active, a release fails with CodeDeploy's message and changes nothing.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.shift("2")
			},
		},
		"InvalidVersion": {
			reason: "CodeDeploy's refusal fails the release.",
			act:    func(b *bench) { b.shift("$LATEST") },
		},
		"Hanging": {
			reason: "A deployment that does not end is given up on.",
			shift:  fakeaws.Shift{Percentage: 10, Interval: 100 * time.Hour},
			act:    func(b *bench) { b.shift("2") },
		},
		"Throttled": {
			reason: "Throttling delays a release, but does not change it.",
			shift:  fakeaws.Shift{Percentage: 100},
			act: func(b *bench) {
				for action, fault := range map[string]fakeaws.Fault{
					"lambda:InvokeFunction": busy, "lambda:GetAlias": busy, "codedeploy:CreateDeployment": throttled,
					"codedeploy:GetDeployment": throttled, "dynamodb:UpdateItem": throttled,
				} {
					b.cloud.Fail(action, fault, fault, fault)
				}
				b.smoke()
				b.shift("2")
			},
		},
		"NoHistory": {
			reason: "A table that cannot be written does not stop traffic, but fails the release when it has ended.",
			shift:  fakeaws.Shift{Percentage: 100},
			act: func(b *bench) {
				for range 30 {
					b.cloud.Fail("dynamodb:UpdateItem", broken)
				}
				b.shift("2")
			},
		},
		"UnknownDeployment": {
			reason: "An event of a deployment that CodeDeploy does not know fails, and leaves nothing in the history.",
			act: func(b *bench) {
				b.record(object{
					"source": "aws.codedeploy", "detail-type": "CodeDeploy Deployment State-change Notification",
					"detail": object{"application": b.rendered.awsName("deploy-application"), "deploymentId": "d-UNKNOWN00", "state": "START"},
				})
			},
		},
		"SmokeFunctionError": {
			reason: "An error of the function fails the smoke test with its own name.",
			act: func(b *bench) {
				b.cloud.Lambda.Answers(b.green(), fakeaws.Answer{Error: true, Payload: object{"errorType": "TypeError", "errorMessage": "x is undefined"}})
				b.smoke()
			},
		},
		"SmokeStatus": {
			reason: "A status at the limit fails the smoke test.",
			act: func(b *bench) {
				b.cloud.Lambda.Answers(b.green(), fakeaws.Answer{Payload: object{"statusCode": 400, "body": "no"}})
				b.smoke()
			},
		},
		"SmokeNoStatus": {
			reason: "An answer without a status fails the smoke test, whatever it is.",
			act: func(b *bench) {
				for _, payload := range []any{object{"ok": true}, object{"statusCode": "200"}, object{"statusCode": nil}, nil, "fine", []any{1, 2}, 200} {
					b.cloud.Lambda.Answers(b.green(), fakeaws.Answer{Payload: payload})
					b.smoke()
				}
			},
		},
		"MalformedInput": {
			reason: "Input that is not understood is refused before anything is done.",
			act: func(b *bench) {
				for _, input := range []any{
					nil,
					"smoke",
					[]any{},
					object{},
					object{"action": "smoke"},
					object{"action": "smoke", "version": 7.0},
					object{"action": "shift"},
					object{"action": "shift", "targetVersion": 2.0, "pipelineExecutionId": "p", "commitId": "c"},
					object{"source": "aws.codedeploy"},
					object{"source": "aws.codedeploy", "detail": object{"deploymentId": nil}},
				} {
					for _, machine := range machineNames {
						b.run(machine, "malformed, to the "+machine, input)
					}
				}
				if calls := b.cloud.Calls(); len(calls) > 0 {
					b.t.Errorf("calls were made: %v", calls)
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
			tc.act(b)
			b.golden(name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}

// green is the function that is tested.
func (b *bench) green() string {
	return b.rendered.awsName("green-function")
}

// bypassed is the commit for which the claim lets releases ignore their alarms.
func (b *bench) bypassed() string {
	b.t.Helper()
	var claim struct {
		Spec struct {
			Rollout struct {
				BypassAlarmsForCommit string `json:"bypassAlarmsForCommit"`
			} `json:"rollout"`
		} `json:"spec"`
	}
	data, err := os.ReadFile(filepath.Join("..", "render", b.rendered.name, "claim.yaml"))
	if err != nil {
		b.t.Fatalf("cannot read claim: %v", err)
	}
	if err := yaml.Unmarshal(data, &claim); err != nil {
		b.t.Fatalf("cannot parse claim: %v", err)
	}
	return claim.Spec.Rollout.BypassAlarmsForCommit
}
