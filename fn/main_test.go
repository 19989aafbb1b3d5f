package main

import (
	"runtime/debug"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestMain(m *testing.M) {
	fntest.Main(m)
}

// TestGCPercent checks how much more memory may be in use before garbage is collected.
func TestGCPercent(t *testing.T) {
	for env, want := range map[string]int{"": gcPercent, "50": 100} {
		t.Setenv("GOGC", env)
		// Go has read GOGC when the process began, so limitMemory leaves alone what is there.
		was := debug.SetGCPercent(100)
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
		limitMemory()
		if got := debug.SetGCPercent(was); got != want {
			t.Errorf("GOGC=%q: want %d %%, got %d %%", env, want, got)
		}
	}
}

func TestLimitMemory(t *testing.T) {
	const operators = 1 << 30

	cases := map[string]struct {
		reason string
		env    string
		want   int64
	}{
		"Default": {reason: "Bursts of calls should not make the process grow for ever.", want: memoryLimit},
		"Given":   {reason: "Who operates the function may know better.", env: "1GiB", want: operators},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOMEMLIMIT", tc.env)
			was := debug.SetMemoryLimit(operators)
			defer debug.SetMemoryLimit(was)
			defer debug.SetGCPercent(debug.SetGCPercent(100))
			limitMemory()
			if got := debug.SetMemoryLimit(-1); got != tc.want {
				t.Errorf("%s: want a limit of %d bytes, got %d", tc.reason, tc.want, got)
			}
		})
	}
}
