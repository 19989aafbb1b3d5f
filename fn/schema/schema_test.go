package schema

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// pizza has one field of each sort.
const pizza = `
type: object
required: [name]
properties:
  name: {type: string, minLength: 2, maxLength: 8, pattern: "^[a-z]+$"}
  crust: {type: string, enum: [thin, thick], default: thin}
  slices: {type: integer, format: int32, minimum: 1, maximum: 12, default: 8}
  size: {type: integer, enum: [20, 30]}
  price: {type: number}
  oven:
    type: object
    default: {}
    properties:
      celsius:
        type: integer
        default: 400
        x-kubernetes-validations:
        - rule: self < 600
          reason: FieldValueForbidden
          message: no oven gets hotter than 600
          messageExpression: string(self) + ' is hotter than 600, which no oven gets'
  toppings:
    type: array
    maxItems: 3
    x-kubernetes-list-type: set
    items: {type: string, maxLength: 8}
  labels:
    type: object
    maxProperties: 2
    additionalProperties: {type: string, maxLength: 80}
    x-kubernetes-validations:
    - rule: self.all(k, k != 'pineapple')
      message: pineapple is no label
  notes:
    type: object
    additionalProperties: true
  extra:
    type: object
    x-kubernetes-preserve-unknown-fields: true
x-kubernetes-validations:
- rule: self.name == oldSelf.name
  message: a pizza keeps its name
- rule: self.crust == 'thick' || self.slices <= 8
  message: thin pizza has at most 8 slices
  messageExpression: string(self.slices) + ' slices are too many for thin pizza; cut at most 8'
  fieldPath: .slices
`

func newPizza(tb testing.TB) *Schema {
	tb.Helper()
	props := &extv1.JSONSchemaProps{}
	if err := yaml.Unmarshal([]byte(pizza), props); err != nil {
		tb.Fatalf("cannot parse schema: %v", err)
	}
	s, err := New(props)
	if err != nil {
		tb.Fatalf("cannot make schema: %v", err)
	}
	return s
}

