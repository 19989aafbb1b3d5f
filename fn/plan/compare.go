package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
)

const (
	// maxFields is how many fields of one resource are told.
	maxFields = 12

	// maxText is how long a value may be that is told.
	maxText = 48
)

// A comparison of what is asked for with what the provider tells collects the paths of what differs.
type comparison struct {
	differing []string
}

// bounded are the fields that differ, as many as are told.
func (c *comparison) bounded() []string {
	if more := len(c.differing) - maxFields; more > 0 {
		return append(c.differing[:maxFields], fmt.Sprintf("and %d more", more))
	}
	return c.differing
}

// structs compares the fields that are asked for, and that the provider tells of things of this type.
func (c *comparison) structs(path string, asked, has *structpb.Struct, told reflect.Type) {
	for _, name := range slices.Sorted(maps.Keys(asked.GetFields())) {
		if of, ok := fieldType(told, name); ok {
			c.values(join(path, name), asked.GetFields()[name], has.GetFields()[name], of)
		}
	}
}

func (c *comparison) values(path string, asked, has *structpb.Value, told reflect.Type) {
	for told.Kind() == reflect.Pointer {
		told = told.Elem()
	}
	switch {
	case isNothing(asked) && isNothing(has):
	case isOff(asked) && (isNothing(has) || isOff(has)): // How it would be if it were on does not matter.
	case told.Kind() == reflect.Map:
		c.maps(path, asked.GetStructValue(), has.GetStructValue())
	case isNothing(asked), isNothing(has):
		c.add(path, asked, has)
	case told.Kind() == reflect.Struct:
		c.structs(path, asked.GetStructValue(), has.GetStructValue(), told)
	case told.Kind() == reflect.Slice:
		c.lists(path, asked, has, told.Elem())
	case !alike(asked, has):
		c.add(path, asked, has)
	}
}

// maps compares all members: what nobody asks for is taken away.
func (c *comparison) maps(path string, asked, has *structpb.Struct) {
	all := maps.Clone(has.GetFields())
	if all == nil {
		all = map[string]*structpb.Value{}
	}
	maps.Copy(all, asked.GetFields())
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if a, h := asked.GetFields()[key], has.GetFields()[key]; !alike(a, h) {
			c.add(join(path, key), a, h)
		}
	}
}

// lists compares the one item that both have, or else all in any order: of most lists AWS keeps none.
func (c *comparison) lists(path string, asked, has *structpb.Value, item reflect.Type) {
	wants, left := asked.GetListValue().GetValues(), slices.Clone(has.GetListValue().GetValues())
	if len(wants) == 1 && len(left) == 1 {
		c.values(path, wants[0], left[0], item)
		return
	}
	for _, want := range wants {
		at := slices.IndexFunc(left, func(h *structpb.Value) bool {
			one := comparison{}
			one.values("", want, h, item)
			return len(one.differing) == 0
		})
		if at < 0 {
			c.add(path, asked, has)
			return
		}
		left = slices.Delete(left, at, at+1)
	}
	if len(left) > 0 {
		c.add(path, asked, has)
	}
}

// add a field that differs, with what AWS has and what is asked for if both are short. Variables may be secret.
func (c *comparison) add(path string, asked, has *structpb.Value) {
	from, to := short(has), short(asked)
	if from == "" || to == "" || strings.Contains(strings.ToLower(path), "variable") {
		c.differing = append(c.differing, path)
		return
	}
	c.differing = append(c.differing, path+": "+from+" -> "+to)
}

// short is the text of a value, "none" if there is none, or "" if it is long or has members.
func short(v *structpb.Value) string {
	switch kind := v.GetKind().(type) {
	case *structpb.Value_NumberValue, *structpb.Value_BoolValue:
		return fmt.Sprint(v.AsInterface())
	case *structpb.Value_StringValue:
		if len(kind.StringValue) > maxText || strings.Contains(kind.StringValue, "\n") {
			return ""
		}
	}
	if isNothing(v) {
		return "none"
	}
	return v.GetStringValue()
}

// isNothing reports whether the value is none, or empty: AWS tells either of what it does not have.
func isNothing(v *structpb.Value) bool {
	switch v.GetKind().(type) {
	case *structpb.Value_StructValue:
		return len(v.GetStructValue().GetFields()) == 0
	case *structpb.Value_ListValue:
		return len(v.GetListValue().GetValues()) == 0
	case *structpb.Value_StringValue:
		return v.GetStringValue() == ""
	case *structpb.Value_NumberValue:
		return v.GetNumberValue() == 0
	case *structpb.Value_BoolValue:
		return !v.GetBoolValue()
	default:
		return true
	}
}

// isOff reports whether the value is of something that is not enabled. To the provider, an object is a list of one.
func isOff(v *structpb.Value) bool {
	if items := v.GetListValue().GetValues(); len(items) == 1 {
		v = items[0]
	}
	enabled := v.GetStructValue().GetFields()["enabled"]
	return enabled != nil && isNothing(enabled)
}

// alike reports whether two values mean the same: documents are compared as what they say.
func alike(a, b *structpb.Value) bool {
	if isNothing(a) || isNothing(b) {
		return isNothing(a) && isNothing(b)
	}
	return reflect.DeepEqual(meaning(a.AsInterface()), meaning(b.AsInterface()))
}

// meaning of a value: the value that a text in JSON stands for, a list of one as its item, and lists of texts in order. AWS writes
// policies so, in which one action and a list of it are the same.
func meaning(v any) any {
	switch v := v.(type) {
	case string:
		var document any
		if strings.HasPrefix(v, "{") && json.Unmarshal([]byte(v), &document) == nil {
			return meaning(document)
		}
		return v
	case []any:
		items := make([]any, 0, len(v))
		for _, item := range v {
			items = append(items, meaning(item))
		}
		if len(items) == 1 {
			return items[0]
		}
		slices.SortFunc(items, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return items
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, m := range v {
			members[name] = meaning(m)
		}
		return members
	default:
		return v
	}
}

func join(path, name string) string {
	return strings.TrimPrefix(path+"."+name, ".")
}

// fieldType is the type of the field that a type has by this name in JSON, if it has.
func fieldType(of reflect.Type, name string) (reflect.Type, bool) {
	for field := range of.Fields() {
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == name {
			return field.Type, true
		}
	}
	return nil, false
}
