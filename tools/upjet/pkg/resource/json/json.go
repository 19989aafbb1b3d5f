// Package json stands in for how upjet reads and writes Terraform's state.
package json

// A Parser does nothing here. Only the provider has a Terraform state.
type Parser struct{}

// TFParser is what API types call.
var TFParser Parser

// Marshal panics.
func (Parser) Marshal(any) ([]byte, error) { panic("only a provider marshals a Terraform state") }

// Unmarshal panics.
func (Parser) Unmarshal([]byte, any) error { panic("only a provider unmarshals a Terraform state") }
