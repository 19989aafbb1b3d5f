package v1alpha1

// A PromotedFrom is the pipeline whose releases this one takes, instead of building any: what that one has released last, the same
// code, with an approval, a judgement and a history of its own. See docs/promotion.md.
type PromotedFrom struct {
	// AccountID is the AWS account of that pipeline: its status.accountId. What has the bucket's name and another account is never
	// taken.
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:Pattern=`^[0-9]{12}$`
	AccountID string `json:"accountId"`

	// BucketName is that pipeline's artifact bucket: its status.artifactBucketName.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^pipeline-artifacts-[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9a-f]{8}$`
	BucketName string `json:"bucketName"`

	// KMSKeyARN is the key that encrypts that bucket, if the platform team has given one. Its key policy must let this pipeline's
	// role for releases decrypt. Empty: a key that AWS owns.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$`
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`
}

// A PromotionTarget is a pipeline that may take what this one has released.
type PromotionTarget struct {
	// AccountID is the AWS account of that pipeline.
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:Pattern=`^[0-9]{12}$`
	AccountID string `json:"accountId"`

	// EnvironmentSuffix of that pipeline.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=24
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`
	EnvironmentSuffix string `json:"environmentSuffix"`
}
