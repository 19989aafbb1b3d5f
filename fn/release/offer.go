package release

import (
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateOfferCopy             = "Offer.Copy"
	stateOfferRecord           = "Offer.Record"
	stateOfferNotifyNotOffered = "Offer.NotifyNotOffered"
)

const (
	// ReleasedKey is where in the artifact bucket a pipeline offers what it has released last. The versions of the object are what
	// it has released before.
	ReleasedKey = "released/service.zip"

	// PromotedKey is where a pipeline keeps what it has taken from another.
	PromotedKey = "promoted/service.zip"
)

// directiveReplace: a copy takes nothing of the kind from its source.
const directiveReplace = "REPLACE"

// Metadata of an object that is offered or taken: what a release tells of itself, by names as S3 keeps them, in lower case.
const (
	metaCommit      = "commit"
	metaAuthored    = "authored"
	metaEnvironment = "environment"
	metaVersion     = "version"
	metaDeployment  = "deployment"

	// metaCode is the hash that Lambda has of the version's code.
	metaCode = "code"

	// metaSummary is what CodePipeline shows of a revision. See
	// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_SourceRevision.html.
	metaSummary = "codepipeline-artifact-revision-summary"

	// What is added to that when it is taken: from where, and the SHA-256 that it was offered with.
	metaBucket        = "bucket"
	metaObjectVersion = "objectversion"
	metaSHA256        = "sha256"
)

// copyObjectArguments are those of S3's CopyObject. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html.
type copyObjectArguments struct {
	Bucket     string   `json:"Bucket"`
	Key        string   `json:"Key"`
	CopySource asl.Expr `json:"CopySource"`

	// ExpectedSourceBucketOwner is an account. Empty: any.
	ExpectedSourceBucketOwner string `json:"ExpectedSourceBucketOwner,omitempty"`

	ChecksumAlgorithm string   `json:"ChecksumAlgorithm"`
	MetadataDirective string   `json:"MetadataDirective"`
	Metadata          asl.Expr `json:"Metadata"`

	// TaggingDirective REPLACE without tags copies none, and asks for no right to read or write them.
	TaggingDirective string `json:"TaggingDirective"`
}

// copyTo a key of the pipeline's own bucket, with new metadata. S3 computes the SHA-256 of the copy, and encrypts it as that bucket does:
// CodePipeline's artifacts have a key of AWS's that no other account can use.
func (c Config) copyTo(key string, source, metadata asl.Expr) copyObjectArguments {
	return copyObjectArguments{
		Bucket: c.ArtifactBucket, Key: key, CopySource: source,
		ChecksumAlgorithm: "SHA256", MetadataDirective: directiveReplace, Metadata: metadata, TaggingDirective: directiveReplace,
	}
}

// copiedSHA256 is what S3 says of a copy, in Base64.
var copiedSHA256 = logic.Text("$states.result.CopyObjectResult.ChecksumSHA256")

// offer offers what has been released to pipelines of other environments: what is live and was judged good, and nothing else.
// Nothing of this fails a release that has shifted traffic. People are told, and the next release is offered again.
func (c Config) offer() step {
	needs := []string{"targetVersion", attributeCommit, "authoredAt", varDeployment, "codeSha256", varArtifactKey, varArtifactVersion}
	return step{name: "Offer", needs: needs, states: func(next string) []named {
		return slices.Concat([]named{
			{stateOfferCopy, asl.Task{
				Comment:   "Other environments may take what is live here.",
				Resource:  c.integration("aws-sdk:s3:copyObject"),
				Arguments: c.copyTo(ReleasedKey, c.offered(), c.offerMetadata()),
				Retry:     retryAlways(),
				Catch:     catchNotOffered(),
				Assign: asl.Variables{
					"offeredVersion": asl.Expr("$states.result.VersionId"),
					"offeredSha256":  copiedSHA256,
				},
				Next: stateOfferRecord,
			}},
			{stateOfferRecord, c.updateHistory(historyUpdate{
				Attributes: []historyAttribute{
					{Name: "offeredObjectVersion", Type: "S", Value: "$offeredVersion"},
					{Name: "offeredSha256", Type: "S", Value: "$offeredSha256"},
				},
				Catch: catchAll(next),
				Next:  next,
			})},
		}, c.tell(stateOfferNotifyNotOffered, "'Version ' & $targetVersion & ' is live, and could not be offered to other environments: ' & $notOffered", next))
	}}
}

// offered is the version of the object that has the code that is live: the one that was checked before traffic shifted.
func (c Config) offered() asl.Expr {
	if c.isPromoted() {
		return asl.Quote(c.ArtifactBucket+"/"+PromotedKey+"?versionId=") + " & $artifactVersion"
	}
	return asl.Quote(c.ArtifactBucket+"/") + " & $artifactKey & '?versionId=' & $artifactVersion"
}

// catchNotOffered keeps why.
func catchNotOffered() []asl.Catcher {
	return []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Assign: asl.Variables{"notOffered": asl.Expr("$states.errorOutput.Cause")}, Next: stateOfferNotifyNotOffered}}
}

// offerMetadata is what the release tells of itself to those who take it.
func (c Config) offerMetadata() asl.Expr {
	return metadata(
		metaCommit, "$commitId",
		metaAuthored, "$authoredAt",
		metaEnvironment, asl.Quote(c.Environment),
		metaVersion, "$targetVersion",
		metaDeployment, deploymentID,
		metaCode, "$codeSha256",
		metaSummary, asl.Quote("Version ")+" & $targetVersion & "+asl.Quote(" of "+c.BlueFunction+", from commit ")+" & $commitId",
	)
}

// metadata of an object, by names and values in turn.
func metadata(pairs ...asl.Expr) asl.Expr {
	var members []string
	for pair := range slices.Chunk(pairs, 2) {
		members = append(members, string(asl.Quote(string(pair[0]))+": "+pair[1]))
	}
	return asl.Expr("{" + strings.Join(members, ", ") + "}")
}
