package claim

import (
	"strings"
	"testing"
)

func TestMatches(t *testing.T) {
	cases := []struct {
		pattern, text string
		want          bool
	}{
		{"nodejs24.x", "nodejs24.x", true},
		{"nodejs24.x", "nodejs24.x1", false},
		{"nodejs24.x", "nodejs24ax", false},
		{"", "a", false},
		{"*", "", true},
		{"*", "my-org/my-repo", true},
		{"pay-*", "pay-", true},
		{"pay-*", "pay-1", true},
		{"pay-*", "pay", false},
		{"pay-*", "to-pay-1", false},
		{"*-pay", "pr-1-pay", true},
		{"*-pay", "pr-1-pay-1", false},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"a*b*c", "abc", true},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "acb", false},
		{"a**c", "abc", true},
		{"a*b*b", "ab", false},
		{"[a-z]*", "abc", false},
		{"?", "a", false},
		{"*.dkr.ecr.*.amazonaws.com/base/*", "111122223333.dkr.ecr.us-east-1.amazonaws.com/base/node:24", true},
		{"*.dkr.ecr.*.amazonaws.com/base/*", "111122223333.dkr.ecr.us-east-1.amazonaws.com/other/node:24", false},
		// It takes no longer than the text is.
		{strings.Repeat("*a", 100) + "b", strings.Repeat("a", 10000), false},
	}
	for _, tc := range cases {
		if got := matches(tc.pattern, tc.text); got != tc.want {
			t.Errorf("matches(%q, %.40q): want %t, got %t", tc.pattern, tc.text, tc.want, got)
		}
	}
}

// TestMatchesIsLinear matches texts that take a matcher which goes back and tries again longer than anyone waits. This one never goes back.
// All other patterns are Go's regular expressions, which take time in proportion to the text.
func TestMatchesIsLinear(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	for pattern, want := range map[string]bool{
		strings.Repeat("a*", 1<<10) + "b":       false,
		strings.Repeat("*a", 1<<10):             true,
		strings.Repeat("*", 1<<10) + "b":        false,
		"*" + strings.Repeat("a", 1<<10) + "b*": false,
	} {
		if got := matches(pattern, long); got != want {
			t.Errorf("matches(%.20q, %.20q): want %t, got %t", pattern, long, want, got)
		}
	}
}
