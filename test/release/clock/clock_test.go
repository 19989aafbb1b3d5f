package clock

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAdvance checks that what is due runs in order and at its time, also if it moves the clock itself.
func TestAdvance(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := New(begin)
	var got []string
	note := func(what string) { got = append(got, what+" "+c.Now().Sub(begin).String()) }

	c.After(20*time.Second, func() { note("second") })
	c.After(10*time.Second, func() {
		note("first")
		c.Advance(30 * time.Second)
		note("first has waited")
	})
	c.After(time.Hour, func() { note("never") })
	c.Advance(15 * time.Second)
	note("now")

	want := []string{"first 10s", "second 20s", "first has waited 40s", "now 40s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
