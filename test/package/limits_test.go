package package_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// counted are the kinds of managed resources that each quota of docs/limits.md counts.
var counted = map[string]string{
	"EventBridge rules":                "Rule.cloudwatchevents",
	"IAM roles":                        "Role.iam",
	"IAM policies":                     "Policy.iam",
	"CodePipeline pipelines":           "Codepipeline.codepipeline",
	"CodeDeploy applications":          "App.deploy",
	"DynamoDB tables":                  "Table.dynamodb",
	"CodeBuild projects":               "Project.codebuild",
	"S3 buckets":                       "Bucket.s3",
	"custom deployment configurations": "DeploymentConfig.deploy",
}

// limitRow is a row of the table of docs/limits.md: what is counted, the quota, what the smallest pipeline has, what one has at most,
// and how many of the smallest there is room for.
var limitRow = regexp.MustCompile(`(?m)^\| \[([^\]]+)\]\([^)]*\)[^|]* \| ([0-9,]+) \| \w+ \| (\d+) \| (\d+) \| ([0-9,]+|any) \|$`)

// TestLimits checks the figures of docs/limits.md by what the golden cases have.
func TestLimits(t *testing.T) {
	smallest, most := map[string]int{}, map[string]int{}
	objects := map[string]int{}
	for _, p := range renderedPipelines(t) {
		counts := map[string]int{}
		for _, o := range p.managed {
			counts[needsKey(o.GroupVersionKind().GroupKind())]++
		}
		for kind, n := range counts {
			most[kind] = max(most[kind], n)
		}
		objects[p.name] = len(p.managed)
		if p.name == "04-ready" {
			smallest = counts
		}
	}

	page := string(read(t, filepath.Join(root, "docs", "limits.md")))
	rows := limitRow.FindAllStringSubmatch(page, -1)
	if len(rows) != len(counted) {
		t.Fatalf("docs/limits.md has %d rows of figures, want %d", len(rows), len(counted))
	}
	for _, row := range rows {
		kind, ok := counted[row[1]]
		if !ok {
			t.Errorf("no kind is known to be counted by %q", row[1])
			continue
		}
		room := "any"
		if n := smallest[kind]; n > 0 {
			room = strconv.Itoa(number(t, row[2]) / n)
		}
		want := []string{strconv.Itoa(smallest[kind]), strconv.Itoa(most[kind]), room}
		got := []string{row[3], row[4], strings.ReplaceAll(row[5], ",", "")}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: smallest, most, room: -want, +got:\n%s", row[1], diff)
		}
	}

	for _, figure := range []string{
		strconv.Itoa(objects["04-ready"]) + " managed resources of the smallest",
		strconv.Itoa(objects["17-full"]) + " with every field",
	} {
		if !strings.Contains(page, figure) {
			t.Errorf("docs/limits.md does not say %q", figure)
		}
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
