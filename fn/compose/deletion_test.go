package compose

import (
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
)

func TestKeptOnDeletion(t *testing.T) {
	const (
		all      = `["Observe", "Create", "Update", "Delete"]`
		noDelete = `["Observe", "Create", "Update"]`
		looks    = `["Observe"]`
		creates  = `["Observe", "Create"]`
	)
	may := func(policies string) *fnv1.Resource {
		return object(`{"spec": {"managementPolicies": ` + policies + `}}`)
	}
	made := func(policies string) *fnv1.Resource {
		return object(`{"metadata": {"annotations": {"crossplane.io/external-create-succeeded": "2026-01-02T03:04:05Z"}},
			"spec": {"managementPolicies": ` + policies + `}}`)
	}
	madeAndGone := made(looks)
	madeAndGone.GetResource().GetFields()["status"] = observing(looks, nothingThere).GetResource().GetFields()["status"]

	cases := map[string]struct {
		reason            string
		desired, observed *fnv1.Resource
		want              bool
	}{
		"New":              {reason: "What will be made may be deleted.", desired: may(all)},
		"NewAndProtected":  {reason: "What will be made stays.", desired: may(noDelete), want: true},
		"Made":             {reason: "It may be deleted.", desired: may(all), observed: made(all)},
		"Protected":        {reason: "It stays.", desired: may(noDelete), observed: made(noDelete), want: true},
		"ToBeProtected":    {reason: "The claim has just been protected.", desired: may(noDelete), observed: made(all), want: true},
		"StillProtected":   {reason: "Crossplane has not applied the answer yet, and may fail to.", desired: may(all), observed: made(noDelete), want: true},
		"AllByNone":        {reason: "No management policies are all.", desired: may(all), observed: made(`[]`)},
		"AllByWildcard":    {reason: "The wildcard is all.", desired: may(all), observed: made(`["*"]`)},
		"OnlyLookedAt":     {reason: "What a dry run finds was there before.", desired: may(looks), observed: may(looks)},
		"MayBeAnother's":   {reason: "What the claim has not made may be another's.", desired: may(creates), observed: may(creates)},
		"JustMade":         {reason: "Its provider may not delete it yet.", desired: may(creates), observed: made(creates), want: true},
		"DryRunEnds":       {reason: "What a dry run has found was there before.", desired: may(all), observed: may(looks)},
		"DryRunOfMade":     {reason: "What the claim has made before its dry run stays.", desired: may(looks), observed: made(all), want: true},
		"DryRunOfMadeEnds": {reason: "Crossplane has not applied the answer yet.", desired: may(all), observed: made(looks), want: true},
		"DryRunOfGone":     {reason: "Somebody has deleted in AWS what the claim had made.", desired: may(looks), observed: madeAndGone},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := State{Desired: map[resource.Name]*fnv1.Resource{"other": may(all), "it": tc.desired}}
			observed := map[string]*fnv1.Resource{"other": made(all)}
			if tc.observed != nil {
				observed["it"] = tc.observed
			}
			if got := s.KeptOnDeletion(observed); got != tc.want {
				t.Errorf("%s\nKeptOnDeletion(...): want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}
