package v1alpha1

// A Concurrency is how many invocations of the live version may run at once, and how many of its environments wait for them.
// See https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html.
// +kubebuilder:validation:XValidation:rule="self.reserved < 0 || !has(self.provisioned) || self.provisioned.min <= self.reserved",reason=FieldValueForbidden,message="AWS Lambda takes what is provisioned from what is reserved, so it takes no more than concurrency.reserved",messageExpression=`'min %d is more than concurrency.reserved, %d, and AWS Lambda takes what is provisioned from that; lower min, or raise reserved'.format([self.provisioned.min, self.reserved])`,fieldPath=".provisioned"
// +kubebuilder:validation:XValidation:rule="self.reserved < 0 || !has(self.provisioned) || self.provisioned.max <= self.reserved",reason=FieldValueForbidden,message="AWS Lambda takes what is provisioned from what is reserved, so it takes no more than concurrency.reserved",messageExpression=`'%d is more than concurrency.reserved, %d, and AWS Lambda takes what is provisioned from that; lower max, or raise reserved'.format([self.provisioned.max, self.reserved])`,fieldPath=".provisioned.max"
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
// +kubebuilder:validation:XValidation:rule="self.max == 0 || self.max >= self.min",message="must be at least min, or 0",messageExpression=`'%d is less than min, %d; write at least min, or 0 for always min'.format([self.max, self.min])`,fieldPath=".max"
type ProvisionedConcurrency struct {
	// Min is how many there are, or how many there are at least if there is a larger max.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100000
	Min int32 `json:"min"`

	// Max is how many there are at most. With more than min Application Auto Scaling says how many there are, as they are in use.
	// 0: always min.
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100000
	// +optional
	Max int32 `json:"max"`

	// TargetUtilizationPercent is how much of what is provisioned is to be in use, in percent. There are more above it, and fewer
	// below. It says nothing without a max that is more than min.
	// +kubebuilder:default=70
	// +kubebuilder:validation:Minimum=10
	// +kubebuilder:validation:Maximum=90
	// +optional
	TargetUtilizationPercent int32 `json:"targetUtilizationPercent"`
}
