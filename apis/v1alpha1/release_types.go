package v1alpha1

import (
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// A Rollout is how CodeDeploy shifts production traffic to a new version.
// +kubebuilder:validation:XValidation:rule=`!has(self.custom) || self.deploymentConfig == 'LambdaLinear10PercentEvery10Minutes' || oldSelf.hasValue() && has(oldSelf.value().custom)`,message="custom takes the place of deploymentConfig; leave one of them out",messageExpression=`'"' + self.deploymentConfig + '" would not count, as custom takes its place; leave deploymentConfig or custom out'`,fieldPath=".deploymentConfig",optionalOldSelf=true
type Rollout struct {
	// DeploymentConfig is one of CodeDeploy's own configurations for Lambda, without "CodeDeployDefault.".
	// +kubebuilder:default=LambdaLinear10PercentEvery10Minutes
	// +kubebuilder:validation:Enum=LambdaAllAtOnce;LambdaCanary10Percent5Minutes;LambdaCanary10Percent10Minutes;LambdaCanary10Percent15Minutes;LambdaCanary10Percent30Minutes;LambdaLinear10PercentEvery1Minute;LambdaLinear10PercentEvery2Minutes;LambdaLinear10PercentEvery3Minutes;LambdaLinear10PercentEvery10Minutes
	DeploymentConfig string `json:"deploymentConfig,omitempty"`

	// Custom takes the place of deploymentConfig: a deployment configuration of this pipeline's own is created.
	Custom *CustomRollout `json:"custom,omitempty"`

	// Analysis judges the new version against the one that is live, and takes traffic back if it is worse.
	// +kubebuilder:default={}
	Analysis Analysis `json:"analysis,omitempty"`

	// ChangeWindows are when traffic may shift to a new version. Outside of them the shift fails, and can be tried again. Those of
	// the platform team hold too. None: at any time.
	// +kubebuilder:validation:MaxItems=14
	// +listType=atomic
	ChangeWindows []ChangeWindow `json:"changeWindows,omitempty"`

	// Freezes are times in which no traffic shifts to a new version. Those of the platform team hold too.
	// +kubebuilder:validation:MaxItems=20
	// +listType=atomic
	Freezes []Freeze `json:"freezes,omitempty"`

	// BypassAlarmsForCommit lets the release of this one commit through while an alarm fires: the fix of what the alarm fires
	// about. It is the full SHA of the commit. Its record in the history says what was bypassed.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([0-9a-f]{40})?$')`,message="must be the full SHA of a commit, which has 40 digits from 0 to f in lower case; git rev-parse prints it"
	BypassAlarmsForCommit string `json:"bypassAlarmsForCommit,omitempty"`

	// BypassReason says who lets bypassAlarmsForCommit through and why, for its record in the history. With it that commit also
	// passes change windows, freezes and a rollback; those of the platform team only where it allows that.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=256
	BypassReason string `json:"bypassReason,omitempty"`

	// OnConfigurationChange says what becomes of a change of the service's configuration, which only a new version carries: Wait for
	// the next release, or Release them by themselves, within minutes and like a push: the pipeline runs again.
	// +kubebuilder:default=Wait
	// +kubebuilder:validation:Enum=Wait;Release
	OnConfigurationChange string `json:"onConfigurationChange,omitempty"`

	// Hooks are Lambda functions of yours that CodeDeploy calls around the traffic shift.
	// +kubebuilder:default={}
	Hooks Hooks `json:"hooks,omitempty"`
}

// What becomes of a change of the service's configuration.
const (
	ConfigurationWait    = "Wait"
	ConfigurationRelease = "Release"
)

// A CustomRollout is a deployment configuration of this pipeline's own. After the first step there are 99 / percentage more.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html.
// +kubebuilder:validation:XValidation:rule="self.type == 'Canary' || self.percentage < 1 || 99 / self.percentage * self.intervalMinutes <= 2880",message="the last step is more than 2880 minutes (2 days) after the first, which CodeDeploy refuses; choose a larger percentage or a shorter interval",messageExpression=`'steps of percentage %d each %d minutes put the last one %d minutes after the first, and CodeDeploy takes at most 2880 (2 days); choose a larger percentage or a shorter intervalMinutes'.format([self.percentage, self.intervalMinutes, 99 / self.percentage * self.intervalMinutes])`
type CustomRollout struct {
	// Type: Canary shifts once, then the rest; Linear shifts equal steps.
	// +kubebuilder:validation:Enum=Canary;Linear
	Type string `json:"type"`

	// Percentage of traffic that moves first (Canary) or with each step (Linear).
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=99
	Percentage int32 `json:"percentage"`

	// IntervalMinutes between the shifts, in minutes. CodeDeploy has 2 days from the first shift to the last.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2880
	IntervalMinutes int32 `json:"intervalMinutes"`
}

// Types of a CustomRollout.
const (
	RolloutCanary = "Canary"
	RolloutLinear = "Linear"
)

// Hooks are Lambda functions that CodeDeploy calls around the traffic shift. Each must report back with
// codedeploy:PutLifecycleEventHookExecutionStatus.
type Hooks struct {
	// BeforeAllowTraffic is the name of the function that is called before traffic moves. Empty: none.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=140
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[A-Za-z0-9_-]*$') && size(self) <= 64`,message="must be the name of a function, not its ARN, such as before-traffic"
	BeforeAllowTraffic string `json:"beforeAllowTraffic,omitempty"`

	// AfterAllowTraffic is the name of the function that is called after all traffic has moved. Empty: none.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=140
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[A-Za-z0-9_-]*$') && size(self) <= 64`,message="must be the name of a function, not its ARN, such as after-traffic"
	AfterAllowTraffic string `json:"afterAllowTraffic,omitempty"`
}

// An Alarm watches the share of live invocations that end in an error. CloudWatch looks back a day, or a week if a period is
// an hour or longer. See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html.
// +kubebuilder:validation:XValidation:rule="!has(self.evaluationPeriods) || !has(self.periodSeconds) || self.periodSeconds >= 3600 || self.evaluationPeriods * self.periodSeconds <= 86400",message="all evaluation periods together are longer than 86400 seconds (a day), which CloudWatch refuses of periods shorter than 3600 seconds (an hour)",messageExpression=`'evaluationPeriods %d of periodSeconds %d are %d seconds together, and CloudWatch takes at most 86400 (a day) of periods shorter than 3600 (an hour); lower one of them'.format([self.evaluationPeriods, self.periodSeconds, self.evaluationPeriods * self.periodSeconds])`
// +kubebuilder:validation:XValidation:rule="!has(self.evaluationPeriods) || !has(self.periodSeconds) || self.evaluationPeriods * self.periodSeconds <= 604800",message="all evaluation periods together are longer than 604800 seconds (a week), which CloudWatch refuses",messageExpression=`'evaluationPeriods %d of periodSeconds %d are %d seconds together, and CloudWatch takes at most 604800 (a week); lower one of them'.format([self.evaluationPeriods, self.periodSeconds, self.evaluationPeriods * self.periodSeconds])`
type Alarm struct {
	// ErrorRatePercent is the share of failed invocations, in percent, above which the alarm fires. It may have a fraction: 0.5.
	// +kubebuilder:default=5
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=99
	// +optional
	ErrorRatePercent float64 `json:"errorRatePercent"`

	// EvaluationPeriods is how many periods in a row must be above the limit.
	// +kubebuilder:default=2
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1440
	EvaluationPeriods int32 `json:"evaluationPeriods,omitempty"`

	// PeriodSeconds is the length of a period, in seconds: whole minutes, as Lambda reports once a minute.
	// +kubebuilder:default=300
	// +kubebuilder:validation:Minimum=60
	// +kubebuilder:validation:Maximum=604800
	// +kubebuilder:validation:MultipleOf=60
	PeriodSeconds int32 `json:"periodSeconds,omitempty"`

	// AdditionalAlarms are names of CloudWatch alarms of yours, in the pipeline's region, that stop a rollout too: alarms
	// that watch metrics, as CodeDeploy's documentation knows no composite ones.
	// +kubebuilder:validation:MaxItems=9
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:XValidation:rule="self.trim() != '' && !self.startsWith('arn:')",reason=FieldValueForbidden,message="CodeDeploy finds alarms by their names, which are neither blank nor ARNs",messageExpression=`'"' + self + '" is not the name of an alarm, by which CodeDeploy finds it; of an ARN write what comes after :alarm:'`
	// +listType=set
	AdditionalAlarms []string `json:"additionalAlarms,omitempty"`
}

// An Approval is the manual gate before production traffic moves.
type Approval struct {
	// Required: someone must approve each release in CodePipeline before traffic moves.
	// +kubebuilder:default=true
	// +optional
	Required bool `json:"required"`

	// TimeoutMinutes is how long a release waits for its approval, in minutes. After that it fails.
	// +kubebuilder:default=10080
	// +kubebuilder:validation:Minimum=5
	// +kubebuilder:validation:Maximum=86400
	TimeoutMinutes int32 `json:"timeoutMinutes,omitempty"`
}

// A SmokeTest tries a release out on green before blue gets it.
type SmokeTest struct {
	// Event that green is invoked with, as the service would get it. Nothing: an empty event.
	// +kubebuilder:pruning:PreserveUnknownFields
	// +kubebuilder:validation:Schemaless
	// +kubebuilder:validation:Type=object
	Event *extv1.JSON `json:"event,omitempty"`

	// ExpectStatusBelow is what the statusCode in green's answer must be below. 0: any answer will do, and only an error
	// of the function fails the test.
	// +optional
	// +kubebuilder:default=400
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=600
	ExpectStatusBelow int32 `json:"expectStatusBelow"`
}
