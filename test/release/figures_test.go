package release

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/itchyny/gojq"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestFourFigures runs the program of docs/audit.md on the history of a day with three releases: a good one, one that the
// alarm stops after 25 minutes, and one that a person takes back an hour after it went live.
func TestFourFigures(t *testing.T) {
	b := newBench(t, ready, linear)
	b.shift("2")
	b.clock.Advance(time.Hour)
	b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Minute)
	b.shift("3")
	b.clock.Advance(time.Hour)
	b.recordNew()
	b.shift("4")
	b.clock.Advance(time.Hour)
	b.rollBack("")
	b.recordNew()

	got := b.figures("2026-01-02", "2026-01-03")
	history := b.cloud.DynamoDB.Items()
	seconds := func(id, from, to string) float64 {
		item := history[id]
		return at(t, item[to]).Sub(at(t, item[from])).Seconds()
	}
	// The first deployment, the second and what CodeDeploy made of its end, the third, and the way back.
	want := map[string]any{
		"deploymentsPerDay":    3.0,
		"changeFailureRate":    2.0 / 3,
		"leadTimeSeconds":      seconds("d-TEST00001", "authoredAt", "completedAt"),
		"timeToRestoreSeconds": (seconds("d-TEST00002", "startedAt", "completedAt") + at(t, history["d-TEST00005"]["completedAt"]).Sub(at(t, history["d-TEST00004"]["completedAt"])).Seconds()) / 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}

	sums := map[string]float64{}
	for _, m := range b.cloud.CloudWatch.Published() {
		sums[m.Metric] += m.Value
	}
	if sums["Deployments"] != 3 || sums["FailedDeployments"] != 2 {
		t.Errorf("want the metrics to count the same, got %v", sums)
	}
}

// TestNoFigures runs the program where there has been no release.
func TestNoFigures(t *testing.T) {
	b := newBench(t, ready, fakeaws.Shift{Percentage: 100})
	want := map[string]any{"deploymentsPerDay": 0.0, "changeFailureRate": nil, "leadTimeSeconds": nil, "timeToRestoreSeconds": nil}
	if diff := cmp.Diff(want, b.figures("2026-01-02", "2026-01-03")); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// figures that the documented program makes of the history.
func (b *bench) figures(since, until string) any {
	b.t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "audit.md"))
	if err != nil {
		b.t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(doc), "```jq\n")
	program, _, _ = strings.Cut(program, "```\n")
	query, err := gojq.Parse(program)
	if err != nil {
		b.t.Fatalf("cannot parse the program: %v", err)
	}
	code, err := gojq.Compile(query, gojq.WithVariables([]string{"$since", "$until"}))
	if err != nil {
		b.t.Fatalf("cannot compile the program: %v", err)
	}
	result, _ := code.Run(b.scan(), since, until).Next()
	if err, failed := result.(error); failed {
		b.t.Fatalf("the program fails: %v", err)
	}
	return result
}

// scan answers as DynamoDB does.
func (b *bench) scan() any {
	b.t.Helper()
	items := []any{}
	for _, item := range b.cloud.DynamoDB.Items() {
		typed := map[string]any{}
		for name, value := range item {
			kind := "S"
			if _, is := value.(bool); is {
				kind = "BOOL"
			}
			typed[name] = map[string]any{kind: value}
		}
		items = append(items, typed)
	}
	text, err := json.Marshal(map[string]any{"Items": items})
	if err != nil {
		b.t.Fatal(err)
	}
	return parse(b.t, string(text))
}

func at(t *testing.T, value any) time.Time {
	t.Helper()
	text, _ := value.(string)
	result, err := time.Parse("2006-01-02T15:04:05", text[:min(19, len(text))])
	if err != nil {
		t.Fatalf("cannot read time: %v", err)
	}
	return result
}
