package services

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A request that all services answer alike.
type request struct {
	Name   string          `json:"name"`
	Event  json.RawMessage `json:"event"`
	Status int             `json:"status"`
	Body   any             `json:"body"`
}

// TestServices builds each example as its pipeline does, runs what is shipped, and sends all requests to it. Then it breaks the
// example in each way that a build must not let through.
func TestServices(t *testing.T) {
	for _, s := range services {
		t.Run(s.example, func(t *testing.T) {
			s.need(t)
			dir := t.TempDir()
			spec := s.buildspec(t)
			s.lay(t, dir)
			if output, err := spec.run(t, dir); err != nil {
				t.Fatalf("cannot build: %v\n%s", err, output)
			}
			t.Run("Answers", func(t *testing.T) {
				f := start(t, spec.shipped(dir), s.client(s.handler))
				for _, r := range requests(t) {
					checkAnswer(t, r, f.invoke(t, r.Event))
				}
			})
			for _, b := range s.breaks {
				t.Run(b.name, func(t *testing.T) {
					s.lay(t, dir)
					b.apply(t, dir)
					output, err := spec.run(t, dir)
					if err == nil || !strings.Contains(output, b.says) {
						t.Errorf("want the build to fail and to say %q, got %v:\n%s", b.says, err, output)
					}
				})
			}
		})
	}
}

// delivered are events as AWS sends them. One that is answered is deleted.
var delivered = map[string]string{
	"a queue's messages":  `{"Records": [{"messageId": "1", "body": "{}", "eventSource": "aws:sqs"}]}`,
	"a request":           `{"version": "2.0", "routeKey": "$default", "rawPath": "/", "body": "a\nb"}`,
	"a schedule's event":  `{"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}`,
	"a list":              `[]`,
	"nothing":             `null`,
	"the text of a smoke": `"{}"`,
}

// TestBootstrap runs the code that functions are created with. It answers the empty event, as smoke tests send it, and no other.
func TestBootstrap(t *testing.T) {
	for _, s := range services {
		t.Run(s.example, func(t *testing.T) {
			s.need(t)
			rendered, err := codeOf(s.spec())
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, rendered.bootstrap); err != nil {
				t.Fatal(err)
			}
			for _, f := range rendered.bootstrap.File {
				// CopyFS adds permissions to those of a file. Lambda has them as they are, if the zip has any.
				if mode := f.Mode().Perm(); mode != 0 {
					if err := os.Chmod(filepath.Join(dir, f.Name), mode); err != nil {
						t.Fatal(err)
					}
				}
			}
			f := start(t, dir, s.client(s.handler))
			// The second round shows that it goes on.
			for range 2 {
				checkAnswer(t, request{
					Name: "the empty event", Status: 200, Body: map[string]any{"version": "blue", "bootstrap": true},
				}, f.invoke(t, json.RawMessage(`{}`)))
				for name, event := range delivered {
					if got := f.fail(t, json.RawMessage(event)); !strings.Contains(got, "Nothing has been released yet") {
						t.Errorf("%s: want an error that says why, got %q", name, got)
					}
				}
			}
		})
	}
}

func checkAnswer(t *testing.T, r request, got answer) {
	t.Helper()
	var body any
	if err := json.Unmarshal([]byte(got.Body), &body); err != nil {
		t.Errorf("%s: the body is %q: %v", r.Name, got.Body, err)
	}
	if diff := cmp.Diff(r.Body, body); diff != "" || got.StatusCode != r.Status || got.Headers["content-type"] != "application/json" {
		t.Errorf("%s: want %d, got %d, headers %v, body -want, +got:\n%s", r.Name, r.Status, got.StatusCode, got.Headers, diff)
	}
}

func requests(t *testing.T) []request {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "services", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []request
	if err := json.Unmarshal(text, &all); err != nil || len(all) == 0 {
		t.Fatalf("cannot read requests: %d, %v", len(all), err)
	}
	return all
}

// need what builds and runs the service. A test that is passed over would prove nothing.
func (s service) need(t *testing.T) {
	t.Helper()
	for _, tool := range s.tools {
		if _, err := exec.LookPath(tool.command); err != nil {
			t.Fatalf("%s is missing: %s", tool.command, tool.install)
		}
	}
}

// spec of a claim for the service.
func (s service) spec() map[string]any {
	return map[string]any{"service": map[string]any{"runtime": s.runtime, "handler": s.handler}}
}

func (s service) buildspec(t *testing.T) buildspec {
	t.Helper()
	rendered, err := codeOf(s.spec())
	if err != nil {
		t.Fatal(err)
	}
	spec, err := readBuildspec(rendered.buildspec)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// lay the example into a folder, as a fresh copy.
func (s service) lay(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != s.kept {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	// What git does not have is not in the repository: modules that somebody has installed, say.
	files, err := exec.Command("git", "-C", filepath.Join("..", "..", "examples", "services", s.example),
		"ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatalf("cannot list the example's files: %v", err)
	}
	for name := range strings.Lines(string(files)) {
		name = strings.TrimSpace(name)
		copyFile(t, filepath.Join("..", "..", "examples", "services", s.example, name), filepath.Join(dir, name))
	}
	if s.prepare != nil {
		cmd := s.prepare(dir)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("cannot prepare the build: %v\n%s", err, out)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// apply the breakage to a copy of the example.
func (b breakage) apply(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, b.file)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), b.old) {
		t.Fatalf("%s has no %q", b.file, b.old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(content), b.old, b.new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}
