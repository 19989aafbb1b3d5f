package main

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
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
	marked := minimalSpecMap()
	marked["smokeTest"] = map[string]any{"event": map[string]any{"html": strings.Repeat("<", claim.MaxBytes/5)}}
	if message := whyRefused(runAny(t, newRequest(marked, nil))); !strings.Contains(message, "<, > and & have six") {
		t.Errorf("want marks refused that the API server writes as six bytes, got %q", message)
	}
	if message := whyRefused(runAny(t, newRequest(largestSpec(t), nil))); message != "" {
		t.Errorf("want the largest claim that AWS takes to be taken, got %q", message)
	}
}

// TestLongChange files claims whose change has an id of any length. The status repeats it.
func TestLongChange(t *testing.T) {
	t.Parallel()
	changed := func(bytes int) *fnv1.RunFunctionRequest {
		req := newRequest(minimalSpecMap(), nil)
		metadata := req.GetObserved().GetComposite().GetResource().GetFields()["metadata"].GetStructValue()
		metadata.Fields["annotations"] = structpb.NewStructValue(mustStruct(map[string]any{v1alpha1.AnnotationChange: strings.Repeat("c", bytes)}))
		return req
	}
	want := "metadata.annotations[paymentdelivery.io/change]: Invalid value: 129 bytes: the id of a change may have at most 128"
	if message := whyRefused(runAny(t, changed(claim.MaxChange+1))); !strings.Contains(message, want) {
		t.Errorf("want it refused, got %q", message)
	}
	if message := whyRefused(runAny(t, changed(claim.MaxChange))); message != "" {
		t.Errorf("want it taken, got %q", message)
	}
}

// TestRefusedAtOnce files claims that are refused before anything is made. The status must say what of them decides whether a pipeline stays, or
// no admission policy would let their team delete them.
func TestRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]map[string]any{
		"Mistake":   {},
		"Protected": {"deletionProtection": true},
		"DryRun":    {"dryRun": true},
		"NoBoolean": {"deletionProtection": "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := minimalSpecMap()
			spec["unheardOf"] = true
			maps.Copy(spec, more)
			status, _ := runAny(t, newRequest(spec, nil)).GetDesired().GetComposite().GetResource().AsMap()["status"].(map[string]any)
			want := map[string]any{"deletionProtection": more["deletionProtection"] == true, "dryRun": more["dryRun"] == true}
			if diff := cmp.Diff(want, status["observedSpec"]); diff != "" {
				t.Errorf("observedSpec: -want, +got:\n%s", diff)
			}
		})
	}
}

// TestLargestMessages runs the largest claim that AWS takes, with a smoke test's event of the most bytes, as long as everything of it exists. The
// function must take the request. Crossplane takes answers of 4 MiB, which is gRPC's default.
func TestLargestMessages(t *testing.T) {
	t.Parallel()
	spec := largestSpec(t)
	req := makeReady(t, newRequest(spec, nil))
	var cli CLI
	parser, err := kong.New(&cli)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	// The API server keeps 1.5 MiB of an object: of seven state machines, each twice the size of the longest definition, and of the claim.
	largest := proto.Size(req) + 8*3<<19
	if limit := cli.MaxRecvMessageSize << 20; largest > limit {
		t.Errorf("want requests of at most %d bytes, got %d", limit, largest)
	}
	if size := proto.Size(runAny(t, req)); size > 4<<20 {
		t.Errorf("want answers of at most 4 MiB, got %d bytes", size)
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
