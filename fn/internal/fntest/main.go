package fntest

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// Main runs the tests of a package that draws values with pgregory.net/rapid. They are the same values in each run, so that a test
// that passes keeps passing until the code changes. "make fuzz" draws others, as anybody does who says -rapid.seed=0.
func Main(m *testing.M) {
	// Flags of the command line are parsed later, and so win.
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err) // The package does not use rapid.
	}
	// What is drawn is soon garbage, and memory is plenty: to collect it takes a quarter of the time otherwise.
	debug.SetGCPercent(200)
	os.Exit(m.Run())
}
