package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateTellBack           = "TellBack"
	stateTellNotGoneBack    = "TellNotGoneBack"
	stateTellRollbackFailed = "TellRollbackFailed"
)

// publishArguments are those of the SNS integration.
// See https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html
type publishArguments struct {
	TopicArn string   `json:"TopicArn"`
	Message  asl.Expr `json:"Message"`
}

// wentBack says which version serves again, and why.
const wentBack asl.Expr = "'Version ' & $goTo & ' has all traffic again, in place of version ' & $goFrom & ', as ' & $requestedBy & ' has asked: ' & $reason"

// tell people what this execution has come to, and where they see it. Whether they can be told changes nothing.
func (c Config) tell(what asl.Expr, next string) asl.Task {
	return asl.Task{
		Resource: c.integration("sns:publish"),
		Arguments: publishArguments{
			TopicArn: c.Topic,
			Message:  asl.Quote(c.BlueFunction+": ") + " & " + what + " & " + asl.Quote(". See "+c.Console+"#/v2/executions/details/") + " & $states.context.Execution.Id",
		},
		Retry: retryAlways(),
		Catch: catchAll(next),
		Next:  next,
	}
}
