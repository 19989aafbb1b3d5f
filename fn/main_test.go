package main

import (
	"runtime/debug"
	"testing"
)

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
			limitMemory()
			if got := debug.SetMemoryLimit(-1); got != tc.want {
				t.Errorf("%s: want a limit of %d bytes, got %d", tc.reason, tc.want, got)
			}
		})
	}
}
