package main

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
)

// A model is what botocore knows of a service.
type model struct {
	Operations map[string]struct {
		Input  ref `json:"input"`
		Output ref `json:"output"`
	} `json:"operations"`
	Shapes map[string]shape `json:"shapes"`
}

// A shape is a type of a model, without its descriptions.
type shape struct {
	structure
	limits

	// Also are limits that CloudFormation has.
	Also *limits `json:"also,omitempty"`
}

// A structure is what a shape is made of. It is written before the shape's limits.
type structure struct {
	Type     string         `json:"type"`
	Required []string       `json:"required,omitempty"`
	Members  map[string]ref `json:"members,omitempty"`
	Member   *ref           `json:"member,omitempty"`
	Key      *ref           `json:"key,omitempty"`
	Value    *ref           `json:"value,omitempty"`
}

// A ref refers to a shape.
type ref struct {
	Shape string `json:"shape"`
}

// writeCalls of every service that we use, each with the shapes that its input is made of.
func writeCalls(botocore, lint archive, to string) error {
	schemas, err := resourceSchemas(lint)
	if err != nil {
		return err
	}
	for service, names := range operations {
		m, err := readModel(botocore, service)
		if err != nil {
			return err
		}
		inputs, kept := map[string]string{}, map[string]shape{}
		for _, name := range names {
			operation, ok := m.Operations[name]
			if !ok {
				return fmt.Errorf("service %q has no operation %q", service, name)
			}
			inputs[name] = operation.Input.Shape
			m.keep(operation.Input.Shape, kept)
		}
		for name, property := range tighter[service] {
			s, ok := kept[name]
			if !ok {
				return fmt.Errorf("no operation of service %q needs shape %q", service, name)
			}
			if s.Also, err = property.limits(schemas); err != nil {
				return err
			}
			kept[name] = s
		}
		source := botocore.source("Apache-2.0")
		if len(tighter[service]) > 0 {
			source += " Limits that are 'also' so are from " + lint.name + " " + lint.version + " (MIT-0)."
		}
		file := section{{sourceKey, source}, {"operations", inputs}, {"shapes", kept}}
		if err := file.write(filepath.Join(to, service+".json")); err != nil {
			return err
		}
	}
	return nil
}

// readModel of a service's API.
func readModel(botocore archive, service string) (model, error) {
	path, err := modelPath(botocore, service)
	if err != nil {
		return model{}, err
	}
	var m model
	return m, botocore.read(path, &m)
}

// modelPath of the newest version of a service's API.
func modelPath(botocore archive, service string) (string, error) {
	var versions []string
	for name := range botocore.files {
		if ok, _ := path.Match("botocore/data/"+service+"/*/service-2.json.gz", name); ok {
			versions = append(versions, name)
		}
	}
	if len(versions) == 0 {
		return "", fmt.Errorf("cannot find the model of service %q", service)
	}
	return slices.Max(versions), nil
}

// keep a shape and all that it is made of.
func (m model) keep(name string, kept map[string]shape) {
	if _, ok := kept[name]; ok {
		return
	}
	s := m.Shapes[name]
	kept[name] = s
	for _, member := range s.Members {
		m.keep(member.Shape, kept)
	}
	for _, r := range []*ref{s.Member, s.Key, s.Value} {
		if r != nil {
			m.keep(r.Shape, kept)
		}
	}
}
