package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// object of an output, as Crossplane prints it.
func object(kind, name, spec string) string {
	composed := ""
	if kind != "XR" {
		composed = "  annotations:\n    crossplane.io/composition-resource-name: " + name + "\n"
	}
	return "---\nkind: " + kind + "\nmetadata:\n" + composed + "  name: " + name + "\nspec:\n" + spec
}

func TestDifference(t *testing.T) {
	a, b := object("Widget", "a", "  teeth: 1000000\n"), object("Widget", "b", "  teeth: 1\n")
	message := "---\nkind: Result\nreason: Lost\n"

	cases := map[string]struct {
		reason string
		base   string
		out    string
		want   Difference
	}{
		"Same": {reason: "Nothing differs.", base: a + b, out: a + b},
		"Changed": {
			reason: "What is changed should be told alone, and what is gone be null.",
			base:   object("Widget", "a", "  arms: 2\n  teeth: 1\n"),
			out:    object("Widget", "a", "  teeth: 3\n"),
			want:   Difference{Changed: patches("Widget a", `{"spec":{"arms":null,"teeth":3}}`)},
		},
		"Without": {reason: "What only the base has should be named.", base: a + b, out: b, want: Difference{Without: []string{"Widget a"}}},
		"With": {
			reason: "What the base has not should be told in full, and stand where Crossplane puts it.",
			base:   b,
			out:    a + b + message,
			want: Difference{With: map[string]raw{
				"Widget a":    raw(`{"kind":"Widget","metadata":{"annotations":{"crossplane.io/composition-resource-name":"a"},"name":"a"},"spec":{"teeth":1000000}}` + "\n"),
				"Result Lost": raw(`{"kind":"Result","reason":"Lost"}` + "\n"),
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := differenceOf([]byte(tc.base), []byte(tc.out))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(printed(t, tc.want), printed(t, got)); diff != "" {
				t.Errorf("%s\ndifferenceOf(...): -want, +got:\n%s", tc.reason, diff)
			}
			back, err := got.apply([]byte(tc.base))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.out, string(back)); diff != "" {
				t.Errorf("%s\napply(differenceOf(...)): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestReferences checks that what the XR refers to is made from what the output has.
func TestReferences(t *testing.T) {
	xr := "---\nkind: XR\nmetadata:\n  name: xr\nspec:\n  resourceRefs:\n"
	widget := func(name string) string {
		return "---\napiVersion: v1\n" + strings.TrimPrefix(object("Widget", name, "  teeth: 1\n"), "---\n")
	}
	ref := func(name string) string { return "  - apiVersion: v1\n    kind: Widget\n    name: " + name + "\n" }
	base, out := xr+ref("a")+ref("b")+widget("a")+widget("b"), xr+ref("b")+widget("b")
	d, err := differenceOf([]byte(base), []byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Changed) > 0 {
		t.Errorf("want nothing changed, got %s", printed(t, d))
	}
	back, err := d.apply([]byte(base))
	if diff := cmp.Diff(out, string(back)); diff != "" || err != nil {
		t.Errorf("error %v, -want, +got:\n%s", err, diff)
	}
}

func TestHappen(t *testing.T) {
	widget := func(name string, teeth int64) *unstructured.Unstructured {
		u := &unstructured.Unstructured{Object: map[string]any{"status": map[string]any{"teeth": teeth}}}
		u.SetAnnotations(map[string]string{"crossplane.io/composition-resource-name": name})
		return u
	}
	cases := map[string]struct {
		reason string
		but    map[string]raw
		want   []*unstructured.Unstructured
		err    string
	}{
		"Nothing": {reason: "All stays.", want: []*unstructured.Unstructured{widget("a", 1), widget("b", 2)}},
		"Change":  {reason: "What is said of one changes that one.", but: map[string]raw{"a": raw(`{"status":{"teeth":5}}`)}, want: []*unstructured.Unstructured{widget("a", 5), widget("b", 2)}},
		"Gone":    {reason: "Null takes it away.", but: map[string]raw{"a": raw(`null`)}, want: []*unstructured.Unstructured{widget("b", 2)}},
		"Unknown": {reason: "A misspelt name should not go unnoticed.", but: map[string]raw{"z": raw(`{}`)}, err: "what does not exist cannot change: [z]"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Life{But: tc.but}.happen([]*unstructured.Unstructured{widget("a", 1), widget("b", 2)})
			if err != nil && err.Error() != tc.err || err == nil && tc.err != "" {
				t.Errorf("%s\nwant error %q, got %v", tc.reason, tc.err, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nhappen(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBase checks that a case is compared with its base as if that had the case's suffix and XR, and is read back so.
func TestBase(t *testing.T) {
	const (
		uid   = "    uid: aaaaaaaa-0000-0000-0000-000000000001\n"
		other = "    uid: bbbbbbbb-0000-0000-0000-000000000002\n"
	)
	dir := t.TempDir()
	put := func(file, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	widget := func(suffix, uid string, n string) string {
		return "---\nkind: Widget\nmetadata:\n  annotations:\n    crossplane.io/composition-resource-name: w\n  name: w-" + suffix + "\n  ownerReferences:\n  - name: xr\n" +
			uid + "spec:\n  bucket: b-" + suffix + "-" + uid[9:17] + "\n  teeth: " + n + "\n"
	}
	put("base/claim.yaml", "spec: {environmentSuffix: pr-1}")
	put("base/expected.yaml", widget("pr-1", uid, "1"))
	put("case/claim.yaml", "spec: {environmentSuffix: dev}")
	put("case/case.yaml", "base: base\nreconciles: 4\n")
	c := Case(filepath.Join(dir, "case"))
	want := widget("dev", other, "2")
	if err := c.Write([]byte(want)); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(c.Path("expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	short := "# What differs from base.\nchanged:\n  Widget w-dev:\n    spec:\n      teeth: 2\nuid: bbbbbbbb-0000-0000-0000-000000000002\n"
	if diff := cmp.Diff(short, string(written)); diff != "" {
		t.Errorf("Write(...): -want, +got:\n%s", diff)
	}
	got, err := c.Expected()
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("Expected(): error %v, -want, +got:\n%s", err, diff)
	}
}

type raw = json.RawMessage

func patches(key, patch string) map[string]raw {
	return map[string]raw{key: raw(patch)}
}

func printed(t *testing.T, d Difference) string {
	t.Helper()
	b, err := yaml.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
