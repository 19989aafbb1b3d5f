package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// A PaymentDeliveryPipelineStatus is what an app team sees of its pipeline.
type PaymentDeliveryPipelineStatus struct {
	// Message says in less than 40 characters how the pipeline is, or what it waits for. The conditions have the details.
	Message string `json:"message,omitempty"`

	// AcceptedSpec identifies the newest spec that was accepted. Ready is False while one is refused that was not accepted before.
	AcceptedSpec string `json:"acceptedSpec,omitempty"`

	// AcceptedChange is the annotation paymentdelivery.io/change of the claim, as it was when its spec was accepted last. A job that sets it
	// to an id of its own, in the same apply as the spec, can wait for it here.
	AcceptedChange string `json:"acceptedChange,omitempty"`

	// PipelineURL opens the pipeline in the AWS console. Absent until there is one.
	PipelineURL string `json:"pipelineUrl,omitempty"`

	// DashboardURL opens the dashboard of the service and its releases in the AWS console. Absent until there is one.
	DashboardURL string `json:"dashboardUrl,omitempty"`

	// DeploymentTableName is the DynamoDB table that holds the deployment history.
	DeploymentTableName string `json:"deploymentTableName,omitempty"`

	// ArtifactBucketName is the S3 bucket of the pipeline's artifacts.
	ArtifactBucketName string `json:"artifactBucketName,omitempty"`

	// AccountID is the AWS account that holds the pipeline.
	AccountID string `json:"accountId,omitempty"`

	// ARNs of what others refer to: event sources, permissions, alarms. Absent until the account is known. What they name may
	// not be made yet.
	ARNs *ARNs `json:"arns,omitempty"`

	// FunctionURL is the address of the live alias, if the claim asks for one and it is there.
	FunctionURL string `json:"functionUrl,omitempty"`

	// Settings of the platform team that hold here. They are remembered, and go on to hold if the object that says them is lost.
	Settings *SettingsStatus `json:"settings,omitempty"`

	// Connection to GitHub.
	Connection *ConnectionStatus `json:"connection,omitempty"`

	// Release says which versions of the service take production traffic.
	Release *ReleaseStatus `json:"release,omitempty"`

	// Alarm that stops a rollout.
	Alarm *AlarmStatus `json:"alarm,omitempty"`

	// CodeDeploy objects that shift the traffic.
	CodeDeploy *CodeDeployStatus `json:"codeDeploy,omitempty"`

	// Holder is who holds the pipeline's names in AWS, as the tag paymentdelivery.io/holder of the functions' role has it:
	// kind/namespace/name. With the rest of the status it is what lets another pipeline take this one over.
	Holder string `json:"holder,omitempty"`

	// ObservedSpec has the fields of the spec that this status was made for, as far as they decide what a deletion leaves in AWS. The
	// admission policies compare it with the claim.
	ObservedSpec *ObservedSpec `json:"observedSpec,omitempty"`

	// KeptOnDeletion: something that the claim has made stays in AWS if the claim is deleted now. It is true with deletionProtection
	// or in a dry run, and after either is turned off, until the provider may delete every resource.
	KeptOnDeletion bool `json:"keptOnDeletion,omitempty"`

	// Resources counts the managed resources and names those that are not ready.
	Resources *ResourcesStatus `json:"resources,omitempty"`

	// Plan is what the claim would do in AWS. Only in a dry run.
	Plan *PlanStatus `json:"plan,omitempty"`
}

// An ObservedSpec has those fields of a spec that decide what a deletion leaves in AWS.
type ObservedSpec struct {
	// DeletionProtection of the spec.
	DeletionProtection bool `json:"deletionProtection"`

	// DryRun of the spec.
	DryRun bool `json:"dryRun"`
}

// A SettingsStatus has settings of the platform team.
type SettingsStatus struct {
	// From are the EnvironmentConfigs that say some of them. The rest is said by the Composition's input.
	From []string `json:"from,omitempty"`

	// Values are what is said, in the fields of PlatformSettings. What is left out has its default.
	// +kubebuilder:pruning:PreserveUnknownFields
	Values *runtime.RawExtension `json:"values,omitempty"`
}

// ARNs of what others refer to. They never change.
type ARNs struct {
	// Alias that production callers invoke: never a function itself.
	Alias string `json:"alias,omitempty"`

	// BlueFunction serves production, through the alias.
	BlueFunction string `json:"blueFunction,omitempty"`

	// GreenFunction is where a release is tried out.
	GreenFunction string `json:"greenFunction,omitempty"`

	// FunctionRole is the role of both functions, to which policies for what the service uses can be attached.
	FunctionRole string `json:"functionRole,omitempty"`

	// Pipeline is the CodePipeline pipeline.
	Pipeline string `json:"pipeline,omitempty"`

	// Topic of alarms, failed deployments and waiting approvals.
	Topic string `json:"topic,omitempty"`

	// ReleaseStateMachine tries versions out and shifts traffic. The pipeline starts it.
	ReleaseStateMachine string `json:"releaseStateMachine,omitempty"`

	// RollbackStateMachine takes production back. People start it, with requestedBy and reason.
	RollbackStateMachine string `json:"rollbackStateMachine,omitempty"`
}

// A ConnectionStatus is the state of the GitHub connection.
type ConnectionStatus struct {
	// ARN of the connection.
	ARN string `json:"arn,omitempty"`

	// Status as AWS reports it: PENDING until a person has authorised the connection, then AVAILABLE.
	Status string `json:"status,omitempty"`

	// AuthorizeURL is where to authorise a pending connection.
	AuthorizeURL string `json:"authorizeUrl,omitempty"`

	// Shared says that the connection is the platform team's, which other pipelines use too.
	Shared bool `json:"shared,omitempty"`
}

