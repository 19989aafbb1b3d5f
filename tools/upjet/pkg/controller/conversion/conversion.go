// Package conversion stands in for how upjet converts managed resources between versions of their API.
package conversion

import "github.com/crossplane/upjet/v2/pkg/resource"

// RoundTrip panics.
func RoundTrip(_, _ resource.Terraformed) error { panic("only a provider converts a managed resource") }
