package architecture

import (
	s3v1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	artifactBucket             resource.Name = "artifact-bucket"
	artifactBucketVersioning   resource.Name = "artifact-bucket-versioning"
	artifactBucketEncryption   resource.Name = "artifact-bucket-encryption"
	artifactBucketPublicAccess resource.Name = "artifact-bucket-public-access-block"
	artifactBucketOwnership    resource.Name = "artifact-bucket-ownership-controls"
	artifactBucketLifecycle    resource.Name = "artifact-bucket-lifecycle"
	artifactBucketPolicy       resource.Name = "artifact-bucket-policy"
)

const (
	// abortUploadDays is after how many days S3 throws away the parts of an upload that was never completed.
	abortUploadDays = 7

	// runDays is the longest that a run can need its artifacts beside the time that it waits for its approval: a build waits for 8 hours
	// and takes 36 at most. A rollback needs none, as Lambda has the code of each version.
	runDays = 3

	// runPrefix begins the keys of what runs leave behind. CodePipeline puts it into a folder that bears the first 20
	// characters of the pipeline's name.
	runPrefix = "payment-processor-"

	// CodePipeline names the artifacts of a run after the pipeline and the artifact, so many characters of each, as in AWS's examples: see
	// https://docs.aws.amazon.com/cli/latest/reference/codebuild/batch-get-builds.html. The rest of a name is random.
	pipelineInKey, artifactInKey = 20, 10
)

// runFolder begins the keys of an artifact of a pipeline's runs, and of nothing else in the bucket.
func runFolder(pipeline, artifact string) string {
	return pipeline[:pipelineInKey] + "/" + artifact[:min(artifactInKey, len(artifact))] + "/"
}

// artifacts is the bucket that carries source and build output from stage to stage: versioned, encrypted, private, TLS
// only.
func (p Pipeline) artifacts() []compose.Resource {
	return []compose.Resource{
		{Name: artifactBucket, Build: p.artifactBucket},
		{Name: artifactBucketVersioning, Build: p.artifactBucketVersioning},
		{Name: artifactBucketEncryption, Build: p.artifactBucketEncryption},
		{Name: artifactBucketPublicAccess, Build: p.artifactBucketPublicAccess},
		{Name: artifactBucketOwnership, Build: p.artifactBucketOwnership},
		{Name: artifactBucketLifecycle, Build: p.artifactBucketLifecycle},
		// It lets the watch take what another pipeline offers, which the release did before.
		{Name: artifactBucketPolicy, Needs: p.bucketPolicyNeeds(), Build: p.artifactBucketPolicy, After: successors()},
	}
}

// artifactBucketARN is known before the bucket exists: it has neither region nor account.
func (p Pipeline) artifactBucketARN() string {
	return "arn:" + p.Partition() + ":s3:::" + p.Names.Bucket
}

func (p Pipeline) artifactBucket(compose.Facts) client.Object {
	return &s3v1beta2.Bucket{
		ObjectMeta: p.meta(artifactBucket, p.Names.Bucket),
		Spec: s3v1beta2.BucketSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: s3v1beta2.BucketParameters{
				Region: p.region(),
				// A bucket with artifacts in it could not be deleted otherwise.
				ForceDestroy: new(!p.Spec.DeletionProtection),
				Tags:         p.tags(),
			},
		},
	}
}

func (p Pipeline) artifactBucketVersioning(compose.Facts) client.Object {
	return &s3v1beta2.BucketVersioning{
		ObjectMeta: p.meta(artifactBucketVersioning, ""),
		Spec: s3v1beta2.BucketVersioningSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: s3v1beta2.BucketVersioningParameters{
				Region:                  p.region(),
				BucketRef:               p.ref(artifactBucket),
				VersioningConfiguration: &s3v1beta2.VersioningConfigurationParameters{Status: new("Enabled")},
			},
		},
	}
}

func (p Pipeline) artifactBucketEncryption(compose.Facts) client.Object {
	algorithm := "AES256"
	if p.kmsKey() != nil {
		algorithm = "aws:kms"
	}
	return &s3v1beta2.BucketServerSideEncryptionConfiguration{
		ObjectMeta: p.meta(artifactBucketEncryption, ""),
		Spec: s3v1beta2.BucketServerSideEncryptionConfigurationSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: s3v1beta2.BucketServerSideEncryptionConfigurationParameters{
				Region:    p.region(),
				BucketRef: p.ref(artifactBucket),
				Rule: []s3v1beta2.BucketServerSideEncryptionConfigurationRuleParameters{{
					ApplyServerSideEncryptionByDefault: &s3v1beta2.RuleApplyServerSideEncryptionByDefaultParameters{
						SseAlgorithm:   new(algorithm),
						KMSMasterKeyID: p.kmsKey(),
					},
					// One call to KMS for many objects.
					BucketKeyEnabled: new(p.kmsKey() != nil),
				}},
			},
		},
	}
}

