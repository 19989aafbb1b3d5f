package report

import (
	"fmt"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/plan"
)

// newPlanStatus of a dry run. Nil if there is none.
func newPlanStatus(p *plan.Plan) *v1alpha1.PlanStatus {
	if p == nil {
		return nil
	}
	s := &v1alpha1.PlanStatus{Same: p.Same}
	for _, name := range p.Create {
		s.Create = append(s.Create, string(name))
	}
	for _, c := range p.Change {
		s.Change = append(s.Change, v1alpha1.PlannedChange{Name: string(c.Name), Fields: c.Fields})
	}
	for _, u := range p.Unknown {
		s.Unknown = append(s.Unknown, v1alpha1.UnknownChange{Name: string(u.Name), Because: u.Because})
	}
	return s
}

// setDryRun tells of a dry run, and that it is over.
func setDryRun(rsp *fnv1.RunFunctionResponse, p *plan.Plan) {
	switch {
	case p == nil:
		response.ConditionFalse(rsp, v1alpha1.ConditionDryRun, v1alpha1.ReasonManaged).TargetCompositeAndClaim()
	case p.Complete():
		response.ConditionTrue(rsp, v1alpha1.ConditionDryRun, v1alpha1.ReasonPlanned).TargetCompositeAndClaim().WithMessage(planMessage(*p))
	default:
		response.ConditionTrue(rsp, v1alpha1.ConditionDryRun, v1alpha1.ReasonPlanning).TargetCompositeAndClaim().WithMessage(planMessage(*p))
	}
}

// planMessage tells a person in short what status.plan has in full.
func planMessage(p plan.Plan) string {
	change := ""
	if len(p.Change) > 0 {
		names := make([]string, 0, len(p.Change))
		for _, c := range p.Change {
			names = append(names, string(c.Name))
		}
		change = " (" + strings.Join(names, ", ") + ")"
	}
	message := fmt.Sprintf("The provider only looks. Of the pipeline's resources %d would be created without dryRun, %d changed%s, and %d left as AWS has them, but for the tags that the provider adds.",
		len(p.Create), len(p.Change), change, p.Same)
	if n := len(p.Unknown); n > 0 {
		message += fmt.Sprintf(" Of %d it cannot be told yet.", n)
	}
	return message + " status.plan names them."
}
