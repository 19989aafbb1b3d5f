package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// table documents the fields that a person writes.
func table(s extv1.JSONSchemaProps) string {
	b := &strings.Builder{}
	b.WriteString("| field | type | default | allowed | what |\n|---|---|---|---|---|\n")
	walk("", s, func(path string, required bool, s extv1.JSONSchemaProps) {
		def := "none"
		switch {
		case required:
			def = "**required**"
		case s.Default != nil:
			def = code(strings.Trim(string(s.Default.Raw), `"`))
		}
		row(b, code(path), typeOf(s), def, allowed(s), whatOf(s))
	})
	return b.String()
}

// list documents the fields that the function writes.
func list(s extv1.JSONSchemaProps) string {
	b := &strings.Builder{}
	b.WriteString("| field | type | what |\n|---|---|---|\n")
	walk("", s, func(path string, _ bool, s extv1.JSONSchemaProps) {
		row(b, code(path), typeOf(s), whatOf(s))
	})
	return b.String()
}

// walk visits the fields below a schema, in order. An object that is always there says nothing that its fields do not.
func walk(path string, s extv1.JSONSchemaProps, visit func(path string, required bool, s extv1.JSONSchemaProps)) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		child, at := s.Properties[name], strings.TrimPrefix(path+"."+name, ".")
		required := slices.Contains(s.Required, name)
		if len(child.Properties) == 0 || (!required && child.Default == nil) {
			visit(at, required, child)
		}
		walk(at, child, visit)
		if child.Items != nil && child.Items.Schema != nil {
			walk(at+"[]", *child.Items.Schema, visit)
		}
	}
}

// typeOf is a field's type, as a person says it.
func typeOf(s extv1.JSONSchemaProps) string {
	switch {
	case s.Items != nil && s.Items.Schema != nil:
		return "list of " + s.Items.Schema.Type + "s"
	case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
		return "map of " + s.AdditionalProperties.Schema.Type + "s"
	default:
		return s.Type
	}
}

// allowed says what a value must be like.
func allowed(s extv1.JSONSchemaProps) string {
	says := []string{}
	if len(s.Enum) > 0 {
		values := []string{}
		for _, v := range s.Enum {
			values = append(values, code(strings.Trim(string(v.Raw), `"`)))
		}
		says = append(says, strings.Join(values, ", "))
	}
	if s.Minimum != nil && s.Maximum != nil {
		says = append(says, fmt.Sprintf("%v to %v", *s.Minimum, *s.Maximum))
	}
	for _, limit := range []struct {
		most *int64
		of   string
	}{{s.MaxLength, "characters"}, {s.MaxItems, "items"}, {s.MaxProperties, "keys"}} {
		if limit.most != nil {
			says = append(says, fmt.Sprintf("at most %d %s", *limit.most, limit.of))
		}
	}
	if s.Pattern != "" {
		says = append(says, code(s.Pattern))
	}
	for _, rule := range s.XValidations {
		says = append(says, rule.Message)
	}
	if s.Items != nil && s.Items.Schema != nil {
		if each := allowed(*s.Items.Schema); each != "" {
			says = append(says, "each: "+each)
		}
	}
	return strings.Join(says, "; ")
}

// whatOf is a field's description on one line.
func whatOf(s extv1.JSONSchemaProps) string {
	return strings.Join(strings.Fields(s.Description), " ")
}

func code(s string) string {
	if s == "" {
		return "empty"
	}
	return "`" + s + "`"
}

// row writes one row of a table. A bar would end its cell, in code too.
func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}
