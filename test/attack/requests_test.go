package attack

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

const (
	ownAccount = "111122223333"
	ownRegion  = "us-east-1"
)

// A named resource has a name in AWS, and gives values to variables of ARNs in IAM's data: those of its own type, and those of what belongs
// to it. The function takes the name and returns the values of each variable.
type named struct {
	service   string
	variables func(name string) map[string][]string
}

func just(variables ...string) func(string) map[string][]string {
	return func(name string) map[string][]string {
		values := map[string][]string{}
		for _, v := range variables {
			values[v] = []string{name}
		}
		return values
	}
}

// iamKinds of managed resources, and what they are to IAM.
var iamKinds = map[string][]named{
	"cloudwatch/Dashboard":   {{"cloudwatch", just("DashboardName")}},
	"cloudwatch/MetricAlarm": {{"cloudwatch", just("AlarmName")}},
	"cloudwatchevents/Rule":  {{"events", just("RuleName")}},
	"cloudwatchlogs/Group":   {{"logs", just("LogGroupName")}},
	"codebuild/Project": {{"codebuild", func(name string) map[string][]string {
		const id = ":7c1e5ec5-7b63-4f22-8f25-d7d2e3a1c0aa"
		return map[string][]string{
			"ProjectName": {name}, "BuildId": {name + id}, "BuildBatchId": {name + id}, "SandboxId": {name + id},
			"ReportGroupName": {name + "-test", name + "-coverage"},
		}
	}}},
	"codepipeline/Codepipeline": {
		{"codepipeline", just("PipelineName")},
		{"logs", func(name string) map[string][]string {
			if strings.HasPrefix(name, "payment-processor-checks-") {
				// Only deploy actions have a log.
				return nil
			}
			return map[string][]string{"LogGroupName": {"/aws/codepipeline/" + name, "/" + ownRegion + "/codepipeline/" + name}}
		}},
	},
	"deploy/App":                {{"codedeploy", just("ApplicationName")}},
	"deploy/DeploymentConfig":   {{"codedeploy", just("DeploymentConfigurationName")}},
	"dynamodb/Table":            {{"dynamodb", just("TableName", "GlobalTableName")}},
	"iam/Policy":                {{"iam", just("PolicyNameWithPath")}},
	"iam/Role":                  {{"iam", just("RoleNameWithPath")}, {"sts", just("RoleNameWithPath")}},
	"lambda/EventSourceMapping": {{"lambda", just("UUID")}},
	"lambda/Function":           {{"lambda", just("FunctionName")}},
	"s3/Bucket":                 {{"s3", just("BucketName")}},
	"sfn/StateMachine":          {{"states", just("StateMachineName")}},
	"sns/Topic":                 {{"sns", just("TopicName")}},
}

// partKinds are kinds that are parts of the resource that they name, and have no ARN, or no name but an identifier of AWS's.
var partKinds = map[string]string{
	"appautoscaling/Policy":                      "a part of its target",
	"appautoscaling/Target":                      "AWS chooses the identifier, and IAM is not told what is scaled; the provider sets it back",
	"codestarconnections/Connection":             "AWS chooses its ARN: see connectionAttempts",
	"cloudwatchevents/Target":                    "a part of its rule",
	"deploy/DeploymentGroup":                     "a part of its application",
	"iam/RolePolicyAttachment":                   "a part of its role",
	"lambda/Alias":                               "a part of its function",
	"lambda/FunctionEventInvokeConfig":           "a part of its function",
	"lambda/FunctionURL":                         "a part of its function",
	"lambda/Permission":                          "a part of its function",
	"lambda/ProvisionedConcurrencyConfig":        "a part of its function",
	"s3/BucketLifecycleConfiguration":            "a part of its bucket",
	"s3/BucketOwnershipControls":                 "a part of its bucket",
	"s3/BucketPolicy":                            "a part of its bucket",
	"s3/BucketPublicAccessBlock":                 "a part of its bucket",
	"s3/BucketServerSideEncryptionConfiguration": "a part of its bucket",
	"s3/BucketVersioning":                        "a part of its bucket",
	"s3/Object":                                  "a part of its bucket",
	"sns/TopicPolicy":                            "a part of its topic",
	"sns/TopicSubscription":                      "a part of its topic",
}

