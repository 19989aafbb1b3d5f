// Package architecture is what a pipeline is made of in AWS: a file for each concern, and their ordered list.
package architecture

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// Resources lists everything a pipeline is made of, from the artifacts it stores to the stages that deliver. All but
// the functions' role wait until the role says that the pipeline's names are this claim's.
func (p Pipeline) Resources() []compose.Resource {
	rs := slices.Concat(
		p.artifacts(),
		p.history(),
		p.notify(),
		p.service(),
		p.denials(),
		p.traffic(),
		p.alarm(),
		p.rollout(),
		p.build(),
		p.source(),
		p.clone(),
		p.release(),
		p.rollback(),
		p.watch(),
		p.configuration(),
		p.promotion(),
		p.delivery(),
		p.checks(),
		p.tell(),
		p.dashboard(),
		p.retired(),
	)
	for i := range rs {
		if rs[i].Name != functionRole && !rs[i].Retired {
			rs[i].Needs = append([]compose.Fact{nameHeld}, rs[i].Needs...)
		}
	}
	return rs
}