func (p Pipeline) artifactBucketPublicAccess(compose.Facts) client.Object {
	return &s3v1beta1.BucketPublicAccessBlock{
		ObjectMeta: p.meta(artifactBucketPublicAccess, ""),
		Spec: s3v1beta1.BucketPublicAccessBlockSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: s3v1beta1.BucketPublicAccessBlockParameters{
				Region:                p.region(),
				BucketRef:             p.ref(artifactBucket),
				BlockPublicAcls:       new(true),
				BlockPublicPolicy:     new(true),
				IgnorePublicAcls:      new(true),
				RestrictPublicBuckets: new(true),
			},
		},
	}
}

func (p Pipeline) artifactBucketOwnership(compose.Facts) client.Object {
	return &s3v1beta2.BucketOwnershipControls{
		ObjectMeta: p.meta(artifactBucketOwnership, ""),
		Spec: s3v1beta2.BucketOwnershipControlsSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: s3v1beta2.BucketOwnershipControlsParameters{
				Region:    p.region(),
				BucketRef: p.ref(artifactBucket),
				Rule:      &s3v1beta2.BucketOwnershipControlsRuleParameters{ObjectOwnership: new("BucketOwnerEnforced")},
			},
		},
	}
}

// artifactBucketLifecycle lets go of each run's artifacts, and of versions that were replaced, unless the claim keeps them for
// ever. Neither goes while a run may need it: by the replaced version a release knows that a build output was written twice. The bootstrap code
// stays: its provider would bring it back.
func (p Pipeline) artifactBucketLifecycle(compose.Facts) client.Object {
	rules := []s3v1beta2.BucketLifecycleConfigurationRuleParameters{{
		ID:     new("expire-replaced-artifacts"),
		Status: new("Enabled"),
		// An empty filter is every object.
		Filter: []s3v1beta2.RuleFilterParameters{{}},
		AbortIncompleteMultipartUpload: []s3v1beta2.AbortIncompleteMultipartUploadParameters{{
			DaysAfterInitiation: new(float64(abortUploadDays)),
		}},
	}}
	if p.Spec.Retention.ArtifactDays > 0 {
		days := max(p.Spec.Retention.ArtifactDays, p.runDays())
		rules[0].NoncurrentVersionExpiration = []s3v1beta2.RuleNoncurrentVersionExpirationParameters{{
			NoncurrentDays: new(float64(days)),
		}}
		rules = append(rules, s3v1beta2.BucketLifecycleConfigurationRuleParameters{
			ID:     new("expire-artifacts-of-runs"),
			Status: new("Enabled"),
			Filter: []s3v1beta2.RuleFilterParameters{{Prefix: new(runPrefix)}},
			// S3 removes the delete markers too that this leaves behind.
			Expiration: []s3v1beta2.RuleExpirationParameters{{Days: new(float64(days))}},
		})
	}
	rules = append(rules, p.cacheLifecycle()...)
	return &s3v1beta2.BucketLifecycleConfiguration{
		ObjectMeta: p.meta(artifactBucketLifecycle, ""),
		Spec: s3v1beta2.BucketLifecycleConfigurationSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: s3v1beta2.BucketLifecycleConfigurationParameters{
				Region:    p.region(),
				BucketRef: p.ref(artifactBucket),
				Rule:      rules,
			},
		},
	}
}

// outputFolder begins the keys of what the pipeline's runs have built.
func (p Pipeline) outputFolder() string {
	return runFolder(p.Names.DeliveryPipeline(), buildOutput)
}

// runDays is the longest that a run can need its artifacts, in days.
func (p Pipeline) runDays() int32 {
	if !p.Spec.Approval.Required {
		return runDays
	}
	const minutesOfDay = 24 * 60
	return runDays + (p.Spec.Approval.TimeoutMinutes+minutesOfDay-1)/minutesOfDay
}

// bucketPolicyNeeds the account, if the policy names the role of releases.
func (p Pipeline) bucketPolicyNeeds() []compose.Fact {
	if !p.isOffering() && !p.isPromoted() {
		return nil
	}
	return []compose.Fact{AccountID}
}

func (p Pipeline) artifactBucketPolicy(f compose.Facts) client.Object {
	tlsOnly := iam.Deny("DenyWithoutTLS", "s3:*").To(iam.Anyone()).
		On(p.artifactBucketARN(), p.artifactBucketARN()+"/*").
		If(iam.Bool, "aws:SecureTransport", "false")
	// An access point has an ARN of its own, which no denial of a role's names.
	direct := iam.Deny("DenyAccessPoints", "s3:*").To(iam.Anyone()).
		On(p.artifactBucketARN(), p.artifactBucketARN()+"/*").
		If(iam.StringLike, "s3:DataAccessPointArn", "*")
	return &s3v1beta1.BucketPolicy{
		ObjectMeta: p.meta(artifactBucketPolicy, ""),
		Spec: s3v1beta1.BucketPolicySpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: s3v1beta1.BucketPolicyParameters{
				Region:    p.region(),
				BucketRef: p.ref(artifactBucket),
				Policy:    new(iam.New(append([]iam.Statement{tlsOnly, direct}, p.promotionPolicy(f)...)...).JSON()),
			},
		},
	}
}
