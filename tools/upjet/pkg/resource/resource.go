// Package resource stands in for what upjet does with managed resources.
package resource

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// A Terraformed resource is a managed one that upjet has generated.
type Terraformed interface {
	resource.Managed
	GetID() string
	GetTerraformResourceType() string
}

// CNameWildcard means all fields.
const CNameWildcard = ""

// A GenericLateInitializerOption says which fields are not late-initialized.
type GenericLateInitializerOption struct{}

// WithNameFilter does nothing.
func WithNameFilter(string) GenericLateInitializerOption { return GenericLateInitializerOption{} }

// WithZeroValueJSONOmitEmptyFilter does nothing.
func WithZeroValueJSONOmitEmptyFilter(string) GenericLateInitializerOption {
	return GenericLateInitializerOption{}
}

// A GenericLateInitializer fills the fields of a spec from AWS's answer.
type GenericLateInitializer struct{}

// NewGenericLateInitializer that panics.
func NewGenericLateInitializer(...GenericLateInitializerOption) GenericLateInitializer {
	return GenericLateInitializer{}
}

// LateInitialize panics.
func (GenericLateInitializer) LateInitialize(any, any) (bool, error) {
	panic("only a provider late-initializes a managed resource")
}

// ExtractResourceID panics when it is used.
func ExtractResourceID() reference.ExtractValueFn { return extract }

// ExtractParamPath panics when it is used.
func ExtractParamPath(string, bool) reference.ExtractValueFn { return extract }

func extract(resource.Managed) string { panic("only a provider resolves references") }
