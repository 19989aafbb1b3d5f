package architecture

import (
	"slices"
	"strings"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	denialsPolicy             resource.Name = "denials-policy"
	functionDenialsAttachment resource.Name = "function-denials-attachment"
	buildDenialsAttachment    resource.Name = "build-denials-attachment"
	checksDenialsAttachment   resource.Name = "checks-denials-attachment"

	// What builds of one project must not touch, and others need.
	buildOwnDenialsPolicy      resource.Name = "build-denials-policy"
	buildOwnDenialsAttachment  resource.Name = "build-own-denials-attachment"
	checksOwnDenialsPolicy     resource.Name = "checks-denials-policy"
	checksOwnDenialsAttachment resource.Name = "checks-own-denials-attachment"
)

// denials keep the code of the app team, which runs in the roles of the functions, the builds and the checks, from what delivers it. One
// policy, attached to all three, denies what none of them needs. What only some need, each role's own denials keep from the others: IAM
// attaches few policies to a role, so those of the functions are in functionStatements. A denial outweighs what the claim, a policy that
// the claim names, or a person allows. test/attack checks that nothing is left out.
func (p Pipeline) denials() []compose.Resource {
	all := p.policy(denialsPolicy, p.deniedToAll, p.sourceNeeds()...)
	functions := p.attach(functionDenialsAttachment, functionRole, all)
	functions.Needs = append(slices.Clone(functions.Needs), roomForDenials)
	rs := []compose.Resource{all, functions}
	if !p.isPromoted() {
		own := p.policy(buildOwnDenialsPolicy, p.deniedToBuilds(p.buildConfig(), p.checksConfig()))
		rs = append(rs, p.attach(buildDenialsAttachment, buildRole, all), own, p.attach(buildOwnDenialsAttachment, buildRole, own))
	}
	if p.hasChecks() {
		own := p.policy(checksOwnDenialsPolicy, p.deniedToBuilds(p.checksConfig(), p.buildConfig()))
		rs = append(rs, p.attach(checksDenialsAttachment, checksRole, all), own, p.attach(checksOwnDenialsAttachment, checksRole, own))
	}
	return rs
}

// everyAction of every service. What may be done with a resource is for AWS to add to.
const everyAction = "*"

// deniedToAll of the app team's code.
func (p Pipeline) deniedToAll(f compose.Facts) []iam.Statement {
	functions := slices.Concat(below(p.functionARN(f, blue), ":"), below(p.functionARN(f, green), ":"))
	arns := slices.Clone(functions)
	for _, r := range p.guarded() {
		arns = append(arns, r.arns(p.Partition())...)
	}
	var clone []iam.Statement
	switch {
	case p.isPromoted():
	case p.clones():
		// The functions' role is denied that too: see logStatements.
		clone = []iam.Statement{iam.DenyAllBut("NothingButClone", useConnectionAction(f.Get(ConnectionARN))).On(f.Get(ConnectionARN))}
	default:
		arns = append(arns, f.Get(ConnectionARN))
	}
	return append(clone, []iam.Statement{
		iam.Deny("NotWhatDeliversIt", everyAction).On(arns...),
		// AWS chooses the identifier of a mapping, and IAM is told whose it is.
		iam.Deny("NotWhatCallsIt", "lambda:*EventSourceMapping").On("*").
			If(iam.ArnLike, "lambda:FunctionArn", functions...),
	}...)
}

// guarded are resources of one type by their names, and the shapes of all ARNs by which IAM authorizes something about one: its own, and
// those of what belongs to it. NAME stands for the name, and PART for any part between colons and slashes.
type guarded struct {
	service string

	// global resources have no region in their ARNs.
	global bool

	names, shapes []string
}