func TestApply(t *testing.T) {
	type want struct {
		obj  map[string]any
		errs []string
	}
	// defaulted is a valid object with all defaults, and the fields that a case sets.
	defaulted := func(set map[string]any) map[string]any {
		obj := map[string]any{"crust": "thin", "slices": int64(8), "oven": map[string]any{"celsius": int64(400)}}
		maps.Copy(obj, set)
		return obj
	}

	cases := map[string]struct {
		reason string
		obj    map[string]any
		want   want
	}{
		"Defaults": {
			reason: "Defaults are set at every depth.",
			obj:    map[string]any{"name": "funghi"},
			want:   want{obj: defaulted(map[string]any{"name": "funghi"})},
		},
		"NullIsAbsent": {
			reason: "A null counts as absent: it is dropped, or gives way to the default.",
			obj:    map[string]any{"name": "funghi", "slices": nil, "size": nil, "labels": map[string]any{"a": nil}},
			want:   want{obj: defaulted(map[string]any{"name": "funghi", "labels": map[string]any{}})},
		},
		"WholeNumbersAreIntegers": {
			reason: "Each number of a protobuf Struct is a float64; where the schema wants integers, whole ones are.",
			obj:    map[string]any{"name": "funghi", "slices": 4.0, "size": 30.0, "price": 9.0},
			want:   want{obj: defaulted(map[string]any{"name": "funghi", "slices": int64(4), "size": int64(30), "price": 9.0})},
		},
		"PreservesWhatIsMeantToBeFree": {
			reason: "Unknown fields are fine where the schema says so.",
			obj:    map[string]any{"name": "funghi", "extra": map[string]any{"a": 1.5}, "notes": map[string]any{"b": 2.5}},
			want:   want{obj: defaulted(map[string]any{"name": "funghi", "extra": map[string]any{"a": 1.5}, "notes": map[string]any{"b": 2.5}})},
		},
		"EmptyText": {
			reason: "A text that is empty is a mistake beside others.",
			obj:    map[string]any{"name": "", "crust": "thick", "slices": 13.0},
			want: want{errs: []string{
				`order.name: Invalid value: "": should be at least 2 chars long`,
				`order.slices: Invalid value: 13: should be less than or equal to 12`,
			}},
		},
		"TooLargeForAnInteger": {
			reason: "A number that no integer holds should not become another.",
			obj:    map[string]any{"name": "funghi", "slices": 9223372036854775808.0},
			want: want{errs: []string{
				`order.slices: Invalid value: 9.223372036854776e+18: must be of type integer: "number"`,
				`order.slices: Invalid value: 9.223372036854776e+18: should be less than or equal to 12`,
			}},
		},
		"Nil": {
			reason: "There is nothing to set defaults in.",
			want:   want{errs: []string{`order: Required value: must be an object`}},
		},
		"Required": {
			reason: "A required field is missing.",
			obj:    map[string]any{},
			want:   want{errs: []string{`order.name: Required value`}},
		},
		"UnknownFields": {
			reason: "Each unknown field is reported, with the fields that there are.",
			obj:    map[string]any{"name": "funghi", "slizes": 4.0, "oven": map[string]any{"kelvin": nil}},
			want: want{errs: []string{
				`order.oven.kelvin: Invalid value: unknown field, known are: celsius`,
				`order.slizes: Invalid value: unknown field, known are: crust, extra, labels, name, notes, oven, price, size, slices, toppings`,
			}},
		},
		"WrongTypes": {
			reason: "Each value of a wrong type is reported once, with its type, and at its field.",
			obj: map[string]any{
				"name":     7.0,
				"slices":   "8",
				"size":     20.5,
				"oven":     []any{},
				"toppings": []any{"ham", map[string]any{"a": "b"}},
				"labels":   map[string]any{"a.b/c": true},
			},
			want: want{errs: []string{
				`order.labels.a.b/c: Invalid value: true: must be of type string: "boolean"; write it in quotes`,
				`order.name: Invalid value: 7: must be of type string: "number"; write it in quotes`,
				`order.oven: Invalid value: must be of type object: "array"`,
				`order.size: Invalid value: 20.5: must be of type integer: "number"`,
				`order.slices: Invalid value: "8": must be of type integer: "string"`,
				`order.toppings[1]: Invalid value: must be of type string: "object"`,
			}},
		},
		"NoList": {
			reason: "One item in place of a list is reported with how to write a list.",
			obj:    map[string]any{"name": "funghi", "toppings": "ham"},
			want:   want{errs: []string{`order.toppings: Invalid value: "ham": must be of type array: "string"; write a list, with a hyphen before each item`}},
		},
		"WrongValues": {
			reason: "Each wrong value is reported with what is allowed.",
			obj: map[string]any{
				"name":     "FUNGHI-MISTI",
				"crust":    "cheesy",
				"slices":   13.0,
				"size":     25.0,
				"toppings": []any{"a", "b", "c", "d"},
				"labels":   map[string]any{"a": "x", "b": "y", "c": strings.Repeat("ä", 81)},
			},
			want: want{errs: []string{
				`order.crust: Unsupported value: "cheesy": supported values: "thin", "thick"`,
				`order.labels: Too many: 3: must have at most 2 items`,
				`order.labels.c: Invalid value: "` + strings.Repeat("ä", 81) + `": may not be more than 80 characters`,
				`order.name: Invalid value: "FUNGHI-MISTI": may not be more than 8 characters`,
				`order.size: Unsupported value: 25: supported values: "20", "30"`,
				`order.slices: Invalid value: 13: should be less than or equal to 12`,
				`order.toppings: Too many: 4: must have at most 3 items`,
			}},
		},
		"TooShort": {
			reason: "A text that is too short is reported with the least length.",
			obj:    map[string]any{"name": "f"},
			want:   want{errs: []string{`order.name: Invalid value: "f": should be at least 2 chars long`}},
		},
		"Pattern": {
			reason: "A text that does not match is reported with the pattern.",
			obj:    map[string]any{"name": "F4"},
			want:   want{errs: []string{`order.name: Invalid value: "F4": should match '^[a-z]+$'`}},
		},
		"Rules": {
			reason: "Rules are checked once values are of their types, but for those that need an older object. Their messages name what is wrong.",
			obj: map[string]any{
				"name":     "funghi",
				"slices":   10.0,
				"labels":   map[string]any{"pineapple": "yes"},
				"toppings": []any{"ham", "ham"},
			},
			want: want{errs: []string{
				`order.labels: Invalid value: pineapple is no label`,
				`order.slices: Invalid value: 10 slices are too many for thin pizza; cut at most 8`,
				`order.toppings[1]: Duplicate value: "ham"`,
			}},
		},
		"ByAWS": {
			reason: "A rule about what is forbidden is one of AWS's.",
			obj:    map[string]any{"name": "funghi", "oven": map[string]any{"celsius": 700.0}},
			want:   want{errs: []string{`order.oven.celsius: Invalid value: 700 is hotter than 600, which no oven gets (rule of AWS)`}},
		},
		"NotANumber": {
			reason: "A protobuf Struct can hold numbers that JSON cannot.",
			obj:    map[string]any{"name": "funghi", "slices": math.NaN(), "size": math.Inf(1)},
			want: want{errs: []string{
				`order.size: Invalid value: +Inf: must be of type integer: "number"`,
				`order.size: Unsupported value: +Inf: supported values: "20", "30"`,
				`order.slices: Invalid value: NaN: must be of type integer: "number"`,
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			errs := newPizza(t).Apply(tc.obj, field.NewPath("order"))
			got := []string(nil)
			for _, err := range errs {
				got = append(got, err.Error())
			}
			if diff := cmp.Diff(tc.want.errs, got); diff != "" {
				t.Errorf("\n%s\nApply(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
			if tc.want.errs != nil {
				return
			}
			if diff := cmp.Diff(tc.want.obj, tc.obj); diff != "" {
				t.Errorf("\n%s\nApply(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestApplyToHugeObjects(t *testing.T) {
	deep := any("bottom")
	for range 10_000 {
		deep = map[string]any{"a": []any{deep}}
	}
	long := strings.Repeat("x", 10<<20)

	for name, value := range map[string]any{"Deep": deep, "Long": long} {
		t.Run(name, func(t *testing.T) {
			s := newPizza(t)
			for _, f := range []string{"name", "slices", "oven", "toppings", "labels", "extra", "unknown"} {
				errs := s.Apply(map[string]any{f: value}, field.NewPath("order"))
				// Any object may be an extra.
				free := f == "extra" && name == "Deep"
				if free == slices.ContainsFunc(errs, func(err refusal.Refusal) bool { return strings.HasPrefix(err.Field, "order."+f) }) {
					t.Errorf("%s: want it refused, got %d errors", f, len(errs))
				}
				for _, err := range errs {
					if n := len(err.Error()); n > 300 {
						t.Errorf("%s: error has %d characters: it ends up in a condition", f, n)
					}
				}
			}
		})
	}
}

func FuzzApply(f *testing.F) {
	s := newPizza(f)
	f.Add(`{"name": "funghi", "labels": {"a": "b"}, "toppings": ["ham"], "oven": {"celsius": 1e300}}`)
	f.Add(`{"name": {"name": []}, "labels": [[[]]], "toppings": {"a": null}, "": {"": ""}}`)
	f.Fuzz(func(t *testing.T, j string) {
		obj := map[string]any{}
		if err := yaml.Unmarshal([]byte(j), &obj); err != nil {
			return
		}
		if errs := s.Apply(obj, field.NewPath("order")); len(errs) > 0 {
			return
		}
		// What is taken is complete, and stays as it is.
		again := runtime.DeepCopyJSON(obj)
		if errs := s.Apply(again, field.NewPath("order")); len(errs) > 0 || obj["name"] == nil || obj["crust"] == nil {
			t.Errorf("%s becomes %v, which has errors %v", j, obj, errs)
		}
		if diff := cmp.Diff(obj, again); diff != "" {
			t.Errorf("%s: -once, +twice:\n%s", j, diff)
		}
	})
}
