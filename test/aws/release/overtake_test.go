package release

import (
	"slices"
	"testing"
)

// TestOvertake lets a newer execution of the pipeline stop an older one that waits for its approval, and no other.
func TestOvertake(t *testing.T) {
	b := newBench(t, ready, linear)
	if got := b.overtake("newer"); got.Status != "SUCCEEDED" || len(b.cloud.CodePipeline.Stopped()) > 0 {
		t.Errorf("want what was approved to go on, got %s: %v", got.Status, b.cloud.CodePipeline.Stopped())
	}
	b.cloud.CodePipeline.Wait("older")
	if got := b.overtake("newer"); got.Status != "SUCCEEDED" || !slices.Equal(b.cloud.CodePipeline.Stopped(), []string{"older: Overtaken by execution newer"}) {
		t.Errorf("want the older one to be stopped, got %s: %s: %v", got.Status, got.Cause, b.cloud.CodePipeline.Stopped())
	}
}

// TestCalendar releases outside of every window and in one.
func TestCalendar(t *testing.T) {
	b := newBench(t, calendars, linear)
	// Whatever time it is here, the commit that is let through goes live, and the history says whether it had to be.
	b.blue("2")
	b.shiftCommit("2", b.rendered.bypassed())
	item := b.history()["d-TEST00001"]
	if item["alarmsBypassed"] != true || item["bypassReason"] == "" {
		t.Errorf("want the release to be let through, with its reason, got %v: %+v", item, b.executions)
	}
	if _, ok := item["calendarBypassed"].(string); !ok {
		t.Errorf("want the history to say what was bypassed, got %v", item)
	}
}
