package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// maxAttachments is how many policies IAM attaches to a role, unless AWS is asked for more.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
const maxAttachments = 10

// What the functions' role has, or had in earlier releases.
const (
	basicAttachment   = "function-role-basic-execution"
	vpcAttachment     = "function-role-vpc-access"
	tracingAttachment = "function-role-tracing"
	historyAttachment = "function-history-policy-attachment"
	denialsAttachment = "function-denials-attachment"
	logAttachment     = "function-log-attachment"
	logPolicy         = "function-log-policy"
	networkAttachment = "function-network-attachment"
	networkPolicy     = "function-network-policy"
	claimAttachment   = "function-policy-attachment-"
)

// oldAttachments are those that no pipeline gets any more.
var oldAttachments = []string{basicAttachment, vpcAttachment, tracingAttachment, networkAttachment}

// TestAttachments upgrades the largest claims of each earlier release that IAM let have all their policies, and counts those of the functions'
// role in each wave: what is still attached, and what is asked for beside it. Code keeps its rights.
func TestAttachments(t *testing.T) {
	releases := map[string]func(vpc bool) []string{
		"AWSPolicies": func(vpc bool) []string { return givenVPC(vpc, basicAttachment, vpcAttachment, historyAttachment) },
		"Denials": func(vpc bool) []string {
			return givenVPC(vpc, basicAttachment, vpcAttachment, historyAttachment, denialsAttachment)
		},
		"OwnPolicies": func(vpc bool) []string {
			return givenVPC(vpc, logAttachment, networkAttachment, historyAttachment, denialsAttachment)
		},
		"Now": func(bool) []string { return []string{logAttachment, historyAttachment, denialsAttachment} },
	}
	for name, attached := range releases {
		for _, vpc := range []bool{false, true} {
			for _, tracing := range []bool{false, true} {
				for _, protected := range []bool{false, true} {
					old := attached(vpc)
					if tracing && name != "Now" {
						old = append(old, tracingAttachment)
					}
					t.Run(fmt.Sprintf("%s/vpc=%t,tracing=%t,protected=%t", name, vpc, tracing, protected), func(t *testing.T) {
						u := newUpgrade(t, claimWithPolicies(vpc, tracing, protected, min(6, maxAttachments-len(old))), old)
						u.run(t)
					})
				}
			}
		}
	}
}

// givenVPC leaves out what only a claim with a VPC has.
func givenVPC(vpc bool, attachments ...string) []string {
	return slices.DeleteFunc(attachments, func(name string) bool { return !vpc && (name == vpcAttachment || name == networkAttachment) })
}

func claimWithPolicies(vpc, tracing, protected bool, policies int) map[string]any {
	var arns []any
	for i := range policies {
		arns = append(arns, fmt.Sprintf("arn:aws:iam::%s:policy/payment-service-%d", fntest.Account, i))
	}
	service := map[string]any{"permissions": map[string]any{"policyArns": arns}}
	if vpc {
		service["vpc"] = map[string]any{"subnetIds": []any{"subnet-0a"}, "securityGroupIds": []any{"sg-0c"}}
	}
	if tracing {
		service["tracing"] = "Active"
	}
	spec := minimalSpecMap()
	spec["service"], spec["deletionProtection"] = service, protected
	return spec
}

// An upgrade is a pipeline of an earlier release, and the account that it is in.
type upgrade struct {
	req *fnv1.RunFunctionRequest
	aws *standin.AWS

	// going are those that Crossplane has deleted, and whose provider has yet to detach.
	going map[string]bool
}

// newUpgrade gives the claim's pipeline, which is ready, the attachments of before.
func newUpgrade(t *testing.T, spec map[string]any, attached []string) *upgrade {
	t.Helper()
	req, aws := makeReadyInAWS(t, newRequest(spec, nil))
	u := &upgrade{req: req, aws: aws, going: map[string]bool{}}
	seen := req.GetObserved().GetResources()
	like := func(name, template string) {
		mr := object(seen[template])
		mr.SetName(name)
		seen[name] = &fnv1.Resource{Resource: mustStruct(mr.Object)}
	}
	for _, name := range attached {
		if slices.Contains(oldAttachments, name) {
			like(name, historyAttachment)
		}
	}
	if slices.Contains(attached, networkAttachment) {
		like(networkPolicy, logPolicy)
	}
	for _, name := range []string{logAttachment, denialsAttachment} {
		if !slices.Contains(attached, name) {
			delete(seen, name)
		}
	}
	switch {
	case !slices.Contains(attached, logAttachment):
		delete(seen, logPolicy)
	case slices.ContainsFunc(attached, isOld):
		mr := object(seen[logPolicy])
		onlyLogs := `{"Statement":[{"Sid":"Log"}]}`
		must(t, unstructured.SetNestedField(mr.Object, onlyLogs, "spec", "forProvider", "policy"))
		seen[logPolicy] = &fnv1.Resource{Resource: mustStruct(mr.Object)}
	}
	return u
}

