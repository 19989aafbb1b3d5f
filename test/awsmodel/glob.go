package awsmodel

import (
	"strings"
	"unicode/utf8"
)

// A glob is text with places that stand for any text: what a policy says of resources, or what AWS's reference says.
type glob []place

// A place of a glob is a character, or stands for others.
type place struct {
	char rune

	// any character; many of them, or none.
	any, many bool

	// not this character, where any may be.
	not rune
}

// policyGlob of a part of an ARN in a policy: a star is any text, a question mark any character. A variable is text that
// only AWS knows.
func policyGlob(text string) glob {
	var g glob
	for text != "" {
		if rest, ok := cutVariable(text); ok {
			g, text = append(g, place{any: true, many: true}), rest
			continue
		}
		char, size := utf8.DecodeRuneInString(text)
		switch char {
		case '*':
			g = append(g, place{any: true, many: true})
		case '?':
			g = append(g, place{any: true})
		default:
			g = append(g, place{char: char})
		}
		text = text[size:]
	}
	return g
}

// referenceGlob of a part of an ARN in AWS's reference: a variable is text that is not empty, without the character.
func referenceGlob(text string, not rune) glob {
	var g glob
	for text != "" {
		if rest, ok := cutVariable(text); ok {
			g, text = append(g, place{any: true, not: not}, place{any: true, many: true, not: not}), rest
			continue
		}
		char, size := utf8.DecodeRuneInString(text)
		if char == '*' {
			g = append(g, place{any: true, many: true})
		} else {
			g = append(g, place{char: char})
		}
		text = text[size:]
	}
	return g
}

// cutVariable from the beginning of a text.
func cutVariable(text string) (rest string, ok bool) {
	if !strings.HasPrefix(text, "${") {
		return text, false
	}
	_, rest, ok = strings.Cut(text, "}")
	return rest, ok
}

// meets tells whether there is a text that both globs stand for.
func (g glob) meets(other glob) bool {
	switch {
	case len(g) == 0 && len(other) == 0:
		return true
	case len(g) > 0 && g[0].many:
		return g[1:].meets(other) || len(other) > 0 && g[0].shares(other[0]) && g.meets(other[1:])
	case len(other) > 0 && other[0].many:
		return other.meets(g)
	case len(g) == 0 || len(other) == 0:
		return false
	default:
		return g[0].shares(other[0]) && g[1:].meets(other[1:])
	}
}

// shares tells whether there is a character that both places stand for.
func (p place) shares(other place) bool {
	switch {
	case p.any && other.any:
		return true
	case p.any:
		return p.not == 0 || p.not != other.char
	case other.any:
		return other.shares(p)
	default:
		return p.char == other.char
	}
}
