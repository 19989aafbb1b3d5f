package architecture

import (
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

func permissionsPath() *field.Path {
	return field.NewPath("spec", "service", "permissions")
}

// checkPermissions reports what of any pipeline a claim asks for its functions, whatever the platform team allows: its policies, and its
// resources. Its own are denied besides: see denials.
func checkPermissions(c claim.Claim) error {
	p := c.Spec.Service.Permissions
	own := Names{suffix: c.Spec.EnvironmentSuffix}
	return slices.Concat(own.checkStatements(p), checkPolicies(p), checkConnected(&c.Spec)).Of(claim.Kind)
}

// connected are the fields of a claim with an ARN that is read, invoked or published to for its service, or by its releases.
var connected = []string{
	"service.eventSources[].dynamodb.streamArn", "service.eventSources[].dynamodb.onFailureArn", "service.eventSources[].kinesis.onFailureArn",
	"service.async.onFailure", "service.async.onSuccess", "notifications.topicArn", "notifications.approvalTopicArn",
}

// checkConnected reports resources of pipelines in these fields, and functions of pipelines that hooks would call. A service may hand events
// to what another one serves production with.
func checkConnected(spec *v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var texts []claim.Text
	for _, path := range connected {
		texts = append(texts, claim.Texts(spec, path)...)
	}
	for _, path := range []string{"rollout.hooks.beforeAllowTraffic", "rollout.hooks.afterAllowTraffic"} {
		for _, hook := range claim.Texts(spec, path) {
			texts = append(texts, claim.Text{At: hook.At, Text: "arn:aws:lambda:::function:" + hook.Text})
		}
	}
	var refused refusal.List
	for _, t := range texts {
		if isOfAnyPipeline(t.Text) && !strings.HasSuffix(t.Text, ":"+aliasName) {
			refused = append(refused, ofPipeline(t.At, t.Text))
		}
	}
	return refused
}

// ofPipeline is a field that names a resource of a pipeline's.
func ofPipeline(at *field.Path, arn string) refusal.Refusal {
	return refusal.Refusal{
		Field:   at.String(),
		Value:   refusal.Show(arn),
		Allowed: "resources of pipelines are only for pipelines",
		Rule:    refusal.Package,
		Next:    "name another resource",
	}
}

// checkStatements reports resources of statements that are any pipeline's, or may be by a wildcard. A service may invoke another one, and
// publish to the topic of its own pipeline.
func (n Names) checkStatements(p v1alpha1.Permissions) refusal.List {
	var refused refusal.List
	for i, s := range p.Statements {
		for j, arn := range s.Resources {
			if !isOfAnyPipeline(arn) || invokes(s) || strings.HasSuffix(arn, ":"+n.alarmTopic()) {
				continue
			}
			refused = append(refused, ofPipeline(permissionsPath().Child("statements").Index(i).Child("resources").Index(j), arn))
		}
	}
	return refused
}

// invokes tells whether all that a statement allows is to invoke functions.
func invokes(s v1alpha1.PermissionStatement) bool {
	return !slices.ContainsFunc(s.Actions, func(action string) bool { return !strings.HasPrefix(strings.ToLower(action), "lambda:invokefunction") })
}

// isOfAnyPipeline tells whether an ARN, which may have wildcards, can be that of a resource of a pipeline, of whatever suffix.
func isOfAnyPipeline(arn string) bool {
	const parts = 6
	of := strings.SplitN(arn, ":", parts)
	return len(of) == parts && slices.ContainsFunc(patternsOfPipelines()[of[2]], func(pattern string) bool { return overlap(of[parts-1], pattern) })
}

// patternsOfPipelines are those of the resources of all pipelines, by AWS's services.
var patternsOfPipelines = sync.OnceValue(func() map[string][]string {
	patterns := map[string][]string{}
	for _, g := range ofPipelines() {
		patterns[g.service] = append(patterns[g.service], g.patterns()...)
	}
	return patterns
})

// ofPipelines are the resources of all pipelines: without a suffix a name is what all names of its kind begin with.
func ofPipelines() []guarded {
	n := Names{}
	projects := []string{n.buildProject(), n.checks()}
	return append(n.retired(), []guarded{
		{service: "cloudwatch", names: []string{n.ErrorAlarm()}, shapes: []string{"alarm:NAME"}},
		{service: "cloudwatch", names: []string{n.Dashboard()}, shapes: []string{"dashboard/NAME"}},
		{service: "codebuild", names: projects, shapes: []string{"project/NAME", "build/NAME", "build-batch/NAME", "report-group/NAME"}},
		{service: "codedeploy", names: []string{n.DeployApp()}, shapes: []string{"application:NAME", "deploymentgroup:NAME"}},
		{service: "codepipeline", names: []string{n.DeliveryPipeline(), n.checks()}, shapes: []string{"NAME"}},
		{service: "dynamodb", names: []string{n.HistoryTable()}, shapes: []string{"table/NAME"}},
		{service: "events", names: n.eventRules(), shapes: []string{"rule/NAME"}},
		{service: "iam", names: n.roles(), shapes: []string{"role/NAME"}},
		{service: "iam", names: n.policies(), shapes: []string{"policy/NAME"}},
		{service: "lambda", names: []string{n.function(blue), n.function(green)}, shapes: []string{"function:NAME"}},
		{service: "logs", names: []string{n.functionLogGroup(blue), n.functionLogGroup(green)}, shapes: []string{"log-group:NAME"}},
		{service: "logs", names: projects, shapes: []string{"log-group:/aws/codebuild/NAME"}},
		{service: "s3", names: []string{n.aws(artifactsBase)}, shapes: []string{"NAME"}},
		{service: "sns", names: []string{n.alarmTopic()}, shapes: []string{"NAME"}},
		{service: "states", names: n.stateMachines(), shapes: []string{"stateMachine:NAME", "execution:NAME", "express:NAME", "mapRun:NAME"}},
	}...)
}

// patterns of the resources, without what comes before in their ARNs, for names that only begin so.
func (g guarded) patterns() []string {
	var patterns []string
	for _, name := range g.names {
		for _, shape := range g.shapes {
			patterns = append(patterns, strings.Replace(shape, "NAME", name+"*", 1))
		}
	}
	return patterns
}

// overlap tells whether there is a text that two patterns match, in which a star stands for any text and a question mark for any character.
// It compares each character of one with each of the other once.
func overlap(a, b string) bool {
	// reached[j]: what is read of a so far, and the first j characters of b, can stand for the same text.
	reached := make([]bool, len(b)+1)
	for i := 0; i <= len(a); i++ {
		before := slices.Clone(reached)
		for j := range reached {
			switch {
			case i == 0 && j == 0:
				reached[j] = true
			case i > 0 && a[i-1] == '*':
				reached[j] = before[j] || j > 0 && reached[j-1]
			case j > 0 && b[j-1] == '*':
				reached[j] = reached[j-1] || i > 0 && before[j]
			default:
				reached[j] = i > 0 && j > 0 && before[j-1] && (a[i-1] == b[j-1] || a[i-1] == '?' || b[j-1] == '?')
			}
		}
	}
	return reached[len(b)]
}
