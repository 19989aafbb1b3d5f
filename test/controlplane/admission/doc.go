// Package admission tests the admission policy that keeps Crossplane from making again what was deleted, on a real API server, and measures
// what it costs. Crossplane only defines the API here: the tests act in its place.
package admission
