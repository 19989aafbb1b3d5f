package lint

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNotes checks which claims are told that their smoke test is likely to fail.
func TestNotes(t *testing.T) {
	const job = "eventSources: [{name: nightly, schedule: {expression: rate(1 day)}}]"
	cases := map[string]struct {
		reason, service, smokeTest string
		want                       []string
	}{
		"Job":       {"Green would do the job, and its answer would fail the smoke test.", job, "", []string{noEvent, noStatus}},
		"JobTested": {"The claim says how green is tested.", job, "event: {task: check}, expectStatusBelow: 0", nil},
		"JobEvent":  {"An event alone does not say what the answer is.", job, "event: {task: check}", []string{noStatus}},
		"JobStatus": {"A status is what the claim asks for.", job, "expectStatusBelow: 300", []string{noEvent}},
		"JobAndURL": {"Who calls a URL gets a status.", job + ", functionUrl: {}", "", nil},
		"Refused":   {"A claim with a mistake is told the mistake.", job + ", timeoutSeconds: 0", "", nil},
		"Requests":  {"Without event sources nothing says that there is no status.", "", "", nil},
	}
	l, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, n := range l.Notes(objects(t, "service: {"+tc.service+"}, smokeTest: {"+tc.smokeTest+"}")) {
				got = append(got, n.Text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestExamples checks that claims to copy have neither mistakes nor notes.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../../../examples/claims/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find examples: %v", err)
	}
	files = append(files, "../../../examples/pipelines/minimal.yaml")
	l, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		claims, err := Objects(f)
		_ = f.Close()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		findings, checked := l.Check(claims)
		if notes := l.Notes(claims); checked != 1 || len(findings)+len(notes) > 0 {
			t.Errorf("%s: want one claim without mistakes and notes, got %d, %v, %v", file, checked, findings, notes)
		}
	}
}
