package golden

import (
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	other := pr
	other.machines = map[string]string{"b": `{"States":{"B":{},"A":{"Next":"C"}}}`, "c": `{}`}
	same := pr
	same.machines = map[string]string{"b": `{"States":{"B":{},"A":{"Next":"B"}}}`, "a": `{}`}
	text := pr
	text.machines = map[string]string{"b": pr.machines["b"] + " ", "a": `{}`}
	swapped := pr.objects(t)
	swapped[1], swapped[2] = swapped[2], swapped[1]

	cases := map[string]struct {
		reason string
		got    output
		want   []string
		not    []string
	}{
		"Same":     {reason: "The order of keys in JSON does not matter.", got: same.objects(t)},
		"Changed":  {reason: "Each object that differs should be named, with the lines that do.", got: other.objects(t), want: []string{"XR:\n", "a:\n", "b:\n", "c:\n", "Next: B", "Next: C"}},
		"NoJSON":   {reason: "A string that is no JSON any more, or is written otherwise, should differ.", got: text.objects(t), want: []string{"b:\n", "$json"}, not: []string{"a:\n"}},
		"Swapped":  {reason: "Crossplane sorts the objects.", got: swapped, want: []string{"in another order"}},
		"Repeated": {reason: "Each object should be there once.", got: append(pr.objects(t), pr.objects(t)[2]), want: []string{"one of them twice"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Diff(pr.objects(t), tc.got)
			if err != nil {
				t.Fatal(err)
			}
			// cmp.Diff writes some spaces as non-breaking ones, as it pleases.
			got = strings.ReplaceAll(got, "\u00a0", " ")
			if len(tc.want) == 0 && got != "" {
				t.Errorf("%s\nDiff(...): want none, got:\n%s", tc.reason, got)
			}
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("%s\nDiff(...): want %q in it, got:\n%s", tc.reason, want, got)
				}
			}
			for _, not := range tc.not {
				if strings.Contains(got, not) {
					t.Errorf("%s\nDiff(...): want no %q in it, got:\n%s", tc.reason, not, got)
				}
			}
		})
	}
}
