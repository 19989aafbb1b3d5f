package architecture

import (
	"fmt"
	"maps"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// maxDefinition is how many bytes the definition of a state machine may have as a JSON string. Its managed resource has it twice, in the spec and,
// as the provider reads it again, in the status, and the API server keeps 1.5 MiB of an object. Step Functions takes 1,048,576 characters, so
// whatever is shorter than this reaches AWS too.
const maxDefinition = 700 << 10

// fewTexts is how many bytes of a claim's own in definitions never make one too long, however they are escaped: to build all definitions once more
// takes time in each call.
const fewTexts = 32 << 10

// CheckDefinitions reports a claim whose state machine could not be changed in AWS: the old one would go on, without what the platform team has
// settled since, while the claim is accepted.
func (p Pipeline) CheckDefinitions(known compose.Known) error {
	if p.sizeOfTexts() < fewTexts {
		return nil
	}
	if known[AccountID] == "" { // Every account's id is as long.
		known = maps.Clone(known)
		known[AccountID] = "000000000000"
	}
	facts := known.Only([]compose.Fact{AccountID})
	for _, m := range allMachines {
		if n := document.Bytes(p.definition(facts, m)); n > maxDefinition {
			return refusal.List{{
				Field:   p.largestOfDefinition(),
				Allowed: fmt.Sprintf("the definition of the state machine %s would have %d bytes with it; it may have at most %d", p.Names.stateMachine(m), n, maxDefinition),
				Rule:    refusal.Package,
				Next:    "make it smaller",
			}}.Of(p.Owner.Filed())
		}
	}
	return nil
}

// largestOfDefinition is the field of the claim that has the most bytes of all that definitions are made of.
func (p Pipeline) largestOfDefinition() string {
	largest, most := "", 0
	for _, part := range p.inDefinitions() {
		if n := document.Bytes(part.value); n > most {
			largest, most = part.field, n
		}
	}
	return largest
}

func (p Pipeline) sizeOfTexts() (size int) {
	for _, part := range p.inDefinitions() {
		size += document.Bytes(part.value)
	}
	return size
}

// A claimed is a field of a claim, and its value.
type claimed struct {
	field string
	value any
}

// inDefinitions are the fields of a claim that can make a definition long.
func (p Pipeline) inDefinitions() []claimed {
	return []claimed{
		{"spec.smokeTest.event", p.Spec.SmokeTest.Event},
		{"spec.rollout.analysis.metrics", p.Spec.Rollout.Analysis.Metrics},
		{"spec.rollout.freezes", p.Spec.Rollout.Freezes},
		{"spec.alarm.additionalAlarms", p.Spec.Alarm.AdditionalAlarms},
	}
}
