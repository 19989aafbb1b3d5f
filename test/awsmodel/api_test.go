package awsmodel

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPI(t *testing.T) {
	api := API{
		Operations: map[string]string{"Make": "MakeInput"},
		Shapes: map[string]Shape{
			"MakeInput": {Type: "structure", Required: []string{"Name"}, Members: map[string]Ref{
				"Name": {"Name"}, "Size": {"Size"}, "On": {"On"}, "Color": {"Color"}, "Names": {"Names"}, "Tags": {"Tags"},
			}},
			"Name":  {Type: "string", Limits: Limits{Min: new(2.0), Max: new(4.0), Pattern: `(?!^[0-9]+$)([a-z0-9\u00e9]+)`}},
			"Size":  {Type: "integer", Limits: Limits{Min: new(1.0), Max: new(9.0)}, Also: &Limits{Enum: []any{1.0, 9.0, 10.0}}},
			"On":    {Type: "boolean"},
			"Color": {Type: "string", Limits: Limits{Enum: []any{"red", "blue"}}},
			"Names": {Type: "list", Member: Ref{"Name"}, Limits: Limits{Max: new(2.0)}},
			"Tags":  {Type: "map", Key: Ref{"Name"}, Value: Ref{"Color"}, Limits: Limits{Min: new(1.0)}},
		},
	}
	type object = map[string]any

	cases := map[string]struct {
		reason string
		params any
		want   []string
	}{
		"Valid": {
			reason: "What the model allows is no finding, at each limit.",
			params: object{
				"Name": "ab", "Size": 9.0, "On": true, "Color": "red",
				"Names": []any{"abcd", "éé"}, "Tags": object{"ab": "blue"},
			},
		},
		"Required":     {"A required parameter must be there.", object{}, []string{"Make.Name: is required"}},
		"Unknown":      {"No other parameters.", object{"Name": "ab", "X": 1.0}, []string{"Make.X: the model has no such parameter"}},
		"TooLong":      {"Text has a longest length.", object{"Name": "abcde"}, []string{"Make.Name: 5 characters, want at most 4"}},
		"TooShort":     {"Text has a shortest length.", object{"Name": "a"}, []string{"Make.Name: 1 characters, want at least 2"}},
		"Characters":   {"Characters are counted, not bytes.", object{"Name": "éééé"}, nil},
		"WholePattern": {"The whole text must match.", object{"Name": "ab c"}, []string{`Make.Name: "ab c" does not match (?!^[0-9]+$)([a-z0-9\u00e9]+)`}},
		"LookAhead":    {"Patterns look ahead.", object{"Name": "12"}, []string{`Make.Name: "12" does not match (?!^[0-9]+$)([a-z0-9\u00e9]+)`}},
		"Newline":      {"A newline at the end is not passed over.", object{"Name": "ab\n"}, []string{`Make.Name: "ab\n" does not match (?!^[0-9]+$)([a-z0-9\u00e9]+)`}},
		"Enum":         {"One of the enum.", object{"Name": "ab", "Color": "green"}, []string{`Make.Color: green is none of [red blue]`}},
		"Range":        {"Numbers have a range.", object{"Name": "ab", "Size": 10.0}, []string{"Make.Size: 10, want at most 9"}},
		"Also":         {"CloudFormation may know better.", object{"Name": "ab", "Size": 2.0}, []string{"Make.Size: 2 is none of [1 9 10]"}},
		"Fraction":     {"An integer is whole.", object{"Name": "ab", "Size": 1.5}, []string{"Make.Size: want integer, got 1.5"}},
		"Type":         {"Text is no boolean.", object{"Name": "ab", "On": "true"}, []string{"Make.On: want boolean, got string"}},
		"ListForText":  {"A list is no text.", object{"Name": []any{"ab"}}, []string{"Make.Name: want string, got []interface {}"}},
		"Items":        {"Items are checked.", object{"Name": "ab", "Names": []any{"ab", "a"}}, []string{"Make.Names[1]: 1 characters, want at least 2"}},
		"TooMany":      {"Items are counted.", object{"Name": "ab", "Names": []any{"ab", "ab", "ab"}}, []string{"Make.Names: 3 items, want at most 2"}},
		"NoEntries":    {"Entries are counted.", object{"Name": "ab", "Tags": object{}}, []string{"Make.Tags: 0 entries, want at least 1"}},
		"Key":          {"Keys are checked.", object{"Name": "ab", "Tags": object{"a": "red"}}, []string{"Make.Tags.a (key): 1 characters, want at least 2"}},
		"Value":        {"Values are checked.", object{"Name": "ab", "Tags": object{"ab": ""}}, []string{`Make.Tags.ab:  is none of [red blue]`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, api.Check("Make", tc.params)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
	t.Run("Operation", func(t *testing.T) {
		if diff := cmp.Diff([]string{"Break: the model has no such operation"}, api.Check("Break", object{})); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	})
}
