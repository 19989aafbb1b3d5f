package fakeaws

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// An operand has a value, of an item or of its own. None: nil.
type operand func(item) attribute

// A condition holds for an item or not.
type condition func(item) bool

// placeholders in expressions stand for names and values.
type placeholders struct {
	names  map[string]string
	values map[string]attribute
	used   map[string]bool
}

// unused placeholders, sorted.
func (p *placeholders) unused() []string {
	given := slices.Concat(slices.Sorted(maps.Keys(p.names)), slices.Sorted(maps.Keys(p.values)))
	return slices.DeleteFunc(given, func(name string) bool { return p.used[name] })
}

// reserved are words that an attribute's name may not be, if it stands for itself, as far as someone here might use them.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
var reserved = []string{
	"ACTION", "COMMENT", "DATA", "DATE", "END", "ERROR", "EXIT", "FROM", "FUNCTION", "KEY", "NAME", "REGION", "RESULT", "ROLE",
	"SOURCE", "START", "STATE", "STATUS", "TIME", "TIMESTAMP", "TO", "TTL", "TYPE", "USER", "VALUE", "WHEN",
}

// token of an expression: a placeholder or word, or a sign.
var token = regexp.MustCompile(`^\s*([#:]?[A-Za-z_][A-Za-z0-9_]*|<>|<=|>=|[=<>(),])`)

// A parser of DynamoDB's expressions.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
type parser struct {
	tokens []string
	names  *placeholders
}

func newParser(text string, names *placeholders) (*parser, error) {
	p := &parser{names: names}
	for rest := strings.TrimSpace(text); rest != ""; {
		m := token.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("unknown syntax at %q", rest)
		}
		p.tokens = append(p.tokens, m[1])
		rest = strings.TrimSpace(rest[len(m[0]):])
	}
	return p, nil
}

// is takes the next token if it is the supplied one. Keywords may be written in any case.
func (p *parser) is(want string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], want) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) must(want string) error {
	if !p.is(want) {
		return fmt.Errorf("want %q at %q", want, strings.Join(p.tokens, " "))
	}
	return nil
}

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t
}

func (p *parser) end() error {
	if len(p.tokens) > 0 {
		return fmt.Errorf("unknown syntax at %q", strings.Join(p.tokens, " "))
	}
	return nil
}

// attribute that the next token names.
func (p *parser) attribute() (string, error) {
	t := p.next()
	if strings.HasPrefix(t, "#") {
		name, ok := p.names.names[t]
		if !ok {
			return "", fmt.Errorf("undefined name %q", t)
		}
		p.names.used[t] = true
		return name, nil
	}
	if t == "" || !regexp.MustCompile(`^[A-Za-z]`).MatchString(t) {
		return "", fmt.Errorf("want an attribute, not %q", t)
	}
	if slices.Contains(reserved, strings.ToUpper(t)) {
		return "", fmt.Errorf("attribute name is a reserved keyword: %q", t)
	}
	return t, nil
}

// operand: a value or an attribute.
func (p *parser) operand() (operand, error) {
	if len(p.tokens) > 0 && strings.HasPrefix(p.tokens[0], ":") {
		t := p.next()
		v, ok := p.names.values[t]
		if !ok {
			return nil, fmt.Errorf("undefined value %q", t)
		}
		p.names.used[t] = true
		return func(item) attribute { return v }, nil
	}
	name, err := p.attribute()
	return func(i item) attribute { return i[name] }, err
}

// parseUpdate reads SET a = value, … where a value is an operand or if_not_exists(a, operand).
func parseUpdate(text string, names *placeholders) (map[string]operand, error) {
	p, err := newParser(text, names)
	if err != nil {
		return nil, err
	}
	if err := p.must("SET"); err != nil {
		return nil, err
	}
	update := map[string]operand{}
	for {
		name, err := p.attribute()
		if err != nil {
			return nil, err
		}
		if err := p.must("="); err != nil {
			return nil, err
		}
		v, err := p.assigned()
		if err != nil {
			return nil, err
		}
		if update[name] != nil {
			return nil, fmt.Errorf("two document paths overlap: %q", name)
		}
		update[name] = v
		if !p.is(",") {
			return update, p.end()
		}
	}
}

func (p *parser) assigned() (operand, error) {
	if !p.is("if_not_exists") {
		return p.operand()
	}
	if err := p.must("("); err != nil {
		return nil, err
	}
	name, err := p.attribute()
	if err != nil {
		return nil, err
	}
	if err := p.must(","); err != nil {
		return nil, err
	}
	byDefault, err := p.operand()
	if err != nil {
		return nil, err
	}
	return func(i item) attribute {
		if v := i[name]; v != nil {
			return v
		}
		return byDefault(i)
	}, p.must(")")
}
