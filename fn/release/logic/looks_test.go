package logic_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

const (
	looks    = 200
	perLook  = 60
	releases = 1000
	allowed  = 1
)

// TestRepeatedLooks releases candidates that fail no more often than is allowed, and looks at each of them as often as at a shift of an
// hour and a half. Each look could stop one by chance: three deviations keep that rare, and two would not.
func TestRepeatedLooks(t *testing.T) {
	// The verdict reads more than is needed here. It is no text if it is against the candidate.
	byVerdict := stopsAt(t, "("+logic.Verdict(5, []logic.Criterion{{ID: "errors", Says: "failed", MaxPercent: allowed}})+") != ''")
	byTwo := stopsAt(t, "$x >= 3 and "+twoDeviations)
	cases := map[string]struct {
		reason          string
		stops           []int
		percent         float64
		atLeast, atMost int
	}{
		"AtTheLimit":    {reason: "One that fails as often as is allowed is rarely stopped.", stops: byVerdict, percent: allowed, atMost: releases / 20},
		"Half":          {reason: "One that fails half as often hardly ever is.", stops: byVerdict, percent: allowed / 2.0, atMost: releases / 100},
		"TwoDeviations": {reason: "Two deviations would stop more than one in ten.", stops: byTwo, percent: allowed, atLeast: releases / 10, atMost: releases},
		"Bad":           {reason: "One that fails three times as often is stopped.", stops: byVerdict, percent: 3 * allowed, atLeast: releases, atMost: releases},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := stopped(tc.stops, tc.percent)
			t.Logf("%d of %d are stopped", got, releases)
			if got < tc.atLeast || got > tc.atMost {
				t.Errorf("%s\nwant %d to %d of %d to be stopped, got %d", tc.reason, tc.atLeast, tc.atMost, releases, got)
			}
		})
	}
}

// twoDeviations holds if the lower bound of $x of $n at two deviations is above what is allowed, and above the upper bound of none of $n.
const twoDeviations = "100 * ($x + 2 - 2 * $sqrt($x * (1 - $x / $n) + 1)) / ($n + 4) > $max([1, 400 / ($n + 4)])"

// stopsAt returns for each look how many bad invocations, $x of $n, stop a candidate by the supplied expression.
func stopsAt(t *testing.T, isBad asl.Expr) []int {
	t.Helper()
	stops, x := make([]int, looks), 0
	for look := range stops {
		n := (look + 1) * perLook
		for ; x <= n; x++ {
			bad, err := interpreter.Evaluate(string(isBad), nil, map[string]any{
				"candidateVersion": "2", "liveVersion": "1", "x": float64(x), "n": float64(n),
				"counts": map[string]any{
					"candidate_errors": float64(x), "candidate_invocations": float64(n), "live_errors": 0.0, "live_invocations": float64(n),
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			if bad == true {
				break
			}
		}
		stops[look] = x
	}
	return stops
}

// stopped counts the releases that are stopped at some look, if each invocation fails with the supplied chance.
func stopped(stops []int, percent float64) int {
	random := rand.New(rand.NewPCG(1, 2))
	count := 0
	for range releases {
		bad := 0
		for _, most := range stops {
			for range perLook {
				if random.Float64() < percent/100 {
					bad++
				}
			}
			if bad >= most {
				count++
				break
			}
		}
	}
	return count
}
