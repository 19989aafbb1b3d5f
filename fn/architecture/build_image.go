package architecture

import (
	"regexp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// ecrImage matches the URI of an image in Amazon ECR: account, region and repository.
var ecrImage = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)[:@]`)

// containerType of the processor that the functions run on. Both have all compute types of a claim: see
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html.
func (p Pipeline) containerType() string {
	kind := "LINUX"
	if p.onARM() {
		kind = "ARM"
	}
	if p.OnLambdaCompute() {
		kind += "_LAMBDA"
	}
	return kind + "_CONTAINER"
}

// imageCredentials are by whose name the image is pulled. CodeBuild's own images take no other than its own.
func (p Pipeline) imageCredentials() string {
	if ecrImage.MatchString(p.Spec.Build.Image) {
		return "SERVICE_ROLE"
	}
	return "CODEBUILD"
}

// buildImageStatements let CodeBuild pull an image of the claim's. If it is of another account, that must allow it too.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html.
func (p Pipeline) buildImageStatements() []iam.Statement {
	found := ecrImage.FindStringSubmatch(p.Spec.Build.Image)
	if found == nil {
		return nil
	}
	account, region, repository := found[1], found[2], found[3]
	return []iam.Statement{
		iam.Allow("FindImage", "ecr:GetAuthorizationToken").On("*"),
		iam.Allow("PullImage", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer").
			On("arn:" + p.Partition() + ":ecr:" + region + ":" + account + ":repository/" + repository),
	}
}
