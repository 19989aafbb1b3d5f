package release

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// final is what the history must say of a deployment that the alarm stopped, and of its rollback, whatever the events.
var final = map[string]any{"d-TEST00001": "Stopped", "d-TEST00002": "Succeeded"}

func (b *bench) checkFinal() {
	b.t.Helper()
	got := map[string]any{}
	for id := range b.cloud.DynamoDB.Items() {
		got[id] = b.status(id)
	}
	if diff := cmp.Diff(final, got); diff != "" {
		b.t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestEventsInAnyOrder records the events of a release that is rolled back in every order, each of them twice.
func TestEventsInAnyOrder(t *testing.T) {
	for _, order := range permutations(4) {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			b := newBench(t, ready, linear)
			b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Hour)
			b.shift("2")
			b.clock.Advance(time.Minute)
			events := b.cloud.CodeDeploy.Events()
			if len(events) != len(order) {
				t.Fatalf("want %d events, got %v", len(order), events)
			}
			for range 2 {
				for _, i := range order {
					b.record(events[i])
				}
			}
			b.checkFinal()
		})
	}
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := range n {
			q := append(append(append([]int(nil), p[:i]...), n-1), p[i:]...)
			all = append(all, q)
		}
	}
	return all
}

// TestEventsWhileShifting records events during a release, or during a deployment that someone starts in the console,
// with a table that cannot be written for a while: what an execution has read of a deployment is old by the time it is
// written.
func TestEventsWhileShifting(t *testing.T) {
	starts := map[string]func(*bench){
		"Release": func(b *bench) { b.shift("2") },
		"Console": func(b *bench) { b.cloud.CodeDeploy.Start("2") },
	}
	for who, start := range starts {
		for unavailable := 1; unavailable <= 8; unavailable++ {
			t.Run(fmt.Sprint(who, unavailable), func(t *testing.T) {
				b := newBench(t, ready, linear)
				b.cloud.CodeDeploy.Alarm(2*time.Minute, time.Hour)
				// Just before the deployment is stopped, the event that says that it runs is handled, late.
				b.clock.After(110*time.Second, func() {
					b.cloud.Fail("dynamodb:UpdateItem", repeat(throttled, unavailable)...)
					b.record(b.cloud.CodeDeploy.Events()[0])
				})
				b.clock.After(3*time.Minute, b.recordNew)
				start(b)
				b.clock.Advance(10 * time.Minute)
				b.checkFinal()
			})
		}
	}
}

// TestEventBeforeStart handles events while the release itself cannot write yet that it has begun.
func TestEventBeforeStart(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	b.cloud.Fail("dynamodb:UpdateItem", repeat(throttled, 5)...)
	b.clock.After(40*time.Second, b.recordNew)
	b.shift("2")

	item := b.cloud.DynamoDB.Items()["d-TEST00001"]
	want := map[string]any{"status": "Succeeded", "commitId": commit, "toVersion": "2"}
	got := map[string]any{}
	for name := range want {
		got[name] = item[name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func repeat(f fakeaws.Fault, times int) []fakeaws.Fault {
	fs := make([]fakeaws.Fault, times)
	for i := range fs {
		fs[i] = f
	}
	return fs
}
