package architecture

import (
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// A composite resource in a namespace has namespaced managed resources, of provider-aws's groups *.aws.m.upbound.io. Their kinds and
// fields are those of the cluster-scoped ones, which are built, but for what follows.

const (
	clusterGroups    = ".aws.upbound.io/"
	namespacedGroups = ".aws.m.upbound.io/v1beta1" // Each kind has this version only.
)

// embedded are the fields that are objects there, of the kinds that are used here in a version that has lists of one: see scheme.go.
var embedded = map[string][]string{
	"DeploymentGroup":           {"alarmConfiguration", "autoRollbackConfiguration", "deploymentStyle"},
	"Function":                  {"environment", "ephemeralStorage", "loggingConfig", "snapStart", "tracingConfig", "vpcConfig"},
	"FunctionEventInvokeConfig": {"destinationConfig", "onFailure", "onSuccess"},
	"FunctionURL":               {"cors"},
	"Table":                     {"pointInTimeRecovery", "serverSideEncryption", "ttl"},
}

// Form of the pipeline's managed resources: cluster-scoped for a claim, or namespaced.
func (p Pipeline) Form() compose.Form {
	if !p.Owner.Namespaced {
		return nil
	}
	return p.toNamespaced
}

// toNamespaced turns a cluster-scoped managed resource into the namespaced one. Crossplane puts it into the namespace of the composite
// resource, where references by name stay.
func (p Pipeline) toNamespaced(mr *structpb.Struct) {
	fields := mr.GetFields()
	service, _, _ := strings.Cut(fields["apiVersion"].GetStringValue(), clusterGroups)
	fields["apiVersion"] = structpb.NewStringValue(service + namespacedGroups)
	spec := fields["spec"].GetStructValue().GetFields()
	spec["providerConfigRef"].GetStructValue().Fields["kind"] = structpb.NewStringValue(p.Platform.ProviderConfigKind)
	names := embedded[fields["kind"].GetStringValue()]
	for _, part := range []string{"forProvider", "initProvider"} {
		embed(spec[part].GetStructValue(), names)
	}
}

// embed puts the one item of lists of these names in the place of the list, in an object and the objects that become part of it.
func embed(object *structpb.Struct, names []string) {
	for _, name := range names {
		if items := object.GetFields()[name].GetListValue().GetValues(); len(items) == 1 {
			object.Fields[name] = items[0]
			embed(items[0].GetStructValue(), names)
		}
	}
}
