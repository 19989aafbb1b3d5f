package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// memberEnvironment has the variables of a function.
const memberEnvironment = "Environment"

// environmentHash is a hash of a function's variables, which may be secret and come in any order.
const environmentHash asl.Expr = "$hash($join([$map($sort([$keys($states.result.Environment.Variables)]), " +
	"function($name) { $name & '=' & $lookup($states.result.Environment.Variables, $name) })], '\\n'), 'SHA-256')"

// Configuration is what a function's configuration in Lambda says of the supplied members, as far as it has them, as one text. Two
// texts are equal if all of them are.
func Configuration(members []string) asl.Expr {
	var parts []asl.Expr
	for _, member := range members {
		// A list counts whole.
		path := "$states.result." + member
		value := asl.Expr(fmt.Sprintf("($exists(%s) ? $string(%s) : '')", path, path))
		if member == memberEnvironment {
			value = environmentHash
		}
		parts = append(parts, "'"+asl.Expr(member)+" ' & "+value)
	}
	return asl.Join(parts, " & ', ' & ")
}

// IsKnown holds for a $configuration that was released last, or asked to be. A version that is newer than what is remembered may have
// gone live with another configuration: $tried is the version that serves, and both are numbers.
const IsKnown asl.Expr = "$knownConfiguration = $configuration and $tried <= $knownVersion"

// KnownVersion is the number of the version that was remembered, and 0 without one.
var KnownVersion = "$number(" + Or(item+".version.S", "0") + ")"
