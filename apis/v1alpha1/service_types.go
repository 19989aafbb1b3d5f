package v1alpha1

// A Service is the Lambda function that serves payments.
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
}

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
