package release

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateBeginSmoke     = "BeginSmoke"
	stateReadGreen      = "ReadGreen"
	stateGreenUnknown   = "GreenUnknown"
	stateIsGreenReady   = "IsGreenReady"
	stateWaitForGreen   = "WaitForGreen"
	stateGreenNotReady  = "GreenNotReady"
	stateIsTargetReady  = "IsTargetReady"
	stateWaitForTarget  = "WaitForTarget"
	stateTargetNotReady = "TargetNotReady"
)

const (
	// readySeconds between two looks at a version that is being made ready: seldom enough for Step Functions, see pollSeconds.
	readySeconds = 30

	// readyMinutes is how long a version may take to be ready. Lambda makes network interfaces for one in a VPC, and starts one with
	// SnapStart before anybody calls it, which may take as long as an invocation.
	readyMinutes = 20
)

// A readiness is a wait until Lambda can run a version that has just been published: while the version is Pending, Lambda refuses to
// invoke it. Most are Active at the first look. Nobody waits for an Inactive one, which has not been called for weeks: only a call
// makes it Active again.
// See https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html.
type readiness struct {
	function string
	version  asl.Expr

	// read is the state that looks at the version, and assigns what readyVariables are.
	read string

	isReady, wait, notReady string

	// next is where to go on with a version that can run.
	next string
}

// varReadyLooks is how often the version was looked at.
const varReadyLooks = "readyLooks"

// readyVariables are what a look at a version tells, and how many there have been.
func readyVariables() asl.Variables {
	return asl.Variables{
		"versionState": asl.Expr("$exists($states.result.State) ? $states.result.State : 'Active'"),
		"stateReason":  asl.Expr("$exists($states.result.StateReason) ? $states.result.StateReason : ''"),
		varReadyLooks:  asl.Expr("$readyLooks + 1"),
	}
}

func (r readiness) states() map[string]asl.State {
	const isPending = "$versionState = 'Pending'"
	return map[string]asl.State{
		r.isReady: asl.Choice{
			Choices: []asl.Rule{
				{Condition: asl.Expr(fmt.Sprintf(isPending+" and $readyLooks < %d", 60*readyMinutes/readySeconds)), Next: r.wait},
				{Condition: "$versionState in ['Pending', 'Failed']", Next: r.notReady},
			},
			Default: r.next,
		},
		r.wait: asl.Wait{Seconds: readySeconds, Next: r.read},
		r.notReady: asl.Fail{
			Error: asl.Quote("VersionNotReady"),
			Cause: "'Version ' & " + r.version + " & ' of ' & " + asl.Quote(r.function) +
				" & ' cannot run. Lambda says that it is ' & $versionState & ($stateReason != '' ? ': ' & $stateReason : '')",
		},
	}
}

// greenReady waits for the version of green that the smoke test calls.
func (c Config) greenReady() map[string]asl.State {
	return merge(map[string]asl.State{
		stateBeginSmoke: asl.Pass{
			Assign: asl.Variables{"greenVersion": asl.Expr("$states.input.version"), varReadyLooks: 0},
			Next:   stateReadGreen,
		},
		stateReadGreen: asl.Task{
			Comment:   "Can Lambda run the new code?",
			Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
			Arguments: versionArguments{FunctionName: c.GreenFunction, Qualifier: "$greenVersion"},
			Retry:     retryAlways(),
			Catch:     catchAll(stateGreenUnknown),
			Assign:    readyVariables(),
			Next:      stateIsGreenReady,
		},
		stateGreenUnknown: failWith("it could not be seen whether " + c.GreenFunction + " can run"),
	}, readiness{
		function: c.GreenFunction, version: "$greenVersion",
		read: stateReadGreen, isReady: stateIsGreenReady, wait: stateWaitForGreen, notReady: stateGreenNotReady, next: stateInvokeGreen,
	}.states())
}

// targetReady waits for the version that a shift gives traffic to, which CodeDeploy does not.
func (c Config) targetReady() map[string]asl.State {
	return readiness{
		function: c.BlueFunction, version: "$targetVersion",
		read: stateReadTarget, isReady: stateIsTargetReady, wait: stateWaitForTarget, notReady: stateTargetNotReady, next: c.afterReady(),
	}.states()
}
