package build

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

const (
	testImage     = "444455556666.dkr.ecr.us-east-1.amazonaws.com/build/node:24"
	testSecret    = "arn:aws:secretsmanager:us-east-1:111122223333:secret:npm-a1B2c3"
	testParameter = "arn:aws:ssm:us-east-1:111122223333:parameter/payments/limits"
)

// newConfig is that of the smallest claim's build, with the supplied changes.
func newConfig(changes ...func(*Config)) Config {
	spec := fntest.MinimalSpec()
	c := Config{
		Partition:    "aws",
		Region:       spec.Region,
		Name:         "build-pr-123",
		Bucket:       "artifacts-pr-123",
		SourcePrefix: "run/source/",
		OutputPrefix: "run/output/",
		Runtime:      spec.Service.Runtime,
		Handler:      "index.handler",
		Architecture: spec.Service.Architecture,
		Build:        spec.Build,
	}
	for _, change := range changes {
		if change != nil {
			change(&c)
		}
	}
	return c
}

// everything turns on all that a build can have.
func everything(c *Config) {
	c.KMSKeyARN = fntest.Key
	c.Directory = "services/payments"
	c.Build.Image = testImage
	c.Build.Environment = map[string]v1alpha1.BuildVariable{"Z": "1"}
	c.Build.Secrets = map[string]v1alpha1.BuildSecretARN{"NPM_TOKEN": testSecret + ":token", "LICENCE": testParameter}
	c.Build.VPC = testVPC()
	c.Build.Cache = v1alpha1.BuildCacheS3
	c.Build.Privileged = true
	c.Build.CodeArtifact = &v1alpha1.CodeArtifact{
		Domain: "my-org", Repository: "payments",
		Tools: []v1alpha1.CodeArtifactTool{v1alpha1.CodeArtifactNPM, v1alpha1.CodeArtifactPip, v1alpha1.CodeArtifactToken},
	}
	c.Build.Reports = &v1alpha1.Reports{
		Test:     &v1alpha1.TestReport{Files: []string{"reports/junit.xml"}, Format: "JUNITXML"},
		Coverage: &v1alpha1.CoverageReport{Files: []string{"coverage/clover.xml"}, Format: "CLOVERXML"},
	}
}

// unreviewed makes a build one of a pull request.
func unreviewed(c *Config) {
	c.SourcePrefix, c.OutputPrefix = "checks/source/", ""
}

func testVPC() *v1alpha1.BuildVPC {
	return &v1alpha1.BuildVPC{VPCID: "vpc-0a", SubnetIDs: []string{"subnet-0b", "subnet-0c"}, SecurityGroupIDs: []string{"sg-0d"}}
}

// bySid are the statements of the project's role by their Sid.
func bySid(c Config) map[string]iam.Statement {
	found := map[string]iam.Statement{}
	for _, s := range c.Statements(fntest.Account) {
		found[s.Sid] = s
	}
	return found
}
