package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateReadOfferRead            = "ReadOffer.Read"
	stateReadOfferCannotRead      = "ReadOffer.CannotRead"
	stateReadOfferIsComplete      = "ReadOffer.IsComplete"
	stateReadOfferNoRelease       = "ReadOffer.NoRelease"
	stateReadOfferReadTaken       = "ReadOffer.ReadTaken"
	stateReadOfferIsTaken         = "ReadOffer.IsTaken"
	stateReadOfferTakenBefore     = "ReadOffer.TakenBefore"
	stateReadOfferCannotReadTaken = "ReadOffer.CannotReadTaken"

	stateTakeOfferCopy      = "TakeOffer.Copy"
	stateTakeOfferNotCopied = "TakeOffer.NotCopied"
	stateTakeOfferIsSame    = "TakeOffer.IsSame"
	stateTakeOfferDiffers   = "TakeOffer.Differs"

	stateStartPromotionStart         = "StartPromotion.Start"
	stateStartPromotionNoPipeline    = "StartPromotion.NoPipeline"
	stateStartPromotionNotStarted    = "StartPromotion.NotStarted"
	stateStartPromotionRemember      = "StartPromotion.Remember"
	stateStartPromotionNotRemembered = "StartPromotion.NotRemembered"
	stateStartPromotionStarted       = "StartPromotion.Started"

	stateReadArtifactRead       = "ReadArtifact.Read"
	stateReadArtifactCannotRead = "ReadArtifact.CannotRead"

	stateVerifyArtifactCompare         = "VerifyArtifact.Compare"
	stateVerifyArtifactArtifactDiffers = "VerifyArtifact.ArtifactDiffers"
	stateVerifyArtifactCodeDiffers     = "VerifyArtifact.CodeDiffers"
)

const (
	revisionTypeObjectVersion = "S3_OBJECT_VERSION_ID"
)

// actionPromotion is what a schedule asks for.
const actionPromotion = "promotion"

// Promotion asks for what the other pipeline has released to be taken, if it is new.
func Promotion() Input {
	return Input{Action: actionPromotion}
}

// ShiftPromoted asks for all traffic to be shifted to a version of blue, in the name of an execution of the pipeline, for a version of
// what was taken from the other pipeline.
func ShiftPromoted(version, pipelineExecutionID, artifactVersion string) Input {
	return Input{Action: actionShift, TargetVersion: version, PipelineExecutionID: pipelineExecutionID, ArtifactVersion: artifactVersion}
}

// A PromotedFrom is the pipeline whose releases are taken.
type PromotedFrom struct {
	// Account of its artifact Bucket.
	Account, Bucket string
}

// Arguments of the calls, as AWS's APIs name them. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html and
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StartPipelineExecution.html.
type (
	headObjectArguments struct {
		Bucket              string   `json:"Bucket"`
		Key                 string   `json:"Key"`
		VersionID           asl.Expr `json:"VersionId,omitempty"`
		ChecksumMode        string   `json:"ChecksumMode"`
		ExpectedBucketOwner string   `json:"ExpectedBucketOwner,omitempty"`
	}

	startRevisionArguments struct {
		startPipelineArguments

		SourceRevisions []sourceRevision `json:"SourceRevisions"`
	}

	sourceRevision struct {
		ActionName    string   `json:"ActionName"`
		RevisionType  string   `json:"RevisionType"`
		RevisionValue asl.Expr `json:"RevisionValue"`
	}
)

// headSHA256 is what S3 says of an object, in Base64.
var headSHA256 = logic.Text("$states.result.ChecksumSHA256")

// isPromoted says whether the releases are those of another pipeline.
func (c Config) isPromoted() bool {
	return c.PromotedFrom != PromotedFrom{}
}

// metaOf the object that the state has read. Empty: it has none of that name.
func metaOf(name asl.Expr) asl.Expr {
	return logic.Text("$states.result.Metadata." + name)
}

