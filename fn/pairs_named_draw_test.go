package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"
)

// A neighbour is a team with a namespace and an account of its own, and with things in the account of all pipelines.
type neighbour struct {
	namespace, suffix, account string

	// id is in the identifiers that AWS chooses.
	id string
}

// owned are the kinds of things that a team has, and their names. Those that AWS names, the platform team allows in the team's own settings.
var owned = map[string]string{
	"alarm":         "NAMESPACE_upstream",
	"account":       "ACCOUNT",
	"bucket":        "arn:aws:s3:::NAMESPACE.receipts/",
	"bus":           "arn:aws:events:us-east-1:111122223333:event-bus/NAMESPACE_shop",
	"busName":       "NAMESPACE_shop",
	"connection":    "arn:aws:codeconnections:us-east-1:111122223333:connection/00000000-1111-2222-3333-4444444444ID",
	"domain":        "NAMESPACE",
	"function":      "arn:aws:lambda:us-east-1:111122223333:function:NAMESPACE_ledger",
	"functionName":  "NAMESPACE_before",
	"image":         "111122223333.dkr.ecr.us-east-1.amazonaws.com/NAMESPACE/base:1",
	"key":           "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ID",
	"layer":         "arn:aws:lambda:us-east-1:111122223333:layer:NAMESPACE_common:1",
	"machine":       "arn:aws:states:us-east-1:111122223333:stateMachine:NAMESPACE_settle",
	"organization":  "o-a1b2c3d4ID",
	"parameter":     "arn:aws:ssm:us-east-1:111122223333:parameter/NAMESPACE/key",
	"policy":        "arn:aws:iam::111122223333:policy/payment-service-NAMESPACE_tracing",
	"rule":          "arn:aws:events:us-east-1:ACCOUNT:rule/NAMESPACE_nightly",
	"queue":         "arn:aws:sqs:us-east-1:111122223333:NAMESPACE_jobs",
	"released":      "pipeline-artifacts-SUFFIX-9e93dcID",
	"repository":    "NAMESPACE_payments",
	"secret":        "arn:aws:secretsmanager:us-east-1:111122223333:secret:NAMESPACE/key-a1B2c3",
	"securityGroup": "sg-0f1e2d3c4b5a697ID",
	"stream":        "arn:aws:kinesis:us-east-1:111122223333:stream/NAMESPACE_clicks",
	"subnet":        "subnet-0f1e2d3c4b5a697ID",
	"submodule":     "my-org/NAMESPACE_money",
	"suffix":        "SUFFIX",
	"table":         "arn:aws:dynamodb:us-east-1:111122223333:table/NAMESPACE_orders",
	"tableStream":   "arn:aws:dynamodb:us-east-1:111122223333:table/NAMESPACE_orders/stream/2026-01-01T00:00:00.000",
	"tag":           "NAMESPACE/owner",
	"topic":         "arn:aws:sns:us-east-1:111122223333:NAMESPACE_alarms",
	"vpc":           "vpc-0f1e2d3c4b5a697ID",
}

// thing of a team, of this kind.
func (n neighbour) thing(kind string) string {
	return strings.NewReplacer("NAMESPACE", n.namespace, "ACCOUNT", n.account, "SUFFIX", n.suffix, "ID", n.id).Replace(owned[kind])
}

// settings that the platform team has for the team, beside those for all: what has no name that begins with a namespace.
func (n neighbour) settings() map[string]any {
	return map[string]any{
		"match": map[string]any{"namespaces": []any{n.namespace}}, "allowedEnvironmentSuffixes": []any{n.suffix},
		"allowedConnectionArns": []any{n.thing("connection")}, "allowedKmsKeyArns": []any{n.thing("key")}, "allowedBuildImages": []any{n.thing("image"), "aws/codebuild/*"},
		"allowedVpcIds": []any{n.thing("vpc")}, "allowedSubnetIds": []any{n.thing("subnet")}, "allowedSecurityGroupIds": []any{n.thing("securityGroup")},
		"allowedSourceAccounts": []any{n.account}, "allowedSourceBuckets": []any{n.thing("released")}, "allowedPromotions": []any{n.account + "/" + n.suffix},
		"allowedCodeArtifactAccounts": []any{n.account}, "allowedInvokerAccounts": []any{n.account}, "allowedInvokerOrganizations": []any{n.thing("organization")},
		"allowedInvokerPrincipals": []any{n.account, "*", "*.amazonaws.com"},
	}
}

// own is a claim of the team that names nothing.
func (n neighbour) own() map[string]any {
	return map[string]any{
		"environmentSuffix": n.suffix, "source": map[string]any{"owner": "my-org", "repository": n.thing("repository"), "connectionArn": n.thing("connection")},
		"rollout": map[string]any{"analysis": map[string]any{"tooFewInvocations": "Wait"}},
	}
}

