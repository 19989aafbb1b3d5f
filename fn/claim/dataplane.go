package claim

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// dataActions are what a service does with data at run time, by the prefixes of AWS's services. A claim may name these while the platform
// team says nothing. None changes who may do what, a key, code, or what delivers it: TestDataActions checks that by AWS's reference.
var dataActions = map[string][]string{
	"appconfig": {"GetLatestConfiguration", "StartConfigurationSession"},
	"dynamodb": {
		"BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "DescribeTable", "GetItem", "PartiQLDelete", "PartiQLInsert",
		"PartiQLSelect", "PartiQLUpdate", "PutItem", "Query", "Scan", "UpdateItem",
	},
	"events":      {"PutEvents"},
	"execute-api": {"Invoke", "ManageConnections"},
	"firehose":    {"PutRecord", "PutRecordBatch"},
	"kinesis":     {"DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards", "PutRecord", "PutRecords", "SubscribeToShard"},
	"kms": {
		"Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
		"GenerateDataKeyWithoutPlaintext", "GenerateMac", "GetPublicKey", "ReEncryptFrom", "ReEncryptTo", "Sign", "Verify", "VerifyMac",
	},
	"lambda": {"InvokeFunction", "InvokeFunctionUrl"},
	"payment-cryptography": {
		"DecryptData", "EncryptData", "GenerateCardValidationData", "GenerateMac", "GeneratePinData", "ReEncryptData", "TranslatePinData",
		"VerifyAuthRequestCryptogram", "VerifyCardValidationData", "VerifyMac", "VerifyPinData",
	},
	"rds-data":       {"BatchExecuteStatement", "BeginTransaction", "CommitTransaction", "ExecuteStatement", "RollbackTransaction"},
	"rds-db":         {"connect"},
	"s3":             {"AbortMultipartUpload", "DeleteObject", "GetObject", "GetObjectVersion", "ListBucket", "PutObject"},
	"secretsmanager": {"DescribeSecret", "GetSecretValue"},
	"sns":            {"Publish"},
	"sqs":            {"ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage", "SendMessage"},
	"ssm":            {"GetParameter", "GetParameters", "GetParametersByPath"},
	"states":         {"DescribeExecution", "StartExecution", "StartSyncExecution"},
}

// DataActions are all actions that a claim may name while the platform team says nothing, in order: dynamodb:GetItem.
func DataActions() []string {
	var all []string
	for _, service := range slices.Sorted(maps.Keys(dataActions)) {
		for _, action := range dataActions[service] {
			all = append(all, service+":"+action)
		}
	}
	return all
}

// servicePolicies are patterns of the policies that a claim may name while the platform team says nothing: those that the platform team has
// made for services, and the one of AWS's by which code traces its calls.
var servicePolicies = []string{"arn:*:iam::*:policy/payment-service-*", "arn:*:iam::aws:policy/AWSXRayDaemonWriteAccess"}

// checkDataPlane reports what a claim's functions may not do while the platform team has not said what they may: neither listed it nor
// bounded the roles. Wildcards for resources of any name need a list: a boundary does not know whose they are.
func checkDataPlane(c judged) refusal.List {
	bounded := c.settings.PermissionsBoundaryARN != ""
	var refused refusal.List
	if len(c.settings.AllowedActions) == 0 {
		if !bounded {
			refused = append(refused, checkDataActions(c.spec)...)
		}
		refused = append(refused, checkNamed(c.spec)...)
	}
	if len(c.settings.AllowedPolicyARNs) == 0 && !bounded {
		refused = append(refused, checkServicePolicies(c.spec)...)
	}
	return refused
}

func checkDataActions(spec *v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	data := DataActions()
	return checkTexts(spec, "service.permissions.statements[].actions", func(action string) bool { return matchAnyCase.pattern.matchesAny(data, action) },
		"is not among the actions on data that docs/callers.md lists", "ask the platform team for allowedActions or a permissions boundary")
}

func checkServicePolicies(spec *v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	return checkTexts(spec, "service.permissions.policyArns", func(arn string) bool { return matchARN.pattern.matchesAny(servicePolicies, arn) },
		"is neither a policy payment-service-… nor AWSXRayDaemonWriteAccess", "ask the platform team for allowedPolicyArns or a permissions boundary")
}

func checkNamed(spec *v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	return checkTexts(spec, "service.permissions.statements[].resources", isNamed,
		"a wildcard may stand only for what is in a resource whose name is written out: bucket/*, table/orders/index/*, secret:payments/*",
		"write the name, or ask the platform team for allowedActions")
}

// checkTexts reports the texts at a field of the claim that are not right, what is wrong with them, and what to do.
func checkTexts(spec *v1alpha1.PaymentDeliveryPipelineSpec, path string, right func(text string) bool, wrong, next string) refusal.List {
	var refused refusal.List
	for _, n := range valuesAt(spec, path) {
		if text, _ := n.value.(string); !right(text) {
			refused = append(refused, refusal.Refusal{
				Field: n.at.String(), Problem: field.ErrorTypeForbidden, Value: refusal.Show(text), Allowed: wrong, Rule: refusal.Package, Next: next,
			})
		}
	}
	return refused
}

// secretEnd is what AWS adds to a secret's name in its ARN.
const secretEnd = "-??????"

// isNamed tells whether an ARN has no wildcard in the first part of the resource's name. What comes after is in the resource.
func isNamed(arn string) bool {
	const parts = 6
	of := strings.SplitN(arn, ":", parts)
	if len(of) < parts {
		return false
	}
	service, region, account, name := of[2], of[3], of[4], of[parts-1]
	switch {
	// Nothing but the name. Of what is in S3 only a bucket's ARN has neither region nor account.
	case service == "sqs", service == "sns", service == "s3" && region+account == "", service == "execute-api" && !strings.HasPrefix(name, "/"):
	// The type of the resource comes before its name.
	default:
		kind, after, typed := cutPart(strings.TrimLeft(name, "/"))
		if !typed || hasWildcard(kind) {
			return !hasWildcard(name)
		}
		name = strings.TrimLeft(after, "/")
	}
	if service == "secretsmanager" {
		name = strings.TrimSuffix(name, secretEnd)
	}
	first, _, _ := cutPart(name)
	return first != "" && !hasWildcard(first)
}

// cutPart of a name in an ARN from the rest.
func cutPart(name string) (part, rest string, found bool) {
	if i := strings.IndexAny(name, "/:"); i >= 0 {
		return name[:i], name[i+1:], true
	}
	return name, "", false
}

func hasWildcard(text string) bool {
	return strings.ContainsAny(text, "*?")
}
