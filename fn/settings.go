package main

import (
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// The platform team's settings are what the function asks Crossplane for, whatever the Composition says: a claim chooses its Composition
// and the revision of it, and must not choose its guardrails by that. The Composition asks too, so that Crossplane sends the settings with
// the first call.

// requiredSettings is what the function and the Composition call the EnvironmentConfigs that Crossplane sends.
const requiredSettings = "platform-settings"

// requireSettings asks for them. It asks each time: Crossplane calls the function until it asks for the same as the time before.
func requireSettings() *fnv1.Requirements {
	return &fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{
		requiredSettings: {
			ApiVersion: "apiextensions.crossplane.io/v1beta1",
			Kind:       "EnvironmentConfig",
			Match: &fnv1.ResourceSelector_MatchLabels{MatchLabels: &fnv1.MatchLabels{
				Labels: map[string]string{"paymentdelivery.io/platform-settings": "true"},
			}},
		},
	}}
}

// hasSettings reports whether Crossplane has looked for them. That there are none is an answer too.
func hasSettings(req *fnv1.RunFunctionRequest) bool {
	_, looked := req.GetRequiredResources()[requiredSettings]
	return looked
}

// sourcesOf the platform team's settings.
func sourcesOf(req *fnv1.RunFunctionRequest) claim.Sources {
	s := claim.Sources{Input: req.GetInput()}
	for _, item := range req.GetRequiredResources()[requiredSettings].GetItems() {
		s.Objects = append(s.Objects, item.GetResource())
	}
	return s
}