// sampleValues of variables that say nothing of a pipeline.
var sampleValues = map[string]string{
	"ActionName": "Approve", "BackupName": "01489602797149-73d8d5bc", "DeploymentGroupName": "payment-processor-dg",
	"ExecutionId": "0b7a2c9e", "ExecutionName": "run", "ExportName": "01695353076000-06e2188f", "ExpressId": "1", "ImportName": "01695353076000-06e2188f", "IndexName": "by-day",
	"LogStreamName": "2026/11/30/[$LATEST]0b7a", "MapRunId": "1", "MapRunLabel": "each", "ObjectName": "payment-processor-pi/BuildArtif/a.zip",
	"ReportId": "1", "StageName": "Switch-Traffic", "StateMachineAliasName": "live", "StateMachineVersionId": "1",
	"StreamLabel": "2026-11-30T00:00:00.000", "Alias": "live", "Version": "7",
}

// strangers are the types of resources of these services of which no pipeline has one.
var strangers = map[string][]string{
	"cloudwatch": {
		"access-grant", "access-profile", "alarm-mute-rule", "alert", "dataset", "domain", "ingestion-endpoint", "insight-rule", "integration", "metric-stream",
		"omni-dashboard", "organization-access-grant", "organization-domain", "service", "slo", "space", "view",
	},
	"codebuild":    {"fleet"},
	"codedeploy":   {"instance"},
	"codepipeline": {"actiontype", "webhook"},
	"events": {
		"alias", "api-destination", "archive", "connection", "create-snapshot", "endpoint", "event-bus", "event-busv2", "event-source", "event-sourcev2", "key", "reboot-instance",
		"replay", "stop-instance", "subscriber", "terminate-instance",
	},
	"iam": {
		"access-report", "assumed-role", "delegation-request", "federated-user", "group", "instance-profile", "mfa", "oidc-provider", "role-template", "saml-provider",
		"server-certificate", "sms-mfa", "user",
	},
	"lambda": {"capacityProvider", "code signing config", "layer", "layerVersion", "microvmImage", "networkConnector"},
	"logs":   {"anomaly-detector", "delivery", "delivery-destination", "delivery-source", "destination", "lookup-table", "scheduled-query"},
	"s3": {
		// A bucket's policy refuses what comes by access points.
		"accesspoint", "accesspointobject", "multiregionaccesspoint", "multiregionaccesspointrequestarn", "objectlambdaaccesspoint",
		"accessgrant", "accessgrantsinstance", "accessgrantslocation", "job", "storagelensconfiguration", "storagelensgroup",
	},
	"states": {"activity"},
	"sts":    {"context-provider", "federated-user", "root-user", "self-session"},
}

// An attempt is a request about a resource of a pipeline's, and the type of the resource.
type attempt struct {
	access.Request

	kind string
}

// attempts are all actions of AWS's on all ARNs of a pipeline's resources by which IAM may decide on them.
func attempts(t *testing.T, resources []awsmodel.Managed) []attempt {
	t.Helper()
	known := map[string]attempt{}
	for _, m := range resources {
		for _, n := range iamKinds[m.Kind()] {
			for _, a := range n.attempts(t, m) {
				known[a.Action+" "+a.Resource] = a
			}
		}
	}
	return slices.Collect(maps.Values(known))
}

// connectionAttempts are those on the connection by which a pipeline reads its source, whoever made that.
func connectionAttempts(t *testing.T, pipelineRole []iam.Statement) (all []attempt) {
	t.Helper()
	for _, s := range pipelineRole {
		if s.Sid != "Source" {
			continue
		}
		service, _, _ := strings.Cut(s.Action[0], ":")
		data, err := awsmodel.LoadAuthorization(service)
		if err != nil {
			t.Fatal(err)
		}
		for action, a := range data.Actions {
			if slices.Contains(a.Resources, "Connection") {
				all = append(all, attempt{access.Request{Action: service + ":" + action, Resource: s.Resource[0]}, service + "/Connection"})
			}
		}
	}
	return all
}

// nameOf a resource in AWS. What AWS names has an identifier.
func nameOf(m awsmodel.Managed) string {
	return cmp.Or(m.AWSName(), "0a1b2c3d-8aad-4d5d-8878-dfcab0bc441f")
}

