// Package v1beta1 has the platform team's settings: what EnvironmentConfigs say, each for some claims, and the Composition's input for
// all of them.
// +kubebuilder:object:generate=false
// +groupName=paymentdelivery.fn.crossplane.io
// +versionName=v1beta1
package v1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// PlatformSettings are the platform team's guardrails.
// +kubebuilder:object:root=true
// +kubebuilder:storageversion
// +kubebuilder:resource:categories=crossplane
type PlatformSettings struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Match says which claims these settings are for. Left out: all.
	Match Match `json:"match,omitempty"`

	// ProviderConfig is the name of the provider-aws ProviderConfig that every managed resource uses. It is part of the
	// managed resources' names: use one ProviderConfig for one AWS account, and do not rename it.
	// +kubebuilder:default=default
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`
	ProviderConfig string `json:"providerConfig,omitempty"`

	// ProviderConfigKind is the kind of the ProviderConfig of namespaced pipelines: ClusterProviderConfig serves all namespaces,
	// ProviderConfig is an object in the pipeline's own namespace. Claims have a cluster-scoped ProviderConfig, whatever this says.
	// +kubebuilder:default=ClusterProviderConfig
	// +kubebuilder:validation:Enum=ClusterProviderConfig;ProviderConfig
	ProviderConfigKind string `json:"providerConfigKind,omitempty"`

	// AccountID is the AWS account of the ProviderConfig. Given, policies need not wait for AWS to tell it, and a claim is refused if AWS tells another. Empty: it is
	// read from the first ARN that AWS returns.
	// +kubebuilder:validation:Pattern=`^([0-9]{12})?$`
	AccountID string `json:"accountId,omitempty"`

	// ConnectionARN is a GitHub connection that someone has already authorised, for claims that name none. A pipeline that has
	// a connection of its own keeps that. Empty: each pipeline has its own, but for those that have used this one: they go on.
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:(codestar-connections|codeconnections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]+)?$`
	ConnectionARN string `json:"connectionArn,omitempty"`

	// AllowedRegions are the regions a claim may name. Empty: all.
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=32
	// +kubebuilder:validation:items:Pattern=`^[a-z]{2}(-gov)?-[a-z]+-[0-9]+$`
	// +listType=set
	AllowedRegions []string `json:"allowedRegions,omitempty"`

	// AllowedActions are the actions that statements of a claim's service.permissions may allow. They may have wildcards: sqs:*,
	// dynamodb:Get*. Empty: those on data that docs/callers.md lists, or all if there is a permissions boundary; in either case on
	// resources whose names the claim writes out.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9-]+:[A-Za-z0-9*]+$`
	// +listType=set
	AllowedActions []string `json:"allowedActions,omitempty"`

	// AllowedPolicyARNs are the managed policies that a claim's service.permissions may name. Policies of pipelines are never allowed. Empty: the
	// account's payment-service-* and AWSXRayDaemonWriteAccess, or all others if there is a permissions boundary.
	AllowedPolicyARNs ARNPatterns `json:"allowedPolicyArns,omitempty"`

	// AllowedRuntimes are the runtimes that a claim may name. They may have wildcards: nodejs*. Empty: all.
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=32
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9.*]+$`
	// +listType=set
	AllowedRuntimes []string `json:"allowedRuntimes,omitempty"`

	// AllowedComputeTypes are what builds may run on. They may have wildcards: BUILD_GENERAL1_*. Empty: all.
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:Pattern=`^[A-Z0-9_*]+$`
	// +listType=set
	AllowedComputeTypes []string `json:"allowedComputeTypes,omitempty"`

	// AllowedBuildImages are the images that builds may run in, that of a claim which names none included. They may have wildcards:
	// aws/codebuild/*. Empty: all.
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=512
	// +kubebuilder:validation:items:Pattern=`^[A-Za-z0-9._:@/*${}-]+$`
	// +listType=set
	AllowedBuildImages []string `json:"allowedBuildImages,omitempty"`

	// AllowedSubnetIDs are the subnets that a claim's service.vpc and build.vpc may name. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:Pattern=`^(none|subnet-[0-9a-z]+)$`
	// +listType=set
	AllowedSubnetIDs []string `json:"allowedSubnetIds,omitempty"`

	// AllowedSecurityGroupIDs are the security groups that a claim's service.vpc and build.vpc may name. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:Pattern=`^(none|sg-[0-9a-zA-Z]+)$`
	// +listType=set
	AllowedSecurityGroupIDs []string `json:"allowedSecurityGroupIds,omitempty"`

	// AllowedRepositories are the repositories that a claim may deliver, with their owners, in any case. They may have wildcards:
	// my-org/*. A claim that takes the releases of another pipeline has none. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=140
	// +kubebuilder:validation:items:Pattern=`^[A-Za-z0-9_*-]+/[A-Za-z0-9._*${}-]+$`
	// +listType=set
	AllowedRepositories []string `json:"allowedRepositories,omitempty"`

	// AllowedBranches are the branches that a claim may deliver: those that only reviewed code gets into. They may have wildcards: release/*. A
	// claim that takes the releases of another pipeline has none. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:Pattern=`^[A-Za-z0-9._/*${}-]+$`
	// +listType=set
	AllowedBranches []string `json:"allowedBranches,omitempty"`

	// AllowedEmails are the addresses that a claim may subscribe to its topic, in any case. They may have wildcards: *@example.com. AWS sends each
	// a mail, in which its owner confirms or does not. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=254
	// +kubebuilder:validation:items:Pattern=`^[^@\s]*@[^@\s]+$`
	// +listType=set
	AllowedEmails []string `json:"allowedEmails,omitempty"`

	// AllowedSourceAccounts are the AWS accounts whose pipelines a claim may take releases of, instead of building. Empty: all.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=12
	// +kubebuilder:validation:items:Pattern=`^(none|[0-9]{12})$`
	// +listType=set
	AllowedSourceAccounts []string `json:"allowedSourceAccounts,omitempty"`

	// AllowedEnvironmentSuffixes are the suffixes that a claim may have. They may have wildcards: pay-*. Empty: all.
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=32
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9*-]+$`
	// +listType=set
	AllowedEnvironmentSuffixes []string `json:"allowedEnvironmentSuffixes,omitempty"`

	// AllowedTopicARNs are the topics that a claim's notifications may name. Empty: all.
	AllowedTopicARNs ARNPatterns `json:"allowedTopicArns,omitempty"`

	// AllowedSecretARNs are the secrets and parameters that a claim's service.secrets and build.secrets may name. Empty: all.
	AllowedSecretARNs ARNPatterns `json:"allowedSecretArns,omitempty"`

	// AllowedConnectionARNs are the connections to GitHub that a claim may name. Empty: all.
	AllowedConnectionARNs ARNPatterns `json:"allowedConnectionArns,omitempty"`

	// AllowedResourceARNs are the resources that statements of a claim's service.permissions may name. Empty: all.
	AllowedResourceARNs ARNPatterns `json:"allowedResourceArns,omitempty"`

	// AllowedEventSourceARNs are the queues and streams that a claim's service.eventSources may read. Empty: all.
	AllowedEventSourceARNs ARNPatterns `json:"allowedEventSourceArns,omitempty"`

	// AllowedEventBusNames are the event buses that rules of a claim's service.eventSources may be on. Empty: all.
	AllowedEventBusNames NamePatterns `json:"allowedEventBusNames,omitempty"`

	// AllowedDestinationARNs are the queues, topics, functions and event buses that Lambda may send records of a claim's events to:
	// service.async, and onFailureArn of service.eventSources. Empty: all.
	AllowedDestinationARNs ARNPatterns `json:"allowedDestinationArns,omitempty"`

	// AllowedKMSKeyARNs are the keys that a claim may name. Empty: all.
	AllowedKMSKeyARNs ARNPatterns `json:"allowedKmsKeyArns,omitempty"`

	// AllowedLayerARNs are the versions of Lambda layers that a claim may name. Empty: all.
	AllowedLayerARNs ARNPatterns `json:"allowedLayerArns,omitempty"`

	// AllowedHookFunctions are the names of Lambda functions that a claim's rollout.hooks may name. Empty: all.
	AllowedHookFunctions NamePatterns `json:"allowedHookFunctions,omitempty"`

	// AllowedAlarms are the names of CloudWatch alarms that a claim may name. Empty: all.
	AllowedAlarms NamePatterns `json:"allowedAlarms,omitempty"`

	// AllowedInvokerPrincipals are the principals that a claim's service.invokers may name: *.amazonaws.com for AWS services. Empty: all.
	AllowedInvokerPrincipals NamePatterns `json:"allowedInvokerPrincipals,omitempty"`

	// AllowedInvokerAccounts are the AWS accounts that may call, or that services may call for: the account in principal, in sourceArn, and
	// sourceAccount of a claim's service.invokers. Empty: all.
	AllowedInvokerAccounts NamePatterns `json:"allowedInvokerAccounts,omitempty"`

	// AllowedInvokerOrganizations are the organizations that a claim's service.invokers may name. Empty: all.
	AllowedInvokerOrganizations NamePatterns `json:"allowedInvokerOrganizations,omitempty"`

	// AllowedInvokerSourceARNs are what services may call for, by sourceArn of a claim's service.invokers. Empty: all.
	AllowedInvokerSourceARNs ARNPatterns `json:"allowedInvokerSourceArns,omitempty"`

	// AllowedPromotions are the pipelines that a claim may offer its releases to, as account/environmentSuffix: 111122223333/pay-*.
	// Empty: all.
	AllowedPromotions NamePatterns `json:"allowedPromotions,omitempty"`

	// AllowedSourceBuckets are the buckets of other pipelines that a claim may take releases from. The environmentSuffix of that pipeline is
	// in the name: pipeline-artifacts-pay-*. Empty: all.
	AllowedSourceBuckets NamePatterns `json:"allowedSourceBuckets,omitempty"`

	// AllowedVPCIDs are the VPCs that a claim's build.vpc may name. Empty: all.
	AllowedVPCIDs NamePatterns `json:"allowedVpcIds,omitempty"`

	// AllowedCodeArtifactRepositories are the repositories of CodeArtifact that a claim's builds may read, as domain/repository. Empty: all.
	AllowedCodeArtifactRepositories NamePatterns `json:"allowedCodeArtifactRepositories,omitempty"`

	// AllowedCodeArtifactAccounts are the AWS accounts that a claim's build.codeArtifact.domainOwner may name. Empty: all.
	AllowedCodeArtifactAccounts NamePatterns `json:"allowedCodeArtifactAccounts,omitempty"`

	// AllowedTagKeys are the keys of tags that a claim may set, in any case. Policies may give rights by tags. Empty: all.
	AllowedTagKeys NamePatterns `json:"allowedTagKeys,omitempty"`

	// SeparateTeams gives each rule that says nothing elsewhere in these settings the value that keeps teams apart which do not trust each
	// other: see docs/guardrails.md. A rule that you write wins over it.
	// +kubebuilder:default=false
	SeparateTeams bool `json:"separateTeams,omitempty"`

	// Require is what a claim must have.
	Require Require `json:"require,omitempty"`

	// PermissionsBoundaryARN is the IAM policy that bounds every role. Empty: roles are not bounded, and claims may name actions on data only.
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+)?$`
	PermissionsBoundaryARN string `json:"permissionsBoundaryArn,omitempty"`

	// Tags on every AWS resource that can carry them, but not on the functions' bootstrap code: objects in S3 can have 10
	// tags only. They win over the claim's. With the claim's there may be 47, and 44 for a namespaced pipeline.
	Tags v1alpha1.Tags `json:"tags,omitempty"`

	// KMSKeyARN encrypts artifacts, history, topic and logs with this key. Its key policy must let CloudWatch,
	// CloudWatch Logs and EventBridge use it. Empty: keys that AWS owns.
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+)?$`
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`

	// TopicARN is an SNS topic of the platform team's that hears what every pipeline tells its app team, beside the claim's topic, but
	// no waiting approvals. It is a standard one in the pipelines' account and region, and its policy lets CloudWatch and
	// EventBridge publish. Empty: none.
	// +kubebuilder:validation:MaxLength=320
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})?$`
	TopicARN string `json:"topicArn,omitempty"`

	// ChangeWindows are when traffic of any pipeline may shift to a new version. Outside of them the shift fails, and can be
	// tried again. Those of a claim hold too. None: at any time.
	// +kubebuilder:validation:MaxItems=14
	// +listType=atomic
	ChangeWindows []v1alpha1.ChangeWindow `json:"changeWindows,omitempty"`

	// Freezes are times in which no traffic of any pipeline shifts to a new version. Those of a claim hold too.
	// +kubebuilder:validation:MaxItems=20
	// +listType=atomic
	Freezes []v1alpha1.Freeze `json:"freezes,omitempty"`

	// AllowCalendarBypass lets the commit of a claim's rollout.bypassAlarmsForCommit, with a reason, pass these changeWindows and
	// freezes. False: it passes those of the claim only.
	// +kubebuilder:default=false
	AllowCalendarBypass bool `json:"allowCalendarBypass,omitempty"`

	// ResponseTTL is how long Crossplane leaves a pipeline alone that is ready and that nothing happens to. Then it asks
	// again and applies everything again. While a pipeline is not ready, or Crossplane has stopped listening to it, that is
	// a minute at most.
	// +kubebuilder:default="10m"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^([0-9]{1,4}(\.[0-9]{1,3})?(ms|s|m|h))+$`
	ResponseTTL metav1.Duration `json:"responseTTL,omitempty"`
}

// A Match chooses claims. Each list that is not empty must have an entry that fits, in which * stands for any characters.
type Match struct {
	// Namespaces of the claims: payments, or team-*.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9*-]+$`
	// +listType=set
	Namespaces []string `json:"namespaces,omitempty"`

	// EnvironmentSuffixes of the claims: prod, or *-staging.
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9*-]+$`
	// +listType=set
	EnvironmentSuffixes []string `json:"environmentSuffixes,omitempty"`
}

// A Require is what a claim must have, beyond what the API wants. False or 0: any value will do.
type Require struct {
	// NamespaceSettings: an EnvironmentConfig must name the claim's namespace in match.namespaces. So a namespace for which the platform
	// team has settled nothing gets no pipelines, nor does one whose settings were lost.
	// +kubebuilder:default=false
	NamespaceSettings bool `json:"namespaceSettings,omitempty"`

	// Approval: someone must approve each release. A claim says approval.required: true, or nothing.
	// +kubebuilder:default=false
	Approval bool `json:"approval,omitempty"`

	// Analysis: each release is judged. A claim says rollout.analysis.enabled: true, or nothing.
	// +kubebuilder:default=false
	Analysis bool `json:"analysis,omitempty"`

	// BakeMinutes is how long a new version must be judged at least after it has taken over all traffic, in minutes:
	// rollout.analysis.bakeMinutes. Such a release is judged.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1440
	// +kubebuilder:default=0
	BakeMinutes int32 `json:"bakeMinutes,omitempty"`

	// EnoughInvocations: no release passes its judgement because too few have called it. A claim says rollout.analysis.tooFewInvocations:
	// Fail or Wait.
	// +kubebuilder:default=false
	EnoughInvocations bool `json:"enoughInvocations,omitempty"`

	// MaxMinInvocations is how many invocations a claim may want at most before a new version is judged:
	// rollout.analysis.minInvocations.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000
	// +kubebuilder:default=0
	MaxMinInvocations int32 `json:"maxMinInvocations,omitempty"`

	// MaxErrorPercent is the share of invocations that a claim may let fail at most, in percent: rollout.analysis.maxErrorPercent.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +kubebuilder:default=0
	MaxErrorPercent float64 `json:"maxErrorPercent,omitempty"`

	// MaxThrottlePercent is the share of invocations that a claim may let Lambda refuse at most, in percent:
	// rollout.analysis.maxThrottlePercent.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +kubebuilder:default=0
	MaxThrottlePercent float64 `json:"maxThrottlePercent,omitempty"`

	// MaxFirstStepPercent is the share of traffic that the first step of a rollout may move at most, in percent: below 100 no rollout moves
	// all traffic at once.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +kubebuilder:default=0
	MaxFirstStepPercent int32 `json:"maxFirstStepPercent,omitempty"`

	// MaxAlarmErrorPercent is the share of failed invocations above which a claim's alarm must fire, in percent: alarm.errorRatePercent.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=99
	// +kubebuilder:default=0
	MaxAlarmErrorPercent float64 `json:"maxAlarmErrorPercent,omitempty"`

	// MaxAlarmMinutes is how long the share may be above that before a claim's alarm fires, in minutes: alarm.evaluationPeriods times
	// alarm.periodSeconds.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=10080
	// +kubebuilder:default=0
	MaxAlarmMinutes int32 `json:"maxAlarmMinutes,omitempty"`

	// NoBuildCache: no build begins with what another one has left, which may be of a commit that nobody has approved. A claim says
	// build.cache: None, or nothing.
	// +kubebuilder:default=false
	NoBuildCache bool `json:"noBuildCache,omitempty"`

	// NoFunctionURL: a claim has no service.functionUrl.
	// +kubebuilder:default=false
	NoFunctionURL bool `json:"noFunctionUrl,omitempty"`

	// Alarms: no release passes an alarm that fires, nor, with a reason, a change window, a freeze or a rollback. A claim has no
	// rollout.bypassAlarmsForCommit.
	// +kubebuilder:default=false
	Alarms bool `json:"alarms,omitempty"`

	// DeletionProtection: what a claim makes in AWS stays there when it is deleted. A claim says deletionProtection: true.
	// +kubebuilder:default=false
	DeletionProtection bool `json:"deletionProtection,omitempty"`

	// LogDays is how long log events must be kept at least, in days: retention.logDays.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=3653
	// +kubebuilder:default=0
	LogDays int32 `json:"logDays,omitempty"`

	// HistoryDays is how long a deployment's record must be kept at least, in days: retention.historyDays.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=3650
	// +kubebuilder:default=0
	HistoryDays int32 `json:"historyDays,omitempty"`

	// ArtifactDays is how long artifacts must be kept at least, in days: retention.artifactDays.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=3650
	// +kubebuilder:default=0
	ArtifactDays int32 `json:"artifactDays,omitempty"`
}
