package controlplane

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// immutable fields of a claim. TestRefused changes them.
var immutable = []string{"environmentSuffix", "region", "service.architecture", "source.promotedFrom"}

// A fieldChange is a change of one field of a claim, and what must become of it.
type fieldChange struct {
	field string
	value any

	// kind and name of the managed resource that must change, and what must then be in it.
	kind, name, want string
}

// fieldChanges has a change for each field that a claim may change.
var fieldChanges = []fieldChange{
	{"source.owner", "other-org", "Codepipeline", "pipeline", `"FullRepositoryId":"other-org/my-repo"`},
	{"source.repository", "other-repo", "Codepipeline", "pipeline", `"FullRepositoryId":"other-org/other-repo"`},
	{"source.branch", "release/1", "Codepipeline", "pipeline", `"BranchName":"release/1"`},
	{"service.runtime", "python3.13", "Function", "blue-function", `"runtime":"python3.13"`},
	{"service.snapStart", "PublishedVersions", "Function", "green-function", `"snapStart":[{"applyOn":"PublishedVersions"}]`},
	// Lambda has it not with what follows.
	{"service.snapStart", "None", "Function", "green-function", `"runtime":"python3.13"`},
	{"service.runtime", "provided.al2023", "Function", "green-function", `"runtime":"provided.al2023"`},
	{"build.program", "cmd/payments", "Project", "build-project", `program='cmd/payments'`},
	{"build.program", "", "Project", "build-project", `program=''`},
	{"service.runtime", "nodejs22.x", "Function", "green-function", `"runtime":"nodejs22.x"`},
	{"service.handler", "dist/main.handler", "Function", "blue-function", `"handler":"dist/main.handler"`},
	{"service.memorySizeMiB", int64(1024), "Function", "green-function", `"memorySize":1024`},
	{"service.timeoutSeconds", int64(20), "Function", "blue-function", `"timeout":20`},
	{"service.environment", map[string]any{"CURRENCY": "EUR"}, "Function", "green-function", `"CURRENCY":"EUR"`},
	{
		"service.vpc",
		map[string]any{"subnetIds": []any{"subnet-0a", "subnet-0b"}, "securityGroupIds": []any{"sg-0c"}},
		"Function", "blue-function", `"subnetIds":["subnet-0a","subnet-0b"]`,
	},
	{"service.ephemeralStorageMiB", int64(2048), "Function", "green-function", `"ephemeralStorage":[{"size":2048}]`},
	{"service.tracing", "Active", "Function", "blue-function", `"tracingConfig":[{"mode":"Active"}]`},
	{"service.logging.format", "JSON", "Function", "green-function", `"logFormat":"JSON"`},
	{"service.logging.applicationLevel", "ERROR", "Function", "blue-function", `"applicationLogLevel":"ERROR"`},
	{"service.logging.systemLevel", "WARN", "Function", "green-function", `"systemLogLevel":"WARN"`},
	{"service.concurrency.reserved", int64(40), "Function", "blue-function", `"reservedConcurrentExecutions":40`},
	{
		"service.concurrency.provisioned",
		map[string]any{"min": int64(3)},
		"ProvisionedConcurrencyConfig", "live-provisioned-concurrency", `"provisionedConcurrentExecutions":3`,
	},
	{"service.concurrency.provisioned.max", int64(9), "Target", "live-scaling-target", `"maxCapacity":9`},
	{"service.concurrency.provisioned.targetUtilizationPercent", int64(50), "Policy", "live-scaling-policy", `"targetValue":0.5`},
	{
		"service.async",
		map[string]any{"maximumAgeSeconds": int64(120)},
		"FunctionEventInvokeConfig", "live-event-invoke-config", `"maximumEventAgeInSeconds":120`,
	},
	{"service.async.retries", int64(0), "FunctionEventInvokeConfig", "live-event-invoke-config", `"maximumRetryAttempts":0`},
	{
		"service.async.onFailure", "arn:aws:sqs:us-east-1:111122223333:payments-failed",
		"FunctionEventInvokeConfig", "live-event-invoke-config", `"onFailure":[{"destination":"arn:aws:sqs:us-east-1:111122223333:payments-failed"}]`,
	},
	{
		"service.async.onSuccess", "arn:aws:sns:us-east-1:111122223333:payments-booked",
		"Policy", "function-history-policy", `arn:aws:sns:us-east-1:111122223333:payments-booked`,
	},
	{
		"service.layers",
		[]any{"arn:aws:lambda:us-east-1:111122223333:layer:insights:3"},
		"Function", "blue-function", `"layers":["arn:aws:lambda:us-east-1:111122223333:layer:insights:3"]`,
	},
	{
		"service.kmsKeyArn", "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
		"Function", "green-function", `"kmsKeyArn":"arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d"`,
	},
	{
		"service.secrets",
		map[string]any{"LIMITS_ARN": "arn:aws:ssm:us-east-1:111122223333:parameter/payments/limits"},
		"Policy", "function-history-policy", `arn:aws:ssm:us-east-1:111122223333:parameter/payments/limits`,
	},
	{
		"service.permissions.statements",
		[]any{map[string]any{"actions": []any{"sqs:SendMessage"}, "resources": []any{"arn:aws:sqs:us-east-1:111122223333:payments-booked"}}},
		"Policy", "function-history-policy", `arn:aws:sqs:us-east-1:111122223333:payments-booked`,
	},
	{
		"service.permissions.policyArns",
		[]any{"arn:aws:iam::111122223333:policy/payment-service-tracing"},
		"RolePolicyAttachment", "function-policy-attachment-4bfe9985", `"policyArn":"arn:aws:iam::111122223333:policy/payment-service-tracing"`,
	},
	{
		"service.invokers",
		[]any{map[string]any{"name": "ledger", "principal": "444455556666"}},
		"Permission", "live-invoker-ledger-856a2b7c", `"principal":"arn:aws:iam::444455556666:root"`,
	},
	{"service.functionUrl", map[string]any{"invokeMode": "ResponseStream"}, "FunctionURL", "live-function-url", `"invokeMode":"RESPONSE_STREAM"`},
	{
		"service.eventSources",
		[]any{map[string]any{"name": "to-book", "sqs": map[string]any{"queueArn": "arn:aws:sqs:us-east-1:111122223333:payments-to-book", "batchSize": int64(7)}}},
		"EventSourceMapping", "event-source-to-book", `"batchSize":7`,
	},
	{"build.image", "aws/codebuild/standard:8.0", "Project", "build-project", `"image":"aws/codebuild/standard:8.0"`},
	{"build.computeType", "BUILD_GENERAL1_LARGE", "Project", "build-project", `"computeType":"BUILD_GENERAL1_LARGE"`},
	{"build.timeoutMinutes", int64(25), "Project", "build-project", `"buildTimeout":25`},
	{"build.environment", map[string]any{"STAGE": "test"}, "Project", "build-project", `"name":"STAGE"`},
	{"build.handlerCheck", "Disabled", "Project", "build-project", `handler_check='Disabled'`},
	{"build.test", "make test", "Project", "build-project", `test_command='make test'`},
	{"build.test", "", "Project", "build-project", `test_command=''`},
	{"build.tool", "pnpm", "Project", "build-project", `tool='pnpm'`},
	{"build.tool", "", "Project", "build-project", `tool=''`},
	{"source.fullClone", map[string]any{"submodules": []any{"my-org/money"}}, "Policy", "clone-policy", `my-org/money`},
	{"build.buildspec", "ci/build.yml", "Project", "build-project", `"buildspec":"ci/build.yml"`},
	{"build.secrets", map[string]any{"LICENCE": "arn:aws:ssm:us-east-1:111122223333:parameter/licence"}, "Project", "build-project", `"type":"PARAMETER_STORE","value":"licence"`},
	{
		"build.vpc",
		map[string]any{"vpcId": "vpc-0a", "subnetIds": []any{"subnet-0b"}, "securityGroupIds": []any{"sg-0c"}},
		"Project", "build-project", `"vpcConfig":{"securityGroupIds":["sg-0c"],"subnets":["subnet-0b"],"vpcId":"vpc-0a"}`,
	},
	{"build.cache", "S3", "BucketLifecycleConfiguration", "artifact-bucket-lifecycle", `"id":"expire-build-cache"`},
	{"build.privileged", true, "Project", "build-project", `"privilegedMode":true`},
	{
		"build.codeArtifact",
		map[string]any{"domain": "my-org", "domainOwner": "444455556666", "repository": "payments", "tools": []any{"npm"}},
		"Policy", "build-policy", `arn:aws:codeartifact:us-east-1:444455556666:repository/my-org/payments`,
	},
	{
		"build.reports",
		map[string]any{"test": map[string]any{"files": []any{"junit.xml"}, "format": "JUNITXML"}, "coverage": map[string]any{"files": []any{"clover.xml"}, "format": "CLOVERXML"}},
		"Policy", "build-policy", `report-group/payment-processor-build-fields-test`,
	},
	{"source.directory", "services/payments", "Codepipeline", "pipeline", `"includes":["services/payments/**"]`},
	{"source.paths.includes", []any{"libraries/**"}, "Codepipeline", "pipeline", `"includes":["libraries/**"]`},
	{"source.paths.excludes", []any{"**/*.md"}, "Codepipeline", "pipeline", `"excludes":["**/*.md"]`},
	{
		"source.checks",
		map[string]any{
			"pullRequests": map[string]any{"branches": []any{"next"}, "paths": map[string]any{"includes": []any{"docs/**"}, "excludes": []any{"*.txt"}}},
			"tags":         map[string]any{"includes": []any{"v*"}},
		},
		"Codepipeline", "checks-pipeline", `"pullRequest":[{"branches":{"includes":["next"]}`,
	},
	{"rollout.deploymentConfig", "LambdaAllAtOnce", "DeploymentGroup", "deployment-group", `"deploymentConfigName":"CodeDeployDefault.LambdaAllAtOnce"`},
	// What custom takes the place of.
	{"rollout.deploymentConfig", "LambdaLinear10PercentEvery10Minutes", "DeploymentGroup", "deployment-group", `"deploymentConfigName":"CodeDeployDefault.LambdaLinear10PercentEvery10Minutes"`},
	{
		"rollout.custom",
		map[string]any{"type": "Linear", "percentage": int64(20), "intervalMinutes": int64(15)},
		"DeploymentGroup", "deployment-group", `"deploymentConfigName":"payment-processor-linear-20percent-15minutes-fields"`,
	},
	{"rollout.analysis.bakeMinutes", int64(7), "StateMachine", "release-state-machine", `$bakes * 60 \u003e= 420`},
	{"rollout.analysis.minInvocations", int64(77), "StateMachine", "release-state-machine", `candidate_invocations \u003e= 77`},
	{"rollout.analysis.tooFewInvocations", "Fail", "StateMachine", "release-state-machine", `TooFew`},
	{"rollout.analysis.maxErrorPercent", 0.25, "StateMachine", "release-state-machine", `$judge('errors', 0.25, `},
	{"rollout.analysis.maxThrottlePercent", 0.75, "StateMachine", "release-state-machine", `$judge('throttles', 0.75, `},
	{"rollout.analysis.p99Milliseconds", int64(800), "StateMachine", "release-state-machine", `PR(800:)`},
	{
		"rollout.analysis.metrics",
		[]any{map[string]any{"name": "refusals", "expression": "SELECT SUM(Refused) FROM SCHEMA(Payments, version) WHERE version = '{version}'", "maxPercent": int64(1)}},
		"StateMachine", "release-state-machine", `counted as refusals`,
	},
	{
		"rollout.analysis.enabled", false, "StateMachine", "release-state-machine",
		`[{\"Condition\":\"{% $deployment.Status = 'Succeeded' %}\",\"Next\":\"RememberLive\"`,
	},
	{
		"rollout.changeWindows",
		[]any{map[string]any{"days": []any{"Mon"}, "from": "00:07", "to": "24:00"}},
		"StateMachine", "release-state-machine", `Mon 00:07 to 24:00 UTC`,
	},
	{
		"rollout.freezes",
		[]any{map[string]any{"from": "2030-01-01T00:00:00Z", "to": "2030-01-02T00:00:00Z", "reason": "audit"}},
		"StateMachine", "release-state-machine", `1893542400`,
	},
	{"rollout.bypassAlarmsForCommit", strings.Repeat("a1", 20), "StateMachine", "release-state-machine", strings.Repeat("a1", 20)},
	{"rollout.bypassReason", "INC-4711", "StateMachine", "release-state-machine", `INC-4711`},
	{"rollout.onConfigurationChange", "Release", "Rule", "watch-configuration-rule", `"scheduleExpression":"rate(5 minutes)"`},
	{"rollout.hooks.beforeAllowTraffic", "before-traffic", "Policy", "deploy-policy", `:function:before-traffic`},
	{"rollout.hooks.afterAllowTraffic", "after-traffic", "StateMachine", "release-state-machine", `after-traffic`},
	{"alarm.errorRatePercent", 0.5, "MetricAlarm", "error-alarm", `"threshold":0.5`},
	{"alarm.evaluationPeriods", int64(4), "MetricAlarm", "error-alarm", `"evaluationPeriods":4`},
	{"alarm.periodSeconds", int64(60), "MetricAlarm", "error-alarm", `"period":60`},
	{"alarm.additionalAlarms", []any{"ledger-lag"}, "DeploymentGroup", "deployment-group", `"ledger-lag"`},
	{"smokeTest.event", map[string]any{"path": "/health"}, "StateMachine", "release-state-machine", `/health`},
	{"smokeTest.expectStatusBelow", int64(299), "StateMachine", "release-state-machine", `299`},
	{"approval.timeoutMinutes", int64(77), "Codepipeline", "pipeline", `"timeoutInMinutes":77`},
	{
		"notifications.approvalTopicArn", "arn:aws:sns:us-east-1:111122223333:payments-approvers",
		"Codepipeline", "pipeline", `"NotificationArn":"arn:aws:sns:us-east-1:111122223333:payments-approvers"`,
	},
	{"notifications.emails", []any{"a@example.com"}, "TopicSubscription", "alarm-topic-subscription-08168cd8", `"endpoint":"a@example.com"`},
	{"retention.logDays", int64(90), "Group", "blue-log-group", `"retentionInDays":90`},
	{"retention.artifactDays", int64(60), "BucketLifecycleConfiguration", "artifact-bucket-lifecycle", `"noncurrentDays":60`},
	{"retention.historyDays", int64(400), "Table", "history-table", `"attributeName":"expiresAt"`},
	{"retention.versions", int64(5), "StateMachine", "watch-state-machine", `newest 5 versions`},
	{"deletionProtection", true, "Table", "history-table", `"deletionProtectionEnabled":true`},
	{"dryRun", true, "Table", "history-table", `"managementPolicies":["Observe"]`},
	// What follows is for the provider to do.
	{"dryRun", false, "Table", "history-table", `"managementPolicies":["Observe","Create","Update"]`},
	{"tags", map[string]any{"team": "payments"}, "Table", "history-table", `"team":"payments"`},
	{
		"source.connectionArn", "arn:aws:codeconnections:us-east-1:111122223333:connection/0a1b2c3d",
		"Codepipeline", "pipeline", `"ConnectionArn":"arn:aws:codeconnections:us-east-1:111122223333:connection/0a1b2c3d"`,
	},
	// A given topic takes the place of the pipeline's own, and of its subscriptions.
	{
		"notifications",
		map[string]any{"topicArn": "arn:aws:sns:us-east-1:111122223333:payments-team"},
		"MetricAlarm", "error-alarm", `"alarmActions":["arn:aws:sns:us-east-1:111122223333:payments-team"]`,
	},
	{
		"promoteTo",
		[]any{map[string]any{"accountId": "444455556666", "environmentSuffix": "prod"}},
		"BucketPolicy", "artifact-bucket-policy", `arn:aws:iam::444455556666:role/release-service-role-prod`,
	},
	{"approval.required", false, "Codepipeline", "pipeline", `"name":"Switch-Traffic"`},
}

