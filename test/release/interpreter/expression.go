package interpreter

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	jsonata "github.com/blues/jsonata-go"
	"github.com/blues/jsonata-go/jlib"
	"github.com/blues/jsonata-go/jparse"
	"github.com/blues/jsonata-go/jtypes"
)

// An expression is in JSONata.
type expression struct {
	source string
	uses   uses
}

// A scope is what an expression can see.
type scope struct {
	states    map[string]any
	variables map[string]any
	now       time.Time
}

func parseExpression(source string) (*expression, error) {
	node, err := jparse.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("cannot parse expression %q: %w", source, err)
	}
	return &expression{source: source, uses: usesOf(node)}, nil
}

// Evaluate an expression outside of any state, where $states and variables have the supplied values, which are JSON as encoding/json reads
// it. It returns an error if the expression has no value, or calls what Step Functions does not have.
func Evaluate(source string, states, variables map[string]any) (any, error) {
	e, err := parseExpression(source)
	if err != nil {
		return nil, err
	}
	if len(e.uses.problems) > 0 {
		return nil, fmt.Errorf("expression %q %s", source, strings.Join(e.uses.problems, ", "))
	}
	return e.evaluate(scope{states: states, variables: variables})
}

// evaluate returns the expression's value. That it has none is an error: JSON cannot say so.
func (e *expression) evaluate(s scope) (any, error) {
	compiled, err := jsonata.Compile(e.source)
	if err != nil {
		return nil, e.failed(err)
	}
	vars := map[string]any{"states": withNull(s.states)}
	for name, v := range s.variables {
		vars[name] = withNull(v)
	}
	if err := errors.Join(compiled.RegisterVars(vars), compiled.RegisterExts(functions(s.now))); err != nil {
		return nil, e.failed(err)
	}
	v, err := compiled.Eval(nil)
	if err != nil {
		return nil, e.failed(err)
	}
	if jtypes.IsCallable(reflect.ValueOf(v)) {
		return nil, e.failed(errors.New("a function is no JSON"))
	}
	plain, err := plainJSON(v)
	if err != nil {
		return nil, e.failed(err)
	}
	return plain, nil
}

func (e *expression) failed(err error) error {
	return &Error{Name: ErrQuery, Cause: fmt.Sprintf("the JSONata expression '%s' failed: %v", e.source, err)}
}

// functions are those that the library lacks, or in which it differs from JSONata 2.0.6, which Step Functions runs.
func functions(now time.Time) map[string]jsonata.Extension {
	first := jtypes.ArgUndefined(0)
	return map[string]jsonata.Extension{
		// Step Functions has $parse in the place of $eval.
		"parse": {UndefinedHandler: first, Func: func(text string) (any, error) {
			var v any
			err := json.Unmarshal([]byte(text), &v)
			return withNull(v), err
		}},

		// Step Functions' own.
		"hash": {UndefinedHandler: first, Func: hash},

		"millis": {Func: func() float64 { return float64(now.UnixMilli()) }},
		"now":    {Func: func() string { return now.UTC().Format("2006-01-02T15:04:05.000Z") }},

		// Of nothing, JSONata 2 makes nothing, and the library makes true.
		"not": {UndefinedHandler: first, Func: func(v reflect.Value) bool { return !jlib.Boolean(v) }},

		// A result of one item is the item, and a result of none is nothing. The library always makes a list.
		"map": {UndefinedHandler: first, Func: func(v reflect.Value, f jtypes.Callable) (any, error) {
			return sequence(jlib.Map(v, f))
		}},
		"filter": {UndefinedHandler: first, Func: func(v reflect.Value, f jtypes.Callable) (any, error) {
			return sequence(jlib.Filter(v, f))
		}},
		"match": {UndefinedHandler: first, Func: func(s string, f jtypes.Callable, limit jtypes.OptionalInt) (any, error) {
			return sequence(jlib.Match(s, f, limit))
		}},
	}
}

// hash of text, in hexadecimal digits.
// See https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
func hash(text, algorithm string) (string, error) {
	if algorithm != "SHA-256" {
		return "", fmt.Errorf("$hash by %q is not made here", algorithm)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:]), nil
}

func sequence(list any, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	switch v := reflect.ValueOf(list); v.Len() {
	case 0:
		return nil, jtypes.ErrUndefined
	case 1:
		return v.Index(0).Interface(), nil
	default:
		return list, nil
	}
}

// withNull returns the supplied JSON value such that the library sees null in it, and not nothing.
func withNull(v any) any {
	switch v := v.(type) {
	case nil:
		return (*any)(nil)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = withNull(v[k])
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withNull(v[i])
		}
		return out
	default:
		return v
	}
}

// plainJSON returns the supplied value as encoding/json would read it.
func plainJSON(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var plain any
	err = json.Unmarshal(data, &plain)
	return plain, err
}
