package architecture

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// retired are resources of earlier releases of this package, with those that do their work now. A pipeline that has them keeps them
// until these are ready. Their names stay taken.
func (p Pipeline) retired() []compose.Resource {
	configuration := append(successors(), watchConfigurationRule, watchConfigurationTarget)
	promotion := append(successors(), watchPromotionRule, watchPromotionTarget)
	all := slices.Concat(configuration, promotion)
	return append([]compose.Resource{
		{Name: "release-events-rule", Retired: true, After: successors()},
		{Name: "release-events-target", Retired: true, After: successors()},
		{Name: "release-configuration-rule", Retired: true, After: configuration},
		{Name: "release-configuration-target", Retired: true, After: configuration},
		{Name: "promotion-rule", Retired: true, After: promotion},
		{Name: "promotion-target", Retired: true, After: promotion},
		{Name: releaseEventsRole, Retired: true, After: all},
		{Name: releaseEventsPolicy, Retired: true, After: all},
		{Name: "release-events-policy-attachment", Retired: true, After: all},
	}, p.retiredExecution()...)
}
