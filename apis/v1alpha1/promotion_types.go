package v1alpha1

// A PromotedFrom is the pipeline whose releases this one takes, instead of building any: what that one has released last, the same
// code, with an approval, a judgement and a history of its own. See docs/promotion.md.
type PromotedFrom struct {
	// AccountID is the AWS account of that pipeline: its status.accountId. What has the bucket's name and another account is never
	// taken.
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[0-9]{12}$')`,message="must be the id of an AWS account, which has 12 digits, such as 111122223333"
	AccountID string `json:"accountId"`

	// BucketName is that pipeline's artifact bucket: its status.artifactBucketName.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:XValidation:rule=`self.matches('^pipeline-artifacts-[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9a-f]{8}$')`,message="must be the status.artifactBucketName of the other pipeline, such as pipeline-artifacts-stage-0a1b2c3d"
	BucketName string `json:"bucketName"`

	// KMSKeyARN is the key that encrypts that bucket, if the platform team has given one. Its key policy must let this pipeline's
	// role for releases decrypt. Empty: a key that AWS owns.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$')`,message="must be the ARN of a key, not of an alias, such as arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`
}

// A PromotionTarget is a pipeline that may take what this one has released.
type PromotionTarget struct {
	// AccountID is the AWS account of that pipeline.
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[0-9]{12}$')`,message="must be the id of an AWS account, which has 12 digits, such as 111122223333"
	AccountID string `json:"accountId"`

	// EnvironmentSuffix of that pipeline.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=24
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')`,message="must be lower-case letters, digits and hyphens, and begin and end with a letter or a digit: payments-prod"
	EnvironmentSuffix string `json:"environmentSuffix"`
}
