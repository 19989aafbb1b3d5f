package access

import (
	"fmt"
	"net/url"
	"strings"
)

// calls tell what AWS asks of the caller, by service and operation as a state machine names them: for the call itself, and for what the
// service does in the caller's name, which AWS's guides say.
var calls = map[string]func(*Account, arguments) []Request{
	"codedeploy:batchGetDeployments":       onGroup("codedeploy:BatchGetDeployments"),
	"codedeploy:batchGetDeploymentTargets": onAll("codedeploy:BatchGetDeploymentTargets"),
	"codedeploy:createDeployment":          (*Account).createDeployment,
	"codedeploy:getDeployment":             onGroup("codedeploy:GetDeployment"),
	"codedeploy:getDeploymentGroup":        onGroup("codedeploy:GetDeploymentGroup"),
	"codedeploy:listDeployments":           onGroup("codedeploy:ListDeployments"),
	"codedeploy:listDeploymentTargets":     onAll("codedeploy:ListDeploymentTargets"),
	"codedeploy:stopDeployment":            onAll("codedeploy:StopDeployment"),

	"codepipeline:getPipelineState":       onPipeline("codepipeline:GetPipelineState", "Name"),
	"codepipeline:listActionExecutions":   onPipeline("codepipeline:ListActionExecutions", "PipelineName"),
	"codepipeline:listPipelineExecutions": onPipeline("codepipeline:ListPipelineExecutions", "PipelineName"),
	"codepipeline:startPipelineExecution": onPipeline("codepipeline:StartPipelineExecution", "Name"),
	"codepipeline:stopPipelineExecution":  onPipeline("codepipeline:StopPipelineExecution", "PipelineName"),

	"cloudwatch:getMetricData": onAll("cloudwatch:GetMetricData"),
	"cloudwatch:putMetricData": (*Account).putMetricData,

	"dynamodb:batchGetItem": (*Account).batchGetItem,

	"dynamodb:getItem":    onTable("dynamodb:GetItem"),
	"dynamodb:updateItem": onTable("dynamodb:UpdateItem"),

	"lambda:deleteFunction":           onVersion("lambda:DeleteFunction"),
	"lambda:getAlias":                 onAlias("lambda:GetAlias"),
	"lambda:getFunctionConfiguration": onVersion("lambda:GetFunctionConfiguration"),
	"lambda:invoke":                   onVersion("lambda:InvokeFunction"),
	"lambda:listVersionsByFunction":   onVersion("lambda:ListVersionsByFunction"),
	"lambda:updateAlias":              onAlias("lambda:UpdateAlias"),
	"lambda:publishVersion":           withFunctionKey("lambda:PublishVersion"),
	"lambda:updateFunctionCode":       withFunctionKey("lambda:UpdateFunctionCode"),

	"s3:copyObject": (*Account).copyObject,
	"s3:headObject": (*Account).headObject,
	"s3:putObject":  (*Account).putObject,

	"s3:listObjectVersions": (*Account).listObjectVersions,

	"sns:publish": (*Account).publish,

	"states:describeExecution":    onExecution("states:DescribeExecution"),
	"states:describeStateMachine": onMachine("states:DescribeStateMachine"),
	"states:startExecution":       onMachine("states:StartExecution"),
}

// requests are what AWS asks IAM when a call is made.
func (a *Account) requests(integration string, of any) ([]Request, error) {
	name := strings.TrimPrefix(strings.TrimPrefix(integration, "arn:aws:states:::"), "aws-sdk:")
	asks, ok := calls[name]
	if !ok {
		return nil, fmt.Errorf("which permissions does %s need? Add it to test/access/calls.go", name)
	}
	args, ok := of.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the arguments of %s must be an object, got %T", name, of)
	}
	return asks(a, args), nil
}

// arguments of a call, as Step Functions names them.
type arguments map[string]any

// text of an argument. Empty: there is none.
func (args arguments) text(name string) string {
	text, _ := args[name].(string)
	return text
}

