package schema

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var (
	// matches is a rule that a text matches a pattern, and nothing else.
	matches = regexp.MustCompile(`^self\.matches\((?:'([^'\\]*)'|r'([^']*)'|r"([^"]*)")\)$`)

	// index of a list in a path.
	index = regexp.MustCompile(`\[[^\]]*\]`)
)

// usePatterns puts patterns in the place of rules that say the same, and returns the rules' messages by the paths of their fields, in which lists
// have no index. For each field that has rules the API server's libraries keep an environment in memory, which takes more than a hundred patterns.
func usePatterns(props *apiextensions.JSONSchemaProps) map[string]string {
	words := map[string]string{}
	visit(props, "", func(p *apiextensions.JSONSchemaProps, path string) {
		for i, rule := range p.XValidations {
			found := matches.FindStringSubmatch(rule.Rule)
			if found == nil || p.Pattern != "" || rule.Reason != nil || rule.MessageExpression != "" {
				continue
			}
			p.Pattern = strings.Join(found[1:], "")
			p.XValidations = slices.Delete(slices.Clone(p.XValidations), i, i+1)
			words[path] = rule.Message
			return
		}
	})
	return words
}

// visit a schema, and the fields and items below it. Values of maps are left out: their paths have keys.
func visit(props *apiextensions.JSONSchemaProps, path string, with func(p *apiextensions.JSONSchemaProps, path string)) {
	with(props, path)
	for name, child := range props.Properties {
		visit(&child, path+"."+name, with)
		props.Properties[name] = child
	}
	if props.Items != nil && props.Items.Schema != nil {
		visit(props.Items.Schema, path+"[]", with)
	}
}

// inWords is what a rule says of an error about the pattern that took its place, if it is one.
func (s *Schema) inWords(err *field.Error, root *field.Path) (string, bool) {
	if !strings.Contains(err.Detail, "should match '") {
		return "", false
	}
	words, found := s.words[index.ReplaceAllString(strings.TrimPrefix(err.Field, root.String()), "[]")]
	return words, found
}
