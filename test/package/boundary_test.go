package package_test

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

const (
	boundaryFile = "examples/install/permissions-boundary.json"
	roles        = "arn:aws:iam::111122223333:role/"
	functionRole = roles + "lambda-execution-role-prod"
)

// bounded is what a role may do that has all permissions, and the boundary.
func bounded(t *testing.T) access.Policies {
	t.Helper()
	document, err := iam.Parse(string(read(t, filepath.Join(root, boundaryFile))))
	if err != nil {
		t.Fatal(err)
	}
	return access.Policies{Identity: []iam.Document{document}}
}

func decide(t *testing.T, p access.Policies, role, action, resource string, context map[string][]string) access.Decision {
	t.Helper()
	all := map[string][]string{"aws:PrincipalArn": {role}}
	maps.Copy(all, context)
	decision, err := p.Decide(access.Request{Action: action, Resource: resource, Context: all})
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

// TestBoundaryFile checks that IAM would take the policy, and that there is something of each of its actions.
func TestBoundaryFile(t *testing.T) {
	if size := iam.Size(string(read(t, filepath.Join(root, boundaryFile)))); size > iam.MaxPolicySize {
		t.Errorf("want at most %d characters, got %d", iam.MaxPolicySize, size)
	}
	for _, s := range bounded(t).Identity[0].Statement {
		for _, action := range s.Action {
			if prefix, pattern, _ := strings.Cut(action, ":"); len(actionsOf(t, prefix, pattern)) == 0 {
				t.Errorf("%s: AWS knows no %s", s.Sid, action)
			}
		}
	}
}

// TestBoundaryKeepsRoles checks that the boundary takes nothing from any role of a pipeline that its policies allow. What a claim's own
// statements allow is left out: the boundary is there for these.
func TestBoundaryKeepsRoles(t *testing.T) {
	boundary := bounded(t)
	checked := map[string]bool{}
	for _, p := range renderedPipelines(t) {
		for _, o := range p.managed {
			if o.GetKind() != "RolePolicyAttachment" {
				continue
			}
			for _, s := range p.attachedStatements(t, o) {
				if s.Effect != iam.EffectAllow || strings.HasPrefix(s.Sid, "Claim") {
					continue
				}
				role := roles + p.value(o, "role")
				for _, r := range requestsOf(t, s) {
					checked[strings.SplitN(r.Action, ":", 2)[0]] = true
					if got := decide(t, boundary, role, r.Action, r.Resource, r.Context); got != access.Allowed {
						t.Errorf("%s: %s (%s) loses %s: %s", p.name, role, s.Sid, r, got)
					}
				}
			}
		}
	}
	if len(checked) < 10 {
		t.Errorf("want requests to all services of pipelines, got those to %v", slices.Sorted(maps.Keys(checked)))
	}
}

// attachedStatements are those of the policy that an attachment attaches.
func (p renderedPipeline) attachedStatements(t *testing.T, attachment *unstructured.Unstructured) []iam.Statement {
	t.Helper()
	if arn, _, _ := unstructured.NestedString(attachment.Object, "spec", "forProvider", "policyArn"); arn != "" {
		return awsPolicies[arn[strings.LastIndex(arn, "/")+1:]]
	}
	ref, _, _ := unstructured.NestedString(attachment.Object, "spec", "forProvider", "policyArnRef", "name")
	for _, o := range p.managed {
		if o.GetName() == ref {
			document, err := iam.Parse(p.value(o, "policy"))
			if err != nil {
				t.Fatal(err)
			}
			return document.Statement
		}
	}
	t.Fatalf("%s: %s attaches no policy that is there", p.name, attachment.GetName())
	return nil
}

// awsPolicies are what AWS's own policies allow that pipelines have.
// See https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html.
var awsPolicies = map[string][]iam.Statement{
	"AWSLambdaBasicExecutionRole": {iam.Allow("Logs", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents").On("*")},
	"AWSLambdaVPCAccessExecutionRole": {iam.Allow("Networks", "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
		"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses").On("*")},
	"AWSXRayDaemonWriteAccess": {iam.Allow("Traces", "xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets",
		"xray:PutTelemetryRecords", "xray:PutTraceSegments").On("*")},
	"AWSCodeDeployRoleForLambda": {
		iam.Allow("Shift", "cloudwatch:DescribeAlarms", "lambda:UpdateAlias", "lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "sns:Publish").
			On("arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-prod"),
		iam.Allow("Revisions", "s3:GetObject", "s3:GetObjectVersion").On("arn:aws:s3:::codedeploy/revision"),
		iam.Allow("Hooks", "lambda:InvokeFunction").On("arn:aws:lambda:us-east-1:111122223333:function:CodeDeployHook_a"),
	},
}

// requestsOf all kinds that a statement allows, one of each.
func requestsOf(t *testing.T, s iam.Statement) []access.Request {
	t.Helper()
	context := map[string][]string{}
	for _, keys := range s.Condition {
		for key, values := range keys {
			context[key] = []string{strings.ReplaceAll(values[0], "*", "a1")}
		}
	}
	var all []access.Request
	for _, action := range s.Action {
		prefix, pattern, _ := strings.Cut(action, ":")
		for _, name := range actionsOf(t, prefix, pattern) {
			for _, resource := range s.Resource {
				if resource != "*" {
					resource = strings.ReplaceAll(resource, "*", "a1")
				}
				all = append(all, access.Request{Action: prefix + ":" + name, Resource: resource, Context: context})
			}
		}
	}
	return all
}

// actionsOf a service that a pattern stands for.
func actionsOf(t *testing.T, prefix, pattern string) []string {
	t.Helper()
	known, err := awsmodel.LoadAuthorization(prefix)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(known.Actions)), func(name string) bool {
		fits, _ := path.Match(strings.ToLower(pattern), strings.ToLower(name))
		return !fits
	})
}

// functionsNeed beside what claims may name: to be run by Lambda, to be traced, and to be handed events.
var functionsNeed = []string{
	"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
	"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
	"ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
	"kinesis:DescribeStream", "kinesis:DescribeStreamConsumer", "kinesis:ListStreams",
	"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
	"xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
}

// TestBoundaryEndsFunctions checks that a function whose role may do everything does, with the boundary, what a service does with data and
// nothing else, of all actions of all services that are known here: so nothing of IAM, STS and organizations, no key's administration, and
// no code of functions.
func TestBoundaryEndsFunctions(t *testing.T) {
	boundary := bounded(t)
	var got []string
	for _, file := range glob(t, "test/awsmodel/data/iam/*.json") {
		prefix := strings.TrimSuffix(filepath.Base(file), ".json")
		if prefix == "global" {
			continue
		}
		for _, name := range actionsOf(t, prefix, "*") {
			if action := prefix + ":" + name; decide(t, boundary, functionRole, action, "anything", nil) == access.Allowed {
				got = append(got, action)
			}
		}
	}
	want := slices.Concat(claim.DataActions(), functionsNeed)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +allowed:\n%s", diff)
	}
}

// TestBoundaryKeepsPipelinesApart checks that code of a service reaches nothing that delivers any service, and of the history of releases
// only items of services.
func TestBoundaryKeepsPipelinesApart(t *testing.T) {
	boundary := bounded(t)
	const history = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-other"
	for _, tc := range []struct {
		action, resource, key string
		want                  access.Decision
	}{
		{"states:StartExecution", "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-rollback-other", "", access.ExplicitDeny},
		{"states:DescribeExecution", "arn:aws:states:us-east-1:111122223333:execution:payment-processor-release-other:1", "", access.ExplicitDeny},
		{"states:StartExecution", "arn:aws:states:us-east-1:111122223333:stateMachine:settle", "", access.Allowed},
		{"s3:PutObject", "arn:aws:s3:::pipeline-artifacts-other-0b7a2c9e/released/service.zip", "", access.ExplicitDeny},
		{"s3:PutObject", "arn:aws:s3:::receipts/1", "", access.Allowed},
		{"dynamodb:PutItem", history, "hold", access.ExplicitDeny},
		{"dynamodb:PutItem", history, "service/1", access.Allowed},
		{"dynamodb:Scan", history, "", access.ExplicitDeny},
		{"lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-other", "", access.ImplicitDeny},
		{"iam:CreateUser", "arn:aws:iam::111122223333:user/a", "", access.ImplicitDeny},
		{"sts:AssumeRole", roles + "admin", "", access.ImplicitDeny},
	} {
		context := map[string][]string{}
		if tc.key != "" {
			context["dynamodb:LeadingKeys"] = []string{tc.key}
		}
		if got := decide(t, boundary, functionRole, tc.action, tc.resource, context); got != tc.want {
			t.Errorf("%s on %s: want %s, got %s", tc.action, tc.resource, tc.want, got)
		}
	}
}