// itemPromotion of the history table is no deployment: what was taken, by the deployment of the other pipeline that released it.
const itemPromotion asl.Expr = "'promotion of ' & $offerDeployment"

// promotionBranches take what another pipeline has released.
func (c Config) promotionBranches() []branch {
	if !c.isPromoted() {
		return nil
	}
	return []branch{{input: asked(actionPromotion), steps: c.promote()}}
}

// promote takes what the other pipeline has released, once, and runs the pipeline for it. It is copied into our own bucket: a release
// depends on nothing that others can change or delete.
func (c Config) promote() sequence {
	return sequence{
		c.readOffer(),
		c.takeOffer(),
		c.startPromotion(),
	}
}

// readOffer reads what the other pipeline has released last, and whether that is new.
func (c Config) readOffer() step {
	return step{
		name:  "ReadOffer",
		gives: []string{"offer", "offerVersion", "offerSha256", "offerDeployment", "offerCommit"},
		states: func(next string) []named {
			return []named{
				{stateReadOfferRead, asl.Task{
					Comment:  "What has the other pipeline released?",
					Resource: c.integration("aws-sdk:s3:headObject"),
					Arguments: headObjectArguments{
						Bucket: c.PromotedFrom.Bucket, Key: ReleasedKey, ChecksumMode: "ENABLED",
						// Once a bucket is deleted, anybody can have its name.
						ExpectedBucketOwner: c.PromotedFrom.Account,
					},
					Retry: retryShortly(),
					Catch: catchAll(stateReadOfferCannotRead),
					Assign: asl.Variables{
						"offer":           logic.Or("$states.result.Metadata", "{}"),
						"offerVersion":    logic.Text("$states.result.VersionId"),
						"offerSha256":     headSHA256,
						"offerDeployment": metaOf(metaDeployment),
						"offerCommit":     metaOf(metaCommit),
					},
					Next: stateReadOfferIsComplete,
				}},
				// Who may not list a bucket is not told that an object is not there.
				{stateReadOfferCannotRead, failWith("nothing can be read in " + c.PromotedFrom.Bucket + " of account " + c.PromotedFrom.Account +
					": the pipeline there has released nothing since it has this one in promoteTo, or its policies do not let this one read")},
				{stateReadOfferIsComplete, asl.Choice{
					Choices: []asl.Rule{{Condition: logic.IsComplete, Next: stateReadOfferReadTaken}},
					Default: stateReadOfferNoRelease,
				}},
				{stateReadOfferNoRelease, asl.Fail{
					Error: asl.Quote("NoRelease"),
					Cause: asl.Quote(ReleasedKey + " in " + c.PromotedFrom.Bucket + " is no release: it lacks the version, the SHA-256, the commit or the deployment that each has."),
				}},
				{stateReadOfferReadTaken, c.lookUp("Has it been taken before?", itemPromotion, asl.Variables{
					"takenBefore": asl.Expr("$exists($states.result.Item)"),
				}, stateReadOfferCannotReadTaken, stateReadOfferIsTaken)},
				{stateReadOfferIsTaken, asl.Choice{
					Choices: []asl.Rule{{Condition: "$takenBefore", Next: stateReadOfferTakenBefore}},
					Default: next,
				}},
				{stateReadOfferTakenBefore, done("the pipeline has been run for what was released last")},
				{stateReadOfferCannotReadTaken, failWith("it could not be seen whether the release has been taken before")},
			}
		},
	}
}

