package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// invoke returns the optimised integration with Lambda: the payload is JSON on both sides, and a function's error is the
// task's.
// See https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
func invoke(client *lambda.Client) operation {
	return operation{answer: reflect.TypeFor[lambda.InvokeOutput](), do: func(ctx context.Context, arguments any) (any, error) {
		in := &lambda.InvokeInput{}
		members, ok := arguments.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("arguments must be an object, not %T", arguments)
		}
		rest := maps.Clone(members)
		if payload, ok := rest["Payload"]; ok {
			delete(rest, "Payload")
			data, err := json.Marshal(payload)
			if err != nil {
				return nil, err
			}
			in.Payload = data
		}
		if err := optimisedLambda.decode(rest, in); err != nil {
			return nil, err
		}
		out, err := client.Invoke(ctx, in)
		if err != nil {
			return nil, optimisedLambda.failed(err)
		}
		if out.FunctionError != nil {
			return nil, functionError(out.Payload)
		}
		var payload any
		if err := json.Unmarshal(out.Payload, &payload); err != nil {
			return nil, fmt.Errorf("cannot read the function's answer: %w", err)
		}
		out.Payload = nil
		result, err := optimisedLambda.encode(out)
		if members, ok := result.(map[string]any); ok {
			members["Payload"] = payload
		}
		return result, err
	}}
}

// functionError is named as the function names it. The cause is the whole answer.
func functionError(payload []byte) *interpreter.Error {
	var answer struct {
		ErrorType string `json:"errorType"`
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.ErrorType == "" {
		return &interpreter.Error{Name: "Lambda.Unknown", Cause: string(payload)}
	}
	return &interpreter.Error{Name: answer.ErrorType, Cause: string(payload)}
}
