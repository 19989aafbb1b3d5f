package release

import "testing"

// TestPastThePipeline starts a shift as the pipeline does not: under a name of its own, for a run that somebody has approved.
func TestPastThePipeline(t *testing.T) {
	b := newBench(t, ready, allAtOnce)
	b.blue("2")
	b.run(releaseMachine, "shift past the pipeline", b.rendered.input("Shift_Traffic", shiftVariables("2", commit)))
	b.checkGolden("PipelinePast")
}
