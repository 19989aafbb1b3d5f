package main

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

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
	if message := whyRefused(runAny(t, event(claim.MaxValues))); !strings.Contains(message, "values: a claim may have at most 10000; make its events smaller") {
		t.Errorf("want it refused, got %q", message)
	}
	if message := whyRefused(runAny(t, event(claim.MaxValues/2))); message != "" {
		t.Errorf("want it taken, got %q", message)
	}
}

// TestManyBytes files claims with so many labels that there is no room for a status in the composite resource.
func TestManyBytes(t *testing.T) {
	t.Parallel()
	labelled := func(bytes int) *fnv1.RunFunctionRequest {
		labels := map[string]any{}
		for size := 0; size < bytes; size += 200 {
			labels[fmt.Sprintf("%0100d.example.org/x", size)] = strings.Repeat("v", 60)
		}
		req := newRequest(minimalSpecMap(), nil)
		metadata := req.GetObserved().GetComposite().GetResource().GetFields()["metadata"].GetStructValue()
		metadata.Fields["labels"] = structpb.NewStructValue(mustStruct(labels))
		return req
	}
	if message := whyRefused(runAny(t, labelled(claim.MaxBytes*5/4))); !strings.Contains(message, "bytes: a claim may have at most 655360, its labels") {
		t.Errorf("want it refused, got %q", message)
	}
	if message := whyRefused(runAny(t, labelled(claim.MaxBytes*3/4))); message != "" {
		t.Errorf("want it taken, got %q", message)
	}
	if message := whyRefused(runAny(t, newRequest(largestSpec(t), nil))); message != "" {
		t.Errorf("want the largest claim that AWS takes to be taken, got %q", message)
	}
}

// TestLongDefinition files smoke tests whose event makes the definition of the release longer than AWS and the API server take. Whatever an event
// is that is not quoted, the largest that the claim takes is taken.
func TestLongDefinition(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, text string
		refused      bool
	}{
		"Percents":       {reason: "Only the percent signs of marks are escaped.", text: "{%" + strings.Repeat("%", 145_000)},
		"LongestPlain":   {reason: "Plain text stays as it is.", text: strings.Repeat("a", 262_000)},
		"LongestQuotes":  {reason: "Quotes are written as JSON does.", text: strings.Repeat(`"`, 131_000)},
		"Marks":          {reason: "Each mark is escaped.", text: strings.Repeat("{%", 120_000), refused: true},
		"QuotesInQuoted": {reason: "What is quoted is escaped once more.", text: "{%" + strings.Repeat(`"`, 130_000), refused: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := minimalSpecMap()
			ready := makeReady(t, newRequest(spec, nil))
			spec["smokeTest"] = map[string]any{"event": map[string]any{"a": tc.text}}
			setSpecTo(ready, mustStruct(spec))
			for state, req := range map[string]*fnv1.RunFunctionRequest{"new": newRequest(spec, nil), "existing": ready} {
				rsp := runAny(t, req)
				message := whyRefused(rsp)
				if told := strings.Contains(message, "spec.smokeTest.event: Invalid value: the definition of the state machine payment-processor-release-"); told != tc.refused || !told && message != "" {
					t.Errorf("%s\n%s claim: want it refused: %t, got %q", tc.reason, state, tc.refused, message)
				}
				if state == "new" && tc.refused && len(desiredIn(rsp)) > 0 {
					t.Errorf("%s\nwant nothing composed, got %v", tc.reason, desiredIn(rsp))
				}
			}
		})
	}
}
