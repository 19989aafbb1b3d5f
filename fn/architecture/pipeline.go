package architecture

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// A Pipeline is what the builders know of one claim.
type Pipeline struct {
	claim.Claim

	Names Names

	// Held says that the pipeline has its names: no other one has them.
	Held bool

	// Given is the connection to GitHub, unless the pipeline has one of its own.
	Given GivenConnection

	// WasInVPC says that versions of the functions may be in a VPC, whether the claim still has one or not.
	WasInVPC bool

	// Serving is which version of the blue function takes production traffic.
	Serving Serving

	// Progress is how the pipeline's last run goes.
	Progress release.Progress
}

// New returns the pipeline of a claim. The error says why it cannot be named, or that it asks for what is of pipelines.
func New(c claim.Claim, seen compose.Observation) (Pipeline, error) {
	given := giveConnection(c, seen)
	if err := checkConnectionName(c, given); err != nil {
		return Pipeline{}, err
	}
	if err := checkPermissions(c); err != nil {
		return Pipeline{}, err
	}
	names, err := newNames(c.Spec.EnvironmentSuffix, c.Platform.ProviderConfig, seen)
	return Pipeline{
		Claim: c, Names: names, Held: holdsNames(c, seen), Given: given, WasInVPC: wasInVPC(seen), Serving: ReadServing(seen), Progress: ReadProgress(seen),
	}, err
}

// meta returns the metadata of a managed resource. The external name, its name in AWS, is empty where AWS or the
// provider chooses it.
func (p Pipeline) meta(name resource.Name, externalName string) metav1.ObjectMeta {
	m := metav1.ObjectMeta{Name: p.Names.object(name)}
	if externalName != "" {
		m.Annotations = map[string]string{annotationExternalName: externalName}
	}
	return m
}

// ref refers to another managed resource of this pipeline.
func (p Pipeline) ref(name resource.Name) *xpv2.Reference {
	return &xpv2.Reference{Name: p.Names.object(name)}
}

// managed returns what all managed resources share. The actions in except are left to others: those who own the
// resource's content. A protected pipeline's resources stay in AWS when the claim goes.
//
// LateInitialize is not among the actions. With it the provider writes what it reads in AWS into the resource's spec, and
// the name that it thinks the resource has: a deployment group's would become its id, and the group be renamed. What a
// resource is, is all said here, and what AWS adds to it is AWS's.
func (p Pipeline) managed(except ...xpv2.ManagementAction) xpv2.ClusterManagedResourceSpec {
	return p.resourceSpec(except,
		xpv2.ManagementActionObserve,
		xpv2.ManagementActionCreate,
		xpv2.ManagementActionUpdate,
		xpv2.ManagementActionDelete,
	)
}

// managedAsNamedByAWS returns what managed resources share whose names in AWS are not ours to choose. The provider keeps
// such a name, the resource's external name, when it late-initialises, and only then: without LateInitialize it forgets the
// resource when it restarts, and makes another one. See https://github.com/crossplane/crossplane/issues/5918. The actions in except are left out for now.
func (p Pipeline) managedAsNamedByAWS(except ...xpv2.ManagementAction) xpv2.ClusterManagedResourceSpec {
	return p.resourceSpec(except,
		xpv2.ManagementActionObserve,
		xpv2.ManagementActionCreate,
		xpv2.ManagementActionUpdate,
		xpv2.ManagementActionDelete,
		xpv2.ManagementActionLateInitialize,
	)
}

// resourceSpec with the supplied actions but those in except.
func (p Pipeline) resourceSpec(except []xpv2.ManagementAction, actions ...xpv2.ManagementAction) xpv2.ClusterManagedResourceSpec {
	return xpv2.ClusterManagedResourceSpec{
		ProviderConfigReference: &xpv2.Reference{Name: p.Platform.ProviderConfig},
		ManagementPolicies: slices.DeleteFunc(actions, func(a xpv2.ManagementAction) bool {
			return slices.Contains(except, a) || p.Spec.DeletionProtection && a == xpv2.ManagementActionDelete
		}),
	}
}

// region is where everything but IAM lives. The provider's types want pointers, each its own.
func (p Pipeline) region() *string {
	return new(p.Spec.Region)
}

// tags are the claim's, with the platform team's on top.
func (p Pipeline) tags() map[string]*string {
	if len(p.Spec.Tags)+len(p.Platform.Tags) == 0 {
		return nil
	}
	t := map[string]*string{}
	for k, v := range p.Tags() {
		t[k] = new(v)
	}
	return t
}

// kmsKey is the platform team's key, or nil where AWS's own keys do.
func (p Pipeline) kmsKey() *string {
	return optionalText(p.Platform.KMSKeyARN)
}

func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return new(s)
}
