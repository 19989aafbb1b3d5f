package main

import (
	"context"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// A Function composes payment delivery pipelines.
type Function struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	log logging.Logger
}

// NewFunction returns a Function that logs to the supplied logger.
func NewFunction(log logging.Logger) *Function {
	return &Function{log: log}
}

// RunFunction composes one pipeline. What it cannot do it answers with a fatal result: Crossplane then leaves everything
// that exists as it is.
func (f *Function) RunFunction(_ context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp := response.To(req, response.DefaultTTL)
	seen := newObservation(req.GetObserved())

	p, err := newPipeline(req, seen)
	if err != nil {
		return f.refuse(rsp, reasonInvalidInput, err), nil
	}

	if !seen.exists(artifactBucket) {
		requireBucket(rsp, p.names)
	}
	if taken := checkHolder(p.spec.EnvironmentSuffix, seen, req.GetRequiredResources()); len(taken) > 0 {
		return f.refuse(rsp, reasonNameTaken, taken.ToAggregate()), nil
	}

	facts := readFacts(p.spec, p.platform, seen)
	state, err := compose.Compose(architecture(p), facts, seen.resources)
	if err != nil {
		return f.refuse(rsp, reasonFactLost, err), nil
	}
	if err := report(rsp, seen, newStatus(p, facts, seen, state), state); err != nil {
		return f.refuse(rsp, reasonInternal, err), nil
	}
	rsp.Meta.Ttl = durationpb.New(timeToLive(p.platform.ResponseTTL.Duration, seen, state))
	f.log.Debug("Composed", "xr", seen.xr.ObjectName(), "desired", len(state.Desired), "waiting", len(state.Waiting), "ready", state.Ready(), "failing", len(state.Failing))
	return rsp, nil
}

// refuse to compose. The condition tells the app team why, the fatal result makes Crossplane change nothing.
func (f *Function) refuse(rsp *fnv1.RunFunctionResponse, reason string, err error) *fnv1.RunFunctionResponse {
	f.log.Info("Refused", "reason", reason, "error", err)
	response.ConditionFalse(rsp, conditionAccepted, reason).WithMessage(err.Error()).TargetCompositeAndClaim()
	response.Fatal(rsp, err)
	return rsp
}