// drawNeighbour draws a team whose namespace is related to that of another.
func drawNeighbour(t *rapid.T, of neighbour) neighbour {
	return neighbour{namespace: drawRelated(t, of.namespace, of.id), suffix: "b-prod", account: "777788889999", id: "0b"}
}

// A naming is how a claim names things of some kinds in a field: <text> is the name, and <kind> one of the claim's own team.
type naming struct {
	claim string
	kinds []string
}

// calls are actions on each kind of resource that a service may use.
const calls = "[dynamodb:GetItem, events:PutEvents, kinesis:PutRecord, lambda:InvokeFunction, s3:GetObject, secretsmanager:GetSecretValue, sns:Publish, sqs:SendMessage, ssm:GetParameter, states:StartExecution]"

var (
	secretKinds      = []string{"secret", "parameter"}
	destinationKinds = []string{"queue", "topic", "function", "bus"}
)

// namings by the fields that separateTeams limits by names.
var namings = map[string]naming{
	"alarm.additionalAlarms":                       {"{alarm: {additionalAlarms: [<text>]}}", []string{"alarm"}},
	"build.codeArtifact.domain":                    {"{build: {codeArtifact: {domain: <text>, repository: npm-store}}}", []string{"domain"}},
	"build.codeArtifact.domainOwner":               {"{build: {codeArtifact: {domain: <domain>, domainOwner: <text>, repository: npm-store}}}", []string{"account"}},
	"build.image":                                  {"{build: {image: <text>}}", []string{"image"}},
	"build.secrets":                                {"{build: {secrets: {TOKEN_A: <text>}}}", secretKinds},
	"build.vpc.securityGroupIds":                   {"{build: {vpc: {vpcId: <vpc>, subnetIds: [<subnet>], securityGroupIds: [<text>]}}}", []string{"securityGroup"}},
	"build.vpc.subnetIds":                          {"{build: {vpc: {vpcId: <vpc>, subnetIds: [<text>], securityGroupIds: [<securityGroup>]}}}", []string{"subnet"}},
	"build.vpc.vpcId":                              {"{build: {vpc: {vpcId: <text>, subnetIds: [<subnet>], securityGroupIds: [<securityGroup>]}}}", []string{"vpc"}},
	"notifications.approvalTopicArn":               {"{notifications: {approvalTopicArn: <text>}}", []string{"topic"}},
	"notifications.topicArn":                       {"{notifications: {topicArn: <text>}}", []string{"topic"}},
	"promoteTo[].accountId":                        {"{promoteTo: [{accountId: <text>, environmentSuffix: <suffix>}]}", []string{"account"}},
	"promoteTo[].environmentSuffix":                {"{promoteTo: [{accountId: <account>, environmentSuffix: <text>}]}", []string{"suffix"}},
	"rollout.hooks.afterAllowTraffic":              {"{rollout: {hooks: {afterAllowTraffic: <text>}}}", []string{"functionName"}},
	"rollout.hooks.beforeAllowTraffic":             {"{rollout: {hooks: {beforeAllowTraffic: <text>}}}", []string{"functionName"}},
	"source.fullClone.submodules":                  {"{source: {fullClone: {submodules: [<text>]}}}", []string{"submodule"}},
	"service.async.onFailure":                      {"{service: {async: {onFailure: <text>}}}", destinationKinds},
	"service.async.onSuccess":                      {"{service: {async: {onSuccess: <text>}}}", destinationKinds},
	"service.eventSources[].dynamodb.onFailureArn": {"{service: {eventSources: [{name: t, dynamodb: {startingPosition: Latest, streamArn: <tableStream>, onFailureArn: <text>}}]}}", []string{"queue", "topic"}},
	"service.eventSources[].dynamodb.streamArn":    {"{service: {eventSources: [{name: t, dynamodb: {startingPosition: Latest, streamArn: <text>}}]}}", []string{"tableStream"}},
	"service.eventSources[].kinesis.onFailureArn":  {"{service: {eventSources: [{name: k, kinesis: {startingPosition: Latest, streamArn: <stream>, onFailureArn: <text>}}]}}", []string{"queue", "topic"}},
	"service.eventSources[].kinesis.streamArn":     {"{service: {eventSources: [{name: k, kinesis: {startingPosition: Latest, streamArn: <text>}}]}}", []string{"stream"}},
	"service.eventSources[].rule.eventBusName":     {"{service: {eventSources: [{name: r, rule: {eventBusName: <text>, eventPattern: {source: [shop]}}}]}}", []string{"busName"}},
	"service.eventSources[].sqs.queueArn":          {"{service: {eventSources: [{name: q, sqs: {queueArn: <text>}}]}}", []string{"queue"}},
	"service.invokers[].organizationId":            {"{service: {invokers: [{name: i, principal: <account>, organizationId: <text>}]}}", []string{"organization"}},
	"service.invokers[].principal":                 {"{service: {invokers: [{name: i, principal: <text>}]}}", []string{"account"}},
	"service.invokers[].sourceAccount":             {"{service: {invokers: [{name: i, principal: s3.amazonaws.com, sourceAccount: <text>}]}}", []string{"account"}},
	"service.invokers[].sourceArn":                 {"{service: {invokers: [{name: i, principal: events.amazonaws.com, sourceArn: <text>}]}}", []string{"rule"}},
	"service.kmsKeyArn":                            {"{service: {kmsKeyArn: <text>}}", []string{"key"}},
	"service.layers":                               {"{service: {layers: [<text>]}}", []string{"layer"}},
	"service.permissions.policyArns":               {"{service: {permissions: {policyArns: [<text>]}}}", []string{"policy"}},
	"service.permissions.statements[].resources":   {"{service: {permissions: {statements: [{actions: " + calls + ", resources: [<text>]}]}}}", []string{"secret", "parameter", "queue", "topic", "bus", "function", "table", "stream", "bucket", "machine"}},
	"service.secrets":                              {"{service: {secrets: {TOKEN_A: <text>}}}", secretKinds},
	"service.vpc.securityGroupIds":                 {"{service: {vpc: {subnetIds: [<subnet>], securityGroupIds: [<text>]}}}", []string{"securityGroup"}},
	"service.vpc.subnetIds":                        {"{service: {vpc: {subnetIds: [<text>], securityGroupIds: [<securityGroup>]}}}", []string{"subnet"}},
	"source.connectionArn":                         {"{source: {connectionArn: <text>}}", []string{"connection"}},
	"source.promotedFrom.accountId":                {"{source: {owner: '', repository: '', connectionArn: '', promotedFrom: {accountId: <text>, bucketName: <released>}}, build: null}", []string{"account"}},
	"source.promotedFrom.bucketName":               {"{source: {owner: '', repository: '', connectionArn: '', promotedFrom: {accountId: <account>, bucketName: <text>}}, build: null}", []string{"released"}},
	"source.promotedFrom.kmsKeyArn":                {"{source: {owner: '', repository: '', connectionArn: '', promotedFrom: {accountId: <account>, bucketName: <released>, kmsKeyArn: <text>}}, build: null}", []string{"key"}},
	"source.repository":                            {"{source: {repository: <text>}}", []string{"repository"}},
	"tags":                                         {"{tags: {<text>: anything}}", []string{"tag"}},
}