func isOld(name string) bool { return slices.Contains(oldAttachments, name) }

// run reconciles until nothing changes any more.
func (u *upgrade) run(t *testing.T) {
	t.Helper()
	full := len(u.attached(nil)) == maxAttachments
	for wave := range 12 {
		rsp := runAny(t, u.req)
		if message := whyRefused(rsp); message != "" {
			t.Fatalf("wave %d is refused: %s", wave, message)
		}
		if all := u.attached(rsp); len(all) > maxAttachments {
			t.Errorf("wave %d: want at most %d policies of the functions' role, got %d: %v", wave, maxAttachments, len(all), all)
		}
		u.wantRights(t, wave, rsp, full)
		u.settle(t, rsp)
	}
	rsp := runAny(t, u.req)
	got := u.attached(rsp)
	if i := slices.IndexFunc(got, isOld); i >= 0 {
		t.Errorf("want nothing of earlier releases after the upgrade, got %s", got[i])
	}
	for _, name := range []string{logAttachment, historyAttachment, denialsAttachment} {
		if !slices.Contains(got, name) {
			t.Errorf("want %s after the upgrade, got %v", name, got)
		}
	}
	if waiting := waitingIn(rsp); waiting > 0 {
		t.Errorf("want nothing to wait after the upgrade, got %d", waiting)
	}
}

// attached are the attachments of the functions' role that there are, and those that are asked for.
func (u *upgrade) attached(rsp *fnv1.RunFunctionResponse) []string {
	all := maps.Clone(u.req.GetObserved().GetResources())
	maps.Copy(all, rsp.GetDesired().GetResources())
	known := append([]string{historyAttachment, denialsAttachment, logAttachment}, oldAttachments...)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return !slices.Contains(known, name) && !strings.HasPrefix(name, claimAttachment)
	})
}

// wantRights checks that what is attached, and stays, lets functions do what they could. Traces alone may be lost, and only when nothing else
// makes room.
func (u *upgrade) wantRights(t *testing.T, wave int, rsp *fnv1.RunFunctionResponse, full bool) {
	t.Helper()
	seen := u.req.GetObserved().GetResources()
	stays := func(name string) bool { return seen[name] != nil && rsp.GetDesired().GetResources()[name] != nil }
	carries := func(sid string) bool {
		if !stays(logAttachment) {
			return false
		}
		policy, _, _ := unstructured.NestedString(object(seen[logPolicy]).Object, "spec", "forProvider", "policy")
		return strings.Contains(policy, `"Sid":"`+sid+`"`)
	}
	service, _, _ := unstructured.NestedMap(u.req.GetObserved().GetComposite().GetResource().AsMap(), "spec", "service")
	if !stays(basicAttachment) && !stays(vpcAttachment) && !carries("Log") {
		t.Errorf("wave %d: functions can write no logs", wave)
	}
	if service["vpc"] != nil && !stays(vpcAttachment) && !stays(networkAttachment) && !carries("MakeInterfaces") {
		t.Errorf("wave %d: Lambda can make no network interfaces", wave)
	}
	// IAM had no room for one more, and no policy of networks has what one for logs has.
	noOtherRoom := full && service["vpc"] == nil
	if service["tracing"] == "Active" && !noOtherRoom && !stays(tracingAttachment) && !carries("Trace") {
		t.Errorf("wave %d: traces are lost", wave)
	}
}

// settle lets Crossplane apply what is asked for, and delete what is not: a wave later it is detached.
func (u *upgrade) settle(t *testing.T, rsp *fnv1.RunFunctionResponse) {
	t.Helper()
	seen := u.req.GetObserved().GetResources()
	for name := range maps.Clone(seen) {
		if rsp.GetDesired().GetResources()[name] != nil {
			continue
		}
		may, _, _ := unstructured.NestedStringSlice(object(seen[name]).Object, "spec", "managementPolicies")
		if !slices.Contains(may, "Delete") {
			t.Errorf("%s is no longer asked for, and nothing may detach it in AWS", name)
		}
		if u.going[name] {
			delete(seen, name)
		}
		u.going[name] = true
	}
	apply(u.aws, u.req, rsp)
}