// takeOffer copies what is offered, and checks that it is the same.
func (c Config) takeOffer() step {
	args := c.copyTo(PromotedKey, asl.Quote(c.PromotedFrom.Bucket+"/"+ReleasedKey+"?versionId=")+" & $offerVersion",
		"$merge([$offer, "+metadata(metaBucket, asl.Quote(c.PromotedFrom.Bucket), metaObjectVersion, "$offerVersion", metaSHA256, "$offerSha256")+"])")
	args.ExpectedSourceBucketOwner = c.PromotedFrom.Account
	return step{
		name:  "TakeOffer",
		needs: []string{"offer", "offerVersion", "offerSha256"},
		gives: []string{"takenVersion", "takenSha256"},
		states: func(next string) []named {
			return []named{
				{stateTakeOfferCopy, asl.Task{
					Resource:  c.integration("aws-sdk:s3:copyObject"),
					Arguments: args,
					Retry:     retryShortly(),
					Catch:     catchAll(stateTakeOfferNotCopied),
					Assign: asl.Variables{
						"takenVersion": asl.Expr("$states.result.VersionId"),
						"takenSha256":  copiedSHA256,
					},
					Next: stateTakeOfferIsSame,
				}},
				{stateTakeOfferNotCopied, failWith("what the other pipeline has released could not be taken")},
				{stateTakeOfferIsSame, asl.Choice{
					Choices: []asl.Rule{{Condition: "$takenSha256 = $offerSha256", Next: next}},
					Default: stateTakeOfferDiffers,
				}},
				{stateTakeOfferDiffers, asl.Fail{
					Error: asl.Quote("ArtifactDiffers"),
					Cause: "'What was taken has the SHA-256 ' & $takenSha256 & ', and was released with ' & $offerSha256 & '. Nothing is released.'",
				}},
			}
		},
	}
}

// startPromotion runs the pipeline for the version that was taken. As with settings, only what has been started is remembered.
func (c Config) startPromotion() step {
	return step{
		name:  "StartPromotion",
		needs: []string{"offerVersion", "offerDeployment", "offerCommit", "takenVersion", "takenSha256"},
		states: func(string) []named {
			return []named{
				{stateStartPromotionStart, c.start(startRevisionArguments{
					startPipelineArguments: c.startArguments(),
					SourceRevisions:        []sourceRevision{{ActionName: c.SourceAction, RevisionType: revisionTypeObjectVersion, RevisionValue: "$takenVersion"}},
				}, stateStartPromotionNoPipeline, stateStartPromotionNotStarted, stateStartPromotionRemember)},
				{stateStartPromotionNoPipeline, done("there is no pipeline yet, and a later look runs it")},
				{stateStartPromotionNotStarted, failWith("the release was taken, and the pipeline could not be started")},
				{stateStartPromotionRemember, c.updateHistory(historyUpdate{
					Item: itemPromotion,
					Attributes: []historyAttribute{
						{Name: "at", Type: "S", Value: now},
						{Name: "bucket", Type: "S", Value: asl.Quote(c.PromotedFrom.Bucket)},
						{Name: "objectVersion", Type: "S", Value: "$offerVersion"},
						{Name: "takenObjectVersion", Type: "S", Value: "$takenVersion"},
						{Name: "sha256", Type: "S", Value: "$takenSha256"},
						{Name: attributeCommit, Type: "S", Value: "$offerCommit"},
						{Name: attributeExecution, Type: "S", Value: "$startedExecution"},
					},
					Catch: catchAll(stateStartPromotionNotRemembered),
					Next:  stateStartPromotionStarted,
				})},
				{stateStartPromotionNotRemembered, failWith("the pipeline has been started, but that could not be written down")},
				{stateStartPromotionStarted, asl.Succeed{Output: map[string]asl.Expr{
					"result": "'a release was taken, and is released here'", attributeExecution: "$startedExecution",
				}}},
			}
		},
	}
}

// promotedVariables say which version of the artifact is released. The object knows the commit: readArtifact.
func (c Config) promotedVariables() asl.Variables {
	return asl.Variables{
		varArtifactVersion: asl.Expr("$states.input.artifactVersion"),
		attributeCommit:    "",
		"authoredAt":       "",
		attributeBypassed:  false,
		"overruled":        false,
	}
}

