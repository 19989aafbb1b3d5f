package architecture

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// eventSources call the alias by themselves, and nothing else: neither green nor a version. Each is named after its source, which
// keeps its kind, and what of it AWS never changes: a claim that has another queue or stream there is refused. It would otherwise
// begin to read a stream anew, payments that are done among it, because somebody has mended an ARN.
//
// Until a release has replaced the bootstrap code, mappings and rules are disabled: AWS deletes what a function has not refused.
func (p Pipeline) eventSources() []compose.Resource {
	var rs []compose.Resource
	for _, s := range p.Spec.Service.EventSources {
		switch {
		case s.Rule != nil || s.Schedule != nil:
			rs = append(rs, p.eventSourceRule(s), p.eventSourceTarget(s), p.onceReleased(p.eventSourcePermission(s)))
		default:
			rs = append(rs, p.eventSourceMapping(s))
		}
	}
	return rs
}
