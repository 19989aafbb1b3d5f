// Command guardrails prints the rules of the platform team, and the fields of a claim that none of them limits, as JSON: docgen writes
// them into docs/guardrails.md.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

func main() {
	rules, unlimited := claim.Guardrails()
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"rules": rules, "unlimited": unlimited}); err != nil {
		fmt.Fprintln(os.Stderr, "guardrails:", err)
		os.Exit(1)
	}
}
