package awsmodel

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Place is what an action may be allowed on: one ARN of a type of resources, as the reference of a service has it.
type Place struct {
	Service, Type, ARN string
}

// A variable of ARNs, such as lambda's FunctionName.
type variable struct {
	service, name string
}

// A naming is how the AWS name of a resource becomes a variable. Its format has the name for %s.
type naming struct {
	variable

	format string
}

func as(service, name, format string) naming {
	return naming{variable{service, name}, format}
}

// namings of the resources of each kind that IAM knows, and of what AWS makes for them.
var namings = map[string][]naming{
	"cloudwatch/Dashboard":   {as("cloudwatch", "DashboardName", "%s")},
	"cloudwatch/MetricAlarm": {as("cloudwatch", "AlarmName", "%s")},
	"cloudwatchevents/Rule":  {as("events", "RuleName", "%s")},
	"cloudwatchlogs/Group":   {as("logs", "LogGroupName", "%s")},
	"codebuild/Project": {
		as("codebuild", "ProjectName", "%s"), as("codebuild", "BuildId", "%s:x"), as("codebuild", "BuildBatchId", "%s:x"),
		as("codebuild", "ReportGroupName", "%s-test"), as("codebuild", "ReportGroupName", "%s-coverage"),
	},
	"codepipeline/Codepipeline":      {as("codepipeline", "PipelineName", "%s"), as("logs", "LogGroupName", "/aws/codepipeline/%s")},
	"codestarconnections/Connection": {as("codestar-connections", "ConnectionId", "%s")},
	"deploy/App":                     {as("codedeploy", "ApplicationName", "%s")},
	"deploy/DeploymentConfig":        {as("codedeploy", "DeploymentConfigurationName", "%s")},
	"deploy/DeploymentGroup":         {as("codedeploy", "DeploymentGroupName", "%s")},
	"dynamodb/Table":                 {as("dynamodb", "TableName", "%s"), as("dynamodb", "GlobalTableName", "%s")},
	"iam/Policy":                     {as("iam", "PolicyNameWithPath", "%s")},
	"iam/Role":                       {as("iam", "RoleNameWithPath", "%s"), as("iam", "RoleName", "%s")},
	"lambda/Function":                {as("lambda", "FunctionName", "%s")},
	"s3/Bucket":                      {as("s3", "BucketName", "%s")},
	"sfn/StateMachine":               {as("states", "StateMachineName", "%s")},
	"sns/Topic":                      {as("sns", "TopicName", "%s")},
}

// unnamed are the other kinds, and why their resources have no place of their own.
var unnamed = map[string]string{
	"appautoscaling/Policy":                      "it is a part of the target",
	"appautoscaling/Target":                      "AWS gives it an identifier that nobody knows before",
	"cloudwatchevents/Target":                    "it is a part of the rule",
	"iam/RolePolicyAttachment":                   "it is a part of the role",
	"lambda/Alias":                               partOfFunction,
	"lambda/EventSourceMapping":                  "AWS gives it an identifier that nobody knows before",
	"lambda/FunctionEventInvokeConfig":           partOfFunction,
	"lambda/FunctionURL":                         partOfFunction,
	"lambda/Permission":                          partOfFunction,
	"lambda/ProvisionedConcurrencyConfig":        partOfFunction,
	"s3/BucketLifecycleConfiguration":            partOfBucket,
	"s3/BucketOwnershipControls":                 partOfBucket,
	"s3/BucketPolicy":                            partOfBucket,
	"s3/BucketPublicAccessBlock":                 partOfBucket,
	"s3/BucketServerSideEncryptionConfiguration": partOfBucket,
	"s3/BucketVersioning":                        partOfBucket,
	"s3/Object":                                  partOfBucket,
	"sns/TopicPolicy":                            "it is a part of the topic",
	"sns/TopicSubscription":                      "IAM asks for the topic",
}

const (
	partOfBucket   = "it is a part of the bucket"
	partOfFunction = "it is a part of the function"
)

// samples of variables that are not the name of a resource.
var samples = map[variable][]string{
	as("lambda", "Alias", "").variable:   {"live"},
	as("lambda", "Version", "").variable: {"2"},
	{"s3", "ObjectName"}:                 {"bootstrap/x.zip", "payment-processor-x/BuildArtif/x", "promoted/service.zip", "released/service.zip", "status/release", "x"},
	{"logs", "LogStreamName"}:            {"x"},
}

// sample of all other variables.
var sample = []string{"x"}

