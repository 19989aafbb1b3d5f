package router

import (
	"os"
	"strings"
	"testing"
)

func TestGapsAreTold(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/aws.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, gap := range Gaps {
		if row := "\n| " + gap.Service + " | " + gap.Calls + " |"; !strings.Contains(string(doc), row) {
			t.Errorf("docs/aws.md says nothing of this gap:%s", row)
		}
	}
}
