package compose

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMissing(t *testing.T) {
	type want struct {
		Fact    Fact
		Missing bool
	}
	cases := map[string]struct {
		reason string
		facts  Known
		needs  []Fact
		want   want
	}{
		"NeedsNothing": {reason: "Nothing needed, nothing missing.", needs: nil, want: want{}},
		"NilFacts":     {reason: "Without facts the first should be missing.", needs: []Fact{id, color}, want: want{id, true}},
		"Second":       {reason: "The first of those missing should be named.", facts: Known{id: "1"}, needs: []Fact{id, color}, want: want{color, true}},
		"AllKnown":     {reason: "All are known.", facts: Known{id: "1", color: "red"}, needs: []Fact{color, id}, want: want{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fact, missing := tc.facts.Missing(tc.needs)
			if diff := cmp.Diff(tc.want, want{fact, missing}); diff != "" {
				t.Errorf("%s\nMissing(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