// These are what the functions' policies have that comes with a VPC, of one statement and of three.
var (
	networkDenial = regexp.MustCompile(`,{\\"Sid\\":\\"NetworksAreForLambdaOnly\\".*?}}}`)
	networkAccess = regexp.MustCompile(`,{\\"Sid\\":\\"LookAtNetworks\\".*?\\"Sid\\":\\"UseInterfaces\\".*?}`)
)

// TestEveryField changes each field of a claim that can be changed, one after the other, and then all of them back.
func TestEveryField(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "fields")
	original := claim{c.Copy()}
	// Before that nobody may call.
	c.release(t, "2")
	c.Wait(t, "live on version 2", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "release", "liveVersion") == "2"
	})
	before, specs := c.Resources(t), c.specs(t)
	// What takes the place of these does not exist before.
	replaced := []string{
		"Connection " + c.ObjectName("github-connection"),
		"Topic " + c.ObjectName("alarm-topic"),
		"TopicPolicy " + c.ObjectName("alarm-topic-policy"),
	}

	for _, change := range fieldChanges {
		c.Set(change.value, strings.Split(change.field, ".")...)
		claims.Must(t, c.Apply(t))
		environment.WaitFor(t, change.field+" has changed "+change.name, func() bool {
			mr := c.Resource(t, change.kind, change.name)
			return mr != nil && strings.Contains(mustJSON(t, mr), change.want)
		}, func() string { return change.want + " is not in it\n" + c.Describe(t) })
	}
	c.Until(t, "no approval is asked for", func() bool {
		return !strings.Contains(mustJSON(t, c.Resource(t, "Codepipeline", "pipeline")), `"provider":"Manual"`)
	})
	// The claim brings a connection and a topic, so its own are gone.
	environment.WaitFor(t, "the pipeline's own connection and topic are gone", func() bool {
		return slices.Equal(gone(before, c.Resources(t)), replaced)
	}, func() string { return strings.Join(gone(before, c.Resources(t)), ", ") })
	c.WaitReady(t)

	t.Log("and back")
	claims.Must(t, original.Apply(t))
	now := func() map[string]string {
		all := c.specs(t)
		// Versions that were published in the VPC need these for ever, and the functions' code is denied what they allow.
		for name, statements := range map[string]*regexp.Regexp{"function-log-policy": networkAccess, "function-history-policy": networkDenial} {
			policy := "Policy " + c.ObjectName(name)
			all[policy] = statements.ReplaceAllString(all[policy], "")
		}
		return all
	}
	environment.WaitFor(t, "everything is as it was", func() bool {
		return cmp.Equal(specs, now())
	}, func() string { return cmp.Diff(specs, now()) })
	// But for these, which are new ones.
	for _, name := range replaced {
		delete(before, name)
	}
	unharmed(t, c, before)
}

