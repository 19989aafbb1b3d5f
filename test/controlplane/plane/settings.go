package plane

import (
	"context"
	"maps"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Settle what the platform team has to say of claims in some namespaces: the data of an EnvironmentConfig.
func (p *Plane) Settle(ctx context.Context, name string, data map[string]any, namespaces ...string) error {
	data = maps.Clone(data)
	match := []any{}
	for _, namespace := range namespaces {
		match = append(match, namespace)
	}
	data["match"] = map[string]any{"namespaces": match}
	o := object(environmentConfigKind)
	o.SetName(name)
	o.SetLabels(map[string]string{"paymentdelivery.io/platform-settings": "true"})
	o.Object["data"] = data
	return p.Apply(ctx, o)
}

// Unsettle deletes it, if it is there.
func (p *Plane) Unsettle(ctx context.Context, name string) error {
	o := object(environmentConfigKind)
	o.SetName(name)
	return client.IgnoreNotFound(p.Client.Delete(ctx, o))
}

var environmentConfigKind = schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v1beta1", Kind: "EnvironmentConfig"}
