package account

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codestarconnections"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

func findIdentities(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	roles, err := a.IAM.ListRoles(ctx, &iam.ListRolesInput{})
	if err != nil {
		return err
	}
	for _, r := range roles.Roles {
		if !of.owns(*r.RoleName) {
			continue
		}
		role, err := a.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: r.RoleName})
		if err != nil {
			return err
		}
		attached, err := a.IAM.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: r.RoleName})
		if err != nil {
			return err
		}
		policies := []string{}
		for _, p := range attached.AttachedPolicies {
			policies = append(policies, *p.PolicyName)
		}
		if err := found.add("Role", *r.RoleName, map[string]any{"Role": role.Role, "Policies": policies}); err != nil {
			return err
		}
	}
	policies, err := a.IAM.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})
	if err != nil {
		return err
	}
	for _, p := range policies.Policies {
		if !of.owns(*p.PolicyName) {
			continue
		}
		version, err := a.IAM.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: p.Arn, VersionId: p.DefaultVersionId})
		if err != nil {
			return err
		}
		document, err := url.QueryUnescape(*version.PolicyVersion.Document)
		if err != nil {
			return err
		}
		if err := found.add("Policy", *p.PolicyName, map[string]any{"Document": document, "Tags": p.Tags}); err != nil {
			return err
		}
	}
	return nil
}

func findFunctions(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	functions, err := a.Lambda.ListFunctions(ctx, &lambda.ListFunctionsInput{})
	if err != nil {
		return err
	}
	for _, f := range functions.Functions {
		if !of.owns(*f.FunctionName) {
			continue
		}
		says, err := a.Lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: f.FunctionName})
		if err != nil {
			return err
		}
		if says.Configuration.VpcConfig != nil && len(says.Configuration.VpcConfig.SubnetIds) == 0 {
			// A function that was in one says so. It is in none.
			says.Configuration.VpcConfig = nil
		}
		if err := found.add("Function", *f.FunctionName, map[string]any{"Configuration": says.Configuration, "Tags": says.Tags}); err != nil {
			return err
		}
		if err := findInvokers(ctx, a, *f.FunctionName, found); err != nil {
			return err
		}
		if err := findCallers(ctx, a, *f.FunctionName, found); err != nil {
			return err
		}
		aliases, err := a.Lambda.ListAliases(ctx, &lambda.ListAliasesInput{FunctionName: f.FunctionName})
		if err != nil {
			return err
		}
		for _, alias := range aliases.Aliases {
			if err := found.add("Alias", *f.FunctionName+":"+*alias.Name, alias); err != nil {
				return err
			}
		}
		if err := findConcurrency(ctx, a, *f.FunctionName, found); err != nil {
			return err
		}
		if err := findAsync(ctx, a, *f.FunctionName, found); err != nil {
			return err
		}
	}
	return nil
}

// findInvokers are the policies of a function and of its alias. Most functions have none.
func findInvokers(ctx context.Context, a *Account, function string, found Holdings) error {
	for _, qualifier := range []*string{nil, aws.String("live")} {
		says, err := a.Lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &function, Qualifier: qualifier})
		if isGone(err) {
			continue
		}
		if err != nil {
			return err
		}
		// Its statements are in the order in which they came to be there, which means nothing.
		var policy struct {
			Statement []any `json:"Statement"`
		}
		if err := json.Unmarshal([]byte(*says.Policy), &policy); err != nil {
			return err
		}
		// In AWS nothing is left of a policy whose last statement is gone.
		if len(policy.Statement) == 0 {
			continue
		}
		if err := found.add("Invokers", function+":"+aws.ToString(qualifier), policy.Statement); err != nil {
			return err
		}
	}
	return nil
}