// ownersAnyone are fields that a rule reads together with another one, which names what is a team's.
var ownersAnyone = map[string]string{
	"source.owner":                  "whoever owns them, repositories have names that begin with the namespace",
	"build.codeArtifact.repository": "the domain is the team's",
}

// A nameDrop is a claim that names something in a field.
type nameDrop struct {
	field, text string
	claim       map[string]any
}

// drawNameDrop draws what a team may write to reach what another one has, or what that one's pipeline is made of.
func drawNameDrop(t *rapid.T, by, victim neighbour, made []string) nameDrop {
	d := nameDrop{field: rapid.SampledFrom(slices.Sorted(maps.Keys(namings))).Draw(t, "field")}
	n := namings[d.field]
	kind := rapid.SampledFrom(n.kinds).Draw(t, "kind")
	candidates := []string{victim.thing(kind), by.thing(kind)}
	if strings.HasPrefix(candidates[0], "arn:") {
		candidates = append(candidates, rapid.SampledFrom(made).Draw(t, "resource"))
	}
	d.text = rapid.SampledFrom(candidates).Draw(t, "name")
	for range rapid.IntRange(0, 2).Draw(t, "changes") {
		d.text = drawChange(t, d.text, by.namespace)
	}
	d.claim = by.fill(n.claim, d.text)
	return d
}

// drawChange draws another name that may reach the same thing: with a wildcard, in another case, with more or less in it.
func drawChange(t *rapid.T, text, namespace string) string {
	from := rapid.IntRange(0, len(text)).Draw(t, "from")
	to := rapid.IntRange(from, len(text)).Draw(t, "to")
	with := rapid.SampledFrom([]string{
		"*", "?", "**", "", "/", ":", "_", "../", "%2F", "\n", " ", strings.ToUpper(text[from:to]), namespace, namespace + "_", text[from:to] + ":" + namespace + "_x",
	}).Draw(t, "with")
	return text[:from] + with + text[to:]
}

// fill in a claim what it names: the text, and the team's own things.
func (n neighbour) fill(claim, text string) map[string]any {
	named := []string{"<text>", quote(text)}
	for kind := range owned {
		named = append(named, "<"+kind+">", quote(n.thing(kind)))
	}
	filled := map[string]any{}
	if err := yaml.Unmarshal([]byte(strings.NewReplacer(named...).Replace(claim)), &filled); err != nil {
		panic(err)
	}
	return filled
}

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}
