package release

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// horizon until which bad calls are counted: longer than any rollout here takes.
const horizon = 3 * time.Hour

// aLook is how much later the state machine, which has the same alarm, may seem to go back than the alarm alone, which is
// simulated by the minute and goes back at once.
const aLook = 2 * time.Minute

// usual is the share of calls that fail whatever serves.
const usual = 0.002

// An outcome of a release: when all traffic was back on the version before it, and how many calls the new one failed until the
// horizon. Never back: zero.
type outcome struct {
	back time.Duration
	bad  int
}

func (o outcome) String() string {
	if o.back == 0 {
		return fmt.Sprintf("released | %d", o.bad)
	}
	return fmt.Sprintf("%s min | %d", strings.TrimSuffix(fmt.Sprintf("%.1f", o.back.Minutes()), ".0"), o.bad)
}

// A guard watches minutes of a rollout, of which it sees each a minute after it has passed, and says when to go back.
type guard interface {
	seen(candidate, live fakeaws.Counts) (back bool)
}

// plainAlarm is the pipeline's alarm with its defaults: two periods of five minutes above 5 %, of both versions together.
type plainAlarm struct{ minutes []fakeaws.Counts }

func (a *plainAlarm) seen(candidate, live fakeaws.Counts) bool {
	return a.fires(fakeaws.Counts{Invocations: candidate.Invocations + live.Invocations, Errors: candidate.Errors + live.Errors})
}

// fires says whether it does after another minute of what both versions answered.
func (a *plainAlarm) fires(both fakeaws.Counts) bool {
	a.minutes = append(a.minutes, both)
	const period, periods = 5, 2
	if len(a.minutes) < period*periods {
		return false
	}
	for p := range periods {
		var sum fakeaws.Counts
		for _, m := range a.minutes[len(a.minutes)-period*(p+1) : len(a.minutes)-period*p] {
			sum.Invocations, sum.Errors = sum.Invocations+m.Invocations, sum.Errors+m.Errors
		}
		if sum.Invocations == 0 || 100*sum.Errors <= 5*sum.Invocations {
			return false
		}
	}
	return true
}

// checks count minutes in which the candidate's success rate is below 99 %, as Flagger (threshold 5) and Argo Rollouts'
// (failureLimit 3) documentation has them. Minutes without calls count for nothing.
type checks struct{ failed, most int }

func (c *checks) seen(candidate, _ fakeaws.Counts) bool {
	if candidate.Invocations > 0 && 100*candidate.Errors > candidate.Invocations {
		c.failed++
	}
	return c.failed >= c.most
}

// simulate a rollout minute by minute under a guard, which can do nothing when it is over.
func simulate(g guard, shift fakeaws.Shift, traffic fakeaws.Traffic) outcome {
	type minute struct{ candidate, live fakeaws.Counts }
	var o outcome
	var before *minute
	weight := 0.0
	for at := time.Duration(0); at < horizon; at += time.Minute {
		if o.back == 0 {
			weight = shift.Weight(at)
		}
		now := minute{traffic.Draw("2", traffic.PerMinute*weight), traffic.Draw("1", traffic.PerMinute*(1-weight))}
		o.bad += now.candidate.Errors
		if over := at >= shift.Duration() && weight == 1; o.back == 0 && !over && before != nil && g.seen(before.candidate, before.live) {
			o.back, weight = at+time.Minute, 0
		}
		before = &now
	}
	return o
}

// judge a release by the state machine.
func judge(t *testing.T, rollout v1alpha1.CustomRollout, traffic fakeaws.Traffic) outcome {
	t.Helper()
	b := newJudge(t, byDefault, rollout)
	b.cloud.CodeDeploy.Watch = (&plainAlarm{}).fires
	b.cloud.Lambda.Send(traffic)
	// There was traffic before.
	b.clock.Advance(time.Hour)
	begin := b.clock.Now()
	b.shift("2")
	for b.clock.Now().Before(begin.Add(horizon)) {
		b.clock.Advance(10 * time.Second)
		b.cloud.Lambda.Answered("2")
	}
	o := outcome{bad: b.cloud.Lambda.Answered("2").Errors}
	if b.cloud.Lambda.Alias().Version == "1" {
		o.back = b.cloud.CodeDeploy.Ended().Sub(begin)
	}
	return o
}

