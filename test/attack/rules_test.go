// Package attack files what a team would that wants more than its ownThings, and checks what it gets.
package attack

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// Two teams of one account. The name of the attacker's namespace is the beginning of the other's: team-a-b has what is team-a-b_*.
const attackingTeam = "team-a"

// ownThings are a claim that a team may file under separateTeams: all that it names is its own.
const ownThings = `
environmentSuffix: a-prod
source: {owner: my-org, repository: team-a_payments}
tags: {team-a/cost-center: "17"}
alarm: {additionalAlarms: [team-a_upstream]}
notifications: {topicArn: "arn:aws:sns:us-east-1:111122223333:team-a_alarms"}
rollout:
  analysis: {tooFewInvocations: Wait}
  hooks: {beforeAllowTraffic: team-a_before}
build:
  secrets: {TOKEN: "arn:aws:ssm:us-east-1:111122223333:parameter/team-a/registry/token"}
service:
  secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:team-a/key-a1B2c3"}
  async: {onFailure: "arn:aws:sqs:us-east-1:111122223333:team-a_failed"}
  permissions:
    statements:
    - {actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111122223333:team-a_booked"]}
    - {actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:us-east-1:111122223333:table/team-a_orders"]}
    policyArns: ["arn:aws:iam::111122223333:policy/payment-service-team-a_tracing"]
  eventSources:
  - {name: queue, sqs: {queueArn: "arn:aws:sqs:us-east-1:111122223333:team-a_jobs"}}
  - {name: events, rule: {eventBusName: team-a_shop, eventPattern: {source: [shop]}}}
`

// taken is what another pipeline has released. Such a claim builds nothing.
const taken = `source: {owner: "", repository: "", promotedFrom: {accountId: "999999999999", bucketName: pipeline-artifacts-b-prod-1a2b3c4d}}
build: null`

