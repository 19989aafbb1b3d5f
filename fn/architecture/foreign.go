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
	return slices.Concat(own.checkStatements(p), checkPolicies(p), checkConnected(&c.Spec)).Of(c.Owner.Filed())
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
		if isOfAnyPipeline(t.Text) && !isLive(t.Text) {
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

// checkStatements reports resources of statements that are any pipeline's, or may be by a wildcard. A service may invoke what another one
// serves production with, and publish to the topic of its own pipeline.
func (n Names) checkStatements(p v1alpha1.Permissions) refusal.List {
	var refused refusal.List
	for i, s := range p.Statements {
		for j, arn := range s.Resources {
			if !isOfAnyPipeline(arn) || invokes(s) && isLive(arn) || n.isOwnTopic(arn) {
				continue
			}
			refused = append(refused, ofPipeline(permissionsPath().Child("statements").Index(i).Child("resources").Index(j), arn))
		}
	}
	return refused
}

// isOwnTopic tells whether an ARN is that of the pipeline's own topic, wherever it is.
func (n Names) isOwnTopic(arn string) bool {
	of := strings.SplitN(arn, ":", arnParts)
	return len(of) == arnParts && of[2] == "sns" && of[arnParts-1] == n.alarmTopic()
}

// invokes tells whether all that a statement allows is to invoke functions.
func invokes(s v1alpha1.PermissionStatement) bool {
	return !slices.ContainsFunc(s.Actions, func(action string) bool { return !strings.HasPrefix(strings.ToLower(action), "lambda:invokefunction") })
}

// isLive reports whether an ARN names the alias that serves production. Without the alias it names code that nobody has released.
func isLive(arn string) bool {
	return strings.HasSuffix(arn, ":"+aliasName)
}

// arnParts are the parts of an ARN: arn, partition, service, Region, account and resource.
const arnParts = 6

// isOfAnyPipeline tells whether an ARN, which may have wildcards, can be that of a resource of a pipeline, of whatever suffix.
func isOfAnyPipeline(arn string) bool {
	of := strings.SplitN(arn, ":", arnParts)
	return len(of) == arnParts && slices.ContainsFunc(patternsOfPipelines()[of[2]], func(pattern string) bool { return overlap(of[arnParts-1], pattern) })
}

// patternsOfPipelines are those of the resources of all pipelines, by AWS's services.
var patternsOfPipelines = sync.OnceValue(func() map[string][]string {
	patterns := map[string][]string{}
	for _, g := range ofPipelines() {
		patterns[g.service] = append(patterns[g.service], g.patterns()...)
	}
	return patterns
})

// ofPipelines are the resources of all pipelines: what is denied to all of a pipeline's own code, and what some of it needs. Without a suffix
// a name is what all names of its kind begin with.
func ofPipelines() []guarded {
	p := Pipeline{}
	n := p.Names
	projects := []string{n.buildProject(), n.checks()}
	return slices.Concat(p.guarded(), n.retired(), []guarded{
		{service: "codebuild", names: projects, shapes: []string{"report-group/NAME"}},
		// Their names say what is in them: see deploymentConfigName.
		{service: "codedeploy", names: []string{"payment-processor-"}, shapes: []string{"deploymentconfig:NAME"}},
		{service: "dynamodb", names: []string{n.HistoryTable()}, shapes: []string{"table/NAME"}},
		{service: "events", names: n.eventRules(), shapes: []string{"rule/PART/NAME"}},
		{service: "lambda", names: []string{n.function(blue), n.function(green)}, shapes: []string{"function:NAME"}},
		{service: "logs", names: []string{n.functionLogGroup(blue), n.functionLogGroup(green)}, shapes: []string{"log-group:NAME"}},
		{service: "logs", names: projects, shapes: []string{"log-group:/aws/codebuild/NAME"}},
		{service: "s3", names: []string{n.aws(artifactsBase)}, shapes: []string{"NAME"}},
		{service: "sns", names: []string{n.alarmTopic()}, shapes: []string{"NAME"}},
	})
}

// anyPart is what stands for one in a pattern.
const anyPart = '\x00'

// patterns of the resources, without what comes before in their ARNs, for names that only begin so.
func (g guarded) patterns() []string {
	return g.resources("*", string(anyPart))
}

// overlap tells whether there is a text that two patterns match, in which a star stands for any text and a question mark for any character.
// In the second, anyPart stands for a text without colons and slashes. It compares each character of one with each of the other once.
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
			case j > 0 && b[j-1] == anyPart:
				reached[j] = reached[j-1] || i > 0 && before[j] && a[i-1] != ':' && a[i-1] != '/'
			default:
				reached[j] = i > 0 && j > 0 && before[j-1] && (a[i-1] == b[j-1] || a[i-1] == '?' || b[j-1] == '?')
			}
		}
	}
	return reached[len(b)]
}
