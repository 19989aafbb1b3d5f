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

// IsTestedCode holds for code in Lambda that is the code which was tested. A release that overrules says why.
const IsTestedCode asl.Expr = "$codeSha256 = $testedSha256 or $overruled"

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
