package v1alpha1

// A Concurrency is how many invocations of the live version may run at once, and how many of its environments wait for them.
// See https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html.
// +kubebuilder:validation:XValidation:rule="self.reserved < 0 || !has(self.provisioned) || self.provisioned.min <= self.reserved",reason=FieldValueForbidden,message="AWS Lambda takes what is provisioned from what is reserved, so it takes no more than concurrency.reserved",fieldPath=".provisioned"
type Concurrency struct {
	// Reserved is how many invocations of blue may run at once: so many are kept for it, and no more run. 0 stops production.
	// -1: as many as the account has left. An account keeps at least 100 that nobody has reserved.
	// +kubebuilder:default=-1
	// +kubebuilder:validation:Minimum=-1
	// +kubebuilder:validation:Maximum=100000
	// +optional
	Reserved int32 `json:"reserved"`

	// Provisioned are environments of the live version that have started before they are called. They cost as long as they are
	// there. None: each starts when it is first called.
	Provisioned *ProvisionedConcurrency `json:"provisioned,omitempty"`
}

// A ProvisionedConcurrency is how many environments have started before they are called.
// See https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html.
type ProvisionedConcurrency struct {
	// Min is how many there are.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100000
	Min int32 `json:"min"`
}
