package release

import (
	"encoding/json"
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
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
				Catch:  catchAll(stateSmokeTestFunctionError),
				Output: asl.Output{"Payload": logic.Payload},
				Next:   stateSmokeTestCheckAnswer,
			}},
			{stateSmokeTestCheckAnswer, asl.Choice{
				Choices: []asl.Rule{{Condition: logic.AnswersBelow(c.SmokeTest.ExpectStatusBelow), Next: stateSmokeTestPassed}},
				Default: stateSmokeTestFailed,
			}},
			{stateSmokeTestPassed, done("green answers the test event")},
			{stateSmokeTestFailed, asl.Fail{
				Error: asl.Quote("SmokeTestFailed"),
				Cause: asl.Quote(fmt.Sprintf("%s did not answer the test event with a statusCode below %d, but with ", c.GreenFunction, c.SmokeTest.ExpectStatusBelow)) +
					asl.Expr(fmt.Sprintf(" & $substring($string($states.input.Payload), 0, %d)", maxText)),
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
