package awsmodel

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/dlclark/regexp2"
)

// Limits of a value.
type Limits struct {
	// Min and Max of a number, of a text's characters, or of a list's or map's entries.
	Min *float64 `json:"min"`
	Max *float64 `json:"max"`

	// Pattern that the whole text must match.
	Pattern string `json:"pattern"`

	// Enum are all texts or numbers that there are.
	Enum []any `json:"enum"`
}

func (l Limits) checkSize(path string, size float64, unit string) []string {
	of := strings.TrimSpace(fmt.Sprintf("%v %s", size, unit))
	if l.Min != nil && size < *l.Min {
		return []string{fmt.Sprintf("%s: %s, want at least %v", path, of, *l.Min)}
	}
	if l.Max != nil && size > *l.Max {
		return []string{fmt.Sprintf("%s: %s, want at most %v", path, of, *l.Max)}
	}
	return nil
}

func (l Limits) checkEnum(path string, value any) []string {
	if len(l.Enum) == 0 || slices.Contains(l.Enum, value) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %v is none of %v", path, value, l.Enum)}
}

func (l Limits) checkPattern(path, text string) []string {
	if l.Pattern == "" {
		return nil
	}
	pattern, err := compilePattern(l.Pattern)
	if err != nil {
		return []string{fmt.Sprintf("%s: cannot compile pattern: %v", path, err)}
	}
	if ok, err := pattern.MatchString(text); err != nil || !ok {
		return []string{fmt.Sprintf("%s: %q does not match %s", path, text, l.Pattern)}
	}
	return nil
}

// asInDotNet is what regexp2 has for what only Java's patterns have: an escaped underscore, characters beyond 16 bits as pairs, and a
// class for all that can be printed.
var asInDotNet = strings.NewReplacer(`\_`, "_", `\uD800\uDC00-\uDBFF\uDFFF`, "\U00010000-\U0010FFFF", `\p{Print}`, `\P{C}`)

// compilePattern for the whole of a text, as AWS's are meant. They are Java's: Go's own package lacks look-around.
func compilePattern(pattern string) (*regexp2.Regexp, error) {
	if known, ok := patterns.Load(pattern); ok {
		return known.(*regexp2.Regexp), nil //nolint:forcetypeassert // Nothing else is stored.
	}
	compiled, err := regexp2.Compile(`\A(?:`+asInDotNet.Replace(pattern)+`)\z`, regexp2.None)
	if err != nil {
		return nil, err
	}
	patterns.Store(pattern, compiled)
	return compiled, nil
}

// patterns that have been compiled.
var patterns sync.Map
