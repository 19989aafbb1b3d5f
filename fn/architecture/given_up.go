package architecture

import (
	"maps"
	"slices"
	"strings"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// grants are what names of resources begin with that a claim asks for by one item of a list, and that do nothing but allow something: what
// the functions may do by a policy of the platform team's, and who may call them. They hold nothing that could be lost, so deletionProtection
// keeps them while the claim asks for them, and when it is deleted, and no longer: or a rule that forbids them would change nothing.
var grants = []resource.Name{policyAttachment, invokerOfAlias, invokerOfURL}

// GivenUp are the grants that exist, and that a claim does not ask for any more.
func GivenUp(architecture []compose.Resource, seen compose.Observation) []resource.Name {
	asked := map[string]bool{}
	for _, r := range architecture {
		asked[string(r.Name)] = true
	}
	var names []resource.Name
	for _, name := range slices.Sorted(maps.Keys(seen.Resources)) {
		isGrant := slices.ContainsFunc(grants, func(prefix resource.Name) bool { return strings.HasPrefix(name, string(prefix)) })
		if isGrant && !asked[name] {
			names = append(names, resource.Name(name))
		}
	}
	return names
}
