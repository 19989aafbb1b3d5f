package release

import (
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

// shiftMinutes is how long the rollout takes to move all traffic.
func (c Config) shiftMinutes() int {
	r := Predefined[c.Rollout.DeploymentConfig]
	if custom := c.Rollout.Custom; custom != nil {
		r = *custom
	}
	if r.Type == v1alpha1.RolloutCanary {
		return int(r.IntervalMinutes)
	}
	steps := (100 + r.Percentage - 1) / r.Percentage
	return min(int(steps*r.IntervalMinutes), maxShiftMinutes)
}

// pollSeconds between two looks at a deployment: often enough to follow it, and seldom enough for Step Functions, which
// ends an execution after 25,000 events. A poll takes about ten.
func (c Config) pollSeconds() int {
	return max(10, 60*c.shiftLimitMinutes()/1000)
}

// maxPolls until a deployment is given up on.
func (c Config) maxPolls() int {
	return 60 * c.shiftLimitMinutes() / c.pollSeconds()
}
