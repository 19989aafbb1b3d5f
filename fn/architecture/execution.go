package architecture

import (
	"slices"
	"strings"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	functionLogPolicy     resource.Name = "function-log-policy"
	functionLogAttachment resource.Name = "function-log-attachment"
)

// In earlier releases of this package the functions had policies of AWS for logs, networks and traces, and then one of ours for each of the
// first two.
const (
	functionRoleBasic         resource.Name = "function-role-basic-execution"
	functionRoleVPC           resource.Name = "function-role-vpc-access"
	functionRoleTracing       resource.Name = "function-role-tracing"
	functionNetworkPolicy     resource.Name = "function-network-policy"
	functionNetworkAttachment resource.Name = "function-network-attachment"
)

// oldAttachments are what the functions' role has of these.
var oldAttachments = []resource.Name{functionRoleBasic, functionRoleVPC, functionRoleTracing, functionNetworkAttachment}

// These facts are only known or not: IAM attaches few policies to a role, and one that is full has to lose something first.
var (
	roomForLog     = compose.Fact{ID: "room-for-log", Text: "the functions' role to lose one of AWS's policies"}
	roomForDenials = compose.Fact{ID: "room-for-denials", Text: "the functions' role to lose its policies of an earlier release"}
)

// maxAttachments is how many policies IAM attaches to a role.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
const maxAttachments = 10

// execution lets functions run: what Lambda does in the name of their role, and what its runtimes send. It is all in one policy, though its
// name speaks of logs only, because IAM attaches few to a role and the claim has the use of the rest.
func (p Pipeline) execution() []compose.Resource {
	policy := p.policy(functionLogPolicy, p.executionStatements)
	if p.clones() {
		policy.Needs = append(policy.Needs, ConnectionARN)
	}
	policy.Ready = p.carriesExecution
	attachment := p.attach(functionLogAttachment, functionRole, policy)
	attachment.Needs = append(slices.Clone(attachment.Needs), roomForLog)
	return []compose.Resource{policy, attachment}
}

func (p Pipeline) executionStatements(f compose.Facts) []iam.Statement {
	return slices.Concat(p.logStatements(f), p.networkStatements(), p.traceStatements())
}

// logStatements are for the pipeline's log groups only. AWS's AWSLambdaBasicExecutionRole lets functions write every log group, and create
// one: Lambda would then make the groups of a deleted pipeline again, which nobody deletes.
func (p Pipeline) logStatements(f compose.Facts) []iam.Statement {
	group := func(c color) string { return p.arn(f, "logs", "log-group:"+p.Names.functionLogGroup(c)+":*") }
	log := []iam.Statement{iam.Allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").On(group(blue), group(green))}
	if !p.clones() {
		return log
	}
	// The denials of builds leave it to them, and those of the functions have no room for it.
	return append(log, iam.Deny("NoClone", useConnectionAction(f.Get(ConnectionARN))).On(f.Get(ConnectionARN)))
}

// carriesExecution reports whether the policy has been asked for with all that retired policies allow: these stay until then.
func (p Pipeline) carriesExecution(policy compose.Observed) bool {
	statements := slices.Concat(p.networkStatements(), p.traceStatements())
	return !slices.ContainsFunc(statements, func(s iam.Statement) bool { return !hasStatement(policy, s.Sid) })
}

// hasStatement reports whether an observed policy has a statement by its Sid.
func hasStatement(policy compose.Observed, sid string) bool {
	return strings.Contains(policy.String("spec", "forProvider", "policy"), `"Sid":"`+sid+`"`)
}

// retiredExecution goes in an order in which the functions' role never has more policies than IAM attaches, and lacks no right.
func (p Pipeline) retiredExecution() []compose.Resource {
	takenOver := []resource.Name{functionLogPolicy, functionLogAttachment}
	basic, tracing := takenOver, takenOver
	if p.Names.exists(functionRoleVPC) {
		// AWS's policy for networks allows all that the one for logs does.
		basic = []resource.Name{functionRoleVPC}
	}
	if p.Names.roleIsFull() {
		// Nothing else can make room. Traces are lost until the new policy is attached.
		tracing = []resource.Name{functionPolicyAttachment}
	}
	return []compose.Resource{
		{Name: functionRoleBasic, Retired: true, After: basic},
		{Name: functionRoleVPC, Retired: true, After: takenOver},
		{Name: functionRoleTracing, Retired: true, After: tracing},
		{Name: functionNetworkAttachment, Retired: true, After: takenOver},
		{Name: functionNetworkPolicy, Retired: true, After: takenOver},
	}
}

// roleIsFull reports whether the functions' role has no room for functionLogAttachment, also when AWS's policy for logs goes because there is
// one for networks.
func (n Names) roleIsFull() bool {
	attached := 0
	for name := range n.existing {
		switch name {
		case functionPolicyAttachment, functionDenialsAttachment, functionRoleVPC, functionRoleTracing:
			attached++
		case functionRoleBasic:
			if !n.exists(functionRoleVPC) {
				attached++
			}
		default:
			if strings.HasPrefix(string(name), string(policyAttachment)) {
				attached++
			}
		}
	}
	return attached >= maxAttachments
}

// executionRoom are the facts that new policies of the functions' role wait for. What is attached needs no room.
func (n Names) executionRoom() compose.Known {
	makesRoom := n.exists(functionRoleBasic) && n.exists(functionRoleVPC) || n.exists(functionRoleTracing) && n.roleIsFull()
	return compose.Known{
		roomForLog:     knownIf(n.exists(functionLogAttachment) || !makesRoom),
		roomForDenials: knownIf(n.exists(functionDenialsAttachment) || !slices.ContainsFunc(oldAttachments, n.exists)),
	}
}