// defaultBus has no name in the ARNs of its rules.
const defaultBus = "default"

func (n named) attempts(t *testing.T, m awsmodel.Managed) (all []attempt) {
	t.Helper()
	data, err := awsmodel.LoadAuthorization(n.service)
	if err != nil {
		t.Fatal(err)
	}
	bus, isRule := m.Spec.ForProvider["eventBusName"].(string)
	for action, a := range data.Actions {
		for _, kind := range a.Resources {
			reference := data.Resources[kind].ARN
			if isRule && (bus == defaultBus) == strings.Contains(reference, "${EventBusName}") {
				continue
			}
			for _, arn := range n.arns(t, strings.ReplaceAll(reference, "${EventBusName}", bus), nameOf(m)) {
				all = append(all, attempt{access.Request{Action: n.service + ":" + action, Resource: arn, Context: told(a, data.Resources[kind], m)}, n.service + "/" + kind})
			}
		}
	}
	return all
}

// told is what IAM is told of a request beside action and resource: whose items it is about, and whose function.
func told(a awsmodel.Action, kind awsmodel.ResourceType, m awsmodel.Managed) map[string][]string {
	context := map[string][]string{}
	for _, key := range slices.Concat(a.ConditionKeys, kind.ConditionKeys) {
		switch key {
		case "dynamodb:LeadingKeys":
			context[key] = []string{"release/7"}
		case "lambda:FunctionArn":
			function, _ := m.Spec.ForProvider["functionName"].(string)
			context[key] = []string{function}
		}
	}
	return context
}

// arns of a type of resources, if one of its variables is the resource's.
func (n named) arns(t *testing.T, reference, name string) []string {
	t.Helper()
	values := n.variables(name)
	arns, own := []string{reference}, false
	for v, of := range values {
		if !strings.Contains(reference, "${"+v+"}") {
			continue
		}
		own = true
		var filled []string
		for _, arn := range arns {
			for _, value := range of {
				filled = append(filled, strings.ReplaceAll(arn, "${"+v+"}", value))
			}
		}
		arns = filled
	}
	if !own {
		return nil
	}
	for i, arn := range arns {
		arns[i] = strings.NewReplacer("${Partition}", "aws", "${Region}", ownRegion, "${Account}", ownAccount).Replace(arn)
		for v, sample := range sampleValues {
			arns[i] = strings.ReplaceAll(arns[i], "${"+v+"}", sample)
		}
		if strings.Contains(arns[i], "${") {
			t.Fatalf("which value has the variable in %s? Say so in sampleValues", arns[i])
		}
	}
	return arns
}

// TestKinds checks that nothing of a pipeline's, and no type of resources of its services, is forgotten.
func TestKinds(t *testing.T) {
	seen, services := map[string]bool{}, map[string][]func(string) map[string][]string{}
	for _, of := range iamKinds {
		for _, n := range of {
			services[n.service] = append(services[n.service], n.variables)
		}
	}
	for _, p := range pipelines(t) {
		for _, m := range p.resources {
			seen[m.Kind()] = true
			if iamKinds[m.Kind()] == nil && partKinds[m.Kind()] == "" {
				t.Errorf("%s: what is a %s to IAM?", p.name, m.Kind())
			}
		}
	}
	for _, kind := range slices.Concat(slices.Collect(maps.Keys(iamKinds)), slices.Collect(maps.Keys(partKinds))) {
		if !seen[kind] {
			t.Errorf("no pipeline has a %s", kind)
		}
	}
	for service, of := range services {
		data, err := awsmodel.LoadAuthorization(service)
		if err != nil {
			t.Fatal(err)
		}
		for kind, r := range data.Resources {
			ours := slices.ContainsFunc(of, func(variables func(string) map[string][]string) bool {
				return len(named{service, variables}.arns(t, strings.ReplaceAll(r.ARN, "${EventBusName}", "orders"), "name")) > 0
			})
			if ours == slices.Contains(strangers[service], kind) {
				t.Errorf("%s has the type %q: is it a pipeline's (%v) or is it not?", service, kind, ours)
			}
		}
	}
}
