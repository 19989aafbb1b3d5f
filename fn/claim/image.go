package claim

import (
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// lambdaCompute begins the compute types that run on Lambda.
const lambdaCompute = "BUILD_LAMBDA_"

// OnLambdaCompute reports whether builds run on Lambda compute.
func (c Claim) OnLambdaCompute() bool {
	return strings.HasPrefix(c.Spec.Build.ComputeType, lambdaCompute)
}

// BuildImage is the claim's, or the newest standard one of Amazon Linux, which has the languages of all runtimes: see
// https://github.com/aws/aws-codebuild-docker-images/tree/master/al. On Lambda compute there is one for each version of a language.
func (c Claim) BuildImage() string {
	processor, standard := "x86_64", "standard:6.0"
	if c.Spec.Service.Architecture == v1alpha1.ArchitectureARM {
		processor, standard = "aarch64", "standard:4.0"
	}
	switch {
	case c.Spec.Build.Image != "":
		return c.Spec.Build.Image
	case c.OnLambdaCompute():
		return "aws/codebuild/amazonlinux-" + processor + "-lambda-standard:" + runtime.Of(c.Spec.Service.Runtime).LambdaImage()
	default:
		return "aws/codebuild/amazonlinux-" + processor + "-" + standard
	}
}
