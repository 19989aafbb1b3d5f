package v1alpha1

// An Async is what becomes of events for which the caller does not wait: Lambda queues them and calls the live alias.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html.
type Async struct {
	// MaximumAgeSeconds is how long an event may wait, in seconds, the tries that fail included.
	// +kubebuilder:default=21600
	// +kubebuilder:validation:Minimum=60
	// +kubebuilder:validation:Maximum=21600
	MaximumAgeSeconds int32 `json:"maximumAgeSeconds,omitempty"`

	// Retries is how often an event is tried again that has failed.
	// +kubebuilder:default=2
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=2
	// +optional
	Retries int32 `json:"retries"`

	// OnFailure is the ARN of what gets a record of each event that is given up on: a queue, a topic, another function or an event
	// bus. Empty: nothing, and the event is lost.
	// +kubebuilder:default=""
	OnFailure Destination `json:"onFailure,omitempty"`

	// OnSuccess is the ARN of what gets a record of each event that has succeeded, with the function's answer. Empty: nothing.
	// +kubebuilder:default=""
	OnSuccess Destination `json:"onSuccess,omitempty"`
}

// A Destination is the ARN of a queue, a topic, a function or an event bus.
// +kubebuilder:validation:MaxLength=320
// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:((sqs|sns):[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+([.]fifo)?|lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?|events:[a-z0-9-]+:[0-9]{12}:event-bus/[A-Za-z0-9._/-]+))?$')`,message="must be the ARN of a queue, a topic, a function or an event bus, such as arn:aws:sqs:us-east-1:111122223333:payments-failed"
// +kubebuilder:validation:XValidation:rule=`!self.endsWith('.fifo') || self == oldSelf.orValue("")`,message="is FIFO, and AWS Lambda sends to standard queues and topics only; choose a standard one",optionalOldSelf=true
type Destination string