// guarded resources are those that no code of the app team's needs.
func (p Pipeline) guarded() []guarded {
	n := p.Names
	guarded := []guarded{
		{service: "cloudwatch", names: []string{n.ErrorAlarm()}, shapes: []string{"alarm:NAME"}},
		{service: "cloudwatch", global: true, names: []string{n.Dashboard()}, shapes: []string{"dashboard/NAME"}},
		// Builds, batches of them and sandboxes are all <type>/<project>:<id>.
		{service: "codebuild", names: []string{n.buildProject(), n.checks()}, shapes: []string{"project/NAME", "PART/NAME:*"}},
		{service: "codedeploy", names: []string{n.DeployApp()}, shapes: []string{"application:NAME", "deploymentgroup:NAME/*"}},
		{service: "codedeploy", names: p.customConfigNames(), shapes: []string{"deploymentconfig:NAME"}},
		// Stages and actions, approvals among these, are below the pipeline.
		{service: "codepipeline", names: []string{n.DeliveryPipeline(), n.checks()}, shapes: []string{"NAME", "NAME/*"}},
		{service: "dynamodb", global: true, names: []string{n.HistoryTable()}, shapes: []string{"global-table/NAME"}},
		{service: "events", names: n.eventRules(), shapes: []string{"rule/NAME"}},
		// The claim's event sources, on any bus: no suffix has a dot.
		{service: "events", names: []string{"payment-event-*." + n.suffix}, shapes: []string{"rule/*NAME"}},
		{service: "iam", global: true, names: n.roles(), shapes: []string{"role/NAME"}},
		{service: "iam", global: true, names: n.policies(), shapes: []string{"policy/NAME"}},
		// AWS documents two names of the log group of deploy actions.
		{service: "logs", names: []string{n.DeliveryPipeline()}, shapes: []string{"log-group:/PART/codepipeline/NAME", "log-group:/PART/codepipeline/NAME:*"}},
		// Versions, aliases and executions are <type>:<machine>:<id>, what a map runs is below the machine.
		{service: "states", names: n.stateMachines(), shapes: []string{"stateMachine:NAME", "PART:NAME:*", "PART:NAME/*"}},
	}
	// IAM has no room for what is not there.
	if n.exists(releaseEventsRole) {
		guarded = append(guarded, n.retired()...)
	}
	return guarded
}

// retired are what a pipeline of an earlier release of this package may have, until it has lost the role.
func (n Names) retired() []guarded {
	return []guarded{
		{service: "events", names: []string{
			n.aws("payment-processor-release"), n.aws("payment-processor-release-configuration"), n.aws("payment-processor-release-promotion"),
		}, shapes: []string{"rule/NAME"}},
		{service: "iam", global: true, names: []string{n.aws("release-events-role")}, shapes: []string{"role/NAME"}},
		{service: "iam", global: true, names: []string{n.aws(policyBases[releaseEventsPolicy])}, shapes: []string{"policy/NAME"}},
	}
}

// customConfigNames of CodeDeploy's. Its own configurations are everybody's.
func (p Pipeline) customConfigNames() []string {
	if p.Spec.Rollout.Custom == nil {
		return nil
	}
	return []string{p.deploymentConfigName()}
}

// eventRules of every pipeline, whether the claim asks for them or not.
func (n Names) eventRules() []string {
	var rules []string
	for _, base := range []string{
		"pipeline-failed", "pipeline-succeeded",
		"watch-configuration", "watch-deployments", "watch-promotion",
	} {
		rules = append(rules, n.aws("payment-processor-"+base))
	}
	return rules
}

// roles of every pipeline, those of its state machines first.
func (n Names) roles() []string {
	var roles []string
	for _, m := range allMachines {
		roles = append(roles, n.aws(m.roleBase))
	}
	return append(roles,
		n.aws("checks-service-role"), n.aws("codebuild-service-role"), n.aws("codedeploy-service-role"), n.functionRole(),
		n.aws("pipeline-service-role"), n.aws("watch-events-role"),
	)
}

// arns of the resources. Region and account are left open, which makes the policy shorter: no two pipelines of an account have one suffix,
// and nobody's code has to do with what delivers a pipeline of that suffix in another account either.
func (g guarded) arns(partition string) []string {
	region := "*"
	if g.global {
		region = ""
	}
	var arns []string
	for _, resource := range g.resources("", "*") {
		arns = append(arns, strings.Join([]string{"arn", partition, g.service, region, "*", resource}, ":"))
	}
	return arns
}