func onAll(action string) func(*Account, arguments) []Request {
	return func(*Account, arguments) []Request { return []Request{{Action: action, Resource: "*"}} }
}

// onGroup of CodeDeploy's: that of the deployment, if a call names one. The account has only one.
func onGroup(action string) func(*Account, arguments) []Request {
	return func(a *Account, args arguments) []Request {
		return []Request{{Action: action, Resource: a.groupOf(args)}}
	}
}

func (a *Account) groupOf(args arguments) string {
	if group := args.text("DeploymentGroupName"); group != "" {
		return a.arn("codedeploy", "deploymentgroup:"+args.text("ApplicationName")+"/"+group)
	}
	return a.group
}

// createDeployment registers the revision that it is given, reads it back, and reads the configuration: see
// https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html. Who overrides the group's
// alarms must be one who may change the group: see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html.
func (a *Account) createDeployment(args arguments) []Request {
	application := a.arn("codedeploy", "application:"+args.text("ApplicationName"))
	configuration := args.text("DeploymentConfigName")
	if configuration == "" {
		configuration = a.configuration
	}
	requests := []Request{
		{Action: "codedeploy:CreateDeployment", Resource: a.groupOf(args)},
		{Action: "codedeploy:GetDeploymentConfig", Resource: a.arn("codedeploy", "deploymentconfig:"+configuration)},
		{Action: "codedeploy:RegisterApplicationRevision", Resource: application},
		{Action: "codedeploy:GetApplicationRevision", Resource: application},
	}
	if args["OverrideAlarmConfiguration"] != nil {
		requests = append(requests, Request{Action: "codedeploy:UpdateDeploymentGroup", Resource: a.groupOf(args)})
	}
	return requests
}

// onPipeline that an argument names.
func onPipeline(action, argument string) func(*Account, arguments) []Request {
	return func(a *Account, args arguments) []Request {
		return []Request{{Action: action, Resource: a.arn("codepipeline", args.text(argument))}}
	}
}

func (a *Account) putMetricData(args arguments) []Request {
	return []Request{{Action: "cloudwatch:PutMetricData", Resource: "*", Context: map[string][]string{"cloudwatch:namespace": {args.text("Namespace")}}}}
}

