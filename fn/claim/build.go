package claim

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// maxBuildSecrets is how many characters the ARNs of a build's secrets may have in its policy. IAM takes 6144 of a managed policy,
// and the rest is the pipeline's own: see TestBuildPolicyFits.
const maxBuildSecrets = 2000

// imageRegion of an image in Amazon ECR.
var imageRegion = regexp.MustCompile(`^[0-9]{12}\.dkr\.ecr\.([a-z0-9-]+)\.`)

// variable is what a shell can have, and CodeBuild has not itself. A rule of the schema's about it takes more memory than all else
// about secrets.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// checkBuildVariables reports names of secrets' variables that no build could have.
func checkBuildVariables(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var refused refusal.List
	for _, name := range slices.Sorted(maps.Keys(spec.Build.Secrets)) {
		if !variable.MatchString(name) || strings.HasPrefix(name, "CODEBUILD_") {
			refused = append(refused, refusal.Refusal{
				Field: field.NewPath("spec", "build", "secrets").String(), Value: refusal.Show(name),
				Allowed: "names of build variables are letters, digits and underscores, do not begin with a digit, and do not begin with CODEBUILD_",
			})
		}
	}
	return refused
}

// checkBuild reports what builds could not read: secrets of another region, or of another account if the pipeline's is known, more
// of them than a policy can name, and an image of another partition. Parameters are read by name, in the pipeline's account, and
// for a secret of another account the role would need its key.
func checkBuild(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) refusal.List {
	var refused refusal.List
	path := field.NewPath("spec", "build")
	n := 0
	for _, name := range slices.Sorted(maps.Keys(spec.Build.Secrets)) {
		arn := string(spec.Build.Secrets[name])
		n += len(arn)
		switch {
		case !isIn(arn, spec.Region):
			refused = append(refused, elsewhere(path.Child("secrets").Key(name), arn, "region "+spec.Region))
		case account != "" && !strings.Contains(arn, ":"+account+":"):
			refused = append(refused, elsewhere(path.Child("secrets").Key(name), arn, "account "+account))
		}
	}
	if n > maxBuildSecrets {
		refused = append(refused, byAWS(path.Child("secrets"), n, fmt.Sprintf(
			"the ARNs make a policy of IAM's too long, which takes %d characters of them", maxBuildSecrets)))
	}
	refused = append(refused, checkBuildspec(spec)...)
	here := partition(spec.Region)
	if found := imageRegion.FindStringSubmatch(spec.Build.Image); found != nil && partition(found[1]) != here {
		refused = append(refused, elsewhere(path.Child("image"), spec.Build.Image, "partition "+here))
	}
	return refused
}

// checkBuildspec reports one that CodeBuild would not take: a test command, a directory and paths of reports may all be long.
func checkBuildspec(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	if spec.Source.PromotedFrom != nil {
		return nil
	}
	config := build.Config{
		Region:    spec.Region,
		Runtime:   spec.Service.Runtime,
		Handler:   runtime.Of(spec.Service.Runtime).Handler(spec.Service.Handler),
		Layers:    len(spec.Service.Layers) > 0,
		FullClone: spec.Source.FullClone != nil,
		Directory: spec.Source.Directory,
		Build:     spec.Build,
	}
	n := config.BuildspecLength()
	if n <= build.MaxLength {
		return nil
	}
	return refusal.List{byAWS(field.NewPath("spec", "build"), n, fmt.Sprintf(
		"the buildspec has so many characters, and CodeBuild takes %d: shorten test, reports or source.directory, or set buildspec to a path in "+
			"the repository", build.MaxLength))}
}
