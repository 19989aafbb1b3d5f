package release

import (
	"fmt"
	"testing"
)

// TestMissedDays checks how far a look goes back: no further than the history does, as an item that has expired would be written again.
func TestMissedDays(t *testing.T) {
	const day = 24 * 60 * 60 * 1000
	for historyDays, want := range map[int32]int{0: 14, 400: 14, 15: 14, 14: 14, 13: 13, 1: 1} {
		c := newTestConfig(func(c *Config) { c.HistoryDays = historyDays })
		start := fmt.Sprintf("$fromMillis($toMillis($states.context.Execution.StartTime) - %d)", want*day)
		if got := string(c.listEnded().CreateTimeRange.Start); got != start {
			t.Errorf("history of %d days: want %s, got %s", historyDays, start, got)
		}
	}
}

// TestMissedOutlastShifts checks that the longest deployment can end, and some daily looks fail, before nothing looks for it any more.
func TestMissedOutlastShifts(t *testing.T) {
	c := newTestConfig(variants["Everything"])
	if days := (c.shiftLimitMinutes() + 24*60 - 1) / (24 * 60); days+7 > missedDays {
		t.Errorf("want a week of looks after a deployment of %d days, got %d days in all", days, missedDays)
	}
}
