package claim

import (
	"strings"
)

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
