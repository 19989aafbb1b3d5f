package architecture

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// ARNs of what others refer to. Nil while the account is not known.
func (p Pipeline) ARNs(known compose.Known) *v1alpha1.ARNs {
	needs := []compose.Fact{AccountID}
	if _, missing := known.Missing(needs); missing {
		return nil
	}
	f := known.Only(needs)
	return &v1alpha1.ARNs{
		Alias:                p.aliasARN(f),
		BlueFunction:         p.functionARN(f, blue),
		GreenFunction:        p.functionARN(f, green),
		FunctionRole:         p.functionRoleARN(f),
		Pipeline:             p.arn(f, "codepipeline", p.Names.DeliveryPipeline()),
		Topic:                p.topicARN(f),
		ReleaseStateMachine:  p.stateMachineARN(f, releaseStateMachine),
		RollbackStateMachine: p.stateMachineARN(f, rollbackStateMachine),
	}
}
