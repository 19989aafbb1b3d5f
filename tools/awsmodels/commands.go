package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A command of AWS's command line, which is one operation of a service.
type command struct {
	// Required options, without their hyphens.
	Required []string `json:"required,omitempty"`

	// Options that there are, the required ones among them.
	Options []string `json:"options"`

	// Answers are the names of all members of the operation's output, at any depth.
	Answers []string `json:"answers"`
}

// words of a name such as PutApprovalResult, which the command line joins by hyphens. See xform_name in botocore:
// https://github.com/boto/botocore/blob/develop/botocore/__init__.py.
var words = []*regexp.Regexp{
	regexp.MustCompile(`(.)([A-Z][a-z]+)`),
	regexp.MustCompile(`([a-z0-9])([A-Z])`),
}

// hyphenated name, as the command line has it.
func hyphenated(name string) string {
	for _, word := range words {
		name = word.ReplaceAllString(name, "$1-$2")
	}
	return strings.ToLower(name)
}

// writeCommands that our documents tell people to type.
func writeCommands(botocore archive, to string) error {
	all := map[string]command{}
	for _, typed := range commands {
		service, name, _ := strings.Cut(typed, " ")
		m, err := readModel(botocore, cmp.Or(commandLine[service], service))
		if err != nil {
			return err
		}
		operation, ok := m.Operations[name]
		if !ok {
			return fmt.Errorf("there is no command %q", typed)
		}
		all[service+" "+hyphenated(name)] = m.command(operation.Input.Shape, operation.Output.Shape)
	}
	file := section{{sourceKey, botocore.source("Apache-2.0")}, {"commands", all}}
	return file.write(filepath.Join(to, "commands.json"))
}

// command that takes the members of one shape and answers with those of another. An option of a boolean has an opposite.
func (m model) command(input, output string) command {
	c := command{Options: []string{}, Answers: m.names(output)}
	for name, member := range m.Shapes[input].Members {
		c.Options = append(c.Options, hyphenated(name))
		if m.Shapes[member.Shape].Type == "boolean" {
			c.Options = append(c.Options, "no-"+hyphenated(name))
		}
	}
	for _, name := range m.Shapes[input].Required {
		c.Required = append(c.Required, hyphenated(name))
	}
	slices.Sort(c.Options)
	return c
}

// names of all members that a shape is made of.
func (m model) names(of string) []string {
	kept := map[string]shape{}
	m.keep(of, kept)
	names := []string{}
	for _, s := range kept {
		for name := range s.Members {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