// TestEveryFieldIsChanged checks that TestEveryField leaves no field of the API out.
func TestEveryFieldIsChanged(t *testing.T) {
	b, err := os.ReadFile("../../apis/definition.yaml")
	claims.Must(t, err)
	definition := map[string]any{}
	claims.Must(t, yaml.Unmarshal(b, &definition))
	versions, _, err := unstructured.NestedSlice(definition, "spec", "versions")
	claims.Must(t, err)
	spec, found, err := unstructured.NestedMap(versions[0].(map[string]any), "schema", "openAPIV3Schema", "properties", "spec")
	if err != nil || !found {
		t.Fatalf("cannot find the schema of a claim's spec: %v", err)
	}
	changed := slices.Clone(immutable)
	for _, change := range fieldChanges {
		changed = append(changed, change.field)
	}
	for _, field := range leaves(spec, "") {
		if !slices.ContainsFunc(changed, func(c string) bool { return field == c || strings.HasPrefix(field, c+".") }) {
			t.Errorf("no test changes %s: add it to fieldChanges", field)
		}
	}
}

// leaves are the fields of a schema that have no fields themselves, as dotted paths below the supplied one.
func leaves(schema map[string]any, path string) []string {
	properties, found, _ := unstructured.NestedMap(schema, "properties")
	if !found {
		return []string{path}
	}
	fields := []string{}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		fields = append(fields, leaves(properties[name].(map[string]any), strings.TrimPrefix(path+"."+name, "."))...)
	}
	return fields
}

// specs of the claim's managed resources by kind and name, as JSON. Whatever ARN the connection has, they are the same.
func (c claim) specs(t *testing.T) map[string]string {
	t.Helper()
	arn := claims.Text(c.Live(t), "status", "connection", "arn")
	specs := map[string]string{}
	for name := range c.Resources(t) {
		kind, object, _ := strings.Cut(name, " ")
		if mr := environment.Get(t, environment.KindNamed(t, kind), client.ObjectKey{Name: object}); mr != nil {
			spec, err := json.Marshal(mr.Object["spec"])
			claims.Must(t, err)
			specs[name] = strings.ReplaceAll(string(spec), arn, "the connection's ARN")
		}
	}
	return specs
}
