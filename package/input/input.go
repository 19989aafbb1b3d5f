// Package input carries the CustomResourceDefinition of the function's input.
package input

import _ "embed"

// CustomResourceDefinition of PlatformSettings, as YAML. Generated; see package apis.
//
//go:embed paymentdelivery.fn.crossplane.io_platformsettings.yaml
var CustomResourceDefinition []byte
