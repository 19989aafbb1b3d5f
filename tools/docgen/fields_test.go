package main

import (
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// cake has a field of each kind.
const cake = `
type: object
required: [flavour]
properties:
  flavour:
    type: string
    description: |-
      Flavour of the cake,
      as it is sold.
    enum: [lemon, nut]
  layers:
    type: integer
    default: 2
    minimum: 1
    maximum: 9
  name:
    type: string
    default: ""
    maxLength: 20
    pattern: ^(a|b)$
  oven:
    type: object
    default: {}
    description: An object that is always there says nothing.
    properties:
      degrees: {type: integer, default: 180}
  topping:
    type: object
    description: Topping, if any.
    required: [of]
    x-kubernetes-validations:
    - {rule: "true", message: not too sweet}
    properties:
      of: {type: string}
  guests:
    type: array
    maxItems: 3
    items: {type: string, maxLength: 5}
  slices:
    type: array
    items:
      type: object
      properties:
        for: {type: string, description: For whom it is.}
  labels:
    type: object
    maxProperties: 4
    additionalProperties: {type: string}
`

func schemaOfCake(t *testing.T) extv1.JSONSchemaProps {
	t.Helper()
	s := extv1.JSONSchemaProps{}
	if err := yaml.UnmarshalStrict([]byte(cake), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTable(t *testing.T) {
	checkText(t, table(schemaOfCake(t)), nil,
		"| field | type | default | allowed | what |",
		"|---|---|---|---|---|",
		"| `flavour` | string | **required** | `lemon`, `nut` | Flavour of the cake, as it is sold. |",
		"| `guests` | list of strings | none | at most 3 items; each: at most 5 characters |  |",
		"| `labels` | map of strings | none | at most 4 keys |  |",
		"| `layers` | integer | `2` | 1 to 9 |  |",
		"| `name` | string | empty | at most 20 characters; `^(a\\|b)$` |  |",
		"| `oven.degrees` | integer | `180` |  |  |",
		"| `slices` | list of objects | none |  |  |",
		"| `slices[].for` | string | none |  | For whom it is. |",
		"| `topping` | object | none | not too sweet | Topping, if any. |",
		"| `topping.of` | string | **required** |  |  |",
	)
}

func TestList(t *testing.T) {
	checkText(t, list(*schemaOfCake(t).Properties["slices"].Items.Schema), nil,
		"| field | type | what |",
		"|---|---|---|",
		"| `for` | string | For whom it is. |",
	)
}

func TestSchemaOf(t *testing.T) {
	got, err := schemaOf(file(t, "definition.yaml", "spec:", "  versions:", "  - name: v1", "    schema:", "      openAPIV3Schema: {type: object}"))
	if err != nil || got.Type != "object" {
		t.Errorf("schemaOf(...): want the schema of the version, got %v, %v", got, err)
	}
	_, err = schemaOf(file(t, "definition.yaml", "spec: {versions: []}"))
	checkError(t, err, "0 versions")
}
