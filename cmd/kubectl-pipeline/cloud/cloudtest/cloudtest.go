// Package cloudtest answers the plugin's calls of AWS in tests, and remembers them.
package cloudtest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// An Account answers calls of AWS. Answers are by operation, such as CodePipeline.GetPipelineState: outputs of the SDK, errors, or functions
// from an input to one of these.
type Account struct {
	Answers map[string]any

	mu    sync.Mutex
	calls []Call
}

// A Call of AWS.
type Call struct {
	// Operation, such as CodePipeline.GetPipelineState.
	Operation string
	Input     any
}

// Calls so far.
func (a *Account) Calls() []Call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.calls)
}

// Config of a client that calls this account.
func (a *Account) Config() aws.Config {
	return aws.Config{
		Region:     "us-east-1",
		APIOptions: []func(*middleware.Stack) error{a.answer},
	}
}

// answer before anything is serialised.
func (a *Account) answer(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Answer", func(ctx context.Context, in middleware.InitializeInput, _ middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		operation := awsmiddleware.GetServiceID(ctx) + "." + awsmiddleware.GetOperationName(ctx)
		out, err := a.call(operation, in.Parameters)
		return middleware.InitializeOutput{Result: out}, middleware.Metadata{}, err
	}), middleware.After)
}

func (a *Account) call(operation string, in any) (any, error) {
	a.mu.Lock()
	a.calls = append(a.calls, Call{operation, in})
	answer := a.Answers[operation]
	a.mu.Unlock()
	if compute, ok := answer.(func(any) any); ok {
		answer = compute(in)
	}
	switch answer := answer.(type) {
	case nil:
		return nil, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: fmt.Sprintf("the test answers no %s", operation)}
	case error:
		return nil, answer
	default:
		return answer, nil
	}
}
