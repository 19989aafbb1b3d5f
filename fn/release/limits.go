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

// pollSeconds between two looks at a deployment: often enough to follow it, and seldom enough for Step Functions, which
// ends an execution after 25,000 events. A look takes about ten, and twenty with a judgement.
func (c Config) pollSeconds() int {
	return max(10, 60*c.shiftLimitMinutes()/640)
}

// bakeSeconds between two looks at a version that has all traffic: as often as Lambda reports, and no more often than Step
// Functions allows beside what a shift takes.
func (c Config) bakeSeconds() int {
	return max(lambdaPeriod, 60*c.bakeLimitMinutes()/300)
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
