package logic_test

import (
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/expressions"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// TestExpressions evaluates each expression. make aws does the same with the engine of another implementation.
func TestExpressions(t *testing.T) {
	for name, c := range expressions.All() {
		t.Run(name, func(t *testing.T) {
			states, variables := c.Scope(t)
			got, err := interpreter.Evaluate(string(c.Expression), states, variables)
			if err != nil {
				t.Fatalf("%s\n%v", c.Reason, err)
			}
			c.Check(t, got)
		})
	}
}
