package release

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateAwaitGreenIsReady     = "AwaitGreen.IsReady"
	stateAwaitGreenWait        = "AwaitGreen.Wait"
	stateAwaitGreenNotReady    = "AwaitGreen.NotReady"
	stateAwaitGreenBegin       = "AwaitGreen.Begin"
	stateAwaitGreenReadVersion = "AwaitGreen.ReadVersion"
	stateAwaitGreenCannotRead  = "AwaitGreen.CannotRead"

	stateAwaitTargetIsReady     = "AwaitTarget.IsReady"
	stateAwaitTargetWait        = "AwaitTarget.Wait"
	stateAwaitTargetNotReady    = "AwaitTarget.NotReady"
	stateAwaitTargetReadVersion = "AwaitTarget.ReadVersion"
	stateAwaitTargetCannotRead  = "AwaitTarget.CannotRead"
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
}

// varReadyLooks is how often the version was looked at.
const varReadyLooks = "readyLooks"

// readyVariables are what a look at a version tells, and how many there have been.
func readyVariables() asl.Variables {
	return asl.Variables{
		"versionState": logic.Or("$states.result.State", "'Active'"),
		"stateReason":  logic.Text("$states.result.StateReason"),
		varReadyLooks:  asl.Expr("$readyLooks + 1"),
	}
}

// states that follow a look. What can run goes on with next.
func (r readiness) states(next string) []named {
	const isPending = "$versionState = 'Pending'"
	return []named{
		{r.isReady, asl.Choice{
			Choices: []asl.Rule{
				{Condition: asl.Expr(fmt.Sprintf(isPending+" and $readyLooks < %d", 60*readyMinutes/readySeconds)), Next: r.wait},
				{Condition: "$versionState in ['Pending', 'Failed']", Next: r.notReady},
			},
			Default: next,
		}},
		{r.wait, asl.Wait{Seconds: readySeconds, Next: r.read}},
		{r.notReady, asl.Fail{
			Error: asl.Quote("VersionNotReady"),
			Cause: "'Version ' & " + r.version + " & ' of ' & " + asl.Quote(r.function) +
				" & ' cannot run. Lambda says that it is ' & $versionState & ($stateReason != '' ? ': ' & $stateReason : '')",
		}},
	}
}

// awaitGreen waits for the version of green that the smoke test calls.
func (c Config) awaitGreen() step {
	green := readiness{
		function: c.GreenFunction, version: "$greenVersion",
		read: stateAwaitGreenReadVersion, isReady: stateAwaitGreenIsReady, wait: stateAwaitGreenWait, notReady: stateAwaitGreenNotReady,
	}
	begin := asl.Variables{"greenVersion": asl.Expr("$states.input.version"), varReadyLooks: 0}
	gives := []string{"greenVersion"}
	if !c.isPromoted() {
		begin[attributeExecution] = logic.Text("$states.input.pipelineExecutionId")
		gives = append(gives, attributeExecution)
	}
	return step{name: "AwaitGreen", gives: gives, states: func(next string) []named {
		return append([]named{
			{stateAwaitGreenBegin, asl.Pass{Assign: begin, Next: stateAwaitGreenReadVersion}},
			{stateAwaitGreenReadVersion, asl.Task{
				Comment:   "Can Lambda run the new code?",
				Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
				Arguments: versionArguments{FunctionName: c.GreenFunction, Qualifier: "$greenVersion"},
				Retry:     retryAlways(),
				Catch:     catchAll(stateAwaitGreenCannotRead),
				Assign:    readyVariables(),
				Next:      stateAwaitGreenIsReady,
			}},
			{stateAwaitGreenCannotRead, failWith("it could not be seen whether " + c.GreenFunction + " can run")},
		}, green.states(next)...)
	}}
}

// awaitTarget waits for the version that a shift gives traffic to, which CodeDeploy does not.
func (c Config) awaitTarget() step {
	target := readyVariables()
	target["codeSha256"] = asl.Expr("$states.result.CodeSha256")
	target[varConfiguration] = logic.Configuration
	blue := readiness{
		function: c.BlueFunction, version: "$targetVersion",
		read: stateAwaitTargetReadVersion, isReady: stateAwaitTargetIsReady, wait: stateAwaitTargetWait, notReady: stateAwaitTargetNotReady,
	}
	return step{
		name:  "AwaitTarget",
		needs: []string{"targetVersion", varReadyLooks},
		gives: []string{"codeSha256", varConfiguration},
		states: func(next string) []named {
			return append([]named{
				{stateAwaitTargetReadVersion, c.readVersion("$targetVersion", target, stateAwaitTargetCannotRead, stateAwaitTargetIsReady)},
				{stateAwaitTargetCannotRead, failWith("it could not be seen whether this version may go live")},
			}, blue.states(next)...)
		},
	}
}

// readVersion of blue: its settings, and the hash of its code.
func (c Config) readVersion(version asl.Expr, assign asl.Variables, onError, next string) asl.Task {
	return asl.Task{
		Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
		Arguments: versionArguments{FunctionName: c.BlueFunction, Qualifier: version},
		Retry:     retryAlways(),
		Catch:     catchAll(onError),
		Assign:    assign,
		Next:      next,
	}
}
