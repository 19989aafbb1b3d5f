package architecture

import (
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	// cachePrefix is where in the artifact bucket builds keep what the next one can use.
	cachePrefix = "cache"

	// cacheDays is after how many days without a build the cache goes.
	cacheDays = 30
)

// noCache is what AWS has of projects without a cache. It is said all the same: the provider passes over a cache that is no longer
// named.
func noCache() *codebuildv1beta1.CacheParameters {
	return &codebuildv1beta1.CacheParameters{Type: new("NO_CACHE")}
}

func (p Pipeline) buildCache() *codebuildv1beta1.CacheParameters {
	if p.Spec.Build.Cache != v1alpha1.BuildCacheS3 {
		return noCache()
	}
	return &codebuildv1beta1.CacheParameters{Type: new("S3"), Location: new(p.Names.Bucket + "/" + cachePrefix)}
}

// cacheStatements let CodeBuild see whose the bucket is. What is in it, builds may read and write anyway.
func (p Pipeline) cacheStatements() []iam.Statement {
	if p.Spec.Build.Cache != v1alpha1.BuildCacheS3 {
		return nil
	}
	return []iam.Statement{iam.Allow("CacheBucket", "s3:GetBucketAcl", "s3:GetBucketLocation").On(p.artifactBucketARN())}
}

func (p Pipeline) cacheLifecycle() []s3v1beta2.BucketLifecycleConfigurationRuleParameters {
	if p.Spec.Build.Cache != v1alpha1.BuildCacheS3 {
		return nil
	}
	return []s3v1beta2.BucketLifecycleConfigurationRuleParameters{{
		ID:         new("expire-build-cache"),
		Status:     new("Enabled"),
		Filter:     []s3v1beta2.RuleFilterParameters{{Prefix: new(cachePrefix + "/")}},
		Expiration: []s3v1beta2.RuleExpirationParameters{{Days: new(float64(cacheDays))}},
		// Each build replaces it, and nobody wants the old one.
		NoncurrentVersionExpiration: []s3v1beta2.RuleNoncurrentVersionExpirationParameters{{NoncurrentDays: new(1.0)}},
	}}
}
