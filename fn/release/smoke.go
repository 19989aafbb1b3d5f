package release

import (
	"encoding/json"
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateSmokeTestInvokeGreen   = "SmokeTest.InvokeGreen"
	stateSmokeTestCheckAnswer   = "SmokeTest.CheckAnswer"
	stateSmokeTestPassed        = "SmokeTest.Passed"
	stateSmokeTestFailed        = "SmokeTest.Failed"
	stateSmokeTestFunctionError = "SmokeTest.FunctionError"
)

// invokeArguments are those of the Lambda integration.
// See https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
type invokeArguments struct {
	FunctionName string   `json:"FunctionName"`
	Qualifier    asl.Expr `json:"Qualifier"`
	Payload      any      `json:"Payload"`
}

// invokeGreen sends the claim's test event, and ends as the answer is.
func (c Config) invokeGreen() step {
	return step{name: "SmokeTest", needs: []string{"greenVersion"}, states: func(string) []named {
		return []named{
			{stateSmokeTestInvokeGreen, asl.Task{
				Comment:  "Send the test event to the new code, on green.",
				Resource: c.integration("lambda:invoke"),
				Arguments: invokeArguments{
					FunctionName: c.GreenFunction,
					Qualifier:    "$greenVersion",
					Payload:      asl.Literal(c.smokeEvent()),
				},
				TimeoutSeconds: int(c.TimeoutSeconds) + 30,
				// An error of the function itself is the answer to the test: only Lambda's own are worth another try.
				Retry: []asl.Retrier{backoff(
					"Lambda.TooManyRequestsException",
					"Lambda.ServiceException",
					"Lambda.AWSLambdaException",
					"Lambda.SdkClientException",
				)},
				Catch: catchAll(stateSmokeTestFunctionError),
				Next:  stateSmokeTestCheckAnswer,
			}},
			{stateSmokeTestCheckAnswer, asl.Choice{
				Choices: []asl.Rule{{Condition: c.smokePasses(), Next: stateSmokeTestPassed}},
				Default: stateSmokeTestFailed,
			}},
			{stateSmokeTestPassed, done("green answers the test event")},
			{stateSmokeTestFailed, asl.Fail{
				Error: asl.Quote("SmokeTestFailed"),
				Cause: asl.Quote(fmt.Sprintf("%s did not answer the test event with a statusCode below %d, but with ", c.GreenFunction, c.SmokeTest.ExpectStatusBelow)) +
					" & $substring($string($states.input.Payload), 0, 1000)",
			}},
			{stateSmokeTestFunctionError, failWith(c.GreenFunction + " failed on the test event")},
		}
	}}
}

// smokeEvent is the claim's test event. The claim's schema has checked that it is an object.
func (c Config) smokeEvent() map[string]any {
	event := map[string]any{}
	if e := c.SmokeTest.Event; e != nil {
		_ = json.Unmarshal(e.Raw, &event)
	}
	return event
}

// smokePasses holds when green's answer is good. A limit of 0 takes any answer. The number is compared only if it is one:
// JSONata may look at both sides of an "and", and cannot compare text with a number.
func (c Config) smokePasses() asl.Expr {
	limit := c.SmokeTest.ExpectStatusBelow
	if limit == 0 {
		return "true"
	}
	return asl.Expr(fmt.Sprintf("$type($states.input.Payload.statusCode) = 'number' ? $states.input.Payload.statusCode < %d : false", limit))
}
