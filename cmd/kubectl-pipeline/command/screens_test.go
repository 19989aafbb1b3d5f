package command

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// ready is a claim whose pipeline is.
const ready = `
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments-prod, namespace: payments, generation: 2}
spec: {environmentSuffix: payments-prod, region: us-east-1, source: {owner: acme, repository: payments, branch: main}, service: {}}
status:
  message: Ready
  accountId: "111122223333"
  pipelineUrl: https://console.aws.amazon.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-payments-prod/view?region=us-east-1
  deploymentTableName: deployment-history-payments-prod
  alarm: {name: lambda-errors-payments-prod}
  codeDeploy: {application: payment-processor-app-payments-prod, deploymentGroup: payment-processor-dg-payments-prod}
  arns:
    alias: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-payments-prod:live
    blueFunction: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-payments-prod
    greenFunction: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-payments-prod
    pipeline: arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-payments-prod
    rollbackStateMachine: arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-rollback-payments-prod
  release: {liveVersion: "7", live: {version: "7", commit: 3f2a9c1d5e6f80917263544a5b6c7d8e9f019c2e, shortCommit: 3f2a9c1}}
  conditions:
  - {type: Accepted, status: "True", reason: Valid, observedGeneration: 2}
  - {type: Synced, status: "True", reason: ReconcileSuccess, observedGeneration: 2}
  - {type: Ready, status: "True", reason: Available, observedGeneration: 2}
`

// refused is a claim with a mistake.
const refused = `
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments-dev, namespace: payments, generation: 1}
spec: {environmentSuffix: dev, region: us-east-1, source: {branch: develop}, service: {}}
status:
  message: "Refused: spec.region"
  conditions:
  - {type: Accepted, status: "False", reason: InvalidInput, message: 'invalid PaymentDeliveryPipeline: spec.region: Unsupported value: "us-east-1"', observedGeneration: 1}
  - {type: Ready, status: "False", reason: Waiting, observedGeneration: 1}
`

// pending is a claim whose connection nobody has authorised.
const pending = `
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments-qa, namespace: payments, generation: 1}
spec: {environmentSuffix: qa, region: us-east-1, source: {branch: main}, service: {}}
status:
  message: "Waiting: authorize the connection"
  connection: {arn: "arn:aws:codestar-connections:us-east-1:111122223333:connection/1", status: PENDING, authorizeUrl: "https://console.aws.amazon.com/codesuite/settings/connections?region=us-east-1"}
  conditions:
  - {type: Accepted, status: "True", reason: Valid, observedGeneration: 1}
  - {type: SourceConnected, status: "False", reason: HandshakePending, message: A person must authorize the connection., observedGeneration: 1}
  - {type: Ready, status: "False", reason: Waiting, observedGeneration: 1}
`

// creating is the same, before AWS has made the connection.
var creating = strings.NewReplacer(
	"HandshakePending", "ConnectionNotCreated", "A person must authorize the connection.", "The connection to GitHub is being created.",
	"  connection:", "  resources: {desired: 65, ready: 3, unready: [topic]}\n  connection:",
).Replace(pending)

// changed is a claim with a change that the function has not accepted yet. Its conditions are of before, whatever generation they name.
var changed = strings.NewReplacer("generation: 2}", "generation: 2, annotations: {paymentdelivery.io/change: now}}", "  message: Ready", "  message: Ready\n  acceptedChange: before").Replace(ready)

// edited is a claim that has released, and has an edit that is refused.
var edited = strings.Replace(ready, `{type: Accepted, status: "True", reason: Valid`, `{type: Accepted, status: "False", reason: InvalidInput, message: 'invalid PaymentDeliveryPipeline: spec.tags: Invalid value: {}'`, 1)

// gone is the same, after somebody has deleted the function in AWS.
var gone = edited + `  - {type: LiveVersionLost, status: "True", reason: FunctionRecreated, message: Version 7 is gone. Version 9 serves now., observedGeneration: 2}
`

