package golden

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// edits make a list of the base's, one after the other:
//
//	keep: 2          two elements stay
//	keep: rest       as many stay as the other edits leave
//	drop: 1          one element goes
//	change: {...}    one element differs
//	add: {...}       one element is new
const edits = mark + "list"

// The verbs of edits.
const (
	keep   = "keep"
	drop   = "drop"
	change = "change"
	add    = "add"
)

// rest of the elements. Where they stay, the base may get more, and the edits are the same.
const rest = "rest"

// An edit of a list.
type edit struct {
	verb string

	// takes so many elements of the base's list.
	takes int

	// value of the element that is new, or how the one differs.
	value any
}

// changeOfList is the cheapest edits, or the whole list if that is cheaper.
func changeOfList(from, to []any) any {
	all := editsOf(from, to)
	longest := 0
	for _, e := range all {
		if e.verb == keep {
			longest = max(longest, e.takes)
		}
	}
	list := make([]any, len(all))
	for i, e := range all {
		var argument any
		switch {
		case e.verb == change || e.verb == add:
			argument = e.value
		case e.verb == keep && e.takes == longest:
			argument, longest = rest, 0
		default:
			argument = int64(e.takes)
		}
		list[i] = map[string]any{e.verb: argument}
	}
	if len(toJSON(list)) >= len(toJSON(to)) {
		return to
	}
	return map[string]any{edits: list}
}

// A step is the first of the cheapest edits, and what all of them cost.
type step struct {
	edit

	cost int
}

// editCost is about what an edit takes in YAML beside its value, in bytes.
const editCost = 12

// editsOf a list that make another of it: the cheapest.
func editsOf(from, to []any) []edit {
	steps := make([][]step, len(from)+1)
	for i := len(from); i >= 0; i-- {
		steps[i] = make([]step, len(to)+1)
		for j := len(to); j >= 0; j-- {
			if i < len(from) || j < len(to) {
				steps[i][j] = cheapest(from[i:], to[j:], steps[i:], j)
			}
		}
	}
	var all []edit
	for i, j := 0, 0; i < len(from) || j < len(to); {
		e := steps[i][j].edit
		i += e.takes
		if e.verb != drop {
			j++
		}
		if last := len(all) - 1; last >= 0 && all[last].verb == e.verb && (e.verb == keep || e.verb == drop) {
			all[last].takes++
		} else {
			all = append(all, e)
		}
	}
	return all
}

// cheapest first step from one list to another. The steps after it are known: by what is left of the first list, and of the second,
// where j is how much of it is done.
func cheapest(from, to []any, steps [][]step, j int) step {
	var options []step
	if len(from) > 0 && len(to) > 0 {
		after := steps[1][j+1].cost
		if reflect.DeepEqual(from[0], to[0]) {
			return step{edit: edit{verb: keep, takes: 1}, cost: after}
		}
		if reflect.TypeOf(from[0]) == reflect.TypeOf(to[0]) {
			value := changeOf(from[0], to[0])
			identify(value, from[0], to[0])
			options = append(options, step{edit: edit{verb: change, takes: 1, value: value}, cost: after + editCost + len(toJSON(value))})
		}
	}
	if len(from) > 0 {
		options = append(options, step{edit: edit{verb: drop, takes: 1}, cost: steps[1][j].cost + editCost})
	}
	if len(to) > 0 {
		options = append(options, step{edit: edit{verb: add, value: to[0]}, cost: steps[0][j+1].cost + editCost + len(toJSON(to[0]))})
	}
	return slices.MinFunc(options, func(a, b step) int { return cmp.Compare(a.cost, b.cost) })
}

// identify the element that a change is of, for people: by the first of these that it has and that stays.
func identify(change, from, to any) {
	c, _ := change.(map[string]any)
	was, _ := from.(map[string]any)
	is, _ := to.(map[string]any)
	for _, key := range []string{"name", "Name", "Sid", "id", "Id", "type", "Next"} {
		if name, ok := is[key].(string); ok && was[key] == name {
			c[key] = name
			return
		}
	}
}

// changedList is the base's list after the edits.
func changedList(base, list any) (any, error) {
	left, ok := base.([]any)
	if !ok {
		return nil, errors.New("the base has no list to edit")
	}
	script, err := readEdits(list, len(left))
	if err != nil {
		return nil, err
	}
	after := []any{}
	for _, e := range script {
		switch e.verb {
		case keep:
			after = append(after, left[:e.takes]...)
		case add:
			after = append(after, e.value)
		case change:
			element, err := changed(left[0], e.value)
			if err != nil {
				return nil, err
			}
			after = append(after, element)
		}
		left = left[e.takes:]
	}
	return after, nil
}

// readEdits that take all elements of a list.
func readEdits(list any, elements int) ([]edit, error) {
	items, _ := list.([]any)
	script := make([]edit, len(items))
	left, open := elements, -1
	for i, item := range items {
		e, err := readEdit(item)
		if err != nil {
			return nil, err
		}
		if e.verb == keep && e.value == rest {
			if open >= 0 {
				return nil, errors.New("edits keep the rest twice")
			}
			open = i
		}
		left -= e.takes
		script[i] = e
	}
	if open >= 0 {
		script[open].takes, left = max(left, 0), min(left, 0)
	}
	if left != 0 {
		return nil, errors.Errorf("edits are of a list of %d elements, and the base's has %d", elements-left, elements)
	}
	return script, nil
}

func readEdit(item any) (edit, error) {
	m, _ := item.(map[string]any)
	for verb, argument := range m {
		count, counts := argument.(int64)
		switch {
		case verb == add:
			return edit{verb: verb, value: argument}, nil
		case verb == change:
			return edit{verb: verb, value: argument, takes: 1}, nil
		case (verb == keep || verb == drop) && counts && count > 0:
			return edit{verb: verb, takes: int(count)}, nil
		case verb == keep && argument == rest:
			return edit{verb: verb, value: rest}, nil
		}
	}
	return edit{}, errors.Errorf("cannot read edit %v", item)
}
