package awsmodel

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// An answer to sentences of AWS's: how what they ask of a call is fulfilled. It has statements, a state, docs or a reason.
type answer struct {
	Sentences []string `json:"sentences"`

	// By are who makes the calls that the sentences are about.
	By []string `json:"by"`

	// Statements, by their Sids, which Allow these actions together. They are of the caller's policy, or Of another's. Only pipelines need
	// them that render the text Where.
	Statements []string `json:"statements,omitempty"`
	Allow      []string `json:"allow,omitempty"`
	Of         string   `json:"of,omitempty"`
	Where      string   `json:"where,omitempty"`

	// State of the caller's state machine that sees to it.
	State string `json:"state,omitempty"`

	// Docs are a file and what it tells people to do.
	Docs *struct {
		File string `json:"file"`
		Says string `json:"says"`
	} `json:"docs,omitempty"`

	// Because nothing is to be done.
	Because string `json:"because,omitempty"`
}

// A said sentence of a service, to one who makes a call that it is about.
type said struct {
	sentence, by string
}

func (s said) String() string {
	return fmt.Sprintf("asked of %s: %s", s.by, s.sentence)
}

// TestProse checks that each sentence in which AWS asks something of a call that something of ours makes has an answer in answers.yaml,
// that the statements and states which the answers name are rendered, and that no answer is left over.
func TestProse(t *testing.T) {
	var p prose
	if err := readData("prose.json", &p); err != nil {
		t.Fatal(err)
	}
	c := proseCheck{answers: readAnswers(t), asked: map[said]bool{}, seen: map[*answer]map[string]bool{}, problems: map[string]bool{}}
	c.provider = c.parse(providerPolicies(t)...)
	for _, resources := range rendered(t) {
		c.checkCase(p, resources)
	}
	c.checkAnswers()
	for _, problem := range slices.Sorted(maps.Keys(c.problems)) {
		t.Error(problem)
	}
	if len(c.asked) < 100 {
		t.Errorf("want at least 100 things that AWS asks, got %d", len(c.asked))
	}
}

// A proseCheck goes through all rendered cases.
type proseCheck struct {
	answers  map[said][]*answer
	provider []iam.Statement

	// asked is what AWS asks of any case, and seen are the statements of answers, by their Sids, that are in a policy.
	asked map[said]bool
	seen  map[*answer]map[string]bool

	problems map[string]bool
}

func (c proseCheck) checkCase(p prose, resources []Managed) {
	calls, unknown := callsOf(resources)
	for _, problem := range unknown {
		c.problems[problem] = true
	}
	asked := map[said]bool{}
	for _, call := range calls {
		if !slices.Contains(p.Calls[call.service], call.operation) {
			c.problems[fmt.Sprintf("%s of %s: no prose is kept: name it in tools/awsmodels/wanted.go, and run make aws-models", call.operation, call.service)] = true
		}
		for _, s := range p.to(call) {
			asked[s] = true
		}
	}
	text, err := json.Marshal(resources)
	if err != nil {
		c.problems[err.Error()] = true
	}
	for s := range asked {
		c.asked[s] = true
		for _, a := range c.answers[s] {
			if strings.Contains(string(text), a.Where) {
				c.checkAnswer(s, a, resources)
			}
		}
	}
}

// checkAnswer to what is asked in one case.
func (c proseCheck) checkAnswer(s said, a *answer, resources []Managed) {
	if a.State != "" {
		machine := fieldOf(resources, s.by+"-state-machine", machineField)
		if !strings.Contains(machine, fmt.Sprintf("%q:{", a.State)) {
			c.findf(s, "the state machine has no state %q", a.State)
		}
	}
	var allowed []string
	for _, statement := range c.statements(resources, cmp.Or(a.Of, s.by)) {
		if statement.Effect != "Allow" || !slices.Contains(a.Statements, statement.Sid) {
			continue
		}
		if c.seen[a] == nil {
			c.seen[a] = map[string]bool{}
		}
		c.seen[a][statement.Sid] = true
		allowed = append(allowed, statement.Action...)
	}
	for _, action := range a.Allow {
		if !slices.Contains(allowed, action) {
			c.findf(s, "the policy of %s does not allow %s in %s", cmp.Or(a.Of, s.by), action, strings.Join(a.Statements, ", "))
		}
	}
}

