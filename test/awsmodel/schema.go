package awsmodel

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// base of the schemas' names, which refer to each other by "policy".
const base = "file:///"

// compiled schemas, which are slow to compile.
var compiled sync.Map

// checkSchema of a document in JSON, by the schema's name.
func checkSchema(name, text string) []string {
	schema, err := compile(name)
	if err != nil {
		return []string{err.Error()}
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return []string{fmt.Sprintf("is not JSON: %v", err)}
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(document); errors.As(err, &invalid) {
		findings := leaves(invalid)
		slices.Sort(findings)
		return slices.Compact(findings)
	}
	return nil
}

// leaves are the errors that others are made of.
func leaves(err *jsonschema.ValidationError) []string {
	if len(err.Causes) == 0 {
		at := "/" + strings.Join(err.InstanceLocation, "/")
		return []string{at + ": " + err.ErrorKind.LocalizedString(message.NewPrinter(language.English))}
	}
	var findings []string
	for _, cause := range err.Causes {
		findings = append(findings, leaves(cause)...)
	}
	return findings
}

func compile(name string) (*jsonschema.Schema, error) {
	if schema, ok := compiled.Load(name); ok {
		return schema.(*jsonschema.Schema), nil //nolint:forcetypeassert // Nothing else is stored.
	}
	c := jsonschema.NewCompiler()
	// Schemas say things beside their references, as newer drafts allow.
	c.DefaultDraft(jsonschema.Draft2019)
	c.AssertVocabs()
	c.RegisterVocabulary(&jsonschema.Vocabulary{URL: base + "cfn-lint", Compile: compileKeywords})
	for _, known := range []string{"identity", "policy", "resource", "states", "trust"} {
		document, err := loadSchema(known)
		if err != nil {
			return nil, err
		}
		if err := c.AddResource(base+known, document); err != nil {
			return nil, fmt.Errorf("cannot use schema %q: %w", known, err)
		}
	}
	schema, err := c.Compile(base + name)
	if err != nil {
		return nil, fmt.Errorf("cannot compile schema %q: %w", name, err)
	}
	compiled.Store(name, schema)
	return schema, nil
}

func loadSchema(name string) (any, error) {
	var file struct {
		Schema json.RawMessage `json:"schema"`
	}
	if err := readData("schema/"+name+".json", &file); err != nil {
		return nil, err
	}
	text := strings.NewReplacer(
		// cfn-lint takes both for the whole document, and the standard only one.
		`"$ref":"#/"`, `"$ref":"#"`,
		// AWS has more partitions than a task's pattern knows.
		`"^arn:aws:(`, `"^arn:aws(-[a-z]+)*:(`,
	).Replace(string(file.Schema))
	return jsonschema.UnmarshalJSON(strings.NewReader(text))
}
