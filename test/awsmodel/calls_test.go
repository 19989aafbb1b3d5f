package awsmodel

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A call that something of ours makes.
type call struct {
	// by is the policy that allows it: the name of the managed resource, without "-policy". Those of the provider are in
	// examples/install/provider-policy, and what EventBridge does without a role is allowed by what it calls.
	by string

	service, operation string

	// sends are the members, in small letters, as Step Functions and the models differ in the first one. All that is below a member is
	// sent too if an expression makes it (true).
	sends map[string]bool
}

const (
	provider    = "provider"
	eventBridge = "events"
)

// sendsTo tells whether a member is sent. The empty one always is.
func (c call) sendsTo(member string) bool {
	member = strings.ToLower(member)
	for at := member; ; at = at[:max(0, strings.LastIndex(at, "."))] {
		if whole, sent := c.sends[at]; sent || at == "" {
			return whole || at == member
		}
	}
}

// newCall with arguments as JSON decodes them.
func newCall(by, service, operation string, arguments any) call {
	c := call{by: by, service: service, operation: operation, sends: map[string]bool{}}
	c.send("", arguments)
	return c
}

// send a value. The items of lists have their list's name.
func (c call) send(member string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, below := range v {
			c.send(strings.Trim(member+"."+strings.ToLower(name), "."), below)
		}
	case []any:
		for _, item := range v {
			c.send(member, item)
		}
	}
	text, _ := value.(string)
	c.sends[member] = c.sends[member] || strings.HasPrefix(text, "{%")
}

// members of a call whose values do not matter.
func members(names ...string) any {
	arguments := map[string]any{}
	for _, name := range names {
		arguments[name] = nil
	}
	return arguments
}

// callsOf all that is rendered together. A problem is what the tables below do not know.
func callsOf(resources []Managed) (calls []call, problems []string) {
	for _, m := range resources {
		calls = append(calls, providerCalls(m, resources)...)
		var more []call
		var err error
		switch m.Kind() {
		case machineKind:
			more, err = machineCalls(m)
		case "codepipeline/Codepipeline":
			more, err = actionCalls(m)
		case "codebuild/Project":
			more, err = buildCalls(m)
		case "cloudwatchevents/Target":
			more, err = targetCalls(m)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", m.resourceName(), err))
		}
		calls = append(calls, more...)
	}
	return calls, problems
}

// updates are the calls by which the provider changes what another call has made. They share the members' names.
var updates = map[string][]string{
	"CreateDeploymentGroup":    {"UpdateDeploymentGroup"},
	"CreateEventSourceMapping": {"UpdateEventSourceMapping"},
	"CreateFunction":           {"UpdateFunctionConfiguration", "PublishVersion"},
	"CreateFunctionUrlConfig":  {"UpdateFunctionUrlConfig"},
	"CreatePipeline":           {"UpdatePipeline"},
	"CreatePolicy":             {"CreatePolicyVersion"},
	"CreateProject":            {"UpdateProject"},
	"CreateRole":               {"UpdateAssumeRolePolicy", "PutRolePermissionsBoundary"},
	"CreateStateMachine":       {"UpdateStateMachine"},
	"CreateTable":              {"UpdateTable"},
}

func providerCalls(m Managed, all []Managed) []call {
	kind, ok := Kinds()[m.Kind()]
	if !ok {
		return nil
	}
	requests, _, _ := NewRequests(kind, m, all)
	var calls []call
	for _, operation := range slices.Sorted(maps.Keys(requests)) {
		for _, name := range append([]string{operation}, updates[operation]...) {
			calls = append(calls, newCall(provider, kind.Service, name, requests[operation]))
		}
	}
	return calls
}

// machineCalls are the service integrations of a state machine.
func machineCalls(m Managed) ([]call, error) {
	text, _ := m.Spec.ForProvider[machineField].(string)
	var definition any
	if err := json.Unmarshal([]byte(text), &definition); err != nil {
		return nil, fmt.Errorf("cannot parse the definition: %w", err)
	}
	return tasks(strings.TrimSuffix(m.resourceName(), "-state-machine"), definition), nil
}

// integration of a service that a state names, one of AWS's SDK or one that Step Functions has optimised.
var integration = regexp.MustCompile(`^arn:[a-z-]+:states:::(?:aws-sdk:)?([a-z0-9-]+):([a-z])([A-Za-z]+)$`)

