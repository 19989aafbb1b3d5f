package awsmodel

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// An API is what AWS's model says of a service's calls.
type API struct {
	// Operations' inputs, by the operation's name.
	Operations map[string]string `json:"operations"`

	Shapes map[string]Shape `json:"shapes"`
}

// A Shape is a type of an API.
type Shape struct {
	Limits

	Type string `json:"type"`

	// Members of a structure. Other shapes of parts are the list's Member, and the map's Key and Value.
	Members  map[string]Ref `json:"members"`
	Required []string       `json:"required"`
	Member   Ref            `json:"member"`
	Key      Ref            `json:"key"`
	Value    Ref            `json:"value"`

	// Also are the limits that CloudFormation has, where they are tighter.
	Also *Limits `json:"also"`
}

// A Ref refers to a Shape.
type Ref struct {
	Shape string `json:"shape"`
}

// apis that have been read.
var apis cache[API]

// LoadAPI of a service, by botocore's name for it.
func LoadAPI(service string) (API, error) {
	return apis.load("api/" + service + ".json")
}

// Check the parameters of a call: maps, lists, text, booleans and numbers as JSON decodes them. There is a finding for
// each thing that AWS would refuse.
func (a API) Check(operation string, params any) []string {
	input, ok := a.Operations[operation]
	if !ok {
		return []string{fmt.Sprintf("%s: the model has no such operation", operation)}
	}
	return a.check(operation, Ref{Shape: input}, params)
}

func (a API) check(path string, ref Ref, value any) []string {
	shape, ok := a.Shapes[ref.Shape]
	if !ok {
		return []string{fmt.Sprintf("%s: the model has no shape %q", path, ref.Shape)}
	}
	switch v := value.(type) {
	case map[string]any:
		return a.checkObject(path, shape, v)
	case []any:
		return a.checkList(path, shape, v)
	case string:
		return shape.checkText(path, v)
	case bool:
		return shape.checkType(path, v, "boolean")
	case float64:
		return shape.checkNumber(path, v)
	default:
		return []string{fmt.Sprintf("%s: want %s, got %T", path, shape.Type, value)}
	}
}

func (a API) checkObject(path string, shape Shape, object map[string]any) []string {
	if shape.Type == "map" {
		findings := shape.checkSize(path, float64(len(object)), "entries")
		for _, key := range slices.Sorted(maps.Keys(object)) {
			entry := path + "." + key
			findings = append(findings, a.check(entry+" (key)", shape.Key, key)...)
			findings = append(findings, a.check(entry, shape.Value, object[key])...)
		}
		return findings
	}

	findings := shape.checkType(path, object, "structure")
	if len(findings) > 0 {
		return findings
	}
	for _, name := range shape.Required {
		if _, ok := object[name]; !ok {
			findings = append(findings, fmt.Sprintf("%s.%s: is required", path, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		member, ok := shape.Members[name]
		if !ok {
			findings = append(findings, fmt.Sprintf("%s.%s: the model has no such parameter", path, name))
			continue
		}
		findings = append(findings, a.check(path+"."+name, member, object[name])...)
	}
	return findings
}

func (a API) checkList(path string, shape Shape, list []any) []string {
	if findings := shape.checkType(path, list, "list"); len(findings) > 0 {
		return findings
	}
	findings := shape.checkSize(path, float64(len(list)), "items")
	for i, item := range list {
		findings = append(findings, a.check(fmt.Sprintf("%s[%d]", path, i), shape.Member, item)...)
	}
	return findings
}

func (s Shape) checkText(path, text string) []string {
	if findings := s.checkType(path, text, "string", "blob", "timestamp"); len(findings) > 0 {
		return findings
	}
	findings := s.checkSize(path, float64(len([]rune(text))), "characters")
	for _, l := range s.all() {
		findings = append(findings, l.checkEnum(path, text)...)
		findings = append(findings, l.checkPattern(path, text)...)
	}
	return findings
}

func (s Shape) checkNumber(path string, number float64) []string {
	if findings := s.checkType(path, number, "integer", "long", "float", "double"); len(findings) > 0 {
		return findings
	}
	if (s.Type == "integer" || s.Type == "long") && number != math.Trunc(number) {
		return []string{fmt.Sprintf("%s: want %s, got %v", path, s.Type, number)}
	}
	findings := s.checkSize(path, number, "")
	for _, l := range s.all() {
		findings = append(findings, l.checkEnum(path, number)...)
	}
	return findings
}

func (s Shape) checkType(path string, value any, types ...string) []string {
	if slices.Contains(types, s.Type) {
		return nil
	}
	return []string{fmt.Sprintf("%s: want %s, got %T", path, s.Type, value)}
}

func (s Shape) checkSize(path string, size float64, unit string) []string {
	var findings []string
	for _, l := range s.all() {
		findings = append(findings, l.checkSize(path, size, unit)...)
	}
	return findings
}

// all limits of the shape.
func (s Shape) all() []Limits {
	if s.Also == nil {
		return []Limits{s.Limits}
	}
	return []Limits{s.Limits, *s.Also}
}