// A ReleaseStatus says which versions of the service take production traffic.
type ReleaseStatus struct {
	// Live is what production runs.
	Live *LiveStatus `json:"live,omitempty"`

	// Last is the newest run of the pipeline that is under way, or else the newest.
	Last *RunStatus `json:"last,omitempty"`

	// LiveVersion is the function version behind the alias.
	LiveVersion string `json:"liveVersion,omitempty"`

	// LostVersion was live and is gone from AWS, with the function that someone deleted. It is told until a release makes
	// another version live.
	LostVersion string `json:"lostVersion,omitempty"`

	// BootstrapVersion has the code that the pipeline created the blue function with. While it is live, nothing has been released.
	// Absent: the function had code already, or nobody knows.
	BootstrapVersion string `json:"bootstrapVersion,omitempty"`

	// CandidateVersion is the version that traffic is moving to, while it moves.
	CandidateVersion string `json:"candidateVersion,omitempty"`

	// CandidateWeight is the share of traffic that the candidate takes, in percent, while it moves.
	CandidateWeight int32 `json:"candidateWeight,omitempty"`

	// Versions of the blue function whose configuration is known, newest first: the newest ten, and those that take traffic.
	Versions []VersionStatus `json:"versions,omitempty"`
}

// NoVersion is the live version before the first release.
const NoVersion = "none"

// A LiveStatus says what production runs.
type LiveStatus struct {
	// Version of the function that a release made live: "none" before the first release.
	Version string `json:"version"`

	// Commit that the version was built from. Absent while it is not known.
	Commit string `json:"commit,omitempty"`

	// ShortCommit is the beginning of Commit, seven characters.
	ShortCommit string `json:"shortCommit,omitempty"`

	// DeploymentID of the CodeDeploy deployment that made the version live.
	DeploymentID string `json:"deploymentId,omitempty"`

	// Since is when that deployment ended.
	Since *metav1.Time `json:"since,omitempty"`
}

// ShortCommit is the beginning of a commit, as git and GitHub show it.
func ShortCommit(commit string) string {
	const characters = 7
	return commit[:min(characters, len(commit))]
}

// States of a run of the pipeline. WaitingForApproval is an InProgress run whose approval nobody has given yet; the others are CodePipeline's.
const (
	RunInProgress         = "InProgress"
	RunWaitingForApproval = "WaitingForApproval"
	RunSucceeded          = "Succeeded"
	RunFailed             = "Failed"
	RunStopping           = "Stopping"
	RunStopped            = "Stopped"
	RunSuperseded         = "Superseded"
	RunCancelled          = "Cancelled"
)

// A RunStatus says how a run of the pipeline goes, or how it ended.
type RunStatus struct {
	// ExecutionID of the run in CodePipeline.
	ExecutionID string `json:"executionId"`

	// Commit that is released.
	Commit string `json:"commit,omitempty"`

	// State of the run: InProgress, WaitingForApproval, Succeeded, Failed, Stopping, Stopped, Superseded or Cancelled.
	State string `json:"state"`

	// Stage that the run is in, or ended in.
	Stage string `json:"stage,omitempty"`

	// Action that runs, waits or failed.
	Action string `json:"action,omitempty"`

	// Reason says why the run failed or was stopped.
	Reason string `json:"reason,omitempty"`

	// StartedAt is when the run started.
	StartedAt *metav1.Time `json:"startedAt,omitempty"`

	// WaitingSince is when the approval was asked for, while it waits.
	WaitingSince *metav1.Time `json:"waitingSince,omitempty"`

	// EndedAt is when the run ended.
	EndedAt *metav1.Time `json:"endedAt,omitempty"`

	// DeploymentID of the run's deployment in CodeDeploy, once traffic shifts.
	DeploymentID string `json:"deploymentId,omitempty"`

	// URL opens the run in the AWS console.
	URL string `json:"url,omitempty"`

	// ObservedAt is when AWS was asked: all of this was true then.
	ObservedAt *metav1.Time `json:"observedAt,omitempty"`
}

// A VersionStatus says which configuration a version has. No version ever gets another.
type VersionStatus struct {
	// Version of the function.
	Version string `json:"version"`

	// Settings are the configuration, by the fields of a claim's service, as text. Of the environment there is a hash only.
	Settings map[string]string `json:"settings"`

	// Commit that the version was built from, if it was live since this is written down. A rollback to the version does not know it.
	Commit string `json:"commit,omitempty"`
}

// An AlarmStatus names the alarm.
type AlarmStatus struct {
	// Name of the CloudWatch alarm.
	Name string `json:"name,omitempty"`
}

// A CodeDeployStatus names the CodeDeploy objects.
type CodeDeployStatus struct {
	// Application is the CodeDeploy application.
	Application string `json:"application,omitempty"`

	// DeploymentGroup is the CodeDeploy deployment group.
	DeploymentGroup string `json:"deploymentGroup,omitempty"`
}

// A ResourcesStatus counts managed resources.
type ResourcesStatus struct {
	// Desired is how many managed resources this claim asks for, those that wait included.
	Desired int `json:"desired"`

	// Ready is how many of them are ready.
	Ready int `json:"ready"`

	// Summary has both in short: "48/50" if 48 of 50 are ready.
	Summary string `json:"summary,omitempty"`

	// Unready names those that are asked for and not ready.
	Unready []string `json:"unready,omitempty"`

	// Waiting names those that cannot be asked for yet, and for what they wait.
	Waiting []WaitingResource `json:"waiting,omitempty"`
}

// A WaitingResource cannot be made yet.
type WaitingResource struct {
	// Name of the resource in the composition.
	Name string `json:"name"`

	// For is what it waits for.
	For string `json:"for"`
}