// resources are what the ARNs end with, for names that go on with a text, and a text for any part.
func (g guarded) resources(goOn, part string) []string {
	var resources []string
	for _, name := range g.names {
		for _, shape := range g.shapes {
			resources = append(resources, strings.NewReplacer("NAME", name+goOn, "PART", part).Replace(shape))
		}
	}
	return resources
}

// below are the ARNs of something, and of all that belongs to it and whose names come after a separator.
func below(arn, separator string) []string {
	return []string{arn, arn + separator + "*"}
}

// anywhere is the ARN of a resource that is denied in every region and account: see arns.
func (p Pipeline) anywhere(service, resource string) string {
	return "arn:" + p.Partition() + ":" + service + ":*:*:" + resource
}

// logARNs of a log group and of its streams.
func (p Pipeline) logARNs(group string) []string {
	return below(p.anywhere("logs", "log-group:"+group), ":")
}

// functionLogARNs of both functions.
func (p Pipeline) functionLogARNs() []string {
	return slices.Concat(p.logARNs(p.Names.functionLogGroup(blue)), p.logARNs(p.Names.functionLogGroup(green)))
}

// builtARNs are what builds of a project write beside artifacts: log and reports.
func (p Pipeline) builtARNs(f compose.Facts, c build.Config) []string {
	return append(p.logARNs(c.LogGroup()), c.ReportGroups(f.Get(AccountID))...)
}

// ownTopicARNs are none if the claim brings a topic.
func (p Pipeline) ownTopicARNs() []string {
	if !p.hasOwnTopic() {
		return nil
	}
	return below(p.anywhere("sns", p.Names.alarmTopic()), ":")
}

// itemActions are those of DynamoDB of whose items IAM is told the keys, BatchWriteItem and ConditionCheckItem among them.
func itemActions() []string {
	return []string{"dynamodb:*Item", "dynamodb:Query"}
}

// deniedToService keeps the service from the history of its releases, and from what builds and people need.
func (p Pipeline) deniedToService() []iam.Statement {
	table := p.anywhere("dynamodb", "table/"+p.Names.HistoryTable())
	// No service has to do with reports, of whatever build: by their names they were too many.
	others := append(below(p.artifactBucketARN(), "/"), p.anywhere("codebuild", "report-group/payment-processor-*"))
	for _, c := range []build.Config{p.buildConfig(), p.checksConfig()} {
		others = append(others, p.logARNs(c.LogGroup())...)
	}
	return []iam.Statement{
		iam.Deny("OnlyItsOwnItems", itemActions()...).On(below(table, "/")...).
			If(iam.ForAnyValueStringNotLike, "dynamodb:LeadingKeys", serviceItems),
		// All that has no key, scans and the table itself among it.
		iam.DenyAllBut("NothingButItems", itemActions()...).On(below(table, "/")...),
		// Lambda logs in the name of the role, and a claim may let the service tell its team something.
		iam.DenyAllBut("NothingButLogsAndNews", "logs:CreateLogStream", "logs:PutLogEvents", "sns:Publish").
			On(append(p.functionLogARNs(), p.ownTopicARNs()...)...),
		iam.Deny("NotWhatBuildsIt", everyAction).On(others...),
	}
}

// deniedToBuilds keeps the builds of one project from what the service, people and the builds of the other need.
func (p Pipeline) deniedToBuilds(own, other build.Config) func(compose.Facts) []iam.Statement {
	return func(f compose.Facts) []iam.Statement {
		return []iam.Statement{
			iam.DenyAllBut("NothingButBuilds", own.Needs()...).
				On(append(below(p.artifactBucketARN(), "/"), p.builtARNs(f, own)...)...),
			iam.Deny("NotWhatIsBuilt", everyAction).
				On(slices.Concat(below(p.historyTableARN(f), "/"), p.functionLogARNs(), p.ownTopicARNs(), p.builtARNs(f, other))...),
		}
	}
}