// readArtifact reads what was taken, which knows the commit.
func (c Config) readArtifact() step {
	commit := metaOf(metaCommit)
	gives := append([]string{"artifactSha256", attributeCommit, "authoredAt", attributeBypassed, "overruled", "promotedSha256", "promotedCode"}, promotedObject...)
	return step{name: "ReadArtifact", needs: []string{varArtifactVersion}, gives: gives, states: func(next string) []named {
		return []named{
			{stateReadArtifactRead, asl.Task{
				Comment:  "Of what is this version?",
				Resource: c.integration("aws-sdk:s3:headObject"),
				Arguments: headObjectArguments{
					Bucket: c.ArtifactBucket, Key: PromotedKey, VersionID: "$artifactVersion", ChecksumMode: "ENABLED",
				},
				Retry: retryAlways(),
				Catch: catchAll(stateReadArtifactCannotRead),
				Assign: asl.Variables{
					"artifactSha256":      headSHA256,
					attributeCommit:       commit,
					"authoredAt":          metaOf(metaAuthored),
					attributeBypassed:     c.ignoresAlarms(commit, "$currentVersion"),
					"overruled":           c.overrules(commit),
					"promotedSha256":      metaOf(metaSHA256),
					"promotedCode":        metaOf(metaCode),
					"promotedBucket":      metaOf(metaBucket),
					"promotedObject":      metaOf(metaObjectVersion),
					"promotedEnvironment": metaOf(metaEnvironment),
					"promotedVersion":     metaOf(metaVersion),
					"promotedDeployment":  metaOf(metaDeployment),
				},
				Next: next,
			}},
			{stateReadArtifactCannotRead, failWith("the version of " + PromotedKey + " in " + c.ArtifactBucket + " that this release is of could not be read")},
		}
	}}
}

// verifyArtifact checks that what goes live is what the other pipeline has released: that the object has the SHA-256 with which it
// was released, and that Lambda has that code.
func (c Config) verifyArtifact() step {
	return step{
		name:  "VerifyArtifact",
		needs: []string{"targetVersion", varArtifactVersion, attributeCommit, "artifactSha256", "promotedSha256", "promotedCode", "codeSha256", "overruled"},
		states: func(next string) []named {
			return []named{
				{stateVerifyArtifactCompare, asl.Choice{
					Comment: "Is it what the other pipeline has released?",
					Choices: []asl.Rule{
						{Condition: logic.ArtifactDiffers, Next: stateVerifyArtifactArtifactDiffers},
						{Condition: logic.CodeDiffers, Next: stateVerifyArtifactCodeDiffers},
					},
					Default: next,
				}},
				{stateVerifyArtifactArtifactDiffers, asl.Fail{
					Error: asl.Quote("ArtifactDiffers"),
					Cause: "'Version ' & $artifactVersion & ' of the artifact has the SHA-256 ' & $artifactSha256 & ', and was released with ' & $promotedSha256 & '. It does not go live.'",
				}},
				{stateVerifyArtifactCodeDiffers, asl.Fail{
					Error: asl.Quote("CodeDiffers"),
					Cause: "'Lambda has code with the SHA-256 ' & $codeSha256 & ' in version ' & $targetVersion & ', and what was released has ' & $promotedCode & " + unlessOverruled,
				}},
			}
		},
	}
}

// promotionAttributes of a history item: from where the release was taken.
func (c Config) promotionAttributes() []historyAttribute {
	return []historyAttribute{
		{Name: varArtifactVersion, Type: "S", Value: "$artifactVersion"},
		{Name: "artifactSha256", Type: "S", Value: "$artifactSha256"},
		{Name: "promotedFromBucket", Type: "S", Value: "$promotedBucket"},
		{Name: "promotedFromObject", Type: "S", Value: "$promotedObject"},
		{Name: "promotedFromEnvironment", Type: "S", Value: "$promotedEnvironment"},
		{Name: "promotedFromVersion", Type: "S", Value: "$promotedVersion"},
		{Name: "promotedFromDeployment", Type: "S", Value: "$promotedDeployment"},
	}
}
