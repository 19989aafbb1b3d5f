package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A claim of a test, and what Crossplane makes of it: machines in an order that is not theirs, each with a definition.
type fakeClaim struct {
	suffix   string
	uid      string
	machines map[string]string
	results  []string
}

var (
	pr  = fakeClaim{suffix: "pr-1", uid: "aaaaaaaa-0000-0000-0000-000000000001", machines: map[string]string{"b": `{"States":{"A":{"Next":"B"},"B":{}}}`, "a": `{}`}}
	dev = fakeClaim{suffix: "dev", uid: "bbbbbbbb-0000-0000-0000-000000000002", machines: map[string]string{"b": `{"States":{"A":{"Next":"C"},"C":{}}}`, "c": `{}`}, results: []string{"Lost"}}
)

// output of Crossplane, as it prints it.
func (f fakeClaim) output() string {
	labels := "  labels:\n    crossplane.io/claim-name: " + f.suffix + "\n    crossplane.io/claim-namespace: payments\n"
	xr := "---\napiVersion: v1\nkind: XR\nmetadata:\n" + labels + "  name: " + f.suffix + "-x\nspec:\n  resourceRefs:\n"
	resources, results := "", ""
	for _, name := range []string{"a", "b", "c"} {
		definition, ok := f.machines[name]
		if !ok {
			continue
		}
		xr += "  - apiVersion: v1\n    kind: Machine\n    name: " + f.suffix + "-" + name + "\n"
		resources += "---\napiVersion: v1\nkind: Machine\nmetadata:\n  annotations:\n    crossplane.io/composition-resource-name: " + name + "\n" +
			labels + "    crossplane.io/composite: " + f.suffix + "-x\n  name: " + f.suffix + "-" + name + "\n  ownerReferences:\n  - apiVersion: v1\n" +
			"    blockOwnerDeletion: true\n    controller: true\n    kind: XR\n    name: " + f.suffix + "-x\n    uid: " + f.uid + "\n" +
			"spec:\n  bucket: b-" + f.suffix + "-" + f.uid[:8] + "\n  definition: '" + definition + "'\n  teeth: 1000000\n"
	}
	for _, reason := range f.results {
		results += "---\nkind: Result\nmessage: lost\nreason: " + reason + "\n"
	}
	return xr + resources + results
}

func (f fakeClaim) objects(t *testing.T) output {
	t.Helper()
	return parse(t, f.output())
}

