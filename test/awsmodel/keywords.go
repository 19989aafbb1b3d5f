package awsmodel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/message"
)

// keywords of cfn-lint's that are not JSON schema's.
type keywords struct {
	// requiredXor are keys of which an object has one.
	requiredXor []string

	// uniqueKeys are keys that no two objects in a list have the same text for.
	uniqueKeys []string
}

func compileKeywords(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
	k := keywords{requiredXor: textsOf(schema["requiredXor"]), uniqueKeys: textsOf(schema["uniqueKeys"])}
	if len(k.requiredXor)+len(k.uniqueKeys) == 0 {
		return nil, nil
	}
	return k, nil
}

func textsOf(list any) []string {
	items, _ := list.([]any)
	var texts []string
	for _, item := range items {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// Validate an object or a list.
func (k keywords) Validate(ctx *jsonschema.ValidatorContext, value any) {
	switch v := value.(type) {
	case map[string]any:
		has := slices.DeleteFunc(slices.Clone(k.requiredXor), func(key string) bool { return !hasKey(v, key) })
		if len(k.requiredXor) > 0 && len(has) != 1 {
			ctx.AddError(problem("want one of " + strings.Join(k.requiredXor, ", ")))
		}
	case []any:
		for _, key := range k.uniqueKeys {
			if !differ(v, key) {
				ctx.AddError(problem("want another " + key + " for each"))
			}
		}
	}
}

func hasKey(object map[string]any, key string) bool {
	_, ok := object[key]
	return ok
}

// differ tells whether no two objects in a list have the same text for a key.
func differ(list []any, key string) bool {
	seen := map[string]bool{}
	for _, item := range list {
		object, _ := item.(map[string]any)
		value, ok := object[key].(string)
		if ok && seen[value] {
			return false
		}
		seen[value] = ok
	}
	return true
}

// A problem of a document with a keyword.
type problem string

// KeywordPath is not known.
func (problem) KeywordPath() []string { return nil }

// LocalizedString is in English.
func (p problem) LocalizedString(*message.Printer) string { return string(p) }
