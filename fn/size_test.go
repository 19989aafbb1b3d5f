package main

import (
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// TestManyValues files claims whose event has very many tiny values. The function must refuse them before it does anything else with them, and
// leave what exists as it is.
func TestManyValues(t *testing.T) {
	t.Parallel()
	event := func(items int) *fnv1.RunFunctionRequest {
		list := make([]any, items)
		for i := range list {
			list[i] = map[string]any{}
		}
		spec := minimalSpecMap()
		spec["smokeTest"] = map[string]any{"event": map[string]any{"list": list}}
		return newRequest(spec, nil)
	}
	if message := fatal(runAny(t, event(claim.MaxValues))); !strings.Contains(message, "values: a claim may have at most 10000; make its events smaller") {
		t.Errorf("want it refused, got %q", message)
	}
	if message := fatal(runAny(t, event(claim.MaxValues/2))); message != "" {
		t.Errorf("want it taken, got %q", message)
	}
}
