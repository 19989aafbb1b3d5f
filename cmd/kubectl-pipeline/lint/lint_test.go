package lint

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/mistakes"
)

// TestMistakes makes each mistake of the list in the smallest claim. Each must be found without a cluster.
func TestMistakes(t *testing.T) {
	l, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../../examples/claims/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	claim := map[string]any{}
	if err := yaml.Unmarshal(b, &claim); err != nil {
		t.Fatal(err)
	}
	spec := claim["spec"].(map[string]any)
	all, err := mistakes.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		claim["spec"] = m.In(spec)
		o, err := structpb.NewStruct(claim)
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		if findings, checked := l.Check([]*structpb.Struct{o}); checked != 1 || len(findings) == 0 {
			t.Errorf("%s: %s: want a finding, got none", m.Name, m.Reason)
		}
	}
}

// TestNamespaced checks that a namespaced pipeline is judged as a claim is: by its own kind, and by the settings for its namespace.
func TestNamespaced(t *testing.T) {
	all, err := Objects(strings.NewReader("apiVersion: paymentdelivery.io/v1alpha1\nkind: PaymentPipeline\n" +
		"metadata: {name: payments, namespace: payments, labels: {crossplane.io/claim-namespace: other}}\n" +
		"spec: {environmentSuffix: prod, region: us-west-2, source: {owner: my-org, repository: my-repo}}"))
	if err != nil {
		t.Fatal(err)
	}
	settings, err := structpb.NewStruct(map[string]any{
		"apiVersion": "apiextensions.crossplane.io/v1beta1", "kind": "EnvironmentConfig", "metadata": map[string]any{"name": "payments"},
		"data": map[string]any{"match": map[string]any{"namespaces": []any{"payments"}}, "allowedRegions": []any{"us-east-1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := New([]*structpb.Struct{settings})
	if err != nil {
		t.Fatal(err)
	}
	findings, checked := l.Check(all)
	if checked != 1 || len(findings) != 1 || !strings.Contains(findings[0].Mistake, "spec.region") {
		t.Errorf("want the region refused by the settings for its namespace, got %d checked: %v", checked, findings)
	}
}

// objects are one claim that has these fields, in YAML, beside those that are required.
func objects(t *testing.T, fields string) []*structpb.Struct {
	t.Helper()
	all, err := Objects(strings.NewReader(`
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments, namespace: payments}
spec: {environmentSuffix: prod, source: {owner: my-org, repository: my-repo}, ` + fields + "}"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNamesElsewhere looks for fields by the names that other tools give them.
func TestNamesElsewhere(t *testing.T) {
	l, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range namesElsewhere {
		if last := path[strings.LastIndex(path, ".")+1:]; !slices.Contains(l.known.paths[last], path) {
			t.Errorf("%s: there is no field %s", name, path)
		}
		findings, _ := l.Check(objects(t, name+": x"))
		want := []Finding{{"payments/payments", "spec." + name + ": unknown field; did you mean " + path + "?"}}
		if diff := cmp.Diff(want, findings); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}
