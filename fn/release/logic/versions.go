package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// others is how many other versions have some of the alias's traffic.
const others asl.Expr = "$count($keys($states.result.RoutingConfig.AdditionalVersionWeights))"

// What the answer of Lambda's GetAlias says of the version that production is served by.
const (
	// IsShifting holds for an alias that has two versions.
	IsShifting = others + " > 0"

	// IsStillLive holds for an alias that has $targetVersion and no other.
	IsStillLive = "$states.result.FunctionVersion = $targetVersion and " + others + " = 0"

	// CandidateServing is the version that gets traffic beside the one that is live. It is empty if there is none.
	CandidateServing asl.Expr = "[$keys($states.result.RoutingConfig.AdditionalVersionWeights), ''][0]"

	// Traffic is which versions the alias has, in words: after "the alias has".
	Traffic asl.Expr = "'version ' & $states.result.FunctionVersion & $join([$each($states.result.RoutingConfig.AdditionalVersionWeights, " +
		"function($share, $v) { ', and version ' & $v & ' with ' & $string($round($share * 100)) & ' % of traffic' })])"

	// NewestServing is the number of the version that is live, or about to be: where traffic shifts, that is the one it shifts to.
	NewestServing asl.Expr = "$number([$keys($states.result.RoutingConfig.AdditionalVersionWeights), $states.result.FunctionVersion][0])"
)

// InUse holds for the version $v, a number, that must stay as old as it may be: one of $kept, and what is not older than the version
// that is $serving, as a release may be about to shift to it.
const InUse asl.Expr = "$v >= $number($serving) or $string($v) in $kept"

// Kept are the versions that the recorded deployments were $about, as a release may judge them still and go back; and what the item of
// the version that is live says: that one, and the one to which a rollback would go. Some may be missing.
const Kept asl.Expr = "[$about, $states.result.Item.version.S, $states.result.Item.previousVersion.S]"

// Old are those of $versions that can be deleted, as numbers from the newest on, and no more than most of them: the newest versions
// stay, and those for which spare holds, which asks for $v. No spare: no other. $LATEST is no version.
func Old(newest int32, most int, spare asl.Expr) asl.Expr {
	condition := asl.Expr(fmt.Sprintf("$i >= %d and $i < %d", newest, int(newest)+most))
	if spare != "" {
		condition += " and $not(" + spare + ")"
	}
	return "[$filter($reverse($sort([$versions[$ != '$LATEST'].$number($)])), function($v, $i) { " + condition + " })]"
}

// HasNoTraffic holds for an alias that has one version, which is not the supplied one.
func HasNoTraffic(version asl.Expr) asl.Expr {
	return "$states.result.FunctionVersion != " + version + " and " + others + " = 0"
}