// checkAnswers after all cases: there is one to each sentence, and none to what nobody asks.
func (c proseCheck) checkAnswers() {
	for s := range c.asked {
		if len(c.answers[s]) == 0 {
			c.findf(s, "has no answer in test/awsmodel/answers.yaml")
		}
	}
	for s, all := range c.answers {
		if !c.asked[s] {
			c.findf(s, "is answered, and no such call is made, or AWS does not say it")
			continue
		}
		for _, a := range all {
			for _, sid := range a.Statements {
				if !c.seen[a][sid] {
					c.findf(s, "no policy has a statement %q where it is asked", sid)
				}
			}
		}
	}
}

func (c proseCheck) findf(s said, format string, args ...any) {
	c.problems[s.String()+"\n\t"+fmt.Sprintf(format, args...)] = true
}

// statements of a caller's policy.
func (c proseCheck) statements(resources []Managed, by string) []iam.Statement {
	if by == provider {
		return c.provider
	}
	if text := fieldOf(resources, by+"-policy", policyField); text != "" {
		return c.parse(text)
	}
	return nil
}

func (c proseCheck) parse(policies ...string) []iam.Statement {
	var statements []iam.Statement
	for _, text := range policies {
		document, err := iam.Parse(text)
		if err != nil {
			c.problems[err.Error()] = true
		}
		statements = append(statements, document.Statement...)
	}
	return statements
}

// providerPolicies as installed.
func providerPolicies(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../examples/install/provider-policy/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

// fieldOf the managed resource that has a name in the composition. Empty: there is none.
func fieldOf(resources []Managed, name, field string) string {
	for _, m := range resources {
		if m.resourceName() == name {
			text, _ := m.Spec.ForProvider[field].(string)
			return text
		}
	}
	return ""
}

// A prose is what AWS says.
type prose struct {
	// Calls that are known, with or without a sentence, by service.
	Calls map[string][]string `json:"calls"`

	// Sentences, each after its service, with what it is about: an operation, or a member of one.
	Sentences map[string][]string `json:"sentences"`
}

// to one who makes a call: the sentences about the operation, and about members that are sent.
func (p prose) to(c call) []said {
	var all []said
	for sentence, places := range p.Sentences {
		if strings.HasPrefix(sentence, c.service+": ") && slices.ContainsFunc(places, c.isAbout) {
			all = append(all, said{sentence, c.by})
		}
	}
	return all
}

// isAbout tells whether a call is one that a sentence is about.
func (c call) isAbout(place string) bool {
	operation, member, _ := strings.Cut(place, ".")
	return operation == c.operation && c.sendsTo(member)
}

// readAnswers that people have written.
func readAnswers(t *testing.T) map[said][]*answer {
	t.Helper()
	text, err := os.ReadFile("answers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string][]*answer
	if err := yaml.UnmarshalStrict(text, &file); err != nil {
		t.Fatal(err)
	}
	answers := map[said][]*answer{}
	for service, all := range file {
		for _, a := range all {
			if err := a.valid(); err != nil {
				t.Errorf("%s: %v", service, err)
			}
			for _, sentence := range a.Sentences {
				for _, by := range a.By {
					s := said{service + ": " + sentence, by}
					answers[s] = append(answers[s], a)
				}
			}
		}
	}
	return answers
}

// valid answers say one thing, and the file that they name says what they say.
func (a *answer) valid() error {
	ways := 0
	for _, way := range []bool{len(a.Statements) > 0 && len(a.Allow) > 0, a.State != "", a.Docs != nil, a.Because != ""} {
		if way {
			ways++
		}
	}
	if ways != 1 || len(a.Sentences) == 0 || len(a.By) == 0 {
		return fmt.Errorf("want sentences, by, and one of statements with allow, state, docs and because, got %+v", *a)
	}
	if a.Docs == nil {
		return nil
	}
	text, err := os.ReadFile("../../" + a.Docs.File)
	if err == nil && !strings.Contains(strings.Join(strings.Fields(string(text)), " "), a.Docs.Says) {
		err = fmt.Errorf("%s does not say %q", a.Docs.File, a.Docs.Says)
	}
	return err
}