// ruleDoors are what an attacker writes into a claim that would be accepted without it, and the field and the rule that it is told.
var ruleDoors = map[string]struct {
	write, field, rule string
}{
	"AnothersSecret":         {`service: {secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:team-a-b/key-a1B2c3"}}`, "spec.service.secrets[KEY]", "allowedSecretArns"},
	"SecretBesideIt":         {`service: {secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:team-a-key-a1B2c3"}}`, "spec.service.secrets[KEY]", "allowedSecretArns"},
	"AnothersBuildSecret":    {`build: {secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:team-a-b/key-a1B2c3:password"}}`, "spec.build.secrets[KEY]", "allowedSecretArns"},
	"AnothersParameter":      {`build: {secrets: {KEY: "arn:aws:ssm:us-east-1:111122223333:parameter/team-a-b/team-a/key"}}`, "spec.build.secrets[KEY]", "allowedSecretArns"},
	"AnothersConnection":     {`source: {connectionArn: "arn:aws:codeconnections:us-east-1:111122223333:connection/00000000-1111-2222-3333-444444444444"}`, "spec.source.connectionArn", "allowedConnectionArns"},
	"AnothersRepository":     {`source: {repository: team-a-b_payments}`, "spec.source.repository", "allowedRepositories"},
	"AnothersQueue":          {`service: {eventSources: [{name: q, sqs: {queueArn: "arn:aws:sqs:us-east-1:111122223333:team-a-b_jobs"}}]}`, "spec.service.eventSources[0].sqs.queueArn", "allowedEventSourceArns"},
	"AnothersStream":         {`service: {eventSources: [{name: s, kinesis: {startingPosition: TrimHorizon, streamArn: "arn:aws:kinesis:us-east-1:111122223333:stream/team-a-b_s"}}]}`, "spec.service.eventSources[0].kinesis.streamArn", "allowedEventSourceArns"},
	"AnothersTable":          {`service: {eventSources: [{name: t, dynamodb: {startingPosition: Latest, streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/team-a-b_t/stream/2026-01-01T00:00:00.000"}}]}`, "spec.service.eventSources[0].dynamodb.streamArn", "allowedEventSourceArns"},
	"HistoryOfAnother":       {`service: {eventSources: [{name: t, dynamodb: {startingPosition: Latest, streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-b-prod/stream/2026-01-01T00:00:00.000"}}]}`, "spec.service.eventSources[0].dynamodb.streamArn", "allowedEventSourceArns"},
	"AnothersBus":            {`service: {eventSources: [{name: e, rule: {eventBusName: team-a-b_shop, eventPattern: {source: [shop]}}}]}`, "spec.service.eventSources[0].rule.eventBusName", "allowedEventBusNames"},
	"EveryEventOfTheAccount": {`service: {eventSources: [{name: e, rule: {eventPattern: {account: ["111122223333"]}}}]}`, "spec.service.eventSources[0].rule.eventBusName", "allowedEventBusNames"},
	"DestinationOfAnother":   {`service: {async: {onFailure: "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-b-prod"}}`, "spec.service.async.onFailure", "allowedDestinationArns"},
	"DeadLettersToAnother":   {`service: {eventSources: [{name: s, kinesis: {startingPosition: Latest, streamArn: "arn:aws:kinesis:us-east-1:111122223333:stream/team-a_s", onFailureArn: "arn:aws:sqs:us-east-1:111122223333:team-a-b_jobs"}}]}`, "spec.service.eventSources[0].kinesis.onFailureArn", "allowedDestinationArns"},
	"ResourceOfAnother":      {`service: {permissions: {statements: [{actions: ["sqs:ReceiveMessage"], resources: ["arn:aws:sqs:us-east-1:111122223333:team-a*"]}]}}`, "spec.service.permissions.statements[0].resources[0]", "allowedResourceArns"},
	"ObjectThatLooksOwn":     {`service: {permissions: {statements: [{actions: ["s3:PutObject"], resources: ["arn:aws:s3:::team-a-b.data/x:sqs:y:z:team-a_q"]}]}}`, "spec.service.permissions.statements[0].resources[0]", "allowedResourceArns"},
	"PipelineOfAnother":      {`service: {permissions: {statements: [{actions: ["codepipeline:PutApprovalResult"], resources: ["arn:aws:codepipeline:us-east-1:111122223333:payment-processor-b-prod/*"]}]}}`, "spec.service.permissions.statements[0].resources[0]", "allowedResourceArns"},
	"PolicyOfAnother":        {`service: {permissions: {policyArns: ["arn:aws:iam::111122223333:policy/payment-service-team-a-b_tracing"]}}`, "spec.service.permissions.policyArns[0]", "allowedPolicyArns"},
	"KeyOfAnother":           {`service: {kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd"}`, "spec.service.kmsKeyArn", "allowedKmsKeyArns"},
	"LayerOfAnother":         {`service: {layers: ["arn:aws:lambda:us-east-1:111122223333:layer:team-a-b_common:1"]}`, "spec.service.layers[0]", "allowedLayerArns"},
	"NetworkOfAnother":       {`service: {vpc: {subnetIds: [subnet-a], securityGroupIds: [sg-a]}}`, "spec.service.vpc.subnetIds[0]", "allowedSubnetIds"},
	"BuildInAnothersNetwork": {`build: {vpc: {vpcId: vpc-a, subnetIds: [subnet-a], securityGroupIds: [sg-a]}}`, "spec.build.vpc.securityGroupIds[0]", "allowedSecurityGroupIds"},
	"ImageOfAnother":         {`build: {image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/team-a-b/base:1"}`, "spec.build.image", "allowedBuildImages"},
	"PackagesOfAnother":      {`build: {codeArtifact: {domain: team-a-b, repository: npm-store}}`, "spec.build.codeArtifact.repository", "allowedCodeArtifactRepositories"},
	"AnyAccountMayCall":      {`service: {invokers: [{name: x, principal: "999999999999"}]}`, "spec.service.invokers[0].principal", "allowedInvokerPrincipals"},
	"ServiceOfAnyAccount":    {`service: {invokers: [{name: x, principal: events.amazonaws.com, sourceArn: "arn:aws:events:us-east-1:999999999999:rule/x"}]}`, "spec.service.invokers[0].sourceArn", "allowedInvokerAccounts"},
	"OrganizationMayCall":    {`service: {invokers: [{name: x, principal: "*", organizationId: o-a1b2c3d4e5}]}`, "spec.service.invokers[0].organizationId", "allowedInvokerOrganizations"},
	"AddressInTheInternet":   {`service: {functionUrl: {}}`, "spec.service.functionUrl", "require.noFunctionUrl"},
	"OfferToAnyAccount":      {`promoteTo: [{accountId: "999999999999", environmentSuffix: x}]`, "spec.promoteTo[0]", "allowedPromotions"},
	"OfferToAnother":         {`promoteTo: [{accountId: "111122223333", environmentSuffix: b-prod}]`, "spec.promoteTo[0]", "allowedPromotions"},
	"TopicOfAnother":         {`notifications: {approvalTopicArn: "arn:aws:sns:us-east-1:111122223333:payment-processor-alarms-b-prod"}`, "spec.notifications.approvalTopicArn", "allowedTopicArns"},
	"PackagesOfAnyAccount":   {`build: {codeArtifact: {domain: team-a, domainOwner: "999999999999", repository: npm-store}}`, "spec.build.codeArtifact.domainOwner", "allowedCodeArtifactAccounts"},
	"AnothersVPC":            {`build: {vpc: {vpcId: vpc-a, subnetIds: [subnet-a], securityGroupIds: [sg-a]}}`, "spec.build.vpc.vpcId", "allowedVpcIds"},
	"ReleasesOfAnother":      {taken, "spec.source.promotedFrom.bucketName", "allowedSourceBuckets"},
	"ReleasesOfAnyAccount":   {taken, "spec.source.promotedFrom.accountId", "allowedSourceAccounts"},
	"HookIntoAnother":        {`rollout: {hooks: {afterAllowTraffic: payment-processor-blue-b-prod}}`, "spec.rollout.hooks.afterAllowTraffic", "allowedHookFunctions"},
	"AlarmOfAnother":         {`alarm: {additionalAlarms: [payment-processor-errors-b-prod]}`, "spec.alarm.additionalAlarms[0]", "allowedAlarms"},
	"TagThatGivesRights":     {`tags: {Team: team-a-b}`, "spec.tags", "allowedTagKeys"},
	"TagOfAnother":           {`tags: {team-a-b/owner: me}`, "spec.tags", "allowedTagKeys"},
	"JudgedNever":            {`rollout: {analysis: {minInvocations: 1000000}}`, "spec.rollout.analysis.minInvocations", "require.maxMinInvocations"},
	"PassesWithoutData":      {`rollout: {analysis: {tooFewInvocations: Pass}}`, "spec.rollout.analysis.tooFewInvocations", "require.enoughInvocations"},
	"AllAtOnce":              {`rollout: {deploymentConfig: LambdaAllAtOnce}`, "spec.rollout.deploymentConfig", "require.maxFirstStepPercent"},
	"AlmostAllAtOnce":        {`rollout: {custom: {type: Canary, percentage: 99, intervalMinutes: 1}}`, "spec.rollout.custom.percentage", "require.maxFirstStepPercent"},
	"MostMayFail":            {`rollout: {analysis: {maxErrorPercent: 99}}`, "spec.rollout.analysis.maxErrorPercent", "require.maxErrorPercent"},
	"MostMayBeThrottled":     {`rollout: {analysis: {maxThrottlePercent: 100}}`, "spec.rollout.analysis.maxThrottlePercent", "require.maxThrottlePercent"},
	"NotJudged":              {`rollout: {analysis: {enabled: false}}`, "spec.rollout.analysis.enabled", "require.analysis"},
	"BakesNothing":           {`rollout: {analysis: {bakeMinutes: 0}}`, "spec.rollout.analysis.bakeMinutes", "require.bakeMinutes"},
	"AlarmNeverFires":        {`alarm: {errorRatePercent: 99}`, "spec.alarm.errorRatePercent", "require.maxAlarmErrorPercent"},
	"AlarmTooLate":           {`alarm: {evaluationPeriods: 168, periodSeconds: 3600}`, "spec.alarm.evaluationPeriods", "require.maxAlarmMinutes"},
	"CachesUnapproved":       {`build: {cache: S3}`, "spec.build.cache", "require.noBuildCache"},
	"PassesAlarms":           {`rollout: {bypassAlarmsForCommit: 3f1c0de3f1c0de3f1c0de3f1c0de3f1c0de3f1c0, bypassReason: fix}`, "spec.rollout.bypassAlarmsForCommit", "require.alarms"},
}

