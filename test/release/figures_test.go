package release

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/itchyny/gojq"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// forge items as the service may put them: with any attributes, under keys of its own.
func (b *bench) forge() {
	released := map[string]string{
		"startedAt": "2026-01-02T03:00:00Z", "completedAt": "2026-01-02T03:00:01Z", "authoredAt": "2026-01-02T02:59:59Z", "commitId": "forged",
		"pipelineExecutionId": "forged", "fromVersion": "1", "toVersion": "9",
	}
	for key, status := range map[string]string{"service/good": "Succeeded", "service/bad": "Failed"} {
		item := maps.Clone(released)
		item["deploymentId"], item["status"] = key, status
		b.cloud.DynamoDB.Put(key, item)
	}
}

// TestFourFigures runs the program of docs/audit.md on the history of a day with three releases: a good one, one that the
// alarm stops after 25 minutes, and one that a person takes back an hour after it went live. What the service puts into the table counts
// for nothing.
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
	b.forge()

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

// TestDidNotSucceed runs the program of docs/release.md on a history with one deployment that failed.
func TestDidNotSucceed(t *testing.T) {
	b := newBench(t, ready, linear)
	b.shift("2")
	b.clock.Advance(time.Hour)
	b.cloud.CodeDeploy.Alarm(25*time.Minute, time.Minute)
	b.shift("3")
	b.forge()

	got := b.ask(program(t, "release.md", "dynamodb scan --table-name deployment-history-pr-123 --output json |\n  jq '", "'\n"))
	want := map[string]any{"id": "d-TEST00002", "from": "2", "to": "3", "why": b.cloud.DynamoDB.Items()["d-TEST00002"]["error"]}
	if diff := cmp.Diff([]any{want}, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// figures that the documented program makes of the history.
func (b *bench) figures(since, until string) any {
	b.t.Helper()
	return b.ask(program(b.t, "audit.md", "```jq\n", "```\n"), "$since", since, "$until", until)[0]
}

// program of a document, between two texts.
func program(t *testing.T, document, from, to string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", document))
	if err != nil {
		t.Fatal(err)
	}
	_, found, _ := strings.Cut(string(text), from)
	found, _, _ = strings.Cut(found, to)
	return found
}

// ask the history by a program in jq, with variables: a name, a value, and so on.
func (b *bench) ask(program string, variables ...string) (results []any) {
	b.t.Helper()
	query, err := gojq.Parse(program)
	if err != nil {
		b.t.Fatalf("cannot parse the program: %v", err)
	}
	var names []string
	var values []any
	for pair := range slices.Chunk(variables, 2) {
		names, values = append(names, pair[0]), append(values, pair[1])
	}
	code, err := gojq.Compile(query, gojq.WithVariables(names))
	if err != nil {
		b.t.Fatalf("cannot compile the program: %v", err)
	}
	answers := code.Run(b.scan(), values...)
	for answer, more := answers.Next(); more; answer, more = answers.Next() {
		if err, failed := answer.(error); failed {
			b.t.Fatalf("the program fails: %v", err)
		}
		results = append(results, answer)
	}
	return results
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
