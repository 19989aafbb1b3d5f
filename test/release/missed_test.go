package release

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// lose the events that have come since the last time: EventBridge delivers none of them.
func (b *bench) lose() {
	b.recorded = len(b.cloud.CodeDeploy.Events())
}

// lookDaily as the schedule of the rule has the watch do it.
func (b *bench) lookDaily() interpreter.Result {
	b.t.Helper()
	rule := b.rendered.byName["watch-deployments-rule"].Spec.ForProvider
	if rule.ScheduleExpression != "rate(1 day)" {
		b.t.Fatalf("want the rule to start the watch once a day, got %q", rule.ScheduleExpression)
	}
	return b.run(watchMachine, "daily look", object{
		"version": "0", "id": "00000000-0000-0000-0000-000000000000", "detail-type": "Scheduled Event", "source": "aws.events",
		"account": "111122223333", "time": b.clock.Now().Format(time.RFC3339), "region": "us-east-1",
		"resources": []any{"arn:aws:events:us-east-1:111122223333:rule/" + b.rendered.awsName("watch-deployments-rule")},
		"detail":    object{},
	})
}

// deployUntold starts deployments in the console, so many times, and loses all events of them.
func (b *bench) deployUntold(times int) {
	b.t.Helper()
	for i := range times {
		b.cloud.CodeDeploy.Start(fmt.Sprint(2 + i%2))
		b.clock.Advance(time.Hour)
	}
	b.lose()
}

// statuses that the history has of deployments.
func (b *bench) statuses() map[string]any {
	all := map[string]any{}
	for id, item := range b.cloud.DynamoDB.Items() {
		if status, ok := item["status"]; ok {
			all[id] = status
		}
	}
	return all
}

// writes of items of deployments, by their ids.
func (b *bench) writes() map[string]int {
	count := map[string]int{}
	for _, item := range b.cloud.DynamoDB.Written() {
		count[item["deploymentId"].(string)]++
	}
	return count
}

// each deployment, with the same value.
func each[V any](b *bench, value V) map[string]V {
	all := map[string]V{}
	for _, id := range b.cloud.CodeDeploy.Deployments() {
		all[id] = value
	}
	return all
}

