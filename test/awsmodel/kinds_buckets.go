package awsmodel

// bucketKinds are the artifact bucket and what is in it.
var bucketKinds = map[string]Kind{
	"s3/Bucket": {
		Service: "s3",
		Create:  "CreateBucket",
		Name:    []string{"CreateBucket.Bucket", "PutBucketTagging.Bucket"},
		Fields: map[string]Parameter{
			tagsField: to("PutBucketTagging.Tagging.TagSet").pairs("Key", "Value"),
		},
		Local: map[string]string{"forceDestroy": "what the provider does before it deletes the bucket"},
	},
	"s3/BucketLifecycleConfiguration": {
		Service: "s3",
		Create:  "PutBucketLifecycleConfiguration",
		Fields: map[string]Parameter{
			bucketField:                to("PutBucketLifecycleConfiguration.Bucket"),
			"rule[].id":                to(lifecycleRule + "ID"),
			"rule[].status":            to(lifecycleRule + "Status"),
			"rule[].filter[]":          to(lifecycleRule + "Filter").object(),
			"rule[].expiration[].days": to(lifecycleRule + "Expiration.Days"),
			"rule[].abortIncompleteMultipartUpload[].daysAfterInitiation": to(lifecycleRule + "AbortIncompleteMultipartUpload.DaysAfterInitiation"),
			"rule[].noncurrentVersionExpiration[].noncurrentDays":         to(lifecycleRule + "NoncurrentVersionExpiration.NoncurrentDays"),
		},
	},
	"s3/BucketOwnershipControls": {
		Service: "s3",
		Create:  "PutBucketOwnershipControls",
		Fields: map[string]Parameter{
			bucketField:            to("PutBucketOwnershipControls.Bucket"),
			"rule.objectOwnership": to("PutBucketOwnershipControls.OwnershipControls.Rules[0].ObjectOwnership"),
		},
	},
	"s3/BucketPolicy": {
		Service: "s3",
		Create:  "PutBucketPolicy",
		Fields: map[string]Parameter{
			bucketField: to("PutBucketPolicy.Bucket"),
			policyField: to("PutBucketPolicy.Policy"),
		},
	},
	"s3/BucketPublicAccessBlock": {
		Service: "s3",
		Create:  "PutPublicAccessBlock",
		Fields: map[string]Parameter{
			bucketField:             to("PutPublicAccessBlock.Bucket"),
			"blockPublicAcls":       to("PutPublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls"),
			"blockPublicPolicy":     to("PutPublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicPolicy"),
			"ignorePublicAcls":      to("PutPublicAccessBlock.PublicAccessBlockConfiguration.IgnorePublicAcls"),
			"restrictPublicBuckets": to("PutPublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets"),
		},
	},
	"s3/BucketServerSideEncryptionConfiguration": {
		Service: "s3",
		Create:  "PutBucketEncryption",
		Fields: map[string]Parameter{
			bucketField:               to("PutBucketEncryption.Bucket"),
			"rule[].bucketKeyEnabled": to(encryptionRule + "BucketKeyEnabled"),
			"rule[].applyServerSideEncryptionByDefault.kmsMasterKeyId": to(encryptionRule + "ApplyServerSideEncryptionByDefault.KMSMasterKeyID"),
			"rule[].applyServerSideEncryptionByDefault.sseAlgorithm":   to(encryptionRule + "ApplyServerSideEncryptionByDefault.SSEAlgorithm"),
		},
	},
	"s3/BucketVersioning": {
		Service: "s3",
		Create:  "PutBucketVersioning",
		Fields: map[string]Parameter{
			bucketField:                      to("PutBucketVersioning.Bucket"),
			"versioningConfiguration.status": to("PutBucketVersioning.VersioningConfiguration.Status"),
		},
	},
	"s3/Object": {
		Service: "s3",
		Create:  "PutObject",
		Fields: map[string]Parameter{
			"acl":           to("PutObject.ACL"),
			bucketField:     to("PutObject.Bucket"),
			"content":       to("PutObject.Body"),
			"contentBase64": to("PutObject.Body"),
			"contentType":   to("PutObject.ContentType"),
			"key":           to("PutObject.Key"),
			tagsField:       to("PutObject.Tagging").query(),
		},
	},
}

// Where the rules of buckets go.
const (
	lifecycleRule  = "PutBucketLifecycleConfiguration.LifecycleConfiguration.Rules[]."
	encryptionRule = "PutBucketEncryption.ServerSideEncryptionConfiguration.Rules[]."
)
