package build

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// CachePrefix is where in the bucket builds keep what the next one can use.
const CachePrefix = "cache"

// cacheLocation is empty without a cache.
func (c Config) cacheLocation() string {
	if c.Build.Cache != v1alpha1.BuildCacheS3 {
		return ""
	}
	return c.Bucket + "/" + CachePrefix
}

// cacheARNs are those of what is in the cache. Builds of what nobody has reviewed have none.
func (c Config) cacheARNs() []string {
	if !c.isReviewed() || c.Build.Cache != v1alpha1.BuildCacheS3 {
		return nil
	}
	return []string{c.bucketARN() + "/" + CachePrefix + "/*"}
}

// cacheStatements let CodeBuild see whose the bucket with the cache is.
func (c Config) cacheStatements() []iam.Statement {
	if c.Build.Cache != v1alpha1.BuildCacheS3 {
		return nil
	}
	return []iam.Statement{iam.Allow("CacheBucket", "s3:GetBucketAcl", "s3:GetBucketLocation").On(c.bucketARN())}
}
