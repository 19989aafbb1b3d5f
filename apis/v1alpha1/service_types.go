package v1alpha1

// A Service is the Lambda function that serves payments.
// +kubebuilder:validation:XValidation:rule="!has(self.environment) || !has(self.secrets) || self.secrets.all(k, !(k in self.environment))",message="names that service.environment has too; a variable has one value",fieldPath=".secrets"
// +kubebuilder:validation:XValidation:rule="!has(self.secrets) || self.secrets.map(k, size(k) + size(self.secrets[k]) + 6).sum() + (has(self.environment) ? self.environment.map(k, size(k) + size(bytes(self.environment[k].replace('\\\\', '12').replace('\"', '12').replace('\\n', '12').replace('\\t', '12'))) + 6).sum() : 0) <= 4022",reason=FieldValueForbidden,message="AWS Lambda takes 4096 bytes of environment variables, measured as JSON, the ARNs of secrets and 74 of the pipeline's own included",fieldPath=".secrets"
type Service struct {
	// Runtime of the functions. CodeBuild builds with the same Node.js version.
	// +kubebuilder:default=nodejs24.x
	// +kubebuilder:validation:Enum=nodejs22.x;nodejs24.x
	Runtime string `json:"runtime,omitempty"`

	// Architecture is the processor that the functions run on, and builds too. ARM costs less for the same time, and code for
	// it must not bring binaries for x86. Immutable.
	// +kubebuilder:default=x86_64
	// +kubebuilder:validation:Enum=x86_64;arm64
	Architecture Architecture `json:"architecture,omitempty"`

	// Handler is the file, without its ending, and the function that it exports, which may be in an exported object:
	// dist/app.handler, index.api.handler.
	// +kubebuilder:default=index.handler
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^(\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*/)*[A-Za-z0-9_-]+(\.[A-Za-z_$][A-Za-z0-9_$]*)+$`
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

	// Layers are ARNs of versions of Lambda layers, in the order in which they are laid over each other. They are in the
	// pipeline's region, for the functions' architecture and runtime, and their policies let the account use them.
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:items:Pattern=`^arn:aws[a-z-]*:lambda:[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$`
	// +listType=set
	Layers []string `json:"layers,omitempty"`

	// KMSKeyARN is a key of yours, in the pipeline's region, that encrypts the environment variables. Empty: a key that AWS
	// owns, whatever key the platform team has for the rest.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:Pattern=`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$`
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
// +kubebuilder:validation:XValidation:rule="self.format == 'JSON' || (!has(self.applicationLevel) || size(self.applicationLevel) == 0) && (!has(self.systemLevel) || size(self.systemLevel) == 0)",message="levels go with format JSON: of text, Lambda knows no levels"
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
	// +kubebuilder:validation:items:Pattern=`^subnet-[0-9a-z]+$`
	// +listType=set
	SubnetIDs []string `json:"subnetIds"`

	// SecurityGroupIDs of the same VPC: what they let out is what the functions reach.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:Pattern=`^sg-[0-9a-zA-Z]+$`
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
