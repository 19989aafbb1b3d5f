package architecture

import (
	"maps"
	"strings"

	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A pipeline holds the names that end in its suffix by the tag of its functions' role. IAM has one role of a name in an account, and makes
// it with its tags in one call. So the role is asked for first, and alone: its provider may look and create, and neither change nor delete
// anything. Then the tag says whose the role is, and all else follows or nothing does. Two claims of a cluster are told apart before, by
// the role's managed resource: its name is the same for both, and the API server gives a resource one controller only.

// tagHolder is the tag of the functions' role with the pipeline's owner.
const tagHolder = "paymentdelivery.io/holder"

// labelComposite is the label that Crossplane puts on every composed resource, with the name of its XR.
const labelComposite = "crossplane.io/composite"

// holdNames is the role that holds the pipeline's names.
func (p Pipeline) holdNames() compose.Resource {
	return compose.Resource{Name: functionRole, Build: func(compose.Facts) client.Object {
		role := p.roleOf(functionRole, p.Names.functionRole(), "lambda.amazonaws.com")
		role.Spec.ForProvider.Tags = p.roleTags()
		if !p.Held {
			role.Spec.ClusterManagedResourceSpec = p.managed(xpv2.ManagementActionUpdate, xpv2.ManagementActionDelete)
		}
		return role
	}}
}

// roleTags are the pipeline's, and the holder's if there is room. A pipeline of an earlier release may have as many as AWS takes.
func (p Pipeline) roleTags() map[string]*string {
	tags := maps.Clone(p.tags())
	if tags == nil {
		tags = map[string]*string{}
	}
	if len(tags) < p.Owner.MaxTags() {
		tags[tagHolder] = new(p.Owner.String())
	}
	return tags
}

// holdsNames reports whether the names are the pipeline's: it has made more than the role, or the role is its own by the tag. One without
// the tag was made by an earlier release of this package, or by hand, and is taken over.
//
// A dry run, which makes nothing, needs no more than the managed resource of the role.
func holdsNames(c claim.Claim, seen compose.Observation) bool {
	for name, r := range seen.Resources {
		if name != string(functionRole) && !compose.Observe(r).OnlyObserves() {
			return true
		}
	}
	isTold := len(seen.Composed(functionRole).Object("status", "atProvider").GetFields()) > 0
	return (isTold || c.Spec.DryRun && seen.Exists(functionRole)) && !isOfAnother(c.Owner, seen)
}

// holderOf the functions' role, by its tag in AWS.
func holderOf(seen compose.Observation) string {
	return seen.Composed(functionRole).Strings("status", "atProvider", "tags")[tagHolder]
}

// isOfAnother reports whether the role's holder is neither the pipeline's owner nor who gave the pipeline away: the memory that the pipeline
// was given, which no team can write, names the one before.
func isOfAnother(owner claim.Owner, seen compose.Observation) bool {
	holder := holderOf(seen)
	return holder != "" && holder != owner.String() && holder != seen.XR.String("status", "holder")
}

// Holder is who holds the pipeline's names, to be remembered.
func (p Pipeline) Holder(seen compose.Observation) string {
	if p.Held {
		return p.Owner.String()
	}
	return seen.XR.String("status", "holder")
}

// The managed resources that Required asks for by these names: that of the role, as the pipeline would have it, as a claim has it, and as
// the one has it that gave the pipeline away.
const (
	holderRole = "holder"
	claimsRole = "claim"
	giversRole = "giver"
)

// Required is what Crossplane is asked to show us: the role's managed resource, also if another controls it. That costs a second call of the
// function, but only until the pipeline has a role of its own: then it is nothing.
func (p Pipeline) Required(seen compose.Observation) map[string]*fnv1.ResourceSelector {
	giver := p.giver(seen)
	if giver == "" && (p.Held || seen.Exists(functionRole)) {
		return nil
	}
	required := map[string]*fnv1.ResourceSelector{claimsRole: p.roleIn("")}
	if p.Owner.Namespaced {
		required[holderRole] = p.roleIn(p.Owner.Namespace)
	}
	if parts := strings.Split(giver, "/"); len(parts) == 3 && parts[0] != claim.Kind {
		required[giversRole] = p.roleIn(parts[1])
	}
	return required
}

// giver is who gave the pipeline away, by the memory that this one was given. Empty: it was given none, or has taken over.
func (p Pipeline) giver(seen compose.Observation) string {
	if holder := seen.XR.String("status", "holder"); holder != p.Owner.String() {
		return holder
	}
	return ""
}

// roleIn a namespace is the role's managed resource there. Empty: the cluster-scoped one.
func (p Pipeline) roleIn(namespace string) *fnv1.ResourceSelector {
	role := &fnv1.ResourceSelector{
		ApiVersion: iamv1beta1.CRDGroupVersion.String(), Kind: iamv1beta1.Role_Kind,
		Match: &fnv1.ResourceSelector_MatchName{MatchName: p.Names.object(functionRole)},
	}
	if namespace != "" {
		role.ApiVersion, role.Namespace = "iam"+namespacedGroups, new(namespace)
	}
	return role
}

// CheckHolder reports that another holds the pipeline's names: by the resources that Required names, or by the tag of the role.
func (p Pipeline) CheckHolder(seen compose.Observation, required map[string]*fnv1.Resources) error {
	if p.Held && p.giver(seen) == "" {
		return nil
	}
	for _, name := range []string{holderRole, claimsRole, giversRole} {
		for _, item := range required[name].GetItems() {
			role := compose.Observe(item)
			if uid := role.ControllerUID(); uid != "" && uid != seen.XR.String("metadata", "uid") {
				return p.nameTaken("held by "+controllerOf(role, p.Owner), "choose one that no other claim in this AWS account has")
			}
		}
	}
	if !p.Held && isOfAnother(p.Owner, seen) {
		return p.nameTaken(
			"held by "+holderOf(seen)+", as the tag "+tagHolder+" of the IAM role "+p.Names.functionRole()+" says",
			"choose one that no other pipeline in this AWS account has; to take over what a pipeline that is gone has left, remove the tag")
	}
	return nil
}

func (p Pipeline) nameTaken(allowed, next string) error {
	return refusal.Refusal{
		Field:   "spec.environmentSuffix",
		Value:   refusal.Show(p.Spec.EnvironmentSuffix),
		Allowed: allowed,
		Rule:    refusal.Package,
		Next:    next,
	}
}

// controllerOf a role's managed resource, as people know it.
func controllerOf(role compose.Observed, asker claim.Owner) string {
	if namespace := role.Namespace(); namespace != "" {
		return "the " + asker.Kind + " " + namespace + "/" + role.Label(labelComposite)
	}
	return "the " + claim.Kind + " " + role.Claim() + " (XR " + role.Label(labelComposite) + ")"
}

// Hold leaves it to the role alone who holds the names: of what a dry run has looked for, providers go on to only look until that is known.
func (p Pipeline) Hold(state compose.State, observed map[string]*fnv1.Resource) compose.State {
	if p.Held {
		return state
	}
	held := state.OnlyObserve(observed)
	if role := state.Desired[functionRole]; role != nil {
		held.Desired[functionRole] = role
	}
	return held
}