// findConcurrency of a function: what is reserved for it, and provisioned for its alias. Most functions have neither.
func findConcurrency(ctx context.Context, a *Account, function string, found Holdings) error {
	reserved, err := a.Lambda.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &function})
	if err != nil {
		return err
	}
	if n := reserved.ReservedConcurrentExecutions; n != nil {
		if err := found.add("ReservedConcurrency", function, *n); err != nil {
			return err
		}
	}
	provisioned, err := a.Lambda.ListProvisionedConcurrencyConfigs(ctx, &lambda.ListProvisionedConcurrencyConfigsInput{FunctionName: &function})
	if err != nil {
		return err
	}
	for _, config := range provisioned.ProvisionedConcurrencyConfigs {
		if err := found.add("ProvisionedConcurrency", function, *config.RequestedProvisionedConcurrentExecutions); err != nil {
			return err
		}
	}
	return nil
}

// findAsync configurations of a function. Most have none.
func findAsync(ctx context.Context, a *Account, function string, found Holdings) error {
	says, err := a.Lambda.ListFunctionEventInvokeConfigs(ctx, &lambda.ListFunctionEventInvokeConfigsInput{FunctionName: &function})
	if isGone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, config := range says.FunctionEventInvokeConfigs {
		if err := found.add("EventInvokeConfig", *config.FunctionArn, map[string]any{
			"Destinations": config.DestinationConfig, "MaximumAge": config.MaximumEventAgeInSeconds, "Retries": config.MaximumRetryAttempts,
		}); err != nil {
			return err
		}
	}
	return nil
}

// findCallers are the URL of a function's alias, and what Lambda reads for it. Most functions have none.
func findCallers(ctx context.Context, a *Account, function string, found Holdings) error {
	address, err := a.Lambda.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: &function, Qualifier: aws.String("live")})
	if err == nil {
		err = found.add("FunctionURL", function+":live", address)
	}
	if err != nil && !isGone(err) {
		return err
	}
	mappings, err := a.Lambda.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{})
	if err != nil {
		return err
	}
	for _, m := range mappings.EventSourceMappings {
		if strings.HasSuffix(*m.FunctionArn, ":function:"+function+":live") {
			says, err := a.Lambda.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: m.UUID})
			if err != nil {
				return err
			}
			if err := found.add("EventSourceMapping", *m.EventSourceArn, says); err != nil {
				return err
			}
		}
	}
	return nil
}

func findProjects(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	projects, err := a.CodeBuild.ListProjects(ctx, &codebuild.ListProjectsInput{})
	if err != nil {
		return err
	}
	for _, name := range projects.Projects {
		if !of.owns(name) {
			continue
		}
		says, err := a.CodeBuild.BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: []string{name}})
		if err != nil {
			return err
		}
		if err := found.add("Project", name, says.Projects[0]); err != nil {
			return err
		}
	}
	return nil
}

func findConnections(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	connections, err := a.Connections.ListConnections(ctx, &codestarconnections.ListConnectionsInput{})
	if err != nil {
		return err
	}
	for _, c := range connections.Connections {
		if of.owns(*c.ConnectionName) {
			if err := found.add("Connection", *c.ConnectionName, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func findRules(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	buses, err := a.EventBridge.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{})
	if err != nil {
		return err
	}
	for _, bus := range buses.EventBuses {
		rules, err := a.EventBridge.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: bus.Name})
		if err != nil {
			return err
		}
		for _, r := range rules.Rules {
			if !of.owns(*r.Name) {
				continue
			}
			targets, err := a.EventBridge.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: r.Name, EventBusName: bus.Name})
			if err != nil {
				return err
			}
			if err := found.add("Rule", *r.Name, map[string]any{"Rule": r, "Targets": targets.Targets}); err != nil {
				return err
			}
		}
	}
	return nil
}

func findMachines(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	machines, err := a.StepFunctions.ListStateMachines(ctx, &sfn.ListStateMachinesInput{})
	if err != nil {
		return err
	}
	for _, m := range machines.StateMachines {
		if !of.owns(*m.Name) {
			continue
		}
		says, err := a.StepFunctions.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: m.StateMachineArn})
		if err != nil {
			return err
		}
		if err := found.add("StateMachine", *m.Name, says); err != nil {
			return err
		}
	}
	return nil
}
