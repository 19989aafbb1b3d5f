package main

import (
	"context"
	"maps"

	"google.golang.org/grpc/status"

	"github.com/crossplane/function-sdk-go/errors"
	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/plan"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/report"
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

// RunFunction composes one pipeline. A claim that it refuses it answers with everything that exists, as it is. Only a bug of its own is a
// fatal result. The error is of a caller that does not wait any more.
func (f *Function) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp := response.To(req, response.DefaultTTL)
	xr := req.GetObserved().GetComposite().GetResource()
	seen := compose.NewObservation(req.GetObserved())
	if err := claim.CheckSize(xr); err != nil {
		return refuse(rsp, f.log, seen, v1alpha1.ReasonInvalidInput, err), nil
	}
	log := f.log.WithValues(
		"xr", seen.XR.ObjectName(),
		"claim", claim.OwnerOf(xr).String(),
		"tag", req.GetMeta().GetTag(),
	)

	rsp.Requirements = requireSettings()
	if !hasSettings(req) {
		log.Debug("Waiting for the platform team's settings")
		report.Await(rsp, seen)
		return rsp, nil
	}
	c, err := claim.Read(sourcesOf(req), xr, architecture.ExistingOf(seen))
	if err == nil && len(seen.Resources) == 0 {
		err = c.Refused
	}
	if err != nil {
		return refuse(rsp, log, seen, v1alpha1.ReasonInvalidInput, err), nil
	}
	if err := ctx.Err(); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	p, err := architecture.New(c, seen)
	if err != nil {
		return refuse(rsp, log, seen, v1alpha1.ReasonInvalidInput, err), nil
	}

	maps.Copy(rsp.GetRequirements().GetResources(), p.Required(seen))
	if err := p.CheckHolder(seen, req.GetRequiredResources()); err != nil {
		return refuse(rsp, log, seen, v1alpha1.ReasonNameTaken, err), nil
	}
	if err := ctx.Err(); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	return composePipeline(rsp, log, p, seen), nil
}

// composePipeline asks for its resources, and reports what has become of them.
func composePipeline(rsp *fnv1.RunFunctionResponse, log logging.Logger, p architecture.Pipeline, seen compose.Observation) *fnv1.RunFunctionResponse {
	known := p.Facts(seen)
	if err := p.CheckDefinitions(known); err != nil {
		return refuse(rsp, log, seen, v1alpha1.ReasonInvalidInput, err)
	}
	resources := p.Resources()
	state, err := compose.Compose(resources, p.Form(), known, seen.Resources)
	if err != nil {
		return refuse(rsp, log, seen, reasonNotComposed(err), err)
	}
	state, planned := settle(p, resources, state, seen)
	if err := (report.Report{Pipeline: p, Known: known, Seen: seen, State: state, Plan: planned}).Write(rsp); err != nil {
		return refuse(rsp, log, seen, v1alpha1.ReasonInternal, err)
	}
	log.Debug("Composed", "desired", len(state.Desired), "waiting", len(state.Waiting), "ready", state.Ready(), "failing", len(state.Failing))
	return rsp
}

// settle on what the providers may do: only look in a dry run, which has a plan, or else also delete what the claim has given up.
func settle(p architecture.Pipeline, resources []compose.Resource, state compose.State, seen compose.Observation) (compose.State, *plan.Plan) {
	if p.Spec.DryRun {
		return state.OnlyObserve(seen.Resources), new(plan.Of(resources, state, seen))
	}
	state = p.Hold(state, seen.Resources)
	return state.GiveUp(architecture.GivenUp(resources, seen), seen.Resources), nil
}

// reasonNotComposed is why nothing was composed: a fact was lost, or there is a bug.
func reasonNotComposed(err error) string {
	if lost := (*compose.LostError)(nil); errors.As(err, &lost) {
		return v1alpha1.ReasonFactLost
	}
	return v1alpha1.ReasonInternal
}

// refuse to compose: nothing that exists is made, changed or deleted. A bug may be anywhere, so it is a fatal result, after which Crossplane
// uses nothing of the answer.
func refuse(rsp *fnv1.RunFunctionResponse, log logging.Logger, seen compose.Observation, reason string, err error) *fnv1.RunFunctionResponse {
	log.Info("Refused", "reason", reason, "error", err)
	if reason != v1alpha1.ReasonInternal {
		report.Refuse(rsp, seen, reason, err)
		return rsp
	}
	response.ConditionFalse(rsp, v1alpha1.ConditionAccepted, reason).WithMessage(err.Error()).TargetCompositeAndClaim()
	response.Fatal(rsp, err)
	return rsp
}
