package fntest

import (
	"encoding/json"
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
)

// Runtimes that a claim may have.
func Runtimes(tb testing.TB) []string {
	tb.Helper()
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, d); err != nil {
		tb.Fatalf("cannot parse definition: %v", err)
	}
	spec := d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
	var names []string
	for _, value := range spec.Properties["service"].Properties["runtime"].Enum {
		name := ""
		if err := json.Unmarshal(value.Raw, &name); err != nil {
			tb.Fatalf("cannot parse enum: %v", err)
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		tb.Fatal("want runtimes, got none")
	}
	return names
}
