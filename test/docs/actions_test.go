package docs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// TestDataActionsAreListed checks that app teams can read which actions a claim may name while the platform team says nothing.
func TestDataActionsAreListed(t *testing.T) {
	_, list, found := strings.Cut(string(read(t, "docs/callers.md")), "### Actions on data\n")
	if !found {
		t.Fatal("docs/callers.md has no list of actions")
	}
	list, _, _ = strings.Cut(list, "\n#")
	var got []string
	for row := range strings.Lines(list) {
		cells := strings.Split(strings.TrimSpace(row), "|")
		if len(cells) != 4 || !strings.Contains(cells[1], "`") {
			continue
		}
		for action := range strings.SplitSeq(cells[2], ",") {
			got = append(got, strings.Trim(cells[1], " `")+":"+strings.Trim(action, " `"))
		}
	}
	if diff := cmp.Diff(claim.DataActions(), got); diff != "" {
		t.Errorf("-allowed, +listed:\n%s", diff)
	}
}
