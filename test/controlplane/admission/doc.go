// Package admission tests admission policies on a real API server: the one that keeps Crossplane from making again what was deleted, and what it
// costs, and the one that keeps Crossplane's finalizer on claims. Crossplane only defines the API here: the tests act in its place.
package admission
