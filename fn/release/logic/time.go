package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// SecondsBetween two times in ISO 8601, to the millisecond.
func SecondsBetween(from, to asl.Expr) asl.Expr {
	return "($toMillis(" + to + ") - $toMillis(" + from + ")) / 1000"
}

// IsTime holds for a text that may be a time in ISO 8601, with its year first: a source other than git may have none, or another one.
func IsTime(text asl.Expr) asl.Expr {
	return "$substring(" + text + ", 4, 1) = '-' and $substring(" + text + ", 10, 1) = 'T'"
}

// DaysBeforeStart is so many days before the execution began, in ISO 8601.
func DaysBeforeStart(days int32) asl.Expr {
	return asl.Expr(fmt.Sprintf("$fromMillis($toMillis($states.context.Execution.StartTime) - %d)", int64(days)*24*60*60*1000))
}

// ExpiryIn days from Now on, in seconds since 1970, as DynamoDB takes numbers: as text.
func ExpiryIn(days int32) asl.Expr {
	return asl.Expr(fmt.Sprintf("$string($floor($toMillis(%s) / 1000) + %d)", Now, days*24*60*60))
}
