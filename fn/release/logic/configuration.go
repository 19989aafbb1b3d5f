package logic

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// settingsInput is what the composition function knows of settings, as the schedule hands it to an execution. An earlier release of this
// package has schedules that hand over nothing.
const settingsInput asl.Expr = "$states.context.Execution.Input"

// Settings are those that the claim asks for, as a hash.
const Settings = settingsInput + ".settings"

// What is known of the version that is $tried, a number: the one that serves, or is about to.
const (
	// NotSeen holds for a version that is newer than all that were seen. It will be.
	NotSeen = "$exists(" + settingsInput + ".newestVersion) ? $tried > $number(" + settingsInput + ".newestVersion) : true"

	// HasSettings holds for one with the settings that the claim asks for, and HasOthers for one with others.
	HasSettings = "$string($tried) in [" + settingsInput + ".versionsWith]"
	HasOthers   = "$string($tried) in [" + settingsInput + ".versionsWithout]"
)

// IsPublished holds once the newest version has the settings that the claim asks for. Then the next one gets them too.
const IsPublished = settingsInput + ".newestVersion in [" + settingsInput + ".versionsWith]"

// IsKnown holds for settings that were released last, or asked to be. A version that is newer than what is remembered may have gone live
// with others: the version that is $tried and $knownVersion are numbers.
const IsKnown = "$knownSettings = " + Settings + " and $tried <= $knownVersion"

// KnownVersion is the number of the version that was remembered, and 0 without one.
var KnownVersion = "$number(" + Or(item+".version.S", "0") + ")"

// isOfEarlier holds for settings that an earlier release of this package has remembered. It wrote them out, and a hash has no spaces.
const isOfEarlier asl.Expr = "$contains($knownSettings, ' ')"

// IsUnclear holds if it is not known whether settings wait for a release: nobody has seen those of the version that is $tried, or what is
// remembered cannot be compared.
const IsUnclear = "$not(" + HasOthers + ") or " + isOfEarlier

// Unclear is what people are told then.
const Unclear = "(" + HasOthers + " ? 'version ' & $string($tried) & ', which is live, has other settings than the claim asks for. " +
	"It is not known whether these were released and taken back before an upgrade of the packages' : " +
	"'nobody has seen which settings version ' & $string($tried) & ' has, which is live') & " +
	"'. Nothing is released by itself. To release what the claim asks for, push to the branch, or choose Release change in CodePipeline'"
