// Package release has the three state machines of a pipeline: release, rollback and watch. Release tries a version out on green and shifts
// the live alias to it by a CodeDeploy deployment. Rollback takes production back when a person asks. Watch records every deployment in the history, and starts what
// nobody has pushed. It knows nothing of Crossplane.
package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// A Config is what the state machines depend on.
type Config struct {
	// Partition of AWS, as ARNs name it.
	Partition string

	// Pipeline is the name of the CodePipeline whose releases these are.
	Pipeline string

	// SwitchStage is the last stage of the pipeline.
	SwitchStage SwitchStage

	// SourceAction is the name of the pipeline's action that knows what is released, and PublishAction of the one that publishes it as a
	// version of BlueFunction.
	SourceAction  string
	PublishAction string

	// BlueFunction is the name of the function whose versions serve production through the Alias.
	BlueFunction string
	Alias        string

	// BootstrapVersion is the version of BlueFunction with the code that the pipeline created it with. Nobody has released it. Empty:
	// there is none, or it is not known.
	BootstrapVersion string

	// GreenFunction is the name of the function that a release is tried out on.
	GreenFunction string

	// Application and DeploymentGroup are CodeDeploy's.
	Application     string
	DeploymentGroup string

	// DeploymentConfig is the group's.
	DeploymentConfig string

	// Alarms are the names of the CloudWatch alarms that stop a deployment.
	Alarms []string

	// HistoryTable is the name of the table that records deployments, and HistoryDays how long. 0: for ever.
	HistoryTable string
	HistoryDays  int32

	// Topic is the ARN of the SNS topic that hears of rollbacks, and PlatformTopic that of the platform team's, which hears of them
	// too. Empty: there is none.
	Topic         string
	PlatformTopic string

	// RollbackMachine is the name of the state machine that rolls back.
	RollbackMachine string

	// Console is the address of Step Functions' console in the pipeline's region.
	Console string

	// Versions is how many versions of each function are left after a release, beside those that are in use. 0: all.
	Versions int32

	// Calendars say when traffic may shift: each of them must agree.
	Calendars []Calendar

	// ArtifactBucket is the name of the pipeline's own bucket.
	ArtifactBucket string

	// Environment is what others know the pipeline by.
	Environment string

	// Offers what is released to pipelines of other environments.
	Offers bool

	// PromotedFrom is the pipeline whose releases are taken. Zero: the pipeline releases what it builds.
	PromotedFrom PromotedFrom

	Rollout   v1alpha1.Rollout
	SmokeTest v1alpha1.SmokeTest

	// TimeoutSeconds is the longest an invocation of a function may take, in seconds.
	TimeoutSeconds int32
}

// A SwitchStage is the stage of the pipeline that shifts traffic.
type SwitchStage struct {
	Name string

	// Shift is the name of the action that starts the release with Shift's input.
	Shift string

	// Approve is the name of the action before it that asks a person. Empty: nobody is asked.
	Approve string
}

// A Calendar says when traffic may shift to a new version.
type Calendar struct {
	// Whose it is, as a release that is refused tells it.
	Whose string

	// Windows in which traffic may shift. None: at any time.
	Windows []v1alpha1.ChangeWindow

	Freezes []v1alpha1.Freeze

	// Strict says that no commit passes it, whatever a claim says.
	Strict bool
}

// How CodeDeploy signs its events in EventBridge, how Step Functions does, and how a rule's own schedule does. The watch takes all of them
// as its input.
const (
	EventSource     = "aws.codedeploy"
	ExecutionSource = "aws.states"
	scheduleSource  = "aws.events"
)

// Attributes of a history item that the table itself must know.
const (
	// HistoryKey is the id of a deployment.
	HistoryKey = "deploymentId"

	// HistoryExpiry is when DynamoDB may delete the item, in seconds since 1970.
	HistoryExpiry = "expiresAt"
)

// What the pipeline asks the release to do.
const (
	actionSmoke    = "smoke"
	actionOvertake = "overtake"
	actionShift    = "shift"
)

// An Input is what an action of the pipeline tells the release, or a schedule the watch. The definitions read its members by these names.
type Input struct {
	Settings

	Action              string `json:"action"`
	Version             string `json:"version,omitempty"`
	TargetVersion       string `json:"targetVersion,omitempty"`
	PipelineExecutionID string `json:"pipelineExecutionId,omitempty"`
	CommitID            string `json:"commitId,omitempty"`

	// ArtifactVersion is the version in S3 of what was taken from another pipeline.
	ArtifactVersion string `json:"artifactVersion,omitempty"`

	// AuthoredAt is when the commit was made, in ISO 8601.
	AuthoredAt string `json:"authoredAt,omitempty"`
}

// SmokeTest asks for a test of a version of green, in the name of an execution of the pipeline.
func SmokeTest(version, pipelineExecutionID string) Input {
	return Input{Action: actionSmoke, Version: version, PipelineExecutionID: pipelineExecutionID}
}

// Overtake asks for an older execution that waits for its approval to be stopped, in the name of a newer one.
func Overtake(pipelineExecutionID string) Input {
	return Input{Action: actionOvertake, PipelineExecutionID: pipelineExecutionID}
}

// Shift asks for all traffic to be shifted to a version of blue, in the name of an execution of the pipeline for a commit that
// was made at some time.
func Shift(version, pipelineExecutionID, commitID, authoredAt string) Input {
	return Input{Action: actionShift, TargetVersion: version, PipelineExecutionID: pipelineExecutionID, CommitID: commitID, AuthoredAt: authoredAt}
}
