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

// cacheStatements let CodeBuild see whose the bucket is, and read and write the cache.
func (c Config) cacheStatements() []iam.Statement {
	if c.Build.Cache != v1alpha1.BuildCacheS3 {
		return nil
	}
	return []iam.Statement{
		iam.Allow("CacheBucket", "s3:GetBucketAcl", "s3:GetBucketLocation").On(c.bucketARN()),
		iam.Allow("Cache", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").On(c.bucketARN() + "/" + CachePrefix + "/*"),
	}
}