// TestMissed follows what becomes of deployments of which no event has told, in testdata.
func TestMissed(t *testing.T) {
	cases := map[string]struct {
		reason string
		act    func(b *bench)
	}{
		"MissedConsoleDeployment": {
			reason: "The daily look records a deployment that someone has started in the console.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(2 * time.Hour)
				b.lose()
				b.lookDaily()
			},
		},
		"MissedRollback": {
			reason: "The daily look records CodeDeploy's own rollback, with the deployment that it undoes.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Hour)
				b.shift("2")
				b.clock.Advance(time.Minute)
				b.lose()
				b.lookDaily()
			},
		},
		"MissedUntilNextEvent": {
			reason: "The next event's execution records its own deployment and the one of which no event has told.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(2 * time.Hour)
				b.lose()
				b.recordAlways(time.Minute)
				b.shift("6")
			},
		},
		"MissedNothing": {
			reason: "A look that finds all in the history reads it and writes nothing.",
			act: func(b *bench) {
				b.shift("2")
				b.recordNew()
				before := len(b.cloud.DynamoDB.Written())
				b.lookDaily()
				if got := len(b.cloud.DynamoDB.Written()); got != before {
					b.t.Errorf("want no item to be written, got %d", got-before)
				}
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, linear)
			tc.act(b)
			b.golden(name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}

// TestMissedMany looks for more deployments than one execution records, one page lists and one call to DynamoDB takes. Each is recorded
// once, and none again.
func TestMissedMany(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.cloud.CodeDeploy.PageSize = 40
	b.deployUntold(130)
	for looks := 1; looks <= 7; looks++ {
		b.lookDaily()
		if got, want := len(b.statuses()), min(25*looks, 130); got != want {
			t.Fatalf("after %d looks: want %d deployments in the history, got %d", looks, want, got)
		}
	}
	if diff := cmp.Diff(each[any](b, "Succeeded"), b.statuses()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(each(b, 1), b.writes()); diff != "" {
		t.Errorf("writes: -want, +got:\n%s", diff)
	}
}

// TestMissedAndUnprocessed has DynamoDB answer for some items only. What is final is not written again.
func TestMissedAndUnprocessed(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.deployUntold(5)
	b.cloud.DynamoDB.BatchSize = 2
	for range 2 {
		if result := b.lookDaily(); result.Status != interpreter.Succeeded {
			t.Errorf("%s: %s", result.Error, result.Cause)
		}
	}
	if diff := cmp.Diff(each(b, 1), b.writes()); diff != "" {
		t.Errorf("writes: -want, +got:\n%s", diff)
	}
}

// TestMissedAtOnce has a second execution look while a call of the first is throttled, at each of its calls.
func TestMissedAtOnce(t *testing.T) {
	for _, action := range []string{
		"codedeploy:ListDeployments", "dynamodb:BatchGetItem", "codedeploy:GetDeployment", "codedeploy:ListDeploymentTargets",
		"codedeploy:BatchGetDeploymentTargets", "dynamodb:UpdateItem",
	} {
		t.Run(action, func(t *testing.T) {
			b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
			b.deployUntold(3)
			b.cloud.Fail(action, throttled)
			second := interpreter.Result{}
			b.clock.After(time.Nanosecond, func() { second = b.lookDaily() })
			first := b.lookDaily()
			if first.Status != interpreter.Succeeded || second.Status != interpreter.Succeeded {
				t.Errorf("want both to succeed, got %s: %s, and %s: %s", first.Error, first.Cause, second.Error, second.Cause)
			}
			if diff := cmp.Diff(each[any](b, "Succeeded"), b.statuses()); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
			if diff := cmp.Diff(each(b, 1), b.writes()); diff != "" {
				t.Errorf("writes: -want, +got:\n%s", diff)
			}
		})
	}
}

// TestMissedAndRefused has a call fail for good at one of three deployments. The others are recorded, the execution says what failed, and
// the next look makes it good.
func TestMissedAndRefused(t *testing.T) {
	for _, action := range []string{"codedeploy:GetDeployment", "dynamodb:UpdateItem"} {
		t.Run(action, func(t *testing.T) {
			b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
			b.deployUntold(3)
			b.cloud.Fail(action, repeat(broken, 9)...)
			if result := b.lookDaily(); result.Status == interpreter.Succeeded || result.Cause == "" {
				t.Errorf("want the look to fail and say why, got %s: %s", result.Status, result.Cause)
			}
			if got := len(b.statuses()); got != 2 {
				t.Errorf("want two deployments in the history, got %d", got)
			}
			if result := b.lookDaily(); result.Status != interpreter.Succeeded {
				t.Errorf("the next look: %s: %s", result.Error, result.Cause)
			}
			if diff := cmp.Diff(each[any](b, "Succeeded"), b.statuses()); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}

// TestMissedAndNotListed has events handled while deployments cannot be listed, or the history not be read: they are recorded all the same.
func TestMissedAndNotListed(t *testing.T) {
	for _, action := range []string{"codedeploy:ListDeployments", "dynamodb:BatchGetItem"} {
		t.Run(action, func(t *testing.T) {
			b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
			b.deployUntold(1)
			id := b.cloud.CodeDeploy.Start("4")
			b.clock.Advance(time.Minute)
			b.cloud.Fail(action, repeat(broken, 9)...)
			if result := b.record(b.cloud.CodeDeploy.Events()[b.recorded]); result.Status == interpreter.Succeeded {
				t.Error("want the execution to say that it could not look for others")
			}
			if diff := cmp.Diff(map[string]any{id: "Succeeded"}, b.statuses()); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}

// TestMissedTooLongAgo checks that a look records what has ended since, and neither what runs nor what was created too long ago.
func TestMissedTooLongAgo(t *testing.T) {
	b := newBench(t, ready, linear)
	b.cloud.CodeDeploy.Start("2")
	b.clock.Advance(14*24*time.Hour - 2*time.Hour)
	ended := b.cloud.CodeDeploy.Start("3")
	b.clock.Advance(119 * time.Minute)
	b.cloud.CodeDeploy.Start("4")
	b.clock.Advance(2 * time.Minute)
	b.lookDaily()
	if diff := cmp.Diff([]string{ended}, slices.Collect(maps.Keys(b.statuses()))); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestMissedShiftIsPruned checks that old versions go also if no event has told of the shift, and that those stay between which it was.
func TestMissedShiftIsPruned(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.publish(1, 30)
	b.cloud.Lambda.Serve("3")
	b.cloud.CodeDeploy.Start("30")
	b.clock.Advance(time.Minute)
	b.lose()
	b.lookDaily()
	if diff := cmp.Diff(append(versions(3, 3), versions(11, 30)...), b.cloud.Lambda.Versions(b.blue())); diff != "" {
		t.Errorf("blue: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(versions(11, 30), b.cloud.Lambda.Versions(b.green())); diff != "" {
		t.Errorf("green: -want, +got:\n%s", diff)
	}
}
