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
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		ForProvider struct {
			Definition       string    `json:"definition"`
			DashboardBody    string    `json:"dashboardBody"`
			AssumeRolePolicy string    `json:"assumeRolePolicy"`
			Policy           string    `json:"policy"`
			PolicyARN        string    `json:"policyArn"`
			PolicyARNRef     reference `json:"policyArnRef"`
			RoleRef          reference `json:"roleRef"`
		} `json:"forProvider"`
	} `json:"spec"`
}

// A reference to another resource.
type reference struct {
	Name string `json:"name"`
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

// statePictures draws the state machines in a rendered case as Mermaid diagrams, by the names of their resources. Dotted lines are taken
// after errors.
func statePictures(path string) (map[string]string, error) {
	resources, err := readRendered(path)
	if err != nil {
		return nil, err
	}
	pictures := map[string]string{}
	for _, r := range resources {
		if r.Kind != "StateMachine" {
			continue
		}
		m := machine{}
		if err := json.Unmarshal([]byte(r.Spec.ForProvider.Definition), &m); err != nil {
			return nil, fmt.Errorf("cannot parse the definition of %q: %w", r.Metadata.Name, err)
		}
		pictures[r.resource()] = m.picture()
	}
	if len(pictures) == 0 {
		return nil, fmt.Errorf("%q has no StateMachine", path)
	}
	return pictures, nil
}

// resource is the name in the composition. The object is called <suffix>.<resource>.<ProviderConfig>.
func (r managedResource) resource() string {
	_, rest, _ := strings.Cut(r.Metadata.Name, ".")
	name, _, _ := strings.Cut(rest, ".")
	return name
}

func (m machine) picture() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "```mermaid\nflowchart TD\n  start((start)) --> %s\n", id(m.StartAt))
	steps := map[string][]string{}
	for name := range m.States {
		step, _, _ := strings.Cut(name, ".")
		steps[step] = append(steps[step], name)
	}
	for _, step := range slices.Sorted(maps.Keys(steps)) {
		m.drawStep(b, step, steps[step])
	}
	// Within a subgraph, Mermaid would draw the end of a line there too.
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		m.States[name].drawLines(b, id(name))
	}
	b.WriteString("```\n")
	return b.String()
}

// drawStep draws the states of a step, which are called <step>.<state>, in a box. One that is the whole step has its name alone.
func (m machine) drawStep(b *strings.Builder, step string, states []string) {
	if slices.Equal(states, []string{step}) {
		m.States[step].draw(b, step, step)
		return
	}
	slices.Sort(states)
	fmt.Fprintf(b, "  subgraph step_%s [%s]\n", step, step)
	for _, name := range states {
		m.States[name].draw(b, id(name), strings.TrimPrefix(name, step+"."))
	}
	b.WriteString("  end\n")
}

// id of a state in a diagram. Not all that reads Mermaid takes a dot.
func id(name string) string {
	return strings.ReplaceAll(name, ".", "_")
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

// draw a state in the shape of its type.
func (s state) draw(b *strings.Builder, id, label string) {
	shape := map[string]string{
		"Task":    "%s[%s]",
		"Choice":  "%s{%s}",
		"Wait":    "%s[/%s/]",
		"Pass":    "%s(%s)",
		"Succeed": "%s([%s])",
		"Fail":    "%s[[%s]]",
	}[s.Type]
	fmt.Fprintf(b, "  "+shape+"\n", id, label)
}

// drawLines draws the lines to the next states.
func (s state) drawLines(b *strings.Builder, from string) {
	for _, c := range s.Choices {
		fmt.Fprintf(b, "  %s --> %s\n", from, id(c.Next))
	}
	for _, next := range []string{s.Next, s.Default} {
		if next != "" {
			fmt.Fprintf(b, "  %s --> %s\n", from, id(next))
		}
	}
	for _, c := range s.Catch {
		fmt.Fprintf(b, "  %s -.-> %s\n", from, id(c.Next))
	}
}
