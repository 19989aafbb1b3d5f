package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// publishArguments are those of the SNS integration.
// See https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html
type publishArguments struct {
	TopicArn string   `json:"TopicArn"`
	Message  asl.Expr `json:"Message"`
}

// wentBack says which version serves again, and why.
const wentBack asl.Expr = "'Version ' & $goTo & ' has all traffic again, in place of version ' & $goFrom & ', as ' & $requestedBy & ' has asked: ' & $reason"

// toPlatform ends the names of states that tell the platform team.
const toPlatform = "ToPlatform"

// tell people what this execution has come to, and where they see it: a state of that name, and one for the platform team.
// Whether they can be told changes nothing.
func (c Config) tell(name string, what asl.Expr, next string) []named {
	if c.PlatformTopic == "" {
		return []named{{name, c.tellTopic(c.Topic, what, next)}}
	}
	return []named{
		{name, c.tellTopic(c.Topic, what, name+toPlatform)},
		{name + toPlatform, c.tellTopic(c.PlatformTopic, what, next)},
	}
}

func (c Config) tellTopic(topic string, what asl.Expr, next string) asl.Task {
	return asl.Task{
		Resource: c.integration("sns:publish"),
		Arguments: publishArguments{
			TopicArn: topic,
			Message:  asl.Quote(c.BlueFunction+": ") + " & " + what + " & " + asl.Quote(". See "+c.Console+"#/v2/executions/details/") + " & $states.context.Execution.Id",
		},
		Retry: retryAlways(),
		Catch: catchAll(next),
		Next:  next,
	}
}
