package release

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// A search goes through deployments of the group, page by page, and reads what the history says of them.
type search struct {
	list listDeploymentsArguments

	// read what the history says of as many $unread deployments as one call takes, and take them out.
	read func(onError, next string) asl.Task

	// ends before all is read.
	ends []asl.Rule

	// onError and next are the states after a call that fails, and when all is read.
	onError, next string
}

// search states, of which the first lists, by the name of their step. Between two rounds of calls it waits: CodeDeploy throttles all callers
// of an account together.
func (c Config) search(step string, s search) []named {
	list, hasMore, read, listMore, wait := step+".List", step+".HasMore", step+".ReadHistory", step+".ListMore", step+".Wait"
	more := s.list
	more.NextToken = "$token"
	return []named{
		{list, c.listPage(s.list, s.onError, hasMore)},
		{hasMore, asl.Choice{
			Choices: slices.Concat(s.ends, []asl.Rule{
				{Condition: "$count($unread) > 0", Next: read},
				{Condition: "$token != ''", Next: listMore},
			}),
			Default: s.next,
		}},
		{read, s.read(s.onError, wait)},
		{listMore, c.listPage(more, s.onError, wait)},
		{wait, asl.Wait{Seconds: missedSeconds, Next: hasMore}},
	}
}

// listPage of deployments.
func (c Config) listPage(arguments listDeploymentsArguments, onError, next string) asl.Task {
	return asl.Task{
		Resource:  c.integration("aws-sdk:codedeploy:listDeployments"),
		Arguments: arguments,
		Retry:     retryAlways(),
		Catch:     catchFailure(onError),
		Assign: asl.Variables{
			"unread": asl.Expr("[$states.result.Deployments]"),
			"token":  logic.Text("$states.result.NextToken"),
		},
		Next: next,
	}
}
