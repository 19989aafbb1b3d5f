package logic

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// item of the history, as the answer of DynamoDB's GetItem has it.
const item asl.Expr = "$states.result.Item"

// Of returns the text of an attribute of the history's item. Without one it is empty.
func Of(attribute asl.Expr) asl.Expr {
	return Text(item + "." + attribute + ".S")
}

// ofLive returns the text of an attribute of the item that says what is live. It is empty if the item is of another version than the
// one that is to go, as somebody else has moved the alias since, and if the item is older than the attribute.
func ofLive(attribute asl.Expr) asl.Expr {
	return Text(item + "[version.S = $goFrom]." + attribute + ".S")
}

// The way back. $goFrom is the version that is live.
var (
	// Wanted is the version that a person names: as text or as a number.
	Wanted = "$string(" + Text("$states.input.targetVersion") + ")"

	// GoTo is the version to go back to: the one that is $wanted, or the one that was live before. It is empty if that is not known.
	GoTo = "$wanted != '' ? $wanted : " + Previous

	// Previous is the version that was live before. It is empty if that is not known.
	Previous = ofLive("previousVersion")

	// BadSince is when the version that is to go went live. It is empty if that is not known.
	BadSince = ofLive("at")

	// BadCommit is of which commit it is, behind that of a shift that was stopped before. Two are separated by a space, and there may be none.
	BadCommit = "$join([$badCommit != '' ? $badCommit, " + item + "[version.S = $goFrom].commitId.S[$ != '' and $ != $badCommit]], ' ')"
)

// IsWayBack holds for a version $goTo that is another one.
const IsWayBack asl.Expr = "$goTo != '' and $goTo != $goFrom"

// IsOlder holds if the version that Lambda has told of is older than $goFrom. $LATEST is no version, and newer than all.
const IsOlder asl.Expr = "$states.result.Version = '$LATEST' ? false : $number($states.result.Version) < $number($goFrom)"

// Hold is what keeps a release from undoing a rollback: when production was taken back, from which commit, and what that was, in words.
var (
	HeldAt     = Of("at")
	HeldCommit = Of("commitId")
)

// HeldFor is empty without a rollback.
const HeldFor asl.Expr = "$exists(" + item + ".at.S) ? 'version ' & " + item + ".fromVersion.S & ' was taken back at ' & " + item +
	".at.S & ' by ' & " + item + ".requestedBy.S & ': ' & " + item + ".reason.S : ''"

// BegunAt is when the release's run of the pipeline began. It is empty if that is not among those that CodePipeline has told of.
var BegunAt = "$string(" + Text("$states.result.PipelineExecutionSummaries[PipelineExecutionId = $pipelineExecutionId].StartTime") + ")"

// IsHeldCommit holds for a release of one of the commits that were taken back, which are separated by spaces.
const IsHeldCommit asl.Expr = "$commitId in $split($heldCommit, ' ')"

// IsHeld holds for a release of the commit that was taken back, and for one that began before that. Both times are in UTC, and are
// compared to the second: what follows is written in two ways.
const IsHeld = IsHeldCommit + " or $substring($begunAt, 0, 19) < $substring($heldAt, 0, 19)"

// IsRollback holds for a deployment, as CodeDeploy's GetDeployment tells of it, that CodeDeploy has created to undo another, or that has a
// description which begins with the supplied text.
func IsRollback(begins string) asl.Expr {
	return asl.Expr(fmt.Sprintf("$states.result.DeploymentInfo.Creator = 'codeDeployRollback' or $substring($states.result.DeploymentInfo.Description, 0, %d) = %s",
		len(begins), asl.Quote(begins)))
}

// ShiftsFrom and ShiftsTo are the versions that a deployment of the history moves traffic between. Of one that the history does not know
// they are those of the alias, $goFrom and $candidate. They are empty if the alias does not tell.
var (
	ShiftsFrom = Or(item+".fromVersion.S", "$candidate != '' ? $goFrom : ''")
	ShiftsTo   = Or(item+".toVersion.S", "$candidate")
)

// IsForward holds for a shift to a version that is newer, and IsBackward for one to an older version. Of versions that are not known
// neither holds.
const (
	IsForward  asl.Expr = areKnown + " ? $number($goFrom) > $number($goTo) : false"
	IsBackward asl.Expr = areKnown + " ? $number($goFrom) < $number($goTo) : false"
	areKnown            = "$goFrom != '' and $goTo != ''"
)

// Older and Newer of the two versions that an alias has, $goFrom and $candidate.
const (
	Older asl.Expr = "$string($min([$number($goFrom), $number($candidate)]))"
	Newer asl.Expr = "$string($max([$number($goFrom), $number($candidate)]))"
)