// onTable and its key, as DynamoDB asks for all that it may do with it:
// see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html.
func onTable(action string) func(*Account, arguments) []Request {
	return func(a *Account, args arguments) []Request {
		table := a.arn("dynamodb", "table/"+args.text("TableName"))
		return append([]Request{{Action: action, Resource: table}},
			a.withKey(table, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")...)
	}
}

// batchGetItem of the tables that it names.
func (a *Account) batchGetItem(args arguments) (requests []Request) {
	tables, _ := args["RequestItems"].(map[string]any)
	for table := range tables {
		requests = append(requests, onTable("dynamodb:BatchGetItem")(a, arguments{"TableName": table})...)
	}
	return requests
}

// withKey of a resource, by the resource's service. None: AWS's own key encrypts it, which everybody may use.
func (a *Account) withKey(resource string, actions ...string) (requests []Request) {
	key := a.keys[resource]
	if key == "" {
		return nil
	}
	service := strings.Split(resource, ":")[2]
	for _, action := range actions {
		requests = append(requests, Request{Action: action, Resource: key, Context: map[string][]string{
			"kms:ViaService": {service + "." + a.region + ".amazonaws.com"},
		}})
	}
	return requests
}

// function that a call names, by name or by ARN.
func (a *Account) function(args arguments) string {
	name := args.text("FunctionName")
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return a.arn("lambda", "function:"+name)
}

// onVersion of a function, or on the function if no version is asked for.
func onVersion(action string) func(*Account, arguments) []Request {
	return func(a *Account, args arguments) []Request {
		function := a.function(args)
		if qualifier := args.text("Qualifier"); qualifier != "" {
			function += ":" + qualifier
		}
		return []Request{{Action: action, Resource: function}}
	}
}

// onAlias of a function. In AWS's reference the action is about the function, but a call may be checked against the alias's ARN.
func onAlias(action string) func(*Account, arguments) []Request {
	return func(a *Account, args arguments) []Request {
		function := a.function(args)
		return []Request{{Action: action, Resource: function}, {Action: action, Resource: function + ":" + args.text("Name")}}
	}
}

// withFunctionKey of a function whose code is changed or published: Lambda makes a grant on its key for that, in the caller's name.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html.
func withFunctionKey(action string) func(*Account, arguments) []Request {
	return func(a *Account, args arguments) []Request {
		function := a.function(args)
		return append([]Request{{Action: action, Resource: function}}, a.withKey(function, "kms:CreateGrant", "kms:Decrypt", "kms:Encrypt")...)
	}
}

func (a *Account) headObject(args arguments) []Request {
	return a.readObject(args.text("Bucket")+"/"+args.text("Key"), args.text("VersionId"))
}

// listObjectVersions whose keys begin with a prefix, by which a policy may say which.
func (a *Account) listObjectVersions(args arguments) []Request {
	return []Request{{Action: "s3:ListBucketVersions", Resource: bucketPrefix + args.text("Bucket"), Context: map[string][]string{"s3:prefix": {args.text("Prefix")}}}}
}

// readObject at a path, and decrypt it.
func (a *Account) readObject(path, version string) []Request {
	action := "s3:GetObject"
	if version != "" {
		action = "s3:GetObjectVersion"
	}
	bucket, _, _ := strings.Cut(path, "/")
	return append([]Request{{Action: action, Resource: bucketPrefix + path}}, a.withKey(bucketPrefix+bucket, "kms:Decrypt")...)
}

// copyObject reads the source and writes the target. It copies annotations too, as nothing says otherwise, and S3 asks for these permissions
// whether there are any or not: see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html. AWS does not say which of the two
// actions that read them is meant for a version, so both are asked for.
func (a *Account) copyObject(args arguments) []Request {
	source, query, _ := strings.Cut(args.text("CopySource"), "?")
	if path, err := url.PathUnescape(source); err == nil {
		source = path
	}
	values, _ := url.ParseQuery(query)
	target := bucketPrefix + args.text("Bucket")
	requests := a.readObject(strings.TrimPrefix(source, "/"), values.Get("versionId"))
	object := target + "/" + args.text("Key")
	requests = append(requests,
		Request{Action: "s3:GetObjectAnnotation", Resource: requests[0].Resource},
		Request{Action: requests[0].Action + "Annotation", Resource: requests[0].Resource},
		Request{Action: "s3:PutObject", Resource: object},
		Request{Action: "s3:PutObjectAnnotation", Resource: object})
	return append(requests, a.withKey(target, "kms:Decrypt", "kms:GenerateDataKey")...)
}

// putObject encrypts what it writes. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html.
func (a *Account) putObject(args arguments) []Request {
	target := bucketPrefix + args.text("Bucket")
	requests := []Request{{Action: "s3:PutObject", Resource: target + "/" + args.text("Key")}}
	return append(requests, a.withKey(target, "kms:Decrypt", "kms:GenerateDataKey")...)
}

func (a *Account) publish(args arguments) []Request {
	topic := args.text("TopicArn")
	return append([]Request{{Action: "sns:Publish", Resource: topic}}, a.withKey(topic, "kms:Decrypt", "kms:GenerateDataKey")...)
}

func onMachine(action string) func(*Account, arguments) []Request {
	return func(_ *Account, args arguments) []Request {
		return []Request{{Action: action, Resource: args.text("StateMachineArn")}}
	}
}

func onExecution(action string) func(*Account, arguments) []Request {
	return func(_ *Account, args arguments) []Request {
		return []Request{{Action: action, Resource: args.text("ExecutionArn")}}
	}
}
