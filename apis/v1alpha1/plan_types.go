package v1alpha1

// A PlanStatus is what a claim would do in AWS, as its dry run found. What the provider has not looked at, or cannot, is unknown.
type PlanStatus struct {
	// Create names what AWS does not have, and what the provider can only find after it has made it: attachments, settings and
	// the like, of which making one that is there already changes nothing.
	Create []string `json:"create,omitempty"`

	// Change is what AWS has otherwise than the claim asks.
	Change []PlannedChange `json:"change,omitempty"`

	// Same is how many resources AWS has as the claim asks.
	Same int `json:"same"`

	// Unknown is what cannot be told yet, and why.
	Unknown []UnknownChange `json:"unknown,omitempty"`
}

// A PlannedChange is a resource that AWS has otherwise than the claim asks.
type PlannedChange struct {
	// Name of the resource in the composition.
	Name string `json:"name"`

	// Fields of the managed resource that differ, with what AWS has and what the claim asks where both are short and not secret.
	Fields []string `json:"fields"`
}

// An UnknownChange is a resource of which a dry run cannot tell what would become.
type UnknownChange struct {
	// Name of the resource in the composition.
	Name string `json:"name"`

	// Because of this.
	Because string `json:"because"`
}
