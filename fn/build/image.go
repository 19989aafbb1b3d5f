package build

import (
	"regexp"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// lambdaCompute begins the compute types that run on Lambda.
const lambdaCompute = "BUILD_LAMBDA_"

// onLambda reports whether builds run on Lambda compute.
func (c Config) onLambda() bool {
	return strings.HasPrefix(c.Build.ComputeType, lambdaCompute)
}

// ecrImage matches the URI of an image in Amazon ECR: account, region and repository.
var ecrImage = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)[:@]`)

// Image is the claim's, or the newest standard one of Amazon Linux, which has the languages of all runtimes: see
// https://github.com/aws/aws-codebuild-docker-images/tree/master/al. On Lambda compute there is one for each version of a language.
func (c Config) Image() string {
	processor, standard := "x86_64", "standard:6.0"
	if c.onARM() {
		processor, standard = "aarch64", "standard:4.0"
	}
	switch {
	case c.Build.Image != "":
		return c.Build.Image
	case c.onLambda():
		return "aws/codebuild/amazonlinux-" + processor + "-lambda-standard:" + c.lambdaImage()
	default:
		return "aws/codebuild/amazonlinux-" + processor + "-" + standard
	}
}

func (c Config) onARM() bool {
	return c.Architecture == v1alpha1.ArchitectureARM
}

// containerType of the processor that the functions run on. Both have all compute types of a claim: see
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html.
func (c Config) containerType() string {
	kind := "LINUX"
	if c.onARM() {
		kind = "ARM"
	}
	if c.onLambda() {
		kind += "_LAMBDA"
	}
	return kind + "_CONTAINER"
}

// imageCredentials are by whose name the image is pulled. CodeBuild's own images take no other than its own.
func (c Config) imageCredentials() string {
	if ecrImage.MatchString(c.Build.Image) {
		return "SERVICE_ROLE"
	}
	return "CODEBUILD"
}

// imageStatements let CodeBuild pull an image of the claim's. If it is of another account, that must allow it too.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html.
func (c Config) imageStatements() []iam.Statement {
	found := ecrImage.FindStringSubmatch(c.Build.Image)
	if found == nil {
		return nil
	}
	account, region, repository := found[1], found[2], found[3]
	return []iam.Statement{
		iam.Allow("FindImage", "ecr:GetAuthorizationToken").On("*"),
		iam.Allow("PullImage", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer").
			On("arn:" + c.Partition + ":ecr:" + region + ":" + account + ":repository/" + repository),
	}
}