// TestEquallyBad releases versions that fail as often as the version before them, which is more than is allowed. Hardly any may be
// stopped: that would be by chance alone.
func TestEquallyBad(t *testing.T) {
	const releases, most = 40, 1
	stopped := 0
	for seed := range uint64(releases) {
		o := judge(t, canary, fakeaws.Traffic{PerMinute: 100, Others: fakeaws.Bad{Errors: 0.02}, Random: rand.New(rand.NewPCG(seed, 1))})
		if o.back > 0 {
			stopped++
		}
	}
	t.Logf("%d of %d were stopped", stopped, releases)
	if stopped > most {
		t.Errorf("%d of %d were stopped, want %d at most", stopped, releases, most)
	}
}

// TestSimulation follows releases of versions that fail known shares of their calls, at known rates, and compares with
// what others would have made of them. The table is in docs/release.md.
func TestSimulation(t *testing.T) {
	rollouts := []struct {
		name    string
		rollout v1alpha1.CustomRollout
	}{
		{"LambdaLinear10PercentEvery10Minutes", tenPercent},
		{"LambdaCanary10Percent5Minutes", v1alpha1.CustomRollout{Type: "Canary", Percentage: 10, IntervalMinutes: 5}},
		{"canary, 5 %, 20 minutes", canary},
		{"LambdaAllAtOnce", atOnce},
	}
	var table bytes.Buffer
	table.WriteString("| rollout | calls a minute | fail | judged: back after | bad calls | alarm alone: back after | bad calls | Flagger: back after | bad calls | Argo Rollouts: back after | bad calls |\n")
	table.WriteString("|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rollouts {
		shift := shiftOf(r.rollout)
		for _, perMinute := range []float64{1, 10, 100, 1000, 10000} {
			for _, share := range []float64{usual, 0.02, 0.1, 0.5, 1} {
				traffic := func() fakeaws.Traffic {
					return fakeaws.Traffic{
						PerMinute: perMinute, Bad: map[string]fakeaws.Bad{"2": {Errors: share}}, Others: fakeaws.Bad{Errors: usual},
					}
				}
				judged := judge(t, r.rollout, traffic())
				alarm := simulate(&plainAlarm{}, shift, traffic())
				flagger, argo := simulate(&checks{most: 5}, shift, traffic()), simulate(&checks{most: 4}, shift, traffic())
				fmt.Fprintf(&table, "| `%s` | %g | %g %% | %s | %s | %s | %s |\n", r.name, perMinute, 100*share, judged, alarm, flagger, argo)

				switch {
				case share == usual && judged.back > 0:
					t.Errorf("%s, %g a minute: a version that is no worse than the one before it was taken back", r.name, perMinute)
				case alarm.back > 0 && (judged.back == 0 || judged.back > alarm.back+aLook || judged.bad > alarm.bad):
					t.Errorf("%s, %g a minute, %g %%: judged %s, and the alarm alone %s", r.name, perMinute, 100*share, judged, alarm)
				}
			}
		}
	}
	document, err := os.ReadFile(filepath.Join("..", "..", "docs", "release.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, told, _ := strings.Cut(string(document), "<!-- BEGIN simulation -->\n")
	told, _, _ = strings.Cut(told, "<!-- END simulation -->")
	for line := range strings.Lines(told) {
		if !strings.Contains(table.String(), line) {
			t.Errorf("docs/release.md tells a row that is not so: %s", line)
		}
	}
	file := filepath.Join("testdata", "simulation.md")
	if *update {
		if err := os.WriteFile(file, table.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), table.String()); diff != "" {
		t.Errorf("%s: -want, +got:\n%s", file, diff)
	}
}
