package release

import "slices"

// Variables of the state machines that several steps set, or that are attributes of the history too. The names of all variables are
// without "$".
const (
	// varDeployment is the deployment that an execution is about.
	varDeployment = "deploymentId"

	// varPolls is how often it was looked at.
	varPolls = "polls"

	// varVerdict is what speaks against the candidate.
	varVerdict = "verdict"

	// varFailure is an error that was caught: an object with Error and Cause.
	varFailure = "failure"
)

// recorded are the variables that the history has of a release, as far as the claim asks for what they are of.
var recorded = slices.Concat([]string{
	"currentVersion", "targetVersion", "codeSha256", attributeExecution, attributeCommit, "authoredAt",
	varArtifactKey, varArtifactVersion, "artifactSha256",
	"approvedBy", "approvalComment",
	"closed",
	"overruled", "heldFor",
}, promotedObject)

// promotedObject are the variables that say from where a release was taken.
var promotedObject = []string{"promotedBucket", "promotedObject", "promotedEnvironment", "promotedVersion", "promotedDeployment"}

// judgement are the variables that the judge reads of a release.
var judgement = []string{
	varDeployment, "judgeFrom", "settled", "candidateVersion", "liveVersion", "candidateDimensions", "liveDimensions", "baking", "before",
}

// taken are the variables that say which version a release would take back.
var taken = []string{"targetVersion", "currentVersion", varDeployment, "deployment"}

// rollbackAsked are the variables that say what is live, who wants it to go, and why.
var rollbackAsked = []string{"goFrom", "requestedBy", "reason"}

// wayBack are the variables that say what is taken back, to what, and why.
var wayBack = []string{"goFrom", "goTo", "rollbackOf", "requestedBy", "reason", "badSince", varPolls}
