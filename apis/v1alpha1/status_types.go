package v1alpha1

import "k8s.io/apimachinery/pkg/runtime"

// A PaymentDeliveryPipelineStatus is what an app team sees of its pipeline.
type PaymentDeliveryPipelineStatus struct {
	// PipelineURL opens the pipeline in the AWS console.
	PipelineURL string `json:"pipelineUrl,omitempty"`

	// DashboardURL opens the dashboard of the service and its releases in the AWS console.
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

	// KeptOnDeletion: what the claim has made stays in AWS if the claim is deleted now. So it is with deletionProtection, and after that
	// is turned off until all resources know it. A dry run keeps everything too: DryRun says so.
	KeptOnDeletion bool `json:"keptOnDeletion,omitempty"`

	// Resources counts the managed resources and names those that are not ready.
	Resources *ResourcesStatus `json:"resources,omitempty"`

	// Plan is what the claim would do in AWS. Only in a dry run.
	Plan *PlanStatus `json:"plan,omitempty"`
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

// A VersionStatus says which configuration a version has. No version ever gets another.
type VersionStatus struct {
	// Version of the function.
	Version string `json:"version"`

	// Settings are the configuration, by the fields of a claim's service, as text. Of the environment there is a hash only.
	Settings map[string]string `json:"settings"`
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
