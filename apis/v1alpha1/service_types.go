package v1alpha1

// A Service is the Lambda function that serves payments.
// +kubebuilder:validation:XValidation:rule="!has(self.environment) || !has(self.secrets) || self.secrets.all(k, !(k in self.environment))",message="names that service.environment has too; a variable has one value",messageExpression=`'%s cannot be in service.environment too, as a variable has one value; leave it out of one of them'.format([self.secrets.filter(k, k in self.environment).size() == 1 ? '"%s"'.format(self.secrets.filter(k, k in self.environment)) : '%d names'.format([self.secrets.filter(k, k in self.environment).size()])])`,fieldPath=".secrets"
// +kubebuilder:validation:XValidation:rule="!has(self.secrets) || self.secrets.map(k, size(k) + size(self.secrets[k]) + 6).sum() + (has(self.environment) ? self.environment.map(k, size(k) + size(bytes(self.environment[k].replace('\\\\', '12').replace('\"', '12').replace('\\n', '12').replace('\\t', '12'))) + 6).sum() : 0) <= 4022",reason=FieldValueForbidden,message="AWS Lambda takes 4096 bytes of environment variables, measured as JSON, the ARNs of secrets and 74 of the pipeline's own included",fieldPath=".secrets"
// +kubebuilder:validation:XValidation:rule="!has(self.handler) || size(self.handler) == 0 || !self.runtime.startsWith('nodejs') || self.handler.matches('^([.]?[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*/)*[A-Za-z0-9_-]+([.][A-Za-z_$][A-Za-z0-9_$]*)+$')",message="a handler of Node.js is a file, without its ending, and the function that it exports: index.handler, dist/app.handler, index.api.handler",messageExpression=`'"' + (has(self.handler) ? self.handler : "") + '" is not a handler of Node.js; write a file, without its ending, and the function that it exports, such as index.handler or dist/app.handler'`,fieldPath=".handler"
// +kubebuilder:validation:XValidation:rule="!has(self.handler) || size(self.handler) == 0 || !self.runtime.startsWith('python') || self.handler.matches('^([A-Za-z0-9_-]+[./])*[A-Za-z0-9_-]+[.][A-Za-z_][A-Za-z0-9_]*$')",message="a handler of Python is a module and a function in it: app.handler, payments.app.handler, payments/app.handler",messageExpression=`'"' + (has(self.handler) ? self.handler : "") + '" is not a handler of Python; write a module and a function in it, such as app.handler or payments.app.handler'`,fieldPath=".handler"
// +kubebuilder:validation:XValidation:rule="!has(self.runtime) || !self.runtime.startsWith('java') || has(self.handler) && self.handler.matches('^([A-Za-z_$][A-Za-z0-9_$]*[.])*[A-Za-z_$][A-Za-z0-9_$]*::[A-Za-z_$][A-Za-z0-9_$]*$')",message="a handler of Java is a class and a method of it, and must be said: com.example.Payment::handle",messageExpression=`'"' + (has(self.handler) ? self.handler : "") + '" is not a handler of Java; write a class and a method of it, such as com.example.Payment::handle'`,fieldPath=".handler"
// +kubebuilder:validation:XValidation:rule="!has(self.handler) || size(self.handler) == 0 || !self.runtime.startsWith('ruby') || self.handler.matches('^([A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+([.][A-Z][A-Za-z0-9_]*(::[A-Z][A-Za-z0-9_]*)*)?[.][a-z_][A-Za-z0-9_]*$')",message="a handler of Ruby is a file, without its ending, and a method, of a class or module if it has one: app.handler, app.Payments::Api.handle",messageExpression=`'"' + (has(self.handler) ? self.handler : "") + '" is not a handler of Ruby; write a file, without its ending, and a method, of a class or module if it has one, such as app.handler or app.Payments::Api.handle'`,fieldPath=".handler"
// +kubebuilder:validation:XValidation:rule="!has(self.snapStart) || self.snapStart == 'None' || self.runtime.matches('^(java(1[1-9]|[2-9][0-9])|python3[.](1[2-9]|[2-9][0-9])|dotnet([89]|[1-9][0-9]))([.]|$)')",reason=FieldValueForbidden,message="AWS Lambda has SnapStart with runtimes from java11, python3.12 and dotnet8 on, and takes None with others",messageExpression=`'"' + self.snapStart + '" is not for ' + self.runtime + ', as AWS Lambda has SnapStart with runtimes of Java and Python only; write None, or choose such a runtime'`,fieldPath=".snapStart"
// +kubebuilder:validation:XValidation:rule="!has(self.snapStart) || self.snapStart == 'None' || !has(self.concurrency) || !has(self.concurrency.provisioned)",reason=FieldValueForbidden,message="AWS Lambda has no SnapStart with service.concurrency.provisioned, so it takes None",messageExpression=`'"' + self.snapStart + '" is not for functions with service.concurrency.provisioned; leave one of them out'`,fieldPath=".snapStart"
// +kubebuilder:validation:XValidation:rule="!has(self.snapStart) || self.snapStart == 'None' || self.ephemeralStorageMiB <= 512",reason=FieldValueForbidden,message="AWS Lambda has no SnapStart with more than 512 MiB of service.ephemeralStorageMiB, so it takes None",messageExpression=`'"%s" is not for functions with ephemeralStorageMiB %d, as AWS Lambda has SnapStart with 512 only; write None, or 512'.format([self.snapStart, self.ephemeralStorageMiB])`,fieldPath=".snapStart"
type Service struct {
	// Runtime of the functions: Node.js, Python, Java, Ruby, or provided.al2023 for programs, of Go or Rust. CodeBuild builds with
	// the same version of the language.
	// +kubebuilder:default=nodejs24.x
	// +kubebuilder:validation:Enum=nodejs22.x;nodejs24.x;python3.12;python3.13;python3.14;java17;java21;java25;ruby3.3;ruby3.4;provided.al2023
	Runtime string `json:"runtime,omitempty"`

	// Architecture is the processor that the functions run on, and builds too. ARM costs less for the same time, and code for
	// it must not bring binaries for x86. Immutable.
	// +kubebuilder:default=x86_64
	// +kubebuilder:validation:Enum=x86_64;arm64
	Architecture Architecture `json:"architecture,omitempty"`

	// Handler is what Lambda calls: of Node.js, Python and Ruby a file, without its ending, and a function in it, dist/app.handler;
	// of Java a class and a method, com.example.Payment::handle. Empty: index.handler for Node.js, app.handler for Python and Ruby,
	// bootstrap for provided.al2023. Java has none.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^\S*$')`,message="must have no spaces"
	// +kubebuilder:validation:XValidation:rule=`!self.matches('[.](js|mjs|cjs|ts|py|rb)$') || self == oldSelf.orValue("")`,message="must end with the function's name, not with the file's ending, such as index.handler",optionalOldSelf=true
	Handler string `json:"handler,omitempty"`

	// MemorySizeMiB is the functions' memory, in MiB.
	// +kubebuilder:default=512
	// +kubebuilder:validation:Minimum=128
	// +kubebuilder:validation:Maximum=10240
	MemorySizeMiB int32 `json:"memorySizeMiB,omitempty"`

	// TimeoutSeconds is the longest an invocation may take, in seconds.
	// +kubebuilder:default=30
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=900
	TimeoutSeconds int32 `json:"timeoutSeconds,omitempty"`

	// Environment variables of the functions. DEPLOYMENT_TABLE and VERSION are set by the pipeline.
	Environment FunctionVariables `json:"environment,omitempty"`

	// VPC that the functions are in, to reach what is there: a database, say. They then reach nothing else but through it, AWS's
	// services included. None: they reach the internet.
	VPC *VPC `json:"vpc,omitempty"`

	// EphemeralStorageMiB is the size of the functions' /tmp, in MiB.
	// +kubebuilder:default=512
	// +kubebuilder:validation:Minimum=512
	// +kubebuilder:validation:Maximum=10240
	EphemeralStorageMiB int32 `json:"ephemeralStorageMiB,omitempty"`

	// Tracing by AWS X-Ray: Active samples invocations, PassThrough traces those that the caller traces.
	// +kubebuilder:default=PassThrough
	// +kubebuilder:validation:Enum=PassThrough;Active
	Tracing Tracing `json:"tracing,omitempty"`

	// Logging is how the functions write their logs.
	// +kubebuilder:default={}
	Logging Logging `json:"logging,omitempty"`

	// SnapStart has published versions start from a snapshot that Lambda takes when they are published: PublishedVersions. Only some
	// runtimes have it.
	// +kubebuilder:default=None
	// +kubebuilder:validation:Enum=None;PublishedVersions
	SnapStart SnapStart `json:"snapStart,omitempty"`

	// Concurrency is how many invocations may run at once, and how many environments wait for them.
	// +kubebuilder:default={}
	Concurrency Concurrency `json:"concurrency,omitempty"`

	// Async is what becomes of events for which the caller does not wait. None: Lambda tries an event three times, within six
	// hours, and then drops it.
	Async *Async `json:"async,omitempty"`

	// Layers are ARNs of versions of Lambda layers, in the order in which they are laid over each other. They are in the
	// pipeline's region, for the functions' architecture and runtime, and their policies let the account use them.
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^arn:aws[a-z-]*:lambda:[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$')`,message="must be the ARN of a version of a layer, with the version's number at its end, such as arn:aws:lambda:us-east-1:111122223333:layer:insights:3"
	// +listType=set
	Layers []string `json:"layers,omitempty"`

	// KMSKeyARN is a key of yours, in the pipeline's region, that encrypts the environment variables. Empty: a key that AWS
	// owns, whatever key the platform team has for the rest.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$')`,message="must be the ARN of a key, not of an alias, such as arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`

	// Secrets are ARNs of secrets and parameters, in the pipeline's region, by the names of environment variables. The functions
	// get the ARN in that variable and the right to read what it names, never the value. What another key than AWS's own or the
	// platform team's encrypts needs kms:Decrypt on that key too, in permissions.
	Secrets FunctionSecrets `json:"secrets,omitempty"`

	// Permissions are what the functions may do beyond that.
	Permissions Permissions `json:"permissions,omitempty"`

	// Invokers may call the live alias, and nothing else. Who is in the pipeline's account may also be allowed to by a policy of
	// its own.
	// +kubebuilder:validation:MaxItems=20
	// +listType=map
	// +listMapKey=name
	Invokers []Invoker `json:"invokers,omitempty"`

	// FunctionURL of the live alias. Invokers that are accounts or organizations may call it too. None: there is no URL.
	FunctionURL *FunctionURL `json:"functionUrl,omitempty"`

	// EventSources call the live alias by themselves. The functions' role may read the queues and streams among them.
	// +kubebuilder:validation:MaxItems=10
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:XValidation:rule=`self.all(s, self.exists_one(o, (has(o.sqs) ? o.sqs.queueArn : has(o.kinesis) ? o.kinesis.streamArn : has(o.dynamodb) ? o.dynamodb.streamArn : o.name) == (has(s.sqs) ? s.sqs.queueArn : has(s.kinesis) ? s.kinesis.streamArn : has(s.dynamodb) ? s.dynamodb.streamArn : s.name))) || oldSelf.hasValue() && self == oldSelf.value()`,message="AWS Lambda reads a queue or stream once for an alias",messageExpression=`'%s read the same queue or stream, and AWS Lambda reads it once for an alias; leave one of them out'.format([self.filter(s, !self.exists_one(o, (has(o.sqs) ? o.sqs.queueArn : has(o.kinesis) ? o.kinesis.streamArn : has(o.dynamodb) ? o.dynamodb.streamArn : o.name) == (has(s.sqs) ? s.sqs.queueArn : has(s.kinesis) ? s.kinesis.streamArn : has(s.dynamodb) ? s.dynamodb.streamArn : s.name))).map(s, s.name)])`,optionalOldSelf=true
	EventSources []EventSource `json:"eventSources,omitempty"`
}

// A Tracing says which invocations X-Ray traces.
type Tracing string

// Which invocations X-Ray traces.
const (
	TracingPassThrough Tracing = "PassThrough"
	TracingActive      Tracing = "Active"
)

// A Logging is how functions write their logs.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html.
// +kubebuilder:validation:XValidation:rule="self.format == 'JSON' || (!has(self.applicationLevel) || size(self.applicationLevel) == 0) && (!has(self.systemLevel) || size(self.systemLevel) == 0)",message="levels go with format JSON: of text, Lambda knows no levels",messageExpression=`'format "' + self.format + '" has no levels; write format: JSON, or leave applicationLevel and systemLevel out'`
type Logging struct {
	// Format of the logs: JSON, which can be searched by fields, or Text.
	// +kubebuilder:default=Text
	// +kubebuilder:validation:Enum=Text;JSON
	Format LogFormat `json:"format,omitempty"`

	// ApplicationLevel is the lowest level of the service's own log lines that is kept. Empty: INFO, with JSON.
	// +kubebuilder:default=""
	// +kubebuilder:validation:Enum="";TRACE;DEBUG;INFO;WARN;ERROR;FATAL
	ApplicationLevel string `json:"applicationLevel,omitempty"`

	// SystemLevel is the lowest level of Lambda's own log lines that is kept. Empty: INFO, with JSON.
	// +kubebuilder:default=""
	// +kubebuilder:validation:Enum="";DEBUG;INFO;WARN
	SystemLevel string `json:"systemLevel,omitempty"`
}

// A LogFormat is what log lines look like.
type LogFormat string

// What log lines look like.
const (
	LogFormatText LogFormat = "Text"
	LogFormatJSON LogFormat = "JSON"
)

// A VPC is where in a VPC the functions are.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html.
type VPC struct {
	// SubnetIDs of the VPC, in the pipeline's region: two in different availability zones keep the service up when one fails.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^subnet-[0-9a-z]+$')`,message="must be the id of a subnet, such as subnet-0a1b2c3d"
	// +listType=set
	SubnetIDs []string `json:"subnetIds"`

	// SecurityGroupIDs of the same VPC: what they let out is what the functions reach.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^sg-[0-9a-zA-Z]+$')`,message="must be the id of a security group, such as sg-0a1b2c3d"
	// +listType=set
	SecurityGroupIDs []string `json:"securityGroupIds"`
}

// An Architecture is the processor that a function runs on.
type Architecture string

// The architectures that Lambda has.
// See https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html.
const (
	ArchitectureX86 Architecture = "x86_64"
	ArchitectureARM Architecture = "arm64"
)
