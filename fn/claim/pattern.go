package claim

import (
	"slices"
	"strings"
)

// A pattern is how texts of the platform team's match.
type pattern struct {
	// separator of the parts that are matched one by one, so that a * does not reach into another. Empty: the text is one part.
	separator string

	// parts that there are at most. The last has what is left, separators included.
	parts int

	anyCase bool
}

// matchesAny of the patterns.
func (p pattern) matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return p.matches(pattern, text) })
}

// matches a text of the platform team's, in which * stands for any characters of its part, or none. One that has a placeholder left is of
// a claim whose namespace nobody knows, and matches nothing.
func (p pattern) matches(pattern, text string) bool {
	if strings.Contains(pattern, "${") {
		return false
	}
	if p.anyCase {
		pattern, text = strings.ToLower(pattern), strings.ToLower(text)
	}
	if p.separator == "" {
		return matches(pattern, text)
	}
	patterns, texts := p.split(pattern), p.split(text)
	for i := range patterns {
		if i >= len(texts) || !matches(patterns[i], texts[i]) {
			return false
		}
	}
	return len(patterns) == len(texts)
}

func (p pattern) split(text string) []string {
	if p.separator == "" {
		return []string{text}
	}
	return strings.SplitN(text, p.separator, p.parts)
}

// matches a pattern of the platform team's, in which * stands for any characters, or none.
func matches(pattern, text string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == text
	}
	text, found := strings.CutPrefix(text, first)
	parts := strings.Split(rest, "*")
	for _, part := range parts[:len(parts)-1] {
		var here bool
		_, text, here = strings.Cut(text, part)
		found = found && here
	}
	return found && strings.HasSuffix(text, parts[len(parts)-1])
}
