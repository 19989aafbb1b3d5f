package fakeaws

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// An AppSpec tells CodeDeploy which alias to shift from which version to which.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
type AppSpec struct {
	Function string
	Alias    string
	Current  string
	Target   string

	// Hooks are functions by the lifecycle events before which they are called.
	Hooks map[string]string
}

// version of a function that can be deployed. $LATEST is none.
var version = regexp.MustCompile(`^[1-9][0-9]*$`)

// parseAppSpec reads a document in JSON. CodeDeploy reads its member names in any case.
func parseAppSpec(content string) (AppSpec, error) {
	var doc struct {
		Version   any `json:"version"`
		Resources []map[string]struct {
			Type       string `json:"type"`
			Properties struct {
				Name           string `json:"name"`
				Alias          string `json:"alias"`
				CurrentVersion any    `json:"currentversion"`
				TargetVersion  any    `json:"targetversion"`
			} `json:"properties"`
		} `json:"resources"`
		Hooks []map[string]string `json:"hooks"`
	}
	d := json.NewDecoder(strings.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return AppSpec{}, fmt.Errorf("cannot read AppSpec: %w", err)
	}
	if v := fmt.Sprint(doc.Version); v != "0" && v != "0.0" {
		return AppSpec{}, fmt.Errorf("version must be 0.0, not %s", v)
	}
	if len(doc.Resources) != 1 || len(doc.Resources[0]) != 1 {
		return AppSpec{}, fmt.Errorf("there must be one resource")
	}
	spec := AppSpec{Hooks: map[string]string{}}
	for _, r := range doc.Resources[0] {
		if r.Type != "AWS::Lambda::Function" {
			return AppSpec{}, fmt.Errorf("type must be AWS::Lambda::Function, not %q", r.Type)
		}
		p := r.Properties
		spec.Function, spec.Alias = p.Name, p.Alias
		spec.Current, spec.Target = fmt.Sprint(p.CurrentVersion), fmt.Sprint(p.TargetVersion)
	}
	if spec.Function == "" || spec.Alias == "" || !version.MatchString(spec.Current) || !version.MatchString(spec.Target) {
		return AppSpec{}, fmt.Errorf("name and alias must be set, and versions must be positive integers: %s", content)
	}
	for _, hook := range doc.Hooks {
		for event, function := range hook {
			if event != "BeforeAllowTraffic" && event != "AfterAllowTraffic" {
				return AppSpec{}, fmt.Errorf("unknown hook %q", event)
			}
			spec.Hooks[event] = function
		}
	}
	return spec, nil
}

// back returns the AppSpec that undoes this one.
func (s AppSpec) back() AppSpec {
	s.Current, s.Target = s.Target, s.Current
	return s
}

// content returns the document, as the function's console would write it.
func (s AppSpec) content() string {
	doc := map[string]any{
		"version": 0.0,
		"Resources": []any{map[string]any{s.Function: map[string]any{
			"Type": "AWS::Lambda::Function",
			"Properties": map[string]string{
				"Name":           s.Function,
				"Alias":          s.Alias,
				"CurrentVersion": s.Current,
				"TargetVersion":  s.Target,
			},
		}}},
	}
	data, err := json.Marshal(doc)
	if err != nil {
		panic(err) // Text always marshals.
	}
	return string(data)
}
