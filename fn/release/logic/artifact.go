package logic

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// BuiltKey is the key in S3 of the artifact that a succeeded action of the pipeline's run has put out by the supplied name. It is empty
// if there is none.
func BuiltKey(artifact string) asl.Expr {
	return Text("$states.result.ActionExecutionDetails[Status = 'Succeeded'].Output.OutputArtifacts[Name = " + asl.Quote(artifact) + "].S3location.Key")
}

// Comparisons of what goes live with what the other pipeline has released. All hashes are SHA-256, in Base64.
const (
	// IsComplete holds for an offer with all that each release has.
	IsComplete asl.Expr = "$offerVersion != '' and $offerSha256 != '' and $offerDeployment != '' and $offerCommit != ''"

	// ArtifactDiffers holds for an object that has not the hash with which it was released, or none.
	ArtifactDiffers asl.Expr = "$artifactSha256 = '' or $artifactSha256 != $promotedSha256"

	// CodeDiffers holds for code in Lambda that has not the hash that was released. That is compared only if the other pipeline's
	// function had the very bytes of the object: AWS does not say that its Lambda deploy action never packs them anew. A release that
	// overrules says why.
	CodeDiffers asl.Expr = "$promotedCode = $promotedSha256 and $codeSha256 != $promotedCode and $not($overruled)"
)
