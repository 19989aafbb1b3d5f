package logic

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// BuiltKey is the key in S3 of the artifact that a succeeded action of the pipeline's run has put out by the supplied name. It is empty
// if there is none.
func BuiltKey(artifact string) asl.Expr {
	return Text("$states.result.ActionExecutionDetails[Status = 'Succeeded'].Output.OutputArtifacts[Name = " + asl.Quote(artifact) + "].S3location.Key")
}

// OnlyVersion is the version of the object with the supplied key, in the answer of ListObjectVersions. It is empty if there are more
// versions, or none, or if the bucket does not keep versions: what it has then could have been replaced.
func OnlyVersion(key asl.Expr) asl.Expr {
	versions := "$states.result.Versions[Key = " + key + "]"
	return "$count(" + versions + ") = 1 and " + versions + ".VersionId != 'null' ? " + versions + ".VersionId : ''"
}

// What goes live, beside what was tested. $differing is what Differing has come to.
const (
	// IsTested holds for a version with the code and the configuration that were tested. A release that overrules says why.
	IsTested asl.Expr = "$codeSha256 = $testedSha256 and $differing = '' or $overruled"

	// IsOtherCode holds for one with other code.
	IsOtherCode asl.Expr = "$codeSha256 != $testedSha256"
)

// variables of the version in the answer of GetFunctionConfiguration, as a hash. VERSION is the function's color, so it always differs between
// green and blue, in whatever case Step Functions tells the names of variables: AWS does not say that it leaves them. Each variable is a pair in
// JSON, so no value can look like another variable. The hash of variables that Lambda hides is that of none.
const variables asl.Expr = "$hash($join($sort([$each([$states.result.Environment.Variables, {}][0], " +
	"function($value, $name) { $not($uppercase($name) = 'VERSION' and $value in ['blue', 'green']) ? $string([$name, $value]) })])), 'SHA-256')"

// Configuration of the version in the answer of GetFunctionConfiguration, as far as it decides what runs there, beside its code: an object
// of texts.
var Configuration = "{'Architectures': $join([$states.result.Architectures], ' '), 'Environment': " + variables +
	", 'Handler': " + Text("$states.result.Handler") + ", 'Layers': $join([$states.result.Layers.Arn], ' '), 'Runtime': " +
	Text("$states.result.Runtime") + "}"

// Differing are the members of the Configuration that differ between the version in the answer and $configuration. It is empty if none does.
var Differing = "($tested := " + Configuration + "; $join([$filter(['Architectures', 'Environment', 'Handler', 'Layers', 'Runtime'], " +
	"function($name) { $lookup($tested, $name) != $lookup($configuration, $name) })], ', '))"

// Comparisons of what goes live with what the other pipeline has released. All hashes are SHA-256, in Base64.
const (
	// IsComplete holds for an offer with all that each release has.
	IsComplete asl.Expr = "$offerVersion != '' and $offerSha256 != '' and $offerDeployment != '' and $offerCommit != ''"

	// ArtifactDiffers holds for an object that has not the hash with which it was released, or none.
	ArtifactDiffers asl.Expr = "$artifactSha256 = '' or $artifactSha256 != $promotedSha256"

	// CodeDiffers holds for code in Lambda that has not the hash that the other pipeline's function has of it. A release that overrules says
	// why.
	CodeDiffers asl.Expr = "$codeSha256 != $promotedCode and $not($overruled)"
)
