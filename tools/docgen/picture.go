package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// A managedResource is what documents need of a rendered resource.
type managedResource struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		ForProvider struct {
			Definition    string `json:"definition"`
			DashboardBody string `json:"dashboardBody"`
		} `json:"forProvider"`
	} `json:"spec"`
}

// A machine is what the picture needs of a state machine.
type machine struct {
	StartAt string           `json:"StartAt"`
	States  map[string]state `json:"States"`
}

type state struct {
	Type    string       `json:"Type"`
	Next    string       `json:"Next"`
	Default string       `json:"Default"`
	Choices []transition `json:"Choices"`
	Catch   []transition `json:"Catch"`
}

type transition struct {
	Next string `json:"Next"`
}

// statePicture draws the state machine in a rendered case as a Mermaid diagram. Dotted lines are taken after errors.
func statePicture(path string) (string, error) {
	m, err := readMachine(path)
	if err != nil {
		return "", err
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, "```mermaid\nflowchart TD\n  start((start)) --> %s\n", m.StartAt)
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		m.States[name].draw(b, name)
	}
	b.WriteString("```\n")
	return b.String(), nil
}

func readMachine(path string) (*machine, error) {
	resources, err := readRendered(path)
	if err != nil {
		return nil, err
	}
	for _, r := range resources {
		if r.Kind == "StateMachine" {
			m := &machine{}
			return m, json.Unmarshal([]byte(r.Spec.ForProvider.Definition), m)
		}
	}
	return nil, fmt.Errorf("%q has no StateMachine", path)
}

// readRendered reads all that a case renders.
func readRendered(path string) ([]managedResource, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read rendered case: %w", err)
	}
	var all []managedResource
	for document := range strings.SplitSeq(string(raw), "\n---\n") {
		r := managedResource{}
		if err := yaml.Unmarshal([]byte(document), &r); err != nil {
			return nil, fmt.Errorf("cannot parse %q: %w", path, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// draw a state in the shape of its type, and the lines to its next states.
func (s state) draw(b *strings.Builder, name string) {
	shape := map[string]string{
		"Task":    "%s[%s]",
		"Choice":  "%s{%s}",
		"Wait":    "%s[/%s/]",
		"Pass":    "%s(%s)",
		"Succeed": "%s([%s])",
		"Fail":    "%s[[%s]]",
	}[s.Type]
	fmt.Fprintf(b, "  "+shape+"\n", name, name)
	for _, c := range s.Choices {
		fmt.Fprintf(b, "  %s --> %s\n", name, c.Next)
	}
	for _, next := range []string{s.Next, s.Default} {
		if next != "" {
			fmt.Fprintf(b, "  %s --> %s\n", name, next)
		}
	}
	for _, c := range s.Catch {
		fmt.Fprintf(b, "  %s -.-> %s\n", name, c.Next)
	}
}
