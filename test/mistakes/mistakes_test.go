package mistakes

import (
	"cmp"
	"flag"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

var update = flag.Bool("update", false, "Write what people are told into the list of mistakes.")

// minimal is the spec of the smallest claim.
func minimal(t *testing.T) map[string]any {
	t.Helper()
	b, err := os.ReadFile("../../examples/claims/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	object := map[string]any{}
	if err := yaml.Unmarshal(b, &object); err != nil {
		t.Fatal(err)
	}
	return object["spec"].(map[string]any)
}

// TestMistakes makes each mistake in the smallest claim. The API server's own libraries must refuse it, or else the function, in the words of
// the list.
func TestMistakes(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	server, spec := newServer(t), minimal(t)
	if refused := server.create(t, spec); len(refused) > 0 {
		t.Fatalf("the smallest claim is refused: %q", refused)
	}
	got := map[string][]string{}
	for _, m := range all {
		t.Run(m.Name, func(t *testing.T) {
			wrong := m.In(spec)
			told := server.create(t, wrong)
			want := m.Told
			if m.Function != nil {
				if len(told) > 0 {
					t.Errorf("%s: the API server knows already: %q", m.Reason, told)
				}
				told, want = function(t, wrong), m.Function
			}
			if len(told) == 0 {
				t.Fatalf("%s: want it refused, but it passes", m.Reason)
			}
			got[m.Name] = told
			if *update {
				return
			}
			if diff := gocmp.Diff(want, told); diff != "" {
				t.Errorf("%s: -want, +told:\n%s", m.Reason, diff)
			}
		})
	}
	if *update {
		write(t, got)
	}
	if len(all) < 85 {
		t.Errorf("want at least 85 mistakes, got %d", len(all))
	}
}

var (
	// fieldFirst begins each text, but for that about a field which does not exist.
	fieldFirst = regexp.MustCompile(`^(unknown field "spec\.[^"]+"$|spec[.A-Za-z0-9\[\]_-]*: )`)

	// expression is what only programmers read: a pattern, or a rule.
	expression = regexp.MustCompile(`should match|\[a-z|\^|\\|self\.|string\(`)

	// plain are Kubernetes' own words for a mistake, which say all: what is missing, twice, of another type or out of bounds.
	plain = regexp.MustCompile(`Required value|Duplicate value|unknown field|Unsupported value|Too (long|many)|must be of type|should (be|have) `)

	// next is what is allowed, or what to do.
	next = regexp.MustCompile(`; |such as|must|write|leave|choose|set |name `)
)

// instead of a value or key of the patch, texts name this: what was left out, or what all of it comes to.
var instead = map[string]string{
	"BothSources":      `["owner", "repository"]`,
	"LevelsOfText":     `"Text"`,
	"NoHandlerOfJava":  `""`,
	"PromotedAndBuilt": "build",
	"TooManyBytes":     "4114 bytes",
}

// TestTexts checks that all texts of the list name the field, the value or its key, and what is allowed or what to do.
func TestTexts(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		for _, text := range slices.Concat(m.Told, m.Function) {
			if !fieldFirst.MatchString(text) {
				t.Errorf("%s: want the field first, told is %s", m.Name, text)
			}
			if expression.MatchString(text) {
				t.Errorf("%s: want words, told is %s", m.Name, text)
			}
			if plain.MatchString(text) {
				continue
			}
			if !next.MatchString(text) {
				t.Errorf("%s: want what is allowed or what to do, told is %s", m.Name, text)
			}
			if !slices.ContainsFunc(append(values(m.Patch), cmp.Or(instead[m.Name], "no such value")), func(v string) bool { return strings.Contains(text, v) }) {
				t.Errorf("%s: want the value or its key, told is %s", m.Name, text)
			}
		}
	}
}

// values of a patch: its texts, numbers and keys, as a text has them.
func values(x any) []string {
	switch v := x.(type) {
	case map[string]any:
		var all []string
		for key, value := range v {
			all = append(append(all, strconv.Quote(key)), values(value)...)
		}
		return all
	case []any:
		var all []string
		for _, value := range v {
			all = append(all, values(value)...)
		}
		return all
	case string:
		return []string{strconv.Quote(v), strconv.Itoa(len(v))}
	case nil:
		return nil
	default:
		text, _ := yaml.Marshal(v)
		return []string{strings.TrimSpace(string(text))}
	}
}

// function refuses a claim whose pipeline does not exist yet.
func function(t *testing.T, spec map[string]any) []string {
	t.Helper()
	xr, err := structpb.NewStruct(map[string]any{"spec": runtime.DeepCopyJSON(spec)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := claim.Read(claim.Sources{}, xr, claim.Existing{})
	if err == nil {
		err = c.Refused
	}
	if err == nil {
		_, err = architecture.New(c, compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr}}))
	}
	if err == nil {
		return nil
	}
	text := strings.TrimPrefix(err.Error(), "invalid PaymentDeliveryPipeline: ")
	return []string{text}
}

// write what is told into the list, under each mistake.
func write(t *testing.T, told map[string][]string) {
	t.Helper()
	blocks := strings.Split(string(list), "\n- name: ")
	text := blocks[0]
	for _, block := range blocks[1:] {
		name, _, _ := strings.Cut(block, "\n")
		by := "told"
		head, _, found := strings.Cut(block, "\n  told:")
		if !found {
			by = "function"
			head, _, _ = strings.Cut(block, "\n  function:")
		}
		text += "\n- name: " + head + "\n  " + by + ":"
		for _, line := range told[name] {
			text += "\n  - '" + strings.ReplaceAll(line, "'", "''") + "'"
		}
	}
	if err := os.WriteFile("mistakes.yaml", []byte(text+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}
