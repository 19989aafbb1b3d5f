package conversion

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// A kind whose newer version has objects where the older one has lists of one, within each other and within a list.
const crd = `
spec:
  group: example.org
  names: {kind: Thing}
  versions:
  - name: v1beta1
    schema: {openAPIV3Schema: {type: object, properties: {
      apiVersion: {type: string}, kind: {type: string}, metadata: {type: object},
      spec: {type: object, properties: {
        old: {type: string},
        tags: {type: object, additionalProperties: {type: string}},
        one: {type: array, items: {type: object, properties: {
          inner: {type: array, items: {type: object, properties: {name: {type: string}}}}}}},
        many: {type: array, items: {type: object, properties: {
          inner: {type: array, items: {type: object, properties: {name: {type: string}}}}}}}}}}}}
  - name: v1beta2
    schema: {openAPIV3Schema: {type: object, properties: {
      apiVersion: {type: string}, kind: {type: string}, metadata: {type: object},
      spec: {type: object, properties: {
        tags: {type: object, additionalProperties: {type: string}},
        one: {type: object, properties: {inner: {type: object, properties: {name: {type: string}}}}},
        many: {type: array, items: {type: object, properties: {
          inner: {type: object, properties: {name: {type: string}}}}}}}}}}}
`

const metadata = `metadata: {name: a, labels: {b: c}}` + "\n"

func TestConvert(t *testing.T) {
	schemas := Schemas{}
	definition := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal([]byte(crd), definition); err != nil {
		t.Fatal(err)
	}
	schemas.Add(definition)

	const (
		lists   = metadata + `spec: {tags: {x: y}, one: [{inner: [{name: a}]}], many: [{inner: [{name: b}]}, {}]}`
		objects = metadata + `spec: {tags: {x: y}, one: {inner: {name: a}}, many: [{inner: {name: b}}, {}]}`
	)
	cases := map[string]struct {
		from, to string
		o        string
		want     string
		err      string
	}{
		"ListsToObjects": {from: "v1beta1", to: "v1beta2", o: lists, want: objects},
		"ObjectsToLists": {from: "v1beta2", to: "v1beta1", o: objects, want: lists},
		"ListOfNone":     {from: "v1beta1", to: "v1beta2", o: metadata + `spec: {one: []}`, want: metadata + `spec: {one: {}}`},
		"PartOfObject":   {from: "v1beta1", to: "v1beta2", o: `spec: {tags: {x: y}}`, want: "metadata: {}\nspec: {tags: {x: y}}"},
		"LostField":      {from: "v1beta1", to: "v1beta2", o: metadata + `spec: {old: x}`, err: `spec: one of the versions has no field "old"`},
		"UnknownVersion": {from: "v1beta1", to: "v1", o: lists, err: "no CRD has example.org/v1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := schemas.Convert(object(t, tc.from, tc.o), tc.to)
			if (err != nil) != (tc.err != "") || (err != nil && !strings.Contains(err.Error(), tc.err)) {
				t.Fatalf("error is %v, want %q", err, tc.err)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(object(t, tc.to, tc.want), got); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}

func object(t *testing.T, version, content string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte("apiVersion: example.org/"+version+"\nkind: Thing\n"+content), &u.Object); err != nil {
		t.Fatal(err)
	}
	return u
}
