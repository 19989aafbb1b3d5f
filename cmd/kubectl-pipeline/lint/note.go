package lint

import (
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// A Note says what a valid claim most likely lacks.
type Note struct {
	// Object that it is about: its namespace, if it has one, and its name.
	Object string

	// Text names the field, what happens without it, and what to do.
	Text string
}

// What a service that answers no requests is likely to fail its smoke test by.
const (
	noEvent = "spec.smokeTest.event: not set, so each release invokes green with {}, and with production's role; " +
		"set an event that the service answers and that has no effect"
	noStatus = "spec.smokeTest.expectStatusBelow: not set, so the smoke test fails if the answer has no statusCode below 400; " +
		"set 0 if the service answers events without a statusCode"
)

// Notes on the claims among the objects.
func (l *Linter) Notes(objects []*structpb.Struct) (notes []Note) {
	for _, o := range objects {
		if !isClaim(o) {
			continue
		}
		for _, text := range notesOn(o) {
			notes = append(notes, Note{Object: nameOf(o), Text: text})
		}
	}
	return notes
}

func notesOn(o *structpb.Struct) (notes []string) {
	spec, refused := claim.ReadSpec(composite(o))
	if len(refused) > 0 || !onlyTakesEvents(spec.Service) {
		return nil
	}
	// Only the claim itself says what it has set: the defaults are in spec.
	smokeTest := o.GetFields()["spec"].GetStructValue().GetFields()["smokeTest"].GetStructValue().GetFields()
	if smokeTest["event"] == nil {
		notes = append(notes, noEvent)
	}
	if smokeTest["expectStatusBelow"] == nil {
		notes = append(notes, noStatus)
	}
	return notes
}

// onlyTakesEvents is true of a service that works off queues, streams, rules or schedules, and that nobody else calls.
func onlyTakesEvents(s v1alpha1.Service) bool {
	return len(s.EventSources) > 0 && len(s.Invokers) == 0 && s.FunctionURL == nil
}
