package architecture

import "github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"

const (
	testImage       = "444455556666.dkr.ecr.us-east-1.amazonaws.com/build/node:24"
	testBuildSecret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:npm-a1B2c3:token"
)

// builtWithEverything turns on all that a build and its source can have.
func builtWithEverything(p *Pipeline) {
	p.Spec.Build.Image = testImage
	p.Spec.Build.Secrets = map[string]v1alpha1.BuildSecretARN{"NPM_TOKEN": testBuildSecret, "LICENCE": testParameter}
	p.Spec.Build.VPC = testBuildVPC()
	p.Spec.Build.Cache = v1alpha1.BuildCacheS3
	p.Spec.Build.Privileged = true
	p.Spec.Build.CodeArtifact = &v1alpha1.CodeArtifact{
		Domain: "my-org", Repository: "payments",
		Tools: []v1alpha1.CodeArtifactTool{v1alpha1.CodeArtifactNPM, v1alpha1.CodeArtifactPip, v1alpha1.CodeArtifactToken},
	}
	p.Spec.Build.Reports = &v1alpha1.Reports{
		Test:     &v1alpha1.TestReport{Files: []string{"reports/junit.xml"}, Format: "JUNITXML"},
		Coverage: &v1alpha1.CoverageReport{Files: []string{"coverage/clover.xml"}, Format: "CLOVERXML"},
	}
	p.Spec.Source.Directory = "services/payments"
	p.Spec.Source.FullClone = &v1alpha1.FullClone{Submodules: []string{"my-org/money"}}
	p.Spec.Source.Checks = &v1alpha1.Checks{
		PullRequests: &v1alpha1.PullRequestChecks{},
		Tags:         &v1alpha1.TagChecks{Includes: []string{"v*"}},
	}
}

func testBuildVPC() *v1alpha1.BuildVPC {
	return &v1alpha1.BuildVPC{VPCID: "vpc-0a", SubnetIDs: []string{"subnet-0b", "subnet-0c"}, SecurityGroupIDs: []string{"sg-0d"}}
}
