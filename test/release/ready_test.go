package release

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// TestReady checks that nothing calls a version, or gives it traffic, before Lambda can run it. The fakes refuse both.
func TestReady(t *testing.T) {
	pending := fakeaws.State{Name: "Pending", Reason: "The function is being created."}
	type want struct {
		Status, Error string
		Took          time.Duration
	}
	const late = 20 * time.Minute
	smoke := func(states ...fakeaws.State) func(*bench) interpreter.Result {
		return func(b *bench) interpreter.Result {
			b.cloud.Lambda.States(b.green(), "7", states...)
			return b.smoke()
		}
	}
	shift := func(states ...fakeaws.State) func(*bench) interpreter.Result {
		return func(b *bench) interpreter.Result {
			b.cloud.Lambda.States(b.blue(), "2", states...)
			return b.shift("2")
		}
	}
	cases := map[string]struct {
		reason string
		run    func(*bench) interpreter.Result
		want   want

		// cause is in that of the failure.
		cause string
	}{
		"SmokeActive": {
			reason: "A version that is ready is called at once.",
			run:    smoke(), want: want{Status: "SUCCEEDED"},
		},
		"SmokePending": {
			reason: "One that is being made ready is waited for.",
			run:    smoke(pending, pending, pending, fakeaws.State{Name: "Active"}), want: want{Status: "SUCCEEDED", Took: 90 * time.Second},
		},
		"SmokeInactive": {
			reason: "One that nobody has called for long becomes active by a call.",
			run:    smoke(fakeaws.State{Name: "Inactive"}), want: want{Status: "SUCCEEDED"},
		},
		"SmokeFailed": {
			reason: "One that Lambda cannot make ready fails, for Lambda's reason.",
			run:    smoke(pending, fakeaws.State{Name: "Failed", Reason: "The subnet has no free addresses."}),
			want:   want{Status: "FAILED", Error: "VersionNotReady", Took: 30 * time.Second},
			cause:  "Version 7 of payment-processor-green-pr-123 cannot run. Lambda says that it is Failed: The subnet has no free addresses.",
		},
		"SmokeNeverReady": {
			reason: "One that is never ready is given up on.",
			run:    smoke(pending), want: want{Status: "FAILED", Error: "VersionNotReady", Took: late - 30*time.Second},
			cause: "it is Pending: The function is being created.",
		},
		"ShiftPending": {
			reason: "One that is being made ready gets no traffic.",
			run:    shift(pending, pending, pending, fakeaws.State{Name: "Active"}), want: want{Status: "SUCCEEDED", Took: 90 * time.Second},
		},
		"ShiftFailed": {
			reason: "One that cannot be made ready gets none, and no deployment is created.",
			run:    shift(pending, fakeaws.State{Name: "Failed"}),
			want:   want{Status: "FAILED", Error: "VersionNotReady", Took: 30 * time.Second},
			cause:  "Version 2 of payment-processor-blue-pr-123 cannot run. Lambda says that it is Failed",
		},
		"ShiftNeverReady": {
			reason: "One that is never ready is given up on.",
			run:    shift(pending), want: want{Status: "FAILED", Error: "VersionNotReady", Took: late - 30*time.Second},
			cause: "it is Pending: The function is being created.",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
			begin := b.clock.Now()
			result := tc.run(b)
			got := want{Status: result.Status, Error: result.Error, Took: b.clock.Now().Sub(begin)}
			if result.Status == interpreter.Succeeded && !slices.Contains(result.States(), "SmokeTest.InvokeGreen") {
				// The wait alone: what comes after it takes its own time.
				got.Took = 30 * time.Second * time.Duration(count(result.States(), "AwaitTarget.Wait"))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if !strings.Contains(result.Cause, tc.cause) {
				t.Errorf("%s\nwant %q in the cause, got %q", tc.reason, tc.cause, result.Cause)
			}
			if deployed := len(b.cloud.CodeDeploy.Deployments()) > 0; deployed != slices.Contains(result.States(), "Deploy.Create") {
				t.Errorf("%s\nwant a deployment only of a version that is ready", tc.reason)
			}
		})
	}
}

// count how often a state was visited.
func count(states []string, name string) int {
	n := 0
	for _, s := range states {
		if s == name {
			n++
		}
	}
	return n
}
