package main

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/crossplane-runtime/v2/apis/common"
	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	"github.com/crossplane/function-sdk-go/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// A pipeline is what the builders know of one claim.
type pipeline struct {
	spec     v1alpha1.PaymentDeliveryPipelineSpec
	platform v1beta1.PlatformDefaults
	names    names
}

// newPipeline reads a valid claim under valid platform defaults. The error names what is wrong with either.
func newPipeline(req *fnv1.RunFunctionRequest, seen observation) (pipeline, error) {
	platform, invalid := readDefaults(req.GetInput())
	if len(invalid) == 0 {
		invalid = checkAccount(platform, seen)
	}
	if len(invalid) > 0 {
		return pipeline{}, errors.Wrap(invalid.ToAggregate(), "invalid PlatformDefaults")
	}
	spec, invalid := readSpec(req.GetObserved().GetComposite().GetResource())
	if len(invalid) == 0 {
		invalid = checkGuardrails(spec, platform)
	}
	if len(invalid) > 0 {
		return pipeline{}, errors.Wrap(invalid.ToAggregate(), "invalid PaymentDeliveryPipeline")
	}
	names, err := newNames(spec.EnvironmentSuffix, platform.ProviderConfig, seen)
	return pipeline{spec: spec, platform: platform, names: names}, err
}

// meta returns the metadata of a managed resource. The external name, its name in AWS, is empty where AWS or the
// provider chooses it.
func (p pipeline) meta(name resource.Name, externalName string) metav1.ObjectMeta {
	m := metav1.ObjectMeta{Name: p.names.object(name)}
	if externalName != "" {
		m.Annotations = map[string]string{annotationExternalName: externalName}
	}
	return m
}

// ref refers to another managed resource of this pipeline.
func (p pipeline) ref(name resource.Name) *xpv1.Reference {
	return &xpv1.Reference{Name: p.names.object(name)}
}

// managed returns what all managed resources share. The actions in except are left to others: those who own the
// resource's content. A protected pipeline's resources stay in AWS when the claim goes.
func (p pipeline) managed(except ...common.ManagementAction) xpv1.ResourceSpec {
	if p.spec.DeletionProtection {
		except = append(except, common.ManagementActionDelete)
	}
	return xpv1.ResourceSpec{
		ProviderConfigReference: &xpv1.Reference{Name: p.platform.ProviderConfig},
		ManagementPolicies:      allActions(except...),
	}
}

// allActions but those in except. None excepted: nil, which means all.
func allActions(except ...common.ManagementAction) common.ManagementPolicies {
	if len(except) == 0 {
		return nil
	}
	all := common.ManagementPolicies{
		common.ManagementActionObserve,
		common.ManagementActionCreate,
		common.ManagementActionUpdate,
		common.ManagementActionDelete,
		common.ManagementActionLateInitialize,
	}
	return slices.DeleteFunc(all, func(a common.ManagementAction) bool { return slices.Contains(except, a) })
}

// region is where everything but IAM lives. The provider's types want pointers, each its own.
func (p pipeline) region() *string {
	return new(p.spec.Region)
}

// tags are the claim's, with the platform team's on top.
func (p pipeline) tags() map[string]*string {
	if len(p.spec.Tags)+len(p.platform.Tags) == 0 {
		return nil
	}
	t := map[string]*string{}
	for k, v := range p.spec.Tags {
		t[k] = new(v)
	}
	for k, v := range p.platform.Tags {
		t[k] = new(v)
	}
	return t
}

// kmsKey is the platform team's key, or nil where AWS's own keys do.
func (p pipeline) kmsKey() *string {
	return optionalText(p.platform.KMSKeyARN)
}

func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return new(s)
}
