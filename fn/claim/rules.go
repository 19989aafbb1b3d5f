package claim

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// A rule is what the platform team can limit or require of claims, by one field of its settings.
type rule struct {
	// name is the field's path in the settings. A field that is zero or empty makes no rule.
	name string

	// fields of a claim that the rule reads, below spec, as docs/claim.md names them.
	fields []string

	judge judge

	// separate is the value that separateTeams sets, of JSON types. Nil: it sets none.
	separate any

	// reads what is judged. Nil: the values of the fields, one by one.
	reads func(*v1alpha1.PaymentDeliveryPipelineSpec) []named

	// next is what to do about a value that a claim can never change. Empty: it can.
	next string
}

// fileAnew is what is left to do about a field that is immutable.
const fileAnew = "the field is immutable: delete this claim if it has made nothing, and file a new one"

// Where separateTeams lets a claim name things of an account: what its namespace begins the name of. After the namespace comes a
// character that no namespace has, so that team-a does not reach what team-a-b has.
const (
	ownSecrets    = "arn:*:secretsmanager:*:*:secret:${namespace}/*" //nolint:gosec // It names secrets, and has none.
	ownParameters = "arn:*:ssm:*:*:parameter/${namespace}/*"
	ownQueues     = "arn:*:sqs:*:*:${namespace}_*"
	ownTopics     = "arn:*:sns:*:*:${namespace}_*"
	ownBuses      = "arn:*:events:*:*:event-bus/${namespace}_*"
	ownFunctions  = "arn:*:lambda:*:*:function:${namespace}_*"
	ownTables     = "arn:*:dynamodb:*:*:table/${namespace}_*"
	ownStreams    = "arn:*:kinesis:*:*:stream/${namespace}_*"
	ownBuckets    = "arn:*:s3:::${namespace}.*"
	ownMachines   = "arn:*:states:*:*:stateMachine:${namespace}_*"
	ownLayers     = "arn:*:lambda:*:*:layer:${namespace}_*"
	ownPolicies   = "arn:*:iam::*:policy/payment-service-${namespace}_*"
	ownNames      = "${namespace}_*"
)

// none matches nothing that a claim can name.
const none = "none"

