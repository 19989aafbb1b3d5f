package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// asksPeople says whether a person is asked before traffic shifts.
func (c Config) asksPeople() bool {
	return c.SwitchStage.Approve != ""
}

// approvalVariables are whether this release is approved, and by whom, in the stage of the pipeline that has started it.
func (c Config) approvalVariables(stage asl.Expr) asl.Variables {
	if !c.asksPeople() {
		return nil
	}
	approval := logic.Action(stage, c.SwitchStage.Approve)
	return asl.Variables{
		"isApproved":      logic.HasSucceeded(approval),
		"approvedBy":      logic.Text(approval + ".LastUpdatedBy"),
		"approvalComment": logic.Text(approval + ".Summary"),
	}
}

// approvalAttributes are who has approved the release.
func (c Config) approvalAttributes() []historyAttribute {
	if !c.asksPeople() {
		return nil
	}
	return []historyAttribute{
		{Name: "approvedBy", Type: "S", Value: "$approvedBy"},
		{Name: "approvalComment", Type: "S", Value: "$approvalComment"},
	}
}
