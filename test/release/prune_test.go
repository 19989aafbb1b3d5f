package release

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// publish versions of blue and of green.
func (b *bench) publish(first, last int) {
	b.cloud.Lambda.Publish(b.blue(), first, last)
	b.cloud.Lambda.Publish(b.green(), first, last)
}

// blue is the function that serves.
func (b *bench) blue() string {
	return b.rendered.awsName("blue-function")
}

// TestPrune checks which versions are left once a release is recorded: of each function the newest 20, and of blue also what is live, what was, and
// what is newer than that.
func TestPrune(t *testing.T) {
	denied := fakeaws.Fault{Status: 403, Code: "AccessDeniedException", Message: "Not allowed"}
	cases := map[string]struct {
		reason    string
		published int
		live      int
		target    int
		act       func(*bench)
		blue      []string
		green     []string
	}{
		"Few": {
			reason: "As many as are kept stay.", published: 20, live: 19, target: 20,
			blue: versions(1, 20), green: versions(1, 20),
		},
		"OneMore": {
			reason: "The oldest goes.", published: 21, live: 20, target: 21,
			blue: versions(2, 21), green: versions(2, 21),
		},
		"Pages": {
			reason: "Versions are listed page by page.", published: 70, live: 69, target: 70,
			blue: versions(51, 70), green: versions(51, 70),
		},
		"FirstLive": {
			reason: "The version to go back to stays, as old as it may be.", published: 40, live: 1, target: 40,
			blue: append(versions(1, 1), versions(21, 40)...), green: versions(21, 40),
		},
		"Older": {
			reason: "What has become live stays, and so does what is newer and may be waiting.", published: 40, live: 40, target: 10,
			blue: versions(10, 40), green: versions(21, 40),
		},
		"Many": {
			reason: "A release deletes a hundred, and the next goes on.", published: 150, live: 149, target: 150,
			blue: append(versions(1, 30), versions(131, 150)...), green: append(versions(1, 30), versions(131, 150)...),
		},
		"NotListed": {
			reason: "What cannot be listed stays, and the other function is pruned all the same.", published: 21, live: 20, target: 21,
			act:  func(b *bench) { b.cloud.Fail("lambda:ListVersionsByFunction", repeat(denied, 9)...) },
			blue: versions(1, 21), green: versions(2, 21),
		},
		"NotDeleted": {
			reason: "What cannot be deleted stays, and the rest goes.", published: 23, live: 22, target: 23,
			act:  func(b *bench) { b.cloud.Fail("lambda:DeleteFunction", denied) },
			blue: append(versions(3, 3), versions(4, 23)...), green: versions(4, 23),
		},
		"Throttled": {
			reason: "What is throttled is asked for again.", published: 21, live: 20, target: 21,
			act:  func(b *bench) { b.cloud.Fail("lambda:DeleteFunction", busy, busy) },
			blue: versions(2, 21), green: versions(2, 21),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
			b.publish(1, tc.published)
			b.cloud.Lambda.Serve(strconv.Itoa(tc.live))
			if tc.act != nil {
				tc.act(b)
			}
			if result := b.shift(strconv.Itoa(tc.target)); result.Status != interpreter.Succeeded {
				t.Fatalf("%s: %s", result.Error, result.Cause)
			}
			b.recordNew()
			if diff := cmp.Diff(tc.blue, b.cloud.Lambda.Versions(b.blue())); diff != "" {
				t.Errorf("%s\nblue: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.green, b.cloud.Lambda.Versions(b.green())); diff != "" {
				t.Errorf("%s\ngreen: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestFailedReleaseDeletesNothing checks that only a release that has shifted traffic deletes versions.
func TestFailedReleaseDeletesNothing(t *testing.T) {
	b := newBench(t, ready, linear)
	b.publish(1, 30)
	b.cloud.CodeDeploy.Plan(fakeaws.Failure{Code: "HOOK_EXECUTION_FAILURE"})
	if result := b.shift("30"); result.Status == interpreter.Succeeded {
		t.Fatal("the release has succeeded")
	}
	b.recordNew()
	if diff := cmp.Diff(versions(1, 30), b.cloud.Lambda.Versions(b.blue())); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// versions from the first to the last, as Lambda names them.
func versions(first, last int) []string {
	var all []string
	for v := first; v <= last; v++ {
		all = append(all, fmt.Sprint(v))
	}
	return all
}
