// Package apis carries the CompositeResourceDefinition of PaymentDeliveryPipeline, and is the place that everything
// generated in this repository is generated from: go generate ./...
package apis

import _ "embed"

//go:generate go run -C ../tools ./xrdgen ..
//go:generate go run -C ../tools ./docgen ..

// Definition is the CompositeResourceDefinition, as YAML. Generated from the Go types in v1alpha1.
//
//go:embed definition.yaml
var Definition []byte