func parse(t *testing.T, stream string) output {
	t.Helper()
	objects, err := render.Parse([]byte(stream))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// folder of cases.
func folder(t *testing.T, files map[string]string) func(name string) Case {
	t.Helper()
	dir := t.TempDir()
	for file, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(name string) Case { return Case(filepath.Join(dir, name)) }
}

// TestExpected checks that a case is written as it differs from its base, if that had the case's suffix and XR, and is read again so.
func TestExpected(t *testing.T) {
	named := folder(t, map[string]string{
		"base/claim.yaml": "spec: {environmentSuffix: pr-1}",
		"case/claim.yaml": "spec: {environmentSuffix: dev}",
		"case/case.yaml":  "base: base\nreconciles: 4\n",
	})
	bases := func(c Case) (expectation, error) { return expect(pr.objects(t)) }
	cases := map[string]struct {
		reason  string
		out     string
		written string
	}{
		"base": {
			reason: "A case without a base should be written in full, but for what Crossplane adds.",
			out:    pr.output(),
			written: `# All that is expected.
uid: aaaaaaaa-0000-0000-0000-000000000001
with:
  XR:
    apiVersion: v1
    kind: XR
    metadata:
      labels: {crossplane.io/claim-name: pr-1, crossplane.io/claim-namespace: payments}
      name: pr-1-x
    spec: {}
  a:
    apiVersion: v1
    kind: Machine
    metadata: {annotations: {crossplane.io/composition-resource-name: a}, name: pr-1-a}
    spec: {bucket: b-pr-1-aaaaaaaa, definition: {$json: {}}, teeth: 1000000}
  b:
    apiVersion: v1
    kind: Machine
    metadata: {annotations: {crossplane.io/composition-resource-name: b}, name: pr-1-b}
    spec:
      bucket: b-pr-1-aaaaaaaa
      definition: {$json: {States: {A: {Next: B}, B: {}}}}
      teeth: 1000000
`,
		},
		"case": {
			reason: "One with a base should be written as it differs, by the base's states.",
			out:    dev.output(),
			written: `# What differs from base.
uid: bbbbbbbb-0000-0000-0000-000000000002
without: [a]
changed:
  b: {spec: {definition: {$json: {States: {$without: [B], A: {Next: C}, C: {}}}}}}
with:
  Result Lost: {kind: Result, message: lost, reason: Lost}
  c:
    apiVersion: v1
    kind: Machine
    metadata: {annotations: {crossplane.io/composition-resource-name: c}, name: dev-c}
    spec: {bucket: b-dev-bbbbbbbb, definition: {$json: {}}, teeth: 1000000}
`,
		},
	}
	for _, name := range []string{"base", "case"} {
		tc := cases[name]
		t.Run(name, func(t *testing.T) {
			c := named(name)
			if err := c.write(parse(t, tc.out), bases); err != nil {
				t.Fatal(err)
			}
			written, err := os.ReadFile(c.Path("expected.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.written, string(written)); diff != "" {
				t.Errorf("%s\nwrite(...): -want, +got:\n%s", tc.reason, diff)
			}
			got, err := c.Expected()
			if diff := cmp.Diff(tc.out, string(got)); diff != "" || err != nil {
				t.Errorf("Expected(): error %v, -want, +got:\n%s", err, diff)
			}
		})
	}
}

// TestRefused checks that a claim that is refused has an error, and nothing else.
func TestRefused(t *testing.T) {
	c := folder(t, map[string]string{"case/claim.yaml": "spec: {}"})("case")
	if err := c.write(refused("no region: moon\nno owner\n"), Case.read); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(c.Path("expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := "# The function refuses the claim, and Crossplane changes nothing.\nerror: |\n  no region: moon\n  no owner\n"
	if diff := cmp.Diff(want, string(written)); diff != "" {
		t.Errorf("write(...): -want, +got:\n%s", diff)
	}
	if refused, err := c.Refused(); !refused || err != nil {
		t.Errorf("Refused(): want true, got %t, error %v", refused, err)
	}
	managed, err := c.Managed()
	if len(managed) > 0 || err != nil {
		t.Errorf("Managed(): want none, got %v, error %v", managed, err)
	}
}

// TestWriteNothingElse checks that what would be read otherwise is not written.
func TestWriteNothingElse(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(out output)
		err    string
	}{
		"Labels":     {reason: "Labels that Crossplane does not add would be lost.", change: func(out output) { out[1].SetLabels(map[string]string{"a": "b"}) }, err: "read as another output"},
		"Owner":      {reason: "An owner that is not the XR would be lost.", change: func(out output) { out[2].SetOwnerReferences(nil) }, err: "read as another output"},
		"References": {reason: "A reference to nothing would be lost.", change: func(out output) { unstructured.RemoveNestedField(out[0].Object, "spec", "resourceRefs") }, err: "read as another output"},
		"Key":        {reason: "One of two with one key would be lost.", change: func(out output) { out[2].SetAnnotations(out[1].GetAnnotations()) }, err: `two objects have the key "a"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := folder(t, map[string]string{"case/claim.yaml": "spec: {}"})("case")
			out := pr.objects(t)
			tc.change(out)
			if err := c.write(out, Case.read); err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s\nwrite(...): want error %q, got %v", tc.reason, tc.err, err)
			}
			if c.Optional("expected.yaml") != "" {
				t.Errorf("%s\nwant nothing written", tc.reason)
			}
		})
	}
}
