package main

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// TestValidForAWS checks that AWS would take whatever a valid claim leads to, as far as AWS's models tell.
func TestValidForAWS(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, finding := range awsFindings(t, runAny(t, drawReady(t))) {
			if !tagFault.MatchString(finding) {
				t.Error(finding)
			}
		}
	})
}

// tagFault are findings that a valid claim leads to, since it may have tags that AWS refuses: IAM, Lambda, CodeBuild and
// CloudWatch Logs want keys that are not empty, and in keys and values only letters, digits, spaces and _.:/=+-@. CodeBuild
// wants keys of 127 characters and values of 255.
//
// FAULT: to be removed together with TestTagFault once the claim and the platform team's settings refuse such tags.
var tagFault = regexp.MustCompile(`^[a-z0-9]+/[A-Za-z]+ [^ ]+: [A-Za-z]+\.[Tt]ags[.[]`)

// TestTagFault fails once the fault is gone.
func TestTagFault(t *testing.T) {
	for name, tags := range map[string]map[string]any{
		"Value":    {"team": "a;b"},
		"Key":      {"a;b": "team"},
		"EmptyKey": {"": "team"},
		"LongKey":  {strings.Repeat("k", 128): "team"},
		"LongText": {"team": strings.Repeat("v", 256)},
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(map[string]any{
				"environmentSuffix": "pr-123",
				"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
				"tags":              tags,
			}, nil)
			for range waves {
				feedBack(req, runAny(t, req))
			}
			if rsp := runAny(t, req); fatal(rsp) != "" || !slices.ContainsFunc(awsFindings(t, rsp), tagFault.MatchString) {
				t.Error("the fault is gone: remove tagFault and this test")
			}
		})
	}
}

// awsFindings are what AWS's models find in what is desired.
func awsFindings(t rapid.TB, rsp *fnv1.RunFunctionResponse) []string {
	desired := rsp.GetDesired().GetResources()
	var managed []awsmodel.Managed
	for _, name := range slices.Sorted(maps.Keys(desired)) {
		data, err := json.Marshal(desired[name].GetResource().AsMap())
		if err != nil {
			t.Fatal(err)
		}
		var m awsmodel.Managed
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		managed = append(managed, m)
	}

	var findings []string
	for _, m := range managed {
		for _, finding := range slices.Concat(awsmodel.CheckRequests(m, managed), awsmodel.CheckPolicies(m), awsmodel.CheckStates(m)) {
			findings = append(findings, m.Kind()+" "+m.Metadata.Name+": "+finding)
		}
	}
	return findings
}
