package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// TestValidForAWS checks that AWS would take whatever a valid claim leads to, as far as AWS's models tell, and that these know it all.
func TestValidForAWS(t *testing.T) {
	t.Parallel()
	gaps := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		managed := managedIn(t, runAny(t, drawReadyClaim(t)).GetDesired().GetResources())
		for _, finding := range awsFindings(managed) {
			t.Error(finding)
		}
		for _, gap := range awsmodel.Gaps(managed) {
			gaps[gap] = true
		}
	})
	for _, gap := range slices.Sorted(maps.Keys(gaps)) {
		t.Error(gap)
	}
}

// TestRefusedAsByAWS gives a pipeline that exists one tag, of any length and with any characters. The claim must say that AWS
// refuses it if, and only if, AWS's models do, and the pipeline must go on.
func TestRefusedAsByAWS(t *testing.T) {
	t.Parallel()
	const longestKey, longestValue = 127, 255
	good := func(least, most int) *rapid.Generator[string] {
		return rapid.StringMatching(fmt.Sprintf(`[\p{L}\p{N}_.:/=+@ -]{%d,%d}`, least, most))
	}
	short, whatever := good(1, 12), rapid.StringN(0, 12, -1)
	spoilt := rapid.Custom(func(t *rapid.T) string {
		return short.Draw(t, "begin") + rapid.StringMatching("[!\"#$%&'()*,;<>?[\\]^`{|}~\\\\]").Draw(t, "spoilt by") + short.Draw(t, "end")
	})
	type tag struct{ key, value *rapid.Generator[string] }
	cases := map[string]struct {
		tags []tag

		// want is the reason of the condition Accepted. Empty: either.
		want string
	}{
		"Taken": {
			tags: []tag{{short, good(0, 12)}, {good(longestKey-2, longestKey), short}, {short, good(longestValue-2, longestValue)}},
			want: v1alpha1.ReasonValid,
		},
		"Refused": {
			tags: []tag{{spoilt, short}, {short, spoilt}, {good(longestKey+1, longestKey+1), short}, {short, good(longestValue+1, longestValue+1)}},
			want: v1alpha1.ReasonRefusedByAWS,
		},
		"Either": {tags: []tag{{whatever, whatever}, {whatever, short}, {short, whatever}}},
	}
	for name, tc := range cases {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			req := makeReady(t, newRequest(minimalSpecMap(), nil))
			exist := len(req.GetObserved().GetResources())
			draw := rapid.SampledFrom(tc.tags).Draw(t, "tag")
			tag := map[string]any{draw.key.Filter(isOurs).Draw(t, "key"): draw.value.Draw(t, "value")}
			req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue().GetFields()["tags"] = structpb.NewStructValue(mustStruct(tag))
			rsp := runAny(t, req)
			if message := whyRefused(rsp); message != "" || len(rsp.GetDesired().GetResources()) < exist {
				t.Fatalf("the pipeline does not go on: %q", message)
			}
			want := v1alpha1.ReasonValid
			findings := awsFindings(managedIn(t, rsp.GetDesired().GetResources()))
			if len(findings) > 0 {
				want = v1alpha1.ReasonRefusedByAWS
			}
			if got := conditionsOf(rsp)[v1alpha1.ConditionAccepted]; got != want {
				t.Errorf("%v: want %s, got %s: AWS's models say %v", tag, want, got, findings)
			}
			if tc.want != "" && want != tc.want {
				t.Errorf("%v: want %s, and AWS's models say %v", tag, tc.want, findings)
			}
		}))
	}
}

// isOurs reports whether the key of a tag is not one of those that only AWS itself and the provider refuse.
func isOurs(key string) bool {
	key = strings.ToLower(key)
	return !strings.HasPrefix(key, "aws:") && !strings.HasPrefix(key, "crossplane-")
}

// awsFindings are what AWS's models find in what is desired.
func awsFindings(managed []awsmodel.Managed) []string {
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
