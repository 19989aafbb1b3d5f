package awsmodel

import "testing"

func TestGlob(t *testing.T) {
	cases := map[string]struct {
		reason    string
		policy    string
		reference string
		not       rune
		want      bool
	}{
		"Same":        {"A text is itself.", "topic", "topic", 0, true},
		"Other":       {"And no other.", "topic", "topics", 0, false},
		"Variable":    {"A variable is any text.", "function:blue", "function:${Name}", 0, true},
		"Empty":       {"But some.", "function:", "function:${Name}", 0, false},
		"Star":        {"A star may be what a variable is.", "function:*", "function:${Name}:${Alias}", 0, true},
		"StarInside":  {"Wherever it is.", "fun*:live", "function:${Name}:${Alias}", 0, true},
		"StarNothing": {"Or nothing.", "function:blue*", "function:${Name}", 0, true},
		"TooShort":    {"A text without a colon is none with one.", "function:blue", "function:${Name}:${Alias}", 0, false},
		"Question":    {"A question mark is one character.", "a?c", "abc", 0, true},
		"QuestionTwo": {"And not two.", "a?c", "abbc", 0, false},
		"Not":         {"A name may lack a character.", "bucket/*", "${Bucket}", '/', false},
		"NotNeeded":   {"Others it has.", "bucket", "${Bucket}", '/', true},
		"NotStar":     {"What a star is may lack it too.", "buck*", "${Bucket}", '/', true},
		"Only":        {"All there is.", "*", "${Bucket}/${Key}", 0, true},
		"PolicyVar":   {"A variable of a policy is any text.", "table/${aws:username}", "table/${Table}", '/', true},
		"TwoNots":     {"Two parts, of which the first lacks it.", "bucket/a/b", "${Bucket}/${Key}", 0, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := policyGlob(tc.policy).meets(referenceGlob(tc.reference, tc.not)); got != tc.want {
				t.Errorf("%s want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}