// TestRulesCloseDoors has team-a file each attack, under one line of the platform team's.
func TestRulesCloseDoors(t *testing.T) {
	if err := fileUnderRules(t, attackingTeam, nil, ownThings); err != nil {
		t.Fatalf("a claim that names its own must be accepted, or no refusal means anything: %v", err)
	}
	for name, tc := range ruleDoors {
		t.Run(name, func(t *testing.T) {
			want := "(platform setting " + tc.rule + " of EnvironmentConfig all, by separateTeams)"
			err := fileUnderRules(t, attackingTeam, nil, ownThings, tc.write)
			if err == nil || !strings.Contains(err.Error(), tc.field+": ") || !strings.Contains(err.Error(), want) {
				t.Errorf("want %s refused with %q, got %v", tc.field, want, err)
			}
		})
	}
}

// TestEachRuleIsAttacked checks that an attack is known for each rule that separateTeams sets.
func TestEachRuleIsAttacked(t *testing.T) {
	attacked := map[string]bool{}
	for _, tc := range ruleDoors {
		attacked[tc.rule] = true
	}
	rules, _ := claim.Guardrails()
	for _, r := range rules {
		if r.Separate != nil && !attacked[r.Name] {
			t.Errorf("%s: want an attack that it stops", r.Name)
		}
	}
}