// rules of the platform team, in the order in which claims are told. This is the only place that knows what limits a field: the
// check, the preset, docs/guardrails.md and the test that no field is forgotten all read it.
var rules = []rule{
	{name: "allowedRegions", fields: of("region"), judge: matchText, next: fileAnew},
	{name: "allowedEnvironmentSuffixes", fields: of("environmentSuffix"), judge: matchText, next: fileAnew},
	{name: "allowedRepositories", fields: of("source.owner", "source.repository", "source.fullClone.submodules"), reads: repositories, judge: matchRepository, separate: only("*/${namespace}", "*/${namespace}_*", "*/${namespace}.*")},
	// Nobody but the platform team knows which branches are protected, so separateTeams names none.
	{name: "allowedBranches", fields: of("source.branch"), reads: branch, judge: matchText},
	{name: "allowedConnectionArns", fields: of("source.connectionArn"), judge: matchARN, separate: only(none)},
	{name: "allowedSourceAccounts", fields: of("source.promotedFrom.accountId"), judge: matchText, separate: only(none)},
	{name: "allowedSourceBuckets", fields: of("source.promotedFrom.bucketName"), judge: matchText, separate: only(none)},
	{name: "allowedPromotions", fields: of("promoteTo[].accountId", "promoteTo[].environmentSuffix"), reads: promotions, judge: matchText, separate: only(none)},
	{name: "allowedRuntimes", fields: of("service.runtime"), judge: matchText},
	{name: "allowedComputeTypes", fields: of("build.computeType"), reads: computeType, judge: matchText},
	{name: "allowedBuildImages", fields: of("build.image"), reads: buildImage, judge: matchText, separate: only("aws/codebuild/*")},
	{name: "allowedVpcIds", fields: of("build.vpc.vpcId"), judge: matchText, separate: only(none)},
	{name: "allowedSubnetIds", fields: of("service.vpc.subnetIds", "build.vpc.subnetIds"), judge: matchText, separate: only(none)},
	{name: "allowedSecurityGroupIds", fields: of("service.vpc.securityGroupIds", "build.vpc.securityGroupIds"), judge: matchText, separate: only(none)},
	{name: "allowedCodeArtifactRepositories", fields: of("build.codeArtifact.domain", "build.codeArtifact.repository"), reads: codeArtifact, judge: matchText, separate: only("${namespace}/*")},
	{name: "allowedCodeArtifactAccounts", fields: of("build.codeArtifact.domainOwner"), judge: matchText, separate: only(none)},
	{name: "allowedTopicArns", fields: of("notifications.topicArn", "notifications.approvalTopicArn"), judge: matchARN, separate: only(ownTopics)},
	{name: "allowedEmails", fields: of("notifications.emails"), judge: matchAnyCase},
	{name: "allowedSecretArns", fields: of("service.secrets", "build.secrets"), judge: matchARN, separate: only(ownSecrets, ownParameters)},
	{name: "allowedKmsKeyArns", fields: of("service.kmsKeyArn", "source.promotedFrom.kmsKeyArn"), judge: matchARN, separate: only(none)},
	{name: "allowedLayerArns", fields: of("service.layers"), judge: matchARN, separate: only(ownLayers)},
	// What separates teams is on what an action is allowed: allowedResourceArns.
	{name: "allowedActions", fields: of("service.permissions.statements[].actions"), judge: matchAnyCase},
	{
		name: "allowedResourceArns", fields: of("service.permissions.statements[].resources"), judge: matchARN,
		separate: only(ownSecrets, ownParameters, ownQueues, ownTopics, ownBuses, ownFunctions, ownTables, ownStreams, ownBuckets, ownMachines),
	},
	{name: "allowedPolicyArns", fields: of("service.permissions.policyArns"), judge: matchARN, separate: only(ownPolicies)},
	{
		name: "allowedEventSourceArns", judge: matchARN, separate: only(ownQueues, ownStreams, ownTables),
		fields: of("service.eventSources[].sqs.queueArn", "service.eventSources[].kinesis.streamArn", "service.eventSources[].dynamodb.streamArn"),
	},
	{name: "allowedEventBusNames", fields: of("service.eventSources[].rule.eventBusName"), judge: matchText, separate: only(ownNames)},
	{
		name: "allowedDestinationArns", judge: matchARN, separate: only(ownQueues, ownTopics, ownFunctions, ownBuses),
		fields: of("service.async.onFailure", "service.async.onSuccess", "service.eventSources[].kinesis.onFailureArn", "service.eventSources[].dynamodb.onFailureArn"),
	},
	{name: "allowedInvokerPrincipals", fields: of("service.invokers[].principal"), judge: matchText, separate: only("*.amazonaws.com")},
	{
		name: "allowedInvokerAccounts", reads: invokerAccounts, judge: matchText, separate: only(none),
		fields: of("service.invokers[].principal", "service.invokers[].sourceArn", "service.invokers[].sourceAccount"),
	},
	{name: "allowedInvokerOrganizations", fields: of("service.invokers[].organizationId"), judge: matchText, separate: only(none)},
	// What is in an allowed account may call: it reaches this claim's service alone.
	{name: "allowedInvokerSourceArns", fields: of("service.invokers[].sourceArn"), judge: matchARN},
	{name: "allowedHookFunctions", fields: of("rollout.hooks.beforeAllowTraffic", "rollout.hooks.afterAllowTraffic"), judge: matchText, separate: only(ownNames)},
	{name: "allowedAlarms", fields: of("alarm.additionalAlarms"), judge: matchText, separate: only(ownNames)},
	{name: "allowedTagKeys", fields: of("tags"), reads: tagKeys, judge: matchAnyCase, separate: only("${namespace}/*")},
	{name: "require.approval", fields: of("approval.required"), judge: mustBeTrue},
	{name: "require.analysis", fields: of("rollout.analysis.enabled"), judge: mustBeTrue, separate: true},
	// Only a release that is judged bakes.
	{name: "require.bakeMinutes", fields: of("rollout.analysis.enabled", "rollout.analysis.bakeMinutes"), judge: mustBake, separate: 10.0},
	{name: "require.enoughInvocations", fields: of("rollout.analysis.tooFewInvocations"), judge: mustNotPass, separate: true},
	{name: "require.maxMinInvocations", fields: of("rollout.analysis.minInvocations"), judge: atMost, separate: 100.0},
	{name: "require.maxErrorPercent", fields: of("rollout.analysis.maxErrorPercent"), judge: atMost, separate: 5.0},
	{name: "require.maxThrottlePercent", fields: of("rollout.analysis.maxThrottlePercent"), judge: atMost, separate: 10.0},
	{name: "require.maxFirstStepPercent", fields: of("rollout.deploymentConfig", "rollout.custom.percentage"), reads: firstStep, judge: atMostOfTraffic, separate: 50.0},
	{name: "require.maxAlarmErrorPercent", fields: of("alarm.errorRatePercent"), judge: atMost, separate: 20.0},
	{name: "require.maxAlarmMinutes", fields: of("alarm.evaluationPeriods", "alarm.periodSeconds"), reads: alarmMinutes, judge: atMostMinutes, separate: 30.0},
	{name: "require.alarms", fields: of("rollout.bypassAlarmsForCommit"), judge: mustSayNothing, separate: true},
	{name: "require.noBuildCache", fields: of("build.cache"), judge: mustNotCache, separate: true},
	{name: "require.noFunctionUrl", fields: of("service.functionUrl"), judge: mustSayNothing, separate: true},
	{name: "require.deletionProtection", fields: of("deletionProtection"), judge: mustBeTrue},
	{name: "require.logDays", fields: of("retention.logDays"), judge: mustKeep},
	{name: "require.historyDays", fields: of("retention.historyDays"), judge: mustKeep},
	{name: "require.artifactDays", fields: of("retention.artifactDays"), judge: mustKeep},
}

func of(fields ...string) []string {
	return fields
}

// only what matches one of the patterns.
func only(patterns ...string) []any {
	var all []any
	for _, p := range patterns {
		all = append(all, p)
	}
	return all
}
