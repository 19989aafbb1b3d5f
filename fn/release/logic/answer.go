package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Payload is what green has answered. Not every function answers something.
const Payload asl.Expr = "$exists($states.result.Payload) ? $states.result.Payload : null"

// AnswersBelow holds for an answer of green's whose status is a number below the limit. A limit of 0 takes any answer. The status is
// compared only if it is a number: JSONata may look at both sides of an "and", and cannot compare text with a number.
func AnswersBelow(limit int32) asl.Expr {
	if limit == 0 {
		return "true"
	}
	const status = "$states.input.Payload.statusCode"
	return asl.Expr(fmt.Sprintf("$type(%s) = 'number' ? %s < %d : false", status, status, limit))
}
