// Package gitops tests what examples/gitops tells Argo CD and Flux about the health of claims: in the languages in which these
// tools ask, of the statuses that the golden cases have.
package gitops