// Places of the resources of a pipeline: for each type of resources whose ARN has the name of one of them, an ARN, whether there is such
// a thing yet or not. The error names a kind of which nobody has said what it is for IAM.
func Places(pipeline []Managed, region, account string) ([]Place, error) {
	values := map[variable][]string{}
	for _, m := range pipeline {
		if namings[m.Kind()] == nil && unnamed[m.Kind()] == "" {
			return nil, fmt.Errorf("what is %s for IAM? Add it to test/awsmodel/places.go", m.Kind())
		}
		for _, n := range namings[m.Kind()] {
			values[n.variable] = append(values[n.variable], fmt.Sprintf(n.format, nameOf(m)))
		}
	}
	types, err := namedTypes()
	if err != nil {
		return nil, err
	}
	common := strings.NewReplacer("${Partition}", "aws", "${Region}", region, "${Account}", account)
	var places []Place
	for _, t := range types {
		if !slices.ContainsFunc(t.variables, func(v variable) bool { return values[v] != nil }) {
			continue
		}
		for _, arn := range t.fill(common.Replace(t.arn), values) {
			places = append(places, Place{Service: t.service, Type: t.name, ARN: arn})
		}
	}
	return places, nil
}

// nameOf what AWS has. A connection's external name is its ARN.
func nameOf(m Managed) string {
	name := m.AWSName()
	if _, id, is := strings.Cut(name, ":connection/"); is {
		return id
	}
	return name
}

// A namedType is a type of resources whose ARN has the name of a resource of ours.
type namedType struct {
	service, name, arn string
	variables          []variable
}

// fill the variables of an ARN with all their values.
func (t namedType) fill(arn string, values map[variable][]string) []string {
	arns := []string{arn}
	for _, v := range t.variables {
		with := values[v]
		if with == nil {
			with = samples[v]
		}
		if with == nil {
			with = sample
		}
		var filled []string
		for _, arn := range arns {
			for _, value := range with {
				filled = append(filled, strings.ReplaceAll(arn, "${"+v.name+"}", value))
			}
		}
		arns = filled
	}
	return arns
}

var variables = regexp.MustCompile(`\$\{([A-Za-z]+)\}`)

// namedTypes of all services.
var namedTypes = sync.OnceValues(func() ([]namedType, error) {
	ours := map[variable]bool{}
	for _, all := range namings {
		for _, n := range all {
			ours[n.variable] = true
		}
	}
	files, err := fs.Glob(dataFiles, "data/iam/*.json")
	if err != nil {
		return nil, err
	}
	var types []namedType
	for _, file := range files {
		service := strings.TrimSuffix(file[strings.LastIndex(file, "/")+1:], ".json")
		a, err := LoadAuthorization(service)
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(a.Resources)) {
			t := namedType{service: service, name: name, arn: a.Resources[name].ARN}
			is := false
			for _, match := range variables.FindAllStringSubmatch(t.arn, -1) {
				if slices.Contains([]string{"Partition", "Region", "Account"}, match[1]) {
					continue
				}
				v := variable{strings.Split(t.arn, ":")[2], match[1]}
				t.variables, is = append(t.variables, v), is || ours[v]
			}
			if is {
				types = append(types, t)
			}
		}
	}
	return types, nil
})

// IsPlace tells whether IAM knows resources of pipelines by a service of its reference.
func IsPlace(service string) bool {
	types, _ := namedTypes() // Places says why, if there are none.
	return slices.ContainsFunc(types, func(t namedType) bool { return t.service == service })
}

// A Grant has the actions that a name in a policy stands for, which may have stars: in full, and by each the types of resources it may be
// allowed on. None: AWS allows it on all resources only.
type Grant map[string][]string

// grants by their names.
var grants sync.Map

// Granted by a name in a policy. It is not to be changed. The error is that the service, or the action, is not known.
func Granted(name string) (Grant, error) {
	if known, ok := grants.Load(name); ok {
		return known.(Grant), nil //nolint:forcetypeassert // Nothing else is stored.
	}
	prefix, pattern, _ := strings.Cut(name, ":")
	a, err := LoadAuthorization(prefix)
	if err != nil {
		return nil, err
	}
	actions := Grant{}
	for action, of := range a.Actions {
		if matches(pattern, action) {
			actions[prefix+":"+action] = slices.DeleteFunc(slices.Clone(of.Resources), func(name string) bool { return name == optionalType })
		}
	}
	if len(actions) == 0 {
		return nil, fmt.Errorf("there is no action %s", name)
	}
	grants.Store(name, actions)
	return actions, nil
}