func tasks(by string, node any) []call {
	var calls []call
	switch v := node.(type) {
	case map[string]any:
		resource, _ := v["Resource"].(string)
		if found := integration.FindStringSubmatch(resource); found != nil {
			calls = append(calls, newCall(by, found[1], strings.ToUpper(found[2])+found[3], v["Arguments"]))
		}
		for _, below := range v {
			calls = append(calls, tasks(by, below)...)
		}
	case []any:
		for _, below := range v {
			calls = append(calls, tasks(by, below)...)
		}
	}
	return calls
}

// ofActions are the calls that the actions of a pipeline make in the name of its role, by the actions' provider.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
var ofActions = map[string][]call{
	"CodeBuild": {
		newCall("pipeline", "codebuild", "StartBuild", members("projectName")),
		newCall("pipeline", "codebuild", "BatchGetBuilds", members("ids")),
	},
	// The connection gives the source by a permission that is no call.
	"CodeStarSourceConnection": nil,
	"Lambda": {
		newCall("pipeline", "lambda", "GetFunctionConfiguration", members("FunctionName")),
		newCall("pipeline", "lambda", "UpdateFunctionCode", members("FunctionName", "S3Bucket", "S3Key")),
		newCall("pipeline", "lambda", "PublishVersion", members("FunctionName")),
	},
	"Manual": {newCall("pipeline", "sns", "Publish", members("TopicArn", "Subject", "Message"))},
	"S3":     {newCall("pipeline", "s3", "GetObject", members("Bucket", "Key", "VersionId"))},
	"StepFunctions": {
		newCall("pipeline", "stepfunctions", "DescribeStateMachine", members("stateMachineArn")),
		newCall("pipeline", "stepfunctions", "StartExecution", members("stateMachineArn", "name", "input")),
		newCall("pipeline", "stepfunctions", "DescribeExecution", members("executionArn")),
	},
}

func actionCalls(m Managed) ([]call, error) {
	var calls []call
	for _, stage := range objects(m.Spec.ForProvider["stage"]) {
		for _, action := range objects(stage["action"]) {
			name := fmt.Sprint(action["provider"])
			known, ok := ofActions[name]
			if !ok {
				return nil, fmt.Errorf("say in ofActions what an action of %s calls", name)
			}
			calls = append(calls, known...)
		}
	}
	return calls, nil
}

// ofCommands are the calls of commands of AWS's CLI that builds run.
var ofCommands = map[string][]string{
	"codeartifact get-authorization-token": {"GetAuthorizationToken"},
	"codeartifact login":                   {"GetAuthorizationToken", "GetRepositoryEndpoint"},
}

var command = regexp.MustCompile(`\baws ([a-z0-9-]+ [a-z-]+)([^\n]*)`)

var option = regexp.MustCompile(`--([a-z-]+)`)

func buildCalls(m Managed) ([]call, error) {
	buildspec, err := json.Marshal(m.Spec.ForProvider["source"])
	if err != nil {
		return nil, err
	}
	var calls []call
	for _, found := range command.FindAllStringSubmatch(strings.ReplaceAll(string(buildspec), `\n`, "\n"), -1) {
		operations, ok := ofCommands[found[1]]
		if !ok {
			return nil, fmt.Errorf("say in ofCommands what aws %s calls", found[1])
		}
		var names []string
		for _, o := range option.FindAllStringSubmatch(found[2], -1) {
			names = append(names, strings.ReplaceAll(o[1], "-", ""))
		}
		service, _, _ := strings.Cut(found[1], " ")
		for _, operation := range operations {
			calls = append(calls, newCall(strings.TrimSuffix(m.resourceName(), "-project"), service, operation, members(names...)))
		}
	}
	return calls, nil
}

// ofTargets are the calls of rules' targets, by the service of the target's ARN. A state machine is started in the name of a role.
var ofTargets = map[string]call{
	"lambda": newCall(eventBridge, "lambda", "Invoke", members("FunctionName", "Qualifier", "Payload")),
	"sns":    newCall(eventBridge, "sns", "Publish", members("TopicArn", "Message")),
	"states": newCall("watch-events", "stepfunctions", "StartExecution", members("stateMachineArn", "input")),
}

func targetCalls(m Managed) ([]call, error) {
	arn, _ := m.Spec.ForProvider["arn"].(string)
	service := strings.Split(arn+":::", ":")[2]
	known, ok := ofTargets[service]
	if !ok {
		return nil, fmt.Errorf("say in ofTargets what a target of %q calls", service)
	}
	return []call{known}, nil
}

func objects(value any) []map[string]any {
	items, _ := value.([]any)
	var found []map[string]any
	for _, item := range items {
		object, _ := item.(map[string]any)
		found = append(found, object)
	}
	return found
}

// resourceName in the composition.
func (m Managed) resourceName() string {
	return m.Metadata.Annotations["crossplane.io/composition-resource-name"]
}