// TestRulesKnowTheNamespace has the attacker name the other's namespace wherever a claim has room for it. Crossplane writes the label of the
// composite resource itself, over a label of the claim's.
func TestRulesKnowTheNamespace(t *testing.T) {
	forged := `claimRef: {namespace: team-a-b, name: payments}
service: {secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:team-a-b/key-a1B2c3"}}`
	if err := fileUnderRules(t, attackingTeam, nil, ownThings, forged); err == nil || !strings.Contains(err.Error(), "allowedSecretArns") {
		t.Errorf("want a secret of team-a-b refused, whatever the spec says of the namespace, got %v", err)
	}
}

// TestRulesWithoutNamespace has a composite resource without a claim name what an empty namespace would have.
func TestRulesWithoutNamespace(t *testing.T) {
	err := fileUnderRules(t, "", nil, ownThings, `service: {secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:/key-a1B2c3"}}`)
	if err == nil || !strings.Contains(err.Error(), "allowedSecretArns") {
		t.Errorf("want nothing allowed without a namespace, got %v", err)
	}
}

// TestRuleOfThePlatformTeamWins has the platform team allow one team a subnet: that team may use it, and the other may not.
func TestRuleOfThePlatformTeamWins(t *testing.T) {
	rule := map[string]any{"match": map[string]any{"namespaces": []any{attackingTeam}}, "allowedSubnetIds": []any{"subnet-a"}, "allowedSecurityGroupIds": []any{"sg-a"}}
	vpc := `service: {vpc: {subnetIds: [subnet-a], securityGroupIds: [sg-a]}}`
	if err := fileUnderRules(t, attackingTeam, rule, ownThings, vpc); err != nil {
		t.Errorf("want the subnet allowed to %s, got %v", attackingTeam, err)
	}
	err := fileUnderRules(t, "team-a-b", rule, ownThings, vpc)
	if err == nil || !strings.Contains(err.Error(), "spec.service.vpc.subnetIds[0]: ") {
		t.Errorf("want the subnet refused to team-a-b, got %v", err)
	}
}

// fileUnderRules files a claim of a namespace, under separateTeams for all and one rule more. What is written later wins, field by field.
func fileUnderRules(t *testing.T, namespace string, rule map[string]any, written ...string) error {
	t.Helper()
	spec := map[string]any{}
	for _, y := range written {
		part := map[string]any{}
		if err := yaml.Unmarshal([]byte(y), &part); err != nil {
			t.Fatal(err)
		}
		overlay(spec, part)
	}
	objects := map[string]any{"all": map[string]any{"separateTeams": true}}
	if rule != nil {
		objects["team"] = rule
	}
	sources := claim.Sources{}
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		sources.Objects = append(sources.Objects, structOf(t, map[string]any{"metadata": map[string]any{"name": name}, "data": objects[name]}))
	}
	xr := map[string]any{"metadata": map[string]any{"labels": map[string]any{"crossplane.io/claim-namespace": namespace}}, "spec": spec}
	_, err := claim.Read(sources, structOf(t, xr), claim.Existing{})
	return err
}

// overlay fields over others. Objects are merged.
func overlay(into, fields map[string]any) {
	for name, value := range fields {
		inner, is := into[name].(map[string]any)
		object, isToo := value.(map[string]any)
		if is && isToo {
			overlay(inner, object)
			continue
		}
		into[name] = value
		if value == nil {
			delete(into, name)
		}
	}
}

func structOf(t *testing.T, object map[string]any) *structpb.Struct {
	t.Helper()
	s, err := structpb.NewStruct(object)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
