// Package logic is what a release computes and compares, as JSONata expressions that are a value each: the verdict on a candidate
// version, the way back, which old versions to delete, whether a calendar is open. It knows no states and calls nothing.
//
// An expression reads variables and members of $states, which its comment names. JSONata is that of Step Functions, version 2.0.6: see
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html. What has arithmetic, an order, a list or a default to
// get wrong is here; a state that only asks for a flag says so itself.
package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Or returns the value of the first expression, or that of the second if the first has none. A list counts by its first item.
func Or(member, otherwise asl.Expr) asl.Expr {
	return "[" + member + ", " + otherwise + "][0]"
}

// Text returns the text of a member, or no text if there is no such member.
func Text(member asl.Expr) asl.Expr {
	return Or(member, "''")
}

// AllBut the first items of a list, so many of them.
func AllBut(count int, list asl.Expr) asl.Expr {
	return asl.Expr(fmt.Sprintf("[$filter(%s, function($v, $i) { $i >= %d })]", list, count))
}

// reasons returns the texts of those conditional texts that have one, as sentences: without a text there is none.
func reasons(texts []asl.Expr) asl.Expr {
	return "$join([" + asl.Join(texts, ", ") + "], '. ')"
}
