package release

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// executed is an execution that has ended.
type executed struct {
	What   string   `json:"what"`
	Status string   `json:"status"`
	Error  string   `json:"error"`
	Cause  string   `json:"cause"`
	States []string `json:"states"`
}

// waitFor the end of an execution. Meanwhile it calls a function again and again, if there is one.
func waitFor(ctx context.Context, arn string, meanwhile func(context.Context)) (executed, error) {
	var e executed
	var failed error
	err := process.Eventually(ctx, "an execution ends", ministack.Process, func(ctx context.Context) bool {
		out, err := aws.StepFunctions.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		if err != nil {
			failed = err
			return true
		}
		e = executed{Status: string(out.Status), Error: deref(out.Error), Cause: deref(out.Cause)}
		if meanwhile != nil {
			meanwhile(ctx)
		}
		return out.Status != types.ExecutionStatusRunning
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return e, errors.Wrapf(err, "%s", arn)
	}
	return e, e.read(ctx, arn)
}

// waitsIn reports whether an execution has come to a state within its last events.
func waitsIn(ctx context.Context, arn, state string) bool {
	out, err := aws.StepFunctions.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, ReverseOrder: true, MaxResults: 20})
	return err == nil && slices.ContainsFunc(out.Events, func(e types.HistoryEvent) bool {
		return e.StateEnteredEventDetails != nil && *e.StateEnteredEventDetails.Name == state
	})
}

// read what the execution went through.
func (e *executed) read(ctx context.Context, arn string) error {
	pages := sfn.NewGetExecutionHistoryPaginator(aws.StepFunctions, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return errors.Wrapf(err, "cannot read the history of %s", arn)
		}
		for _, event := range page.Events {
			if entered := event.StateEnteredEventDetails; entered != nil && !slices.Contains(e.States, *entered.Name) {
				e.States = append(e.States, *entered.Name)
			}
		}
	}
	// A mistake in the definition is never what a scenario wants.
	if strings.HasPrefix(e.Error, "States.") {
		return errors.Errorf("%s: %s", e.Error, e.Cause)
	}
	return nil
}

// executionARNs of a state machine.
func executionARNs(ctx context.Context, machine string) (arns []string, err error) {
	pages := sfn.NewListExecutionsPaginator(aws.StepFunctions, &sfn.ListExecutionsInput{StateMachineArn: &machine})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Executions {
			arns = append(arns, *e.ExecutionArn)
		}
	}
	return arns, nil
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
