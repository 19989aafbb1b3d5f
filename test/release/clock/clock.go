// Package clock is a virtual clock, so that hours of waiting take no time in a test.
package clock

import (
	"sync"
	"time"
)

// A Clock moves only when it is told to. It is safe for concurrent use.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	tasks []task
}

// A task is due at a time.
type task struct {
	at time.Time
	do func()
}

// New returns a Clock that shows the supplied time.
func New(now time.Time) *Clock {
	return &Clock{now: now}
}

// Now returns the time that the Clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After lets the supplied function run when the Clock has moved on by d. The function may move the Clock itself: time
// that passes in there has passed for everyone.
func (c *Clock) After(d time.Duration, do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tasks = append(c.tasks, task{at: c.now.Add(d), do: do})
}

// Advance moves the Clock on by d and runs what becomes due, in order, each at its time.
func (c *Clock) Advance(d time.Duration) {
	target := c.Now().Add(d)
	for {
		do := c.next(target)
		if do == nil {
			return
		}
		do()
	}
}

// next takes the first task out that is due by target. None: it moves the Clock to target and returns nil.
func (c *Clock) next(target time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()

	first := -1
	for i, t := range c.tasks {
		if !t.at.After(target) && (first < 0 || t.at.Before(c.tasks[first].at)) {
			first = i
		}
	}
	if first < 0 {
		c.moveTo(target)
		return nil
	}
	due := c.tasks[first]
	c.tasks = append(c.tasks[:first], c.tasks[first+1:]...)
	c.moveTo(due.at)
	return due.do
}

// moveTo never moves back: a task may have moved the Clock beyond the time that others are due at.
func (c *Clock) moveTo(t time.Time) {
	if t.After(c.now) {
		c.now = t
	}
}
