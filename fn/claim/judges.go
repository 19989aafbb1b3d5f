package claim

import (
	"regexp"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A judge compares what a claim says with the platform team's limit.
type judge struct {
	// how a value keeps the rule, for documents: must match a pattern.
	how string

	// refuse a value that breaks the rule. False: it keeps it. Limit is a list of patterns, a bool, or a float64 for all numbers.
	refuse func(limit any, n named) (refusal.Refusal, bool)

	// pattern is how texts of a list match.
	pattern pattern
}

// How values are judged.
var (
	matchText       = matching("matches a pattern", pattern{})
	matchAnyCase    = matching("matches a pattern, in any case", pattern{anyCase: true})
	matchARN        = matching("matches a pattern, part by part", pattern{separator: ":", parts: 6})
	matchRepository = matching("matches a pattern, owner and name each, in any case", pattern{separator: "/", parts: 2, anyCase: true})

	mustBeTrue     = saying("is true", func(_, value any) (string, bool) { return say("true"), value == true })
	mustSayNothing = saying("is left out", func(_, _ any) (string, bool) { return say("nothing here"), false })
	mustNotPass    = saying("is `Fail` or `Wait`", func(_, value any) (string, bool) { return say("Fail or Wait"), value != v1alpha1.TooFewPass })
	mustNotCache   = saying("is `None`", func(_, value any) (string, bool) { return say("None"), value != string(v1alpha1.BuildCacheS3) })
	mustKeep       = saying("is as many or more, or 0", keepsFor)
	mustBake       = saying("is judged, and for as long or longer", bakes)
	atMost         = saying("is as much or less", func(limit, value any) (string, bool) {
		return say(show(limit) + " or less"), number(value) <= number(limit)
	})
	atMostOfTraffic = saying("moves as much or less", movesAtMost)
	atMostMinutes   = saying("multiplied are as many minutes or fewer", firesWithin)
)

// matching a pattern of a list.
func matching(how string, p pattern) judge {
	return judge{how: how, pattern: p, refuse: func(limit any, n named) (refusal.Refusal, bool) {
		patterns, _ := limit.([]string)
		value, _ := n.value.(string)
		if p.matchesAny(patterns, value) {
			return refusal.Refusal{}, false
		}
		return notSupported(n.at, value, slices.Sorted(slices.Values(patterns))), true
	}}
}

// notSupported is a value that is not in a list.
func notSupported(at *field.Path, value string, supported []string) refusal.Refusal {
	return refusal.Refusal{
		Field:   at.String(),
		Problem: field.ErrorTypeNotSupported,
		Value:   refusal.Show(value),
		Allowed: refusal.Supported(supported),
	}
}

// saying what is wanted of a value.
func saying(how string, met func(limit, value any) (want string, ok bool)) judge {
	return judge{how: how, refuse: func(limit any, n named) (refusal.Refusal, bool) {
		want, ok := met(limit, n.value)
		return refusal.Refusal{Field: n.at.String(), Value: shown(n.value), Allowed: want}, !ok
	}}
}

// say what to write. The value may be the API's default, which the claim does not say.
func say(what string) string {
	return "the claim must say " + what
}

// keepsFor so many days at least. 0 of a claim's is for ever.
func keepsFor(least, days any) (string, bool) {
	return say(show(least) + " or more, or 0, which is for ever"), number(days) == 0 || number(days) >= number(least)
}

// bakes a release that is judged, for so many minutes.
func bakes(least, value any) (string, bool) {
	if enabled, is := value.(bool); is {
		return say("true"), enabled
	}
	return say(show(least) + " or more"), number(value) >= number(least)
}

// stepOf one of CodeDeploy's configurations, in percent.
var stepOf = regexp.MustCompile(`^Lambda(?:Canary|Linear)([0-9]+)Percent`)

// movesAtMost so many percent of traffic with the first step: a number, or the name of one of CodeDeploy's configurations. One without a
// percentage moves all.
func movesAtMost(most, step any) (string, bool) {
	percent, isNumber := step.(float64)
	if !isNumber {
		percent = 100
		name, _ := step.(string)
		if found := stepOf.FindStringSubmatch(name); found != nil {
			percent, _ = strconv.ParseFloat(found[1], 64)
		}
	}
	return "the first step may move at most " + show(most) + " % of traffic", percent <= number(most)
}

// firesWithin so many minutes.
func firesWithin(most, minutes any) (string, bool) {
	return "evaluationPeriods times periodSeconds may be at most " + show(most) + " minutes", number(minutes) <= number(most)
}

func number(value any) float64 {
	n, _ := value.(float64)
	return n
}

// shown value of a claim's. An object is told by its field alone.
func shown(value any) string {
	switch value.(type) {
	case float64:
		return show(value)
	case string, bool:
		return refusal.Show(value)
	default:
		return ""
	}
}

// show a number as a person writes it.
func show(value any) string {
	return strconv.FormatFloat(number(value), 'f', -1, 64)
}
