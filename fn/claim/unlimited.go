package claim

// An Unlimited is why no rule of the platform team limits some fields of a claim.
type Unlimited struct {
	Why    string   `json:"why"`
	Fields []string `json:"fields"`
}

// unlimited are all fields that no rule reads. A field that is new is neither here nor there, and a test fails until somebody decides.
var unlimited = []Unlimited{
	{"a name of the claim's own, which ends with its environmentSuffix in AWS", of(
		"service.eventSources[].name", "service.invokers[].name")},
	{"it chooses what of the claim's own repository is built, and when: allowedRepositories limits the repository", of(
		"source.directory", "source.paths.includes", "source.paths.excludes",
		"source.checks.pullRequests.branches", "source.checks.pullRequests.paths.includes", "source.checks.pullRequests.paths.excludes",
		"source.checks.tags.includes")},
	{"a build may run whatever its repository says: its role, its secrets and its network limit what that reaches", of(
		"build.buildspec", "build.environment", "build.privileged", "build.timeoutMinutes", "build.codeArtifact.tools",
		"build.tool", "build.program", "build.test", "build.handlerCheck",
		"build.reports.test.files", "build.reports.test.format", "build.reports.coverage.files", "build.reports.coverage.format")},
	{"it is about this claim's functions alone", of(
		"service.architecture", "service.handler", "service.memorySizeMiB", "service.timeoutSeconds", "service.environment",
		"service.ephemeralStorageMiB", "service.tracing", "service.logging.format", "service.logging.applicationLevel",
		"service.logging.systemLevel", "service.snapStart", "service.async.maximumAgeSeconds", "service.async.retries")},
	{"concurrency is taken from what the account has: only another account, or AWS's quota, keeps it for others", of(
		"service.concurrency.reserved", "service.concurrency.provisioned.min", "service.concurrency.provisioned.max",
		"service.concurrency.provisioned.targetUtilizationPercent")},
	{"it says how browsers call the claim's own service: require.noFunctionUrl takes the address away", of(
		"service.functionUrl.invokeMode", "service.functionUrl.cors.allowOrigins", "service.functionUrl.cors.allowMethods",
		"service.functionUrl.cors.allowHeaders", "service.functionUrl.cors.exposeHeaders", "service.functionUrl.cors.allowCredentials",
		"service.functionUrl.cors.maxAgeSeconds")},
	{"it says how a source is read, whose ARN or bus a rule limits, or when and with what the claim's own service is called", of(
		"service.eventSources[].sqs.reportBatchItemFailures", "service.eventSources[].sqs.batchSize",
		"service.eventSources[].sqs.maximumBatchingWindowSeconds", "service.eventSources[].sqs.maximumConcurrency",
		"service.eventSources[].kinesis.reportBatchItemFailures", "service.eventSources[].kinesis.startingPosition",
		"service.eventSources[].kinesis.batchSize", "service.eventSources[].kinesis.maximumBatchingWindowSeconds",
		"service.eventSources[].kinesis.parallelizationFactor", "service.eventSources[].kinesis.bisectBatchOnFunctionError",
		"service.eventSources[].kinesis.maximumRetryAttempts", "service.eventSources[].kinesis.maximumRecordAgeSeconds",
		"service.eventSources[].dynamodb.reportBatchItemFailures", "service.eventSources[].dynamodb.startingPosition",
		"service.eventSources[].dynamodb.batchSize", "service.eventSources[].dynamodb.maximumBatchingWindowSeconds",
		"service.eventSources[].dynamodb.parallelizationFactor", "service.eventSources[].dynamodb.bisectBatchOnFunctionError",
		"service.eventSources[].dynamodb.maximumRetryAttempts", "service.eventSources[].dynamodb.maximumRecordAgeSeconds",
		"service.eventSources[].rule.eventPattern", "service.eventSources[].schedule.expression", "service.eventSources[].schedule.event")},
	{"it makes the judgement stricter, or says what else is judged: it can weaken no other limit", of(
		"rollout.analysis.p99Milliseconds", "rollout.analysis.metrics[].name", "rollout.analysis.metrics[].maxPercent")},
	{"it reads numbers of any metric of the account: CloudWatch knows no resources to limit that by", of("rollout.analysis.metrics[].expression")},
	{"the first step is limited, and rollout.analysis judges all of them", of("rollout.custom.type", "rollout.custom.intervalMinutes")},
	{"it holds beside the platform team's, and can only forbid more", of(
		"rollout.changeWindows[].days", "rollout.changeWindows[].from", "rollout.changeWindows[].to",
		"rollout.freezes[].from", "rollout.freezes[].to", "rollout.freezes[].reason")},
	{"without rollout.bypassAlarmsForCommit, which require.alarms forbids, it says nothing", of("rollout.bypassReason")},
	{"it says when the claim's own pipeline runs, or how its own release is tried out", of(
		"rollout.onConfigurationChange", "smokeTest.event", "smokeTest.expectStatusBelow", "approval.timeoutMinutes")},
	{"it keeps what the claim has made", of("retention.versions")},
	{"install.yaml lets nobody turn it on later, but who may create Compositions", of("dryRun")},
}

// A Guardrail is a rule of the platform team's, as documents show it.
type Guardrail struct {
	// Name of the field of the settings, Fields of the claim that it reads, and How a value keeps it.
	Name   string   `json:"name"`
	Fields []string `json:"fields"`
	How    string   `json:"how"`

	// Separate is its value under separateTeams. Nil: it has none.
	Separate any `json:"separate"`
}

// Guardrails are all rules of the platform team, and the fields that none of them limits.
func Guardrails() ([]Guardrail, []Unlimited) {
	all := make([]Guardrail, 0, len(rules))
	for _, r := range rules {
		all = append(all, Guardrail{r.name, r.fields, r.judge.how, r.separate})
	}
	return all, unlimited
}
