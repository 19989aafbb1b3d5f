package release

import (
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// Predefined are CodeDeploy's own deployment configurations for Lambda, as the claim names them.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
var Predefined = map[string]v1alpha1.CustomRollout{
	"LambdaAllAtOnce":                     {Type: v1alpha1.RolloutCanary, Percentage: 100},
	"LambdaCanary10Percent5Minutes":       {Type: v1alpha1.RolloutCanary, Percentage: 10, IntervalMinutes: 5},
	"LambdaCanary10Percent10Minutes":      {Type: v1alpha1.RolloutCanary, Percentage: 10, IntervalMinutes: 10},
	"LambdaCanary10Percent15Minutes":      {Type: v1alpha1.RolloutCanary, Percentage: 10, IntervalMinutes: 15},
	"LambdaCanary10Percent30Minutes":      {Type: v1alpha1.RolloutCanary, Percentage: 10, IntervalMinutes: 30},
	"LambdaLinear10PercentEvery1Minute":   {Type: v1alpha1.RolloutLinear, Percentage: 10, IntervalMinutes: 1},
	"LambdaLinear10PercentEvery2Minutes":  {Type: v1alpha1.RolloutLinear, Percentage: 10, IntervalMinutes: 2},
	"LambdaLinear10PercentEvery3Minutes":  {Type: v1alpha1.RolloutLinear, Percentage: 10, IntervalMinutes: 3},
	"LambdaLinear10PercentEvery10Minutes": {Type: v1alpha1.RolloutLinear, Percentage: 10, IntervalMinutes: 10},
}

// maxShiftMinutes is the longest CodeDeploy takes from the first step to the last.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
const maxShiftMinutes = 2880

// hookMinutes is the longest CodeDeploy waits for a hook, and marginMinutes what a deployment may take beside hooks and
// the shift itself.
const (
	hookMinutes   = 60
	marginMinutes = 60
)

// shiftLimitMinutes is after how many minutes a deployment is given up on: what the rollout takes, a hook before and one
// after it, and a margin.
func (c Config) shiftLimitMinutes() int {
	return c.shiftMinutes() + 2*hookMinutes + marginMinutes
}

// FirstToLast is how long CodeDeploy takes from the first shift of a rollout to the last.
func FirstToLast(rollout v1alpha1.Rollout) time.Duration {
	r := steps(rollout)
	more := int32(1)
	if r.Type == v1alpha1.RolloutLinear {
		more = 99 / r.Percentage
	}
	return time.Duration(more*r.IntervalMinutes) * time.Minute
}

// steps of a rollout: the claim's own, or CodeDeploy's.
func steps(rollout v1alpha1.Rollout) v1alpha1.CustomRollout {
	if rollout.Custom != nil {
		return *rollout.Custom
	}
	return Predefined[rollout.DeploymentConfig]
}

// shiftMinutes is how long the rollout takes to move all traffic, if the first shift takes an interval too.
func (c Config) shiftMinutes() int {
	r := steps(c.Rollout)
	if r.Type == v1alpha1.RolloutCanary {
		return int(r.IntervalMinutes)
	}
	shifts := (100 + r.Percentage - 1) / r.Percentage
	return min(int(shifts*r.IntervalMinutes), maxShiftMinutes)
}

// Events that a release may have in Step Functions for its looks while traffic shifts, and after that. An execution is ended after 25,000.
const (
	pollEvents = 15360
	bakeEvents = 5400
)

// pollSeconds between two looks at a deployment: often enough to follow it, and seldom enough for Step Functions. A look waits (2 events), asks
// (5) and chooses (2), then reads metrics (5), judges (2) and chooses (2). Each question may be asked again once (3).
func (c Config) pollSeconds() int {
	return max(10, 60*c.shiftLimitMinutes()*(24+c.moreReadingEvents())/pollEvents)
}

// bakeSeconds between two looks at a version that has all traffic: as often as Lambda reports, and no more often than Step
// Functions allows beside what a shift takes. Such a look asks for the alias, and not for the deployment.
func (c Config) bakeSeconds() int {
	return max(lambdaPeriod, 60*c.bakeLimitMinutes()*(18+c.moreReadingEvents())/bakeEvents)
}

// moreReadingEvents are those of the readings of a look after the first, each of which may be repeated once.
func (c Config) moreReadingEvents() int {
	if !c.judged() {
		return 0
	}
	return 8 * (len(c.readings()) - 1)
}

// bakeLimitMinutes is the longest that a release is judged after the shift, and taken back.
func (c Config) bakeLimitMinutes() int {
	if !c.judged() {
		return 0
	}
	minutes := int(c.Rollout.Analysis.BakeMinutes) + marginMinutes
	if c.Rollout.Analysis.TooFewInvocations == v1alpha1.TooFewWait {
		minutes += maxWaitMinutes
	}
	return minutes
}

// maxPolls until a deployment is given up on.
func (c Config) maxPolls() int {
	return 60 * c.shiftLimitMinutes() / c.pollSeconds()
}
