package golden

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestSuite checks what a suite says of a base and of two cases that differ from it in nothing, when all are rendered otherwise.
func TestSuite(t *testing.T) {
	claim := "spec: {environmentSuffix: pr-1}"
	named := folder(t, map[string]string{
		"base/claim.yaml": claim,
		"one/claim.yaml":  claim, "one/case.yaml": "base: base",
		"two/claim.yaml": claim, "two/case.yaml": "base: one",
	})
	rendered := map[string]int{}
	now := map[string]string{}
	newSuite := func() *Suite {
		return &Suite{Render: func(_ context.Context, c Case) ([]*unstructured.Unstructured, error) {
			rendered[c.Name()]++
			f := pr
			f.machines = map[string]string{"a": now[c.Name()]}
			return f.objects(t), nil
		}}
	}
	check := func(name string, want ...string) {
		t.Helper()
		got, err := newSuite().Differs(t.Context(), named(name))
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 && got != "" {
			t.Errorf("%s: want no difference, got %s", name, got)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: want %q in the difference, got %s", name, w, got)
			}
		}
	}

	now = map[string]string{"base": `{"b":1,"a":1}`, "one": `{"b":1,"a":1}`, "two": `{"b":1,"a":1}`}
	s := newSuite()
	for _, name := range []string{"two", "one", "base"} {
		if err := s.Update(t.Context(), named(name)); err != nil {
			t.Fatal(err)
		}
		if rendered[name] != 1 {
			t.Errorf("%s: want it rendered once, got %d times", name, rendered[name])
		}
	}
	for _, name := range []string{"base", "one", "two"} {
		check(name)
	}

	now = map[string]string{"base": `{"b":1,"a":2}`, "one": `{"b":1,"a":2}`, "two": `{"b":1,"a":1}`}
	check("base", "a: 1", "a: 2")
	check("one", "it differs, and so does base, its base: look there first")
	check("two")

	now = map[string]string{"base": `{"a":1,"b":1}`, "one": `{"b": 1,"a":1}`, "two": `{"b":1,"a":3}`}
	check("base")
	check("one", `{"b": 1,"a":1}`)
	check("two", "it differs, and so does one, its base: look there first")
}
