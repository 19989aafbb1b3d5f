package architecture

import (
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	functionLogPolicy     resource.Name = "function-log-policy"
	functionLogAttachment resource.Name = "function-log-attachment"
)

// In earlier releases of this package the functions had policies of AWS for their logs and networks.
const (
	functionRoleBasic resource.Name = "function-role-basic-execution"
	functionRoleVPC   resource.Name = "function-role-vpc-access"
)

// execution lets functions write their logs, to the pipeline's log groups only. AWS's AWSLambdaBasicExecutionRole lets them write every
// log group, and create one: Lambda would then make the groups of a deleted pipeline again, which nobody deletes.
func (p Pipeline) execution() []compose.Resource {
	policy := p.policy(functionLogPolicy, p.functionLogStatements)
	if p.clones() {
		policy.Needs = append(policy.Needs, ConnectionARN)
	}
	return []compose.Resource{policy, p.attach(functionLogAttachment, functionRole, policy)}
}

func (p Pipeline) functionLogStatements(f compose.Facts) []iam.Statement {
	group := func(c color) string { return p.arn(f, "logs", "log-group:"+p.Names.functionLogGroup(c)+":*") }
	log := []iam.Statement{iam.Allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").On(group(blue), group(green))}
	if !p.clones() {
		return log
	}
	// The denials of builds leave it to them, and those of the functions have no room for it.
	return append(log, iam.Deny("NoClone", useConnectionAction(f.Get(ConnectionARN))).On(f.Get(ConnectionARN)))
}
