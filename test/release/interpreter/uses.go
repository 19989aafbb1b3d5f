package interpreter

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/blues/jsonata-go/jparse"
)

// known are the functions that an expression may call. They are the same, or made the same, in the library and in Step
// Functions, and give the same answer each time.
var known = []string{
	"abs", "append", "average", "base64decode", "base64encode", "boolean", "ceil", "contains", "count", "distinct", "each",
	"error", "exists", "filter", "floor", "formatNumber", "fromMillis", "hash", "join", "keys", "length", "lookup", "lowercase", "map",
	"match", "max", "merge", "millis", "min", "not", "now", "number", "pad", "parse", "power", "reduce", "replace", "reverse",
	"round", "sift", "single", "sort", "split", "spread", "sqrt", "string", "substring", "substringAfter", "substringBefore",
	"sum", "toMillis", "trim", "type", "uppercase", "zip",
}

// keyName is the name of an execution, a state or a state machine in the context object.
const keyName = "Name"

// contextMembers are what the context object has, by its parts.
var contextMembers = map[string][]string{
	"Execution":    {"Id", "Input", keyName, "RoleArn", "StartTime"},
	"State":        {"EnteredTime", keyName, "RetryCount"},
	"StateMachine": {"Id", keyName},
}

// uses are what an expression needs from outside.
type uses struct {
	members   map[string]bool // of $states
	variables map[string]bool

	// answers are the paths by which it reads $states.result, but for what only a hash is made of.
	answers [][]string

	problems []string
}

// usesOf an expression, which stands where there is no data: paths must start at a variable.
func usesOf(node jparse.Node) uses {
	u := uses{members: map[string]bool{}, variables: map[string]bool{}}
	u.walk(node, nil, false)
	return u
}

func (u *uses) problemf(format string, args ...any) {
	u.problems = append(u.problems, fmt.Sprintf(format, args...))
}

// walk a node, under which the supplied local variables are visible. In a context, names and $ stand for parts of data.
func (u *uses) walk(node jparse.Node, locals map[string]bool, context bool) {
	switch n := node.(type) {
	case *jparse.VariableNode:
		u.variable(n.Name, locals, context)
	case *jparse.NameNode:
		if !context {
			u.problemf("uses a name outside of a path: %q", n.Value)
		}
	case *jparse.PathNode:
		u.path(n.Steps, locals, context)
	case *jparse.BlockNode:
		locals = cloned(locals)
		for _, child := range n.Exprs {
			u.walk(child, locals, context)
		}
	case *jparse.AssignmentNode:
		u.walk(n.Value, locals, context)
		if locals == nil {
			u.problemf("assigns $%s outside of a block", n.Name)
			return
		}
		locals[n.Name] = true
	case *jparse.LambdaNode:
		locals = cloned(locals)
		for _, p := range n.ParamNames {
			locals[p] = true
		}
		u.walk(n.Body, locals, context)
	case *jparse.PredicateNode:
		u.walk(n.Expr, locals, context)
		for _, f := range n.Filters {
			u.walk(f, locals, true)
		}
	case *jparse.GroupNode:
		u.walk(n.Expr, locals, context)
		u.walk(n.ObjectNode, locals, true)
	case *jparse.SortNode:
		u.walk(n.Expr, locals, context)
		for _, t := range n.Terms {
			u.walk(t.Expr, locals, true)
		}
	case *jparse.FunctionCallNode:
		read := len(u.answers)
		u.walkChildren(node, locals, context)
		if f, ok := n.Func.(*jparse.VariableNode); ok && f.Name == "hash" {
			u.answers = u.answers[:read]
		}
	default:
		u.walkChildren(node, locals, context)
	}
}

func (u *uses) walkChildren(node jparse.Node, locals map[string]bool, context bool) {
	for _, child := range children(node) {
		u.walk(child, locals, context)
	}
}

func (u *uses) variable(name string, locals map[string]bool, context bool) {
	switch {
	case locals[name]:
	case name == "":
		if !context {
			u.problemf("uses $ where there is no data")
		}
	case name == "$":
		u.problemf("uses $$, which is nothing in Step Functions")
	case name == "states":
		u.problemf("uses $states as a whole")
	case slices.Contains(known, name):
	default:
		u.variables[name] = true
	}
}

func (u *uses) path(steps []jparse.Node, locals map[string]bool, context bool) {
	if v, ok := steps[0].(*jparse.VariableNode); ok && v.Name == "states" && len(steps) > 1 {
		u.statesMember(steps[1:])
	} else {
		u.walk(steps[0], locals, context)
	}
	for _, step := range steps[1:] {
		u.walk(step, locals, true)
	}
}

func (u *uses) statesMember(steps []jparse.Node) {
	member := stepName(steps, 0)
	u.members[member] = true
	if member == memberResult {
		u.answers = append(u.answers, namesIn(steps[1:]))
	}
	if member != memberContext {
		return
	}
	if part, name := stepName(steps, 1), stepName(steps, 2); !slices.Contains(contextMembers[part], name) {
		u.problemf("uses an unknown member of the context: %q.%q", part, name)
	}
}

// namesIn a path, up to a step that is no name.
func namesIn(steps []jparse.Node) []string {
	names := []string{}
	for i := range steps {
		name := stepName(steps, i)
		if name == "" {
			break
		}
		names = append(names, name)
	}
	return names
}

// stepName of a path's i-th step, with or without predicates. Steps that are not names have none.
func stepName(steps []jparse.Node, i int) string {
	if i >= len(steps) {
		return ""
	}
	switch n := steps[i].(type) {
	case *jparse.NameNode:
		return n.Value
	case *jparse.PredicateNode:
		return stepName([]jparse.Node{n.Expr}, 0)
	default:
		return ""
	}
}

// children of a node whose kind makes no difference to what is visible in them.
func children(node jparse.Node) []jparse.Node {
	v := reflect.Indirect(reflect.ValueOf(node))
	if v.Kind() != reflect.Struct {
		return nil
	}
	var found []jparse.Node
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		switch f := v.Field(i).Interface().(type) {
		case jparse.Node:
			found = append(found, f)
		case []jparse.Node:
			found = append(found, f...)
		case [][2]jparse.Node:
			for _, pair := range f {
				found = append(found, pair[:]...)
			}
		}
	}
	return found
}

func cloned(set map[string]bool) map[string]bool {
	if set == nil {
		return map[string]bool{}
	}
	return maps.Clone(set)
}