func TestScreens(t *testing.T) {
	all := []string{ready, refused, pending}
	elsewhere := map[string]any{"STS.GetCallerIdentity": &sts.GetCallerIdentityOutput{Account: aws.String("444455556666")}}
	firing := map[string]any{"CloudWatch.DescribeAlarms": alarm(cloudwatchtypes.StateValueAlarm, "Threshold Crossed: 1 datapoint [12.0] was greater than the threshold (5.0).")}
	left := map[string]any{"Lambda.GetAlias": &lambda.GetAliasOutput{
		FunctionVersion: aws.String("7"),
		RoutingConfig:   &lambdatypes.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"8": 0.3}},
	}}
	notShifted := map[string]any{"CodeDeploy.ListDeployments": shifting()["CodeDeploy.ListDeployments"]}
	notBack := map[string]any{"SFN.DescribeExecution": &sfn.DescribeExecutionOutput{Status: sfntypes.ExecutionStatusFailed, Error: aws.String("NoWayBack"), Cause: aws.String("Version 5 was never live.")}}
	cases := map[string]struct {
		reason string
		s      session
		code   int
	}{
		"Help":             {"Help has each verb in one line.", session{args: []string{"--help"}}, exitOK},
		"List":             {"Each claim's status is in one line.", session{claims: all, args: []string{"list"}}, exitOK},
		"ListAll":          {"With -A, the namespace comes first.", session{claims: all, args: []string{"list", "-A"}}, exitOK},
		"ListJSON":         {"Programs get JSON.", session{claims: all, args: []string{"list", "-o", "json"}}, exitOK},
		"ListNothing":      {"No claim is no mistake.", session{args: []string{"list"}}, exitOK},
		"StatusQuiet":      {"A pipeline at rest.", session{claims: all, account: account(), args: []string{"status", "payments-prod"}}, exitOK},
		"StatusShifting":   {"While traffic moves: weights, minutes left, figures.", session{claims: all, account: account(shifting()), args: []string{"status", "payments-prod"}}, exitOK},
		"StatusAwaiting":   {"While a run waits for its approval.", session{claims: all, account: account(awaiting()), args: []string{"status", "payments-prod"}}, exitOK},
		"StatusFailed":     {"A run that failed.", session{claims: all, account: account(failedRun("Build", failing("Build_TypeScript", "Build terminated with state: FAILED"))), args: []string{"status", "payments-prod"}}, exitOK},
		"StatusNotShifted": {"A deployment that has moved no traffic yet.", session{claims: all, account: account(notShifted), args: []string{"status", "payments-prod"}}, exitOK},
		"StatusYAML":       {"Programs get YAML.", session{claims: all, account: account(shifting()), args: []string{"status", "payments-prod", "-o", "yaml"}}, exitOK},
		"StatusNone":       {"A claim without a pipeline in AWS.", session{claims: all, args: []string{"status", "payments-dev"}}, exitFailed},
		"StatusUnknown":    {"A name that no claim has.", session{claims: all, args: []string{"status", "payments"}}, exitFailed},
		"StatusDenied":     {"AWS's own words, without the SDK's.", session{claims: all, account: account(map[string]any{"Lambda.GetAlias": nil}), args: []string{"status", "payments-prod"}}, exitFailed},
		"Approve":          {"The person sees what waits, and confirms.", session{claims: all, account: account(awaiting()), stdin: "y\n", args: []string{"approve", "payments-prod", "--comment", "reviewed"}}, exitOK},
		"ApproveNot":       {"Nothing changes without a confirmation.", session{claims: all, account: account(awaiting()), stdin: "\n", args: []string{"approve", "payments-prod", "--comment", "reviewed"}}, exitFailed},
		"ApproveBlindly":   {"A script that confirms nothing is told how.", session{claims: all, account: account(awaiting()), args: []string{"approve", "payments-prod", "--comment", "reviewed"}}, exitUsage},
		"ApproveCommit":    {"Only the commit that was meant is approved.", session{claims: all, account: account(awaiting()), args: []string{"approve", "payments-prod", "--commit", "9c2e4f7", "--yes", "--comment", "reviewed"}}, exitFailed},
		"ApproveNothing":   {"Nothing waits.", session{claims: all, account: account(), args: []string{"approve", "payments-prod", "--yes", "--comment", "reviewed"}}, exitFailed},
		"ApproveNoComment": {"A comment is required.", session{claims: all, account: account(awaiting()), args: []string{"approve", "payments-prod", "--yes"}}, exitUsage},
		"Reject":           {"A run that waits is rejected.", session{claims: all, account: account(awaiting()), args: []string{"reject", "payments-prod", "--yes", "--comment", "wait for the fix"}}, exitOK},
		"Rollback":         {"Back to what was live before.", session{claims: all, account: account(), stdin: "yes\n", args: []string{"rollback", "payments-prod", "--reason", "charged twice"}}, exitOK},
		"RollbackShift":    {"A shift is stopped.", session{claims: all, account: account(shifting()), args: []string{"rollback", "payments-prod", "--yes", "--reason", "charged twice"}}, exitOK},
		"RollbackRefused":  {"The machine's own words.", session{claims: all, account: account(notBack), args: []string{"rollback", "payments-prod", "--to", "5", "--yes", "--reason", "charged twice"}}, exitFailed},
		"RollbackNoReason": {"A reason is required.", session{claims: all, account: account(), args: []string{"rollback", "payments-prod", "--yes"}}, exitUsage},
		"History":          {"Deployments only, the newest first.", session{claims: all, account: account(), args: []string{"history", "payments-prod"}}, exitOK},
		"HistoryJSON":      {"Programs get all of it.", session{claims: all, account: account(), args: []string{"history", "payments-prod", "--limit", "1", "-o", "json"}}, exitOK},
		"WhyRefused":       {"A claim that is refused.", session{claims: all, args: []string{"why", "payments-dev"}}, exitOK},
		"WhyPending":       {"A connection that nobody has authorised.", session{claims: all, args: []string{"why", "payments-qa"}}, exitOK},
		"WhyCreating":      {"A connection that is being made waits for no person.", session{claims: []string{creating}, args: []string{"why", "payments-qa"}}, exitOK},
		"WhyBuild":         {"A build that failed, with the end of its log.", session{claims: all, account: account(failedRun("Build", failing("Build_TypeScript", "Build terminated with state: FAILED"))), args: []string{"why", "payments-prod"}}, exitOK},
		"WhySmokeTest":     {"A smoke test that failed.", session{claims: all, account: account(failedRun("Deploy-Green", failing("Smoke_Test_Green", "Runtime.HandlerNotFound: index.handler is undefined or not exported"))), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyAwaiting":      {"A run that waits for its approval.", session{claims: all, account: account(awaiting()), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyShifting":      {"Traffic that moves.", session{claims: all, account: account(shifting()), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyLeft":          {"Two versions, and nothing moves.", session{claims: all, account: account(left), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyAlarm":         {"An alarm that fires.", session{claims: all, account: account(firing), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyAlarmFirst":    {"An alarm that fires comes before a build that failed yesterday.", session{claims: all, account: account(failedRun("Build", failing("Build_TypeScript", "Build terminated with state: FAILED")), firing), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyAlarmShifting": {"While traffic moves, CodeDeploy heeds the alarm.", session{claims: all, account: account(shifting(), firing), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyNotShifted":    {"A deployment that has moved no traffic yet.", session{claims: all, account: account(notShifted), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyLost":          {"The live version is gone, which matters more than a refused edit.", session{claims: []string{gone}, account: account(), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyRefusedLive":   {"A refused edit does not hide that production needs somebody.", session{claims: []string{edited}, account: account(firing), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyRefusedQuiet":  {"Nothing is added if AWS shows nothing wrong.", session{claims: []string{edited}, account: account(), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyRefusedDenied": {"What the claim reports is shown without AWS too.", session{claims: []string{edited}, account: account(elsewhere), args: []string{"why", "payments-prod"}}, exitOK},
		"WhyNothing":       {"Nothing is wrong.", session{claims: all, account: account(), args: []string{"why", "payments-prod"}}, exitOK},
		"Logs":             {"Lines of all versions.", session{claims: all, account: account(), args: []string{"logs", "payments-prod"}}, exitOK},
		"LogsVersion":      {"Lines of one version.", session{claims: all, account: account(), args: []string{"logs", "payments-prod", "--version", "8"}}, exitOK},
		"Open":             {"The pipeline's page.", session{claims: all, args: []string{"open", "payments-prod"}}, exitOK},
		"OpenNone":         {"A page that does not exist yet.", session{claims: all, args: []string{"open", "payments-prod", "--dashboard"}}, exitFailed},
		"Retry":            {"The failed stage is tried again.", session{claims: all, account: account(failedRun("Build", failing("Build_TypeScript", "Build terminated with state: FAILED"))), args: []string{"retry", "payments-prod"}}, exitOK},
		"RetryNothing":     {"No stage has failed.", session{claims: all, account: account(), args: []string{"retry", "payments-prod"}}, exitFailed},
		"WaitReady":        {"A claim that is ready.", session{claims: all, args: []string{"wait", "payments-prod"}}, exitOK},
		"WaitRefused":      {"A refused claim does not become ready.", session{claims: all, args: []string{"wait", "payments-dev"}}, exitFailed},
		"WaitTimeout":      {"What does not come in time has an exit code of its own.", session{claims: all, args: []string{"wait", "payments-qa", "--timeout", "1m"}}, exitTimeout},
		"WaitReleased":     {"A commit that is released.", session{claims: all, account: account(), args: []string{"wait", "payments-prod", "--for=released", "--commit", "3f2a9c1"}}, exitOK},
		"WaitFailed":       {"A run that failed is not waited for.", session{claims: all, account: account(failedRun("Build", failing("Build_TypeScript", "no"))), args: []string{"wait", "payments-prod", "--for=released"}}, exitFailed},
		"WaitUsage":        {"What can be waited for.", session{claims: all, args: []string{"wait", "payments-prod", "--for=deleted"}}, exitUsage},
		"WaitStale":        {"What a claim says of its last change but one is not taken for what it says of the last.", session{claims: []string{changed}, args: []string{"wait", "payments-prod", "--timeout", "1m"}}, exitTimeout},
		"WaitChange":       {"A change that is accepted.", session{claims: []string{strings.Replace(changed, "acceptedChange: before", "acceptedChange: now", 1)}, args: []string{"wait", "payments-prod"}}, exitOK},
		"OtherAccount":     {"Credentials of another account, which may have a pipeline of the same name.", session{claims: all, account: account(elsewhere), args: []string{"approve", "payments-prod", "--yes", "--comment", "reviewed"}}, exitFailed},
		"StatusOverlap":    {"An older run waits for its approval while a newer one builds.", session{claims: all, account: account(overlapping()), args: []string{"status", "payments-prod"}}, exitOK},
		"WhyOverlap":       {"The commit that waits is not the newest one.", session{claims: all, account: account(overlapping()), args: []string{"why", "payments-prod"}}, exitOK},
		"ApproveJSON":      {"Programs get what was answered.", session{claims: all, account: account(awaiting()), args: []string{"approve", "payments-prod", "--yes", "--comment", "reviewed", "-o", "json"}}, exitOK},
		"OutputUnknown":    {"A format that there is not is refused before anything is done.", session{claims: all, account: account(awaiting()), args: []string{"approve", "payments-prod", "--yes", "--comment", "reviewed", "-o", "xml"}}, exitUsage},
		"CompleteName":     {"A shell completes the names of claims.", session{claims: all, args: []string{"__complete", "status", ""}}, exitOK},
		"LintNothing":      {"A file is required.", session{args: []string{"lint"}}, exitUsage},
		"LintNotes":        {"A valid claim whose smoke test is likely to fail.", session{args: []string{"lint", "-"}, stdin: untested}, exitOK},
		"LintRight":        {"A claim without mistakes.", session{args: []string{"lint", "../../../examples/claims/minimal.yaml"}}, exitOK},
		"NoName":           {"A name is required.", session{args: []string{"status"}}, exitUsage},
		"UnknownVerb":      {"A verb that there is not.", session{args: []string{"statsu", "payments-prod"}}, exitUsage},
		"ListName":         {"A name is not passed over.", session{claims: all, args: []string{"list", "payments-prod"}}, exitUsage},
		"UnknownFlag":      {"A flag that there is not.", session{args: []string{"list", "--all"}}, exitUsage},
		"Lint":             {"Mistakes, each with its field, and what was meant.", session{args: []string{"lint", "-"}, stdin: strings.ReplaceAll(misspelled, "\t", "  ")}, exitFailed},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, code := tc.s.run(t)
			if code != tc.code {
				t.Errorf("%s: want exit code %d, got %d", tc.reason, tc.code, code)
			}
			golden(t, name, got)
		})
	}
}

// untested is a claim of a job that does not say how green is tested.
const untested = `
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments-job, namespace: payments}
spec:
  environmentSuffix: job
  source: {owner: acme, repository: payments}
  service: {eventSources: [{name: nightly, schedule: {expression: rate(1 day)}}]}
`

// misspelled is a claim with mistakes that people make.
const misspelled = `
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments-prod, namespace: payments}
spec:
  enviromentSuffix: prod
  region: us-east1
  service: {timout: 3, handler: index}
  timeoutSeconds: 3
  source: {owner: acme, repository: payments, branch: refs/heads/main}
`
