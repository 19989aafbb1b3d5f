package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// TestValidForAWS checks that AWS would take whatever a valid claim leads to, as far as AWS's models tell.
func TestValidForAWS(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, finding := range awsFindings(t, runAny(t, drawReady(t))) {
			t.Error(finding)
		}
	})
}

// TestRefusedAsByAWS gives a pipeline that exists one tag, of any length and with any characters. The claim must say that AWS
// refuses it if, and only if, AWS's models do, and the pipeline must go on.
func TestRefusedAsByAWS(t *testing.T) {
	ready := newRequest(map[string]any{
		"environmentSuffix": "pr-123",
		"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
	}, nil)
	for range waves {
		feedBack(ready, runAny(t, ready))
	}
	text := func(most int) *rapid.Generator[string] {
		good := `[\p{L}\p{N}_.:/=+@ -]`
		return rapid.OneOf(
			rapid.StringMatching(good+`{0,12}`),
			rapid.StringMatching(fmt.Sprintf("%s{%d,%d}", good, most-2, most)),
			rapid.StringN(0, 12, -1),
		)
	}
	key := text(128).Filter(func(k string) bool {
		k = strings.ToLower(k)
		// These only AWS itself and the provider refuse.
		return !strings.HasPrefix(k, "aws:") && !strings.HasPrefix(k, "crossplane-")
	})
	taken, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		req := proto.CloneOf(ready)
		spec := req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue()
		tag := map[string]any{key.Draw(t, "key"): text(256).Draw(t, "value")}
		spec.Fields["tags"] = structpb.NewStructValue(mustStruct(tag))
		rsp := runAny(t, req)
		if message := fatal(rsp); message != "" || len(rsp.GetDesired().GetResources()) < len(ready.GetObserved().GetResources()) {
			t.Fatalf("the pipeline does not go on: %q", message)
		}
		findings := awsFindings(t, rsp)
		switch reason := conditionsOf(rsp)["Accepted"]; {
		case reason == "Valid" && len(findings) > 0:
			t.Errorf("%v is accepted, and AWS refuses it: %v", tag, findings)
		case reason == "RefusedByAWS" && len(findings) == 0:
			t.Errorf("%v is refused, and AWS takes it", tag)
		case reason == "Valid":
			taken++
		case reason == "RefusedByAWS":
			refused++
		default:
			t.Errorf("unexpected reason %q", reason)
		}
	})
	if taken < 10 || refused < 10 {
		t.Errorf("%d tags were taken and %d refused: that tells too little", taken, refused)
	}
}

// awsFindings are what AWS's models find in what is desired.
func awsFindings(t rapid.TB, rsp *fnv1.RunFunctionResponse) []string {
	managed := managedIn(t, rsp.GetDesired().GetResources())
	var findings []string
	for _, m := range managed {
		for _, finding := range findingsIn(m, managed) {
			findings = append(findings, m.Kind()+" "+m.Metadata.Name+": "+finding)
		}
	}
	return findings
}

// findingsIn one of the resources that are desired.
func findingsIn(m awsmodel.Managed, all []awsmodel.Managed) []string {
	return slices.Concat(awsmodel.CheckRequests(m, all), awsmodel.CheckPolicies(m), awsmodel.CheckStates(m), awsmodel.CheckDashboard(m))
}

// managedIn are the desired resources as AWS's models read them, by their names.
func managedIn(t rapid.TB, desired map[string]*fnv1.Resource) []awsmodel.Managed {
	var managed []awsmodel.Managed
	for _, name := range slices.Sorted(maps.Keys(desired)) {
		managed = append(managed, managedOf(t, desired[name]))
	}
	return managed
}

func managedOf(t rapid.TB, desired *fnv1.Resource) awsmodel.Managed {
	data, err := json.Marshal(desired.GetResource().AsMap())
	if err != nil {
		t.Fatal(err)
	}
	var m awsmodel.Managed
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
