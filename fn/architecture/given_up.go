package architecture

import (
	"maps"
	"slices"
	"strings"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// giveable are what names of resources begin with that a claim asks for by a part of its own choice, and that hold nothing that could be lost:
// what the functions may do by a policy of the platform team's, who may call them, when they are called, and how traffic shifts.
// deletionProtection keeps them while the claim asks for them, and when it is deleted, and no longer. Else a rule that forbids them would change
// nothing, and a claim that is edited often would leave so many that it uses up the account's quotas.
var giveable = []resource.Name{policyAttachment, invokerOfAlias, invokerOfURL, eventRulePrefix, eventTargetPrefix, eventPermissionPrefix, deploymentConfigPrefix}

// GivenUp are the resources of these that exist, and that a claim does not ask for any more, and those that are retired: what takes over from
// one may have been ready before anything was allowed to delete it.
func GivenUp(architecture []compose.Resource, seen compose.Observation) []resource.Name {
	asked, retired := map[string]bool{}, map[string]bool{}
	for _, r := range architecture {
		asked[string(r.Name)], retired[string(r.Name)] = !r.Retired, r.Retired
	}
	var names []resource.Name
	for _, name := range slices.Sorted(maps.Keys(seen.Resources)) {
		isGiveable := slices.ContainsFunc(giveable, func(prefix resource.Name) bool { return strings.HasPrefix(name, string(prefix)) })
		if (isGiveable || retired[name]) && !asked[name] {
			names = append(names, resource.Name(name))
		}
	}
	return names
}
