// Package v1beta1 is the function's input: what the platform team sets once in its Composition for every claim.
// +kubebuilder:object:generate=false
// +groupName=paymentdelivery.fn.crossplane.io
// +versionName=v1beta1
package v1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// PlatformSettings are the platform team's guardrails.
// +kubebuilder:object:root=true
// +kubebuilder:storageversion
// +kubebuilder:resource:categories=crossplane
type PlatformSettings struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// ProviderConfig is the name of the provider-aws ProviderConfig that every managed resource uses. It is part of the
	// managed resources' names: use one ProviderConfig for one AWS account, and do not rename it.
	// +kubebuilder:default=default
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`
	ProviderConfig string `json:"providerConfig,omitempty"`

	// AccountID is the AWS account of the ProviderConfig. Given, policies need not wait for AWS to tell it, and a claim is refused if AWS tells another. Empty: it is
	// read from the first ARN that AWS returns.
	// +kubebuilder:validation:Pattern=`^([0-9]{12})?$`
	AccountID string `json:"accountId,omitempty"`

	// ConnectionARN is a GitHub connection that someone has already authorised, for claims that name none. A pipeline that has
	// a connection of its own keeps that. Empty: each pipeline has its own, but for those that have used this one: they go on.
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:(codestar-connections|codeconnections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]+)?$`
	ConnectionARN string `json:"connectionArn,omitempty"`

	// AllowedRegions are the regions a claim may name. Empty: all.
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=32
	// +kubebuilder:validation:items:Pattern=`^[a-z]{2}(-gov)?-[a-z]+-[0-9]+$`
	// +listType=set
	AllowedRegions []string `json:"allowedRegions,omitempty"`

	// AllowedActions are the actions that statements of a claim's service.permissions may allow. They may have wildcards: sqs:*,
	// dynamodb:Get*. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9-]+:[A-Za-z0-9*]+$`
	// +listType=set
	AllowedActions []string `json:"allowedActions,omitempty"`

	// AllowedPolicyARNs are the managed policies that a claim's service.permissions may name. Empty: all.
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:items:Pattern=`^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$`
	// +listType=set
	AllowedPolicyARNs []string `json:"allowedPolicyArns,omitempty"`

	// PermissionsBoundaryARN is the IAM policy that bounds every role. Empty: roles are not bounded.
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+)?$`
	PermissionsBoundaryARN string `json:"permissionsBoundaryArn,omitempty"`

	// Tags on every AWS resource that can carry them, but not on the functions' bootstrap code: objects in S3 can have 10
	// tags only. They win over the claim's. With the claim's there may be 47.
	Tags v1alpha1.Tags `json:"tags,omitempty"`

	// KMSKeyARN encrypts artifacts, history, topic and logs with this key. Its key policy must let CloudWatch,
	// CloudWatch Logs and EventBridge use it. Empty: keys that AWS owns.
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+)?$`
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`

	// ChangeWindows are when traffic of any pipeline may shift to a new version. Outside of them the shift fails, and can be
	// tried again. Those of a claim hold too. None: at any time.
	// +kubebuilder:validation:MaxItems=14
	// +listType=atomic
	ChangeWindows []v1alpha1.ChangeWindow `json:"changeWindows,omitempty"`

	// Freezes are times in which no traffic of any pipeline shifts to a new version. Those of a claim hold too.
	// +kubebuilder:validation:MaxItems=20
	// +listType=atomic
	Freezes []v1alpha1.Freeze `json:"freezes,omitempty"`

	// ResponseTTL is how long Crossplane leaves a pipeline alone that is ready and that nothing happens to. Then it asks
	// again and applies everything again. While a pipeline is not ready, or Crossplane has stopped listening to it, that is
	// a minute at most.
	// +kubebuilder:default="10m"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^([0-9]{1,4}(\.[0-9]{1,3})?(ms|s|m|h))+$`
	ResponseTTL metav1.Duration `json:"responseTTL,omitempty"`
}
