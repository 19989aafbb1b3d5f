package fakeaws

import (
	"math"
	"math/rand/v2"
	"time"
)

// Traffic that the alias gets, and what comes of it.
type Traffic struct {
	// PerMinute is how many invocations there are.
	PerMinute float64

	// Bad are the shares of invocations that go wrong, by version, and Others those of all other versions.
	Bad    map[string]Bad
	Others Bad

	// Random draws numbers as chance has it. Nil: each share is what it is, and what is left over counts later.
	Random *rand.Rand

	last    time.Time
	minutes map[time.Time]map[string]Counts
	total   map[string]Counts
	left    map[string]float64
}

// Bad shares of invocations, from 0 to 1.
type Bad struct {
	Errors, Throttles, Slow, Refused float64
}

// Counts of a version's invocations.
type Counts struct {
	Invocations, Errors, Throttles, Slow, Refused int
}

func (c Counts) plus(d Counts) Counts {
	return Counts{c.Invocations + d.Invocations, c.Errors + d.Errors, c.Throttles + d.Throttles, c.Slow + d.Slow, c.Refused + d.Refused}
}

// Send traffic from now on.
func (l *Lambda) Send(t Traffic) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	t.last = l.cloud.clock.Now()
	t.minutes, t.total = map[time.Time]map[string]Counts{}, map[string]Counts{}
	l.traffic = t
}

// Answered counts what a version has answered.
func (l *Lambda) Answered(version string) Counts {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.cloud.CodeDeploy.settle()
	return l.traffic.total[version]
}

// answer the traffic until now, by the versions that the alias has had since the last time.
func (l *Lambda) answer() {
	t := &l.traffic
	if t.PerMinute == 0 {
		return
	}
	// Minute by minute, as metrics are reported.
	for now := l.cloud.clock.Now(); t.last.Before(now); {
		minute := t.last.Truncate(time.Minute)
		until := minute.Add(time.Minute)
		if until.After(now) {
			until = now
		}
		calls := t.PerMinute * until.Sub(t.last).Minutes()
		t.last = until
		alias := l.current()
		rest := 1.0
		for version, weight := range alias.Weights {
			t.count(minute, version, calls*weight)
			rest -= weight
		}
		t.count(minute, alias.Version, calls*rest)
	}
}

// count invocations of a version in a minute.
func (t *Traffic) count(minute time.Time, version string, calls float64) {
	c := t.Draw(version, calls)
	if t.minutes[minute] == nil {
		t.minutes[minute] = map[string]Counts{}
	}
	t.minutes[minute][version] = t.minutes[minute][version].plus(c)
	t.total[version] = t.total[version].plus(c)
}

// Draw what comes of calls to a version.
func (t *Traffic) Draw(version string, calls float64) Counts {
	bad, ok := t.Bad[version]
	if !ok {
		bad = t.Others
	}
	n := t.draw(version+" invocations", calls, -1)
	return Counts{
		Invocations: n,
		Errors:      t.draw(version+" errors", float64(n)*bad.Errors, n),
		Throttles:   t.draw(version+" throttles", float64(n)*bad.Throttles, n),
		Slow:        t.draw(version+" slow", float64(n)*bad.Slow, n),
		Refused:     t.draw(version+" refused", float64(n)*bad.Refused, n),
	}
}

// draw a number that is mean on average: of n at most, or of any number if n is negative.
func (t *Traffic) draw(what string, mean float64, n int) int {
	if t.Random == nil {
		if t.left == nil {
			t.left = map[string]float64{}
		}
		all := mean + t.left[what]
		whole := math.Floor(all + 1e-9)
		t.left[what] = all - whole
		return int(whole)
	}
	if n < 0 {
		return poisson(t.Random, mean)
	}
	return binomial(t.Random, n, mean/max(1, float64(n)))
}

// poisson counts events that come at any time.
func poisson(r *rand.Rand, mean float64) int {
	if mean > 50 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n := -1
	for p := 0.0; p < mean; p += r.ExpFloat64() {
		n++
	}
	return max(0, n)
}

// binomial counts those of n that happen with probability p.
func binomial(r *rand.Rand, n int, p float64) int {
	if variance := float64(n) * p * (1 - p); variance > 50 {
		return min(n, max(0, int(math.Round(float64(n)*p+math.Sqrt(variance)*r.NormFloat64()))))
	}
	count := 0
	for range n {
		if r.Float64() < p {
			count++
		}
	}
	return count
}
