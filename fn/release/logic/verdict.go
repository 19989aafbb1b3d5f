package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Whose invocations are counted: those of the version that is released, and those of the version before it.
const (
	Candidate = "candidate"
	Live      = "live"
)

// Invocations is the id of what all shares are of.
const Invocations = "invocations"

// CountID is the member of $counts that has the count of the supplied id, and the id of its query in CloudWatch, which begins with a
// small letter.
func CountID(whose, id string) string {
	return whose + "_" + id
}

// A Criterion is one way for an invocation to be bad.
type Criterion struct {
	// ID of the count of bad invocations.
	ID string

	// Says completes the sentence "3 of 10 invocations".
	Says string

	// MaxPercent of invocations that may be bad.
	MaxPercent float64
}

const (
	// minBad is how many invocations must be bad. Of very few, Wilson's lower bound promises too much: if one of five is bad, it says
	// that certainly more than 1.8 % are, and one in twenty candidates that fail only 1 % has that by chance.
	minBad = 3

	// candidateDeviations is how many standard deviations the candidate's share of bad invocations must be above what is allowed. A
	// candidate that fails as often as is allowed is that far above it in 0.13 % of looks at three deviations, and in 2.3 % at two. A
	// release looks hundreds of times at counts that grow, and each look can stop it: of 1,000 such candidates, 26 are stopped in 200
	// looks at three deviations, and 158 would be at two (TestRepeatedLooks).
	candidateDeviations = -3

	// liveDeviations is how many of them the share of the version before may be above what was counted. It only excuses the candidate,
	// and can stop none, so the usual two do: the share is below that with a chance of 97.7 %.
	liveDeviations = 2
)

// wilsonBound defines $bound, a bound of Wilson's score interval of a share, in percent. If $x of $n invocations are bad, it is the
// share p from which $x / $n is $z standard deviations away, each of √(p (1-p) / n): the upper bound for a $z above 0, the lower bound
// for one below. The usual interval (Wald's) takes the deviation at $x / $n instead, which is 0 if no invocation is bad, or all are, and
// too small for few. Of no invocation the bound is 0. CloudWatch may know of more bad invocations than of invocations for a while: then
// all are bad. A metric of the claim's may be any number, below 0 too: then none is bad. So nothing that is counted makes the root fail.
//
// Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American Statistical
// Association 22 (1927), pages 209 to 212. See https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm.
const wilsonBound = "$bound := function($x, $n, $z) { $n <= 0 ? 0 : ($k := $max([0, $min([$x, $n])]); " +
	"100 * (($k + $z * $z / 2 + $z * $sqrt($k * (1 - $k / $n) + $z * $z / 4)) / ($n + $z * $z))) }"

// WilsonBound is that bound, of numbers. Deviations below 0 ask for the lower bound.
func WilsonBound(bad, all, deviations float64) asl.Expr {
	return asl.Expr(fmt.Sprintf("(%s; $bound(%g, %g, %g))", wilsonBound, bad, all, deviations))
}

// isWorse defines $worse, which holds if $x of $n invocations are certainly worse than the share that is $allowed, in percent, and
// than what the version before may have too, of which $liveX of $liveN are bad.
var isWorse = fmt.Sprintf("$worse := function($x, $n, $liveX, $liveN, $allowed) "+
	"{ $x >= %d and $bound($x, $n, %d) > $max([$allowed, $bound($liveX, $liveN, %d)]) }", minBad, candidateDeviations, liveDeviations)

// judge defines $judge, a sentence for a criterion by which the candidate is worse. For others it has no value.
const judge = "$judge := function($id, $allowed, $says) { (" +
	"$of := function($id) { $lookup($counts, $id) }; " +
	"$x := $of('candidate_' & $id); $n := $of('candidate_invocations'); $liveX := $of('live_' & $id); $liveN := $of('live_invocations'); " +
	"$worse($x, $n, $liveX, $liveN, $allowed) ? " +
	"$string($round($x)) & ' of ' & $string($n) & ' invocations of version ' & $candidateVersion & ' ' & $says & ', and ' & " +
	"$string($round($liveX)) & ' of ' & $string($liveN) & ' of version ' & $liveVersion & '; allowed are ' & $string($allowed) & ' %, or as many as of that') }"

// Verdict says what speaks against the candidate: a sentence for each criterion by which it is certainly too bad, and no text as long
// as nothing does, or as it has answered fewer than minInvocations. It reads $counts, $candidateVersion and $liveVersion.
func Verdict(minInvocations int32, criteria []Criterion) asl.Expr {
	var judgements []asl.Expr
	for _, k := range criteria {
		judgements = append(judgements, asl.Expr(fmt.Sprintf("$judge('%s', %g, %s)", k.ID, k.MaxPercent, asl.Quote(k.Says))))
	}
	return Enough(minInvocations) + asl.Expr(" ? ("+wilsonBound+"; "+isWorse+"; "+judge+"; ") + reasons(judgements) + ") : ''"
}

// Enough holds for a candidate that has answered often enough to be judged. It reads $counts.
func Enough(minInvocations int32) asl.Expr {
	return asl.Expr(fmt.Sprintf("$counts.%s >= %d", CountID(Candidate, Invocations), minInvocations))
}

// Counts are what was counted so far, and what an answer of CloudWatch's GetMetricData adds to that, by the ids of both. A query may have
// several results, and none.
func Counts(so asl.Expr) asl.Expr {
	return added(so, "Values")
}

// Settled are the counts $before, and what the answer adds to them from the minutes that were over by $settled. CloudWatch names a minute by
// its beginning, and begins an answer with the minute that a time is in. So an answer from $settled on has the other minutes.
var Settled = "($to := $toMillis($settled) - 60000; " +
	added("$before", "$map($zip([Timestamps], [Values]), function($p) { $toMillis($p[0]) <= $to ? $p[1] : 0 })") + ")"

func added(so, values asl.Expr) asl.Expr {
	return "$merge($each(" + so + ", function($n, $id) { {$id: $n + $sum([$states.result.MetricDataResults[Id = $id]." + values + "])} }))"
}

// SettledNext is up to when the next look settles what it counts: until an hour ago, as CloudWatch has all of that by now, and not before
// $settled.
const SettledNext asl.Expr = "$fromMillis($max([$toMillis($settled), $toMillis($states.context.State.EnteredTime) - 3600000]))"

// HasBaked holds after so many minutes with a look every so many seconds, of which $bakes have been.
func HasBaked(minutes int32, secondsBetweenLooks int) asl.Expr {
	return asl.Expr(fmt.Sprintf("$bakes * %d >= %d", secondsBetweenLooks, minutes*60))
}
