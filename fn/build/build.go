// Package build is a CodeBuild project that turns a repository into a function's code, as values: what it runs in, what it runs and
// gets, and what its role may do. It knows nothing of Crossplane.
package build

import (
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// A Config is what a project depends on.
type Config struct {
	// Partition of AWS, as ARNs name it, and Region that the project is in.
	Partition, Region string

	// Name of the project.
	Name string

	// Bucket is the name of the bucket from which CodePipeline hands it the source, and into which it takes what is built.
	Bucket string

	// SourcePrefix begins the keys of the source that builds read. OutputPrefix begins the keys of what they write. Empty: they write
	// nothing, and get neither secrets nor a network nor a cache, as nobody has reviewed what is built, such as a pull request.
	SourcePrefix, OutputPrefix string

	// KMSKeyARN of the key that encrypts the bucket. Empty: AWS's own do.
	KMSKeyARN string

	// Runtime that the functions have in Lambda, their Handler there, and their Architecture.
	Runtime      string
	Handler      string
	Architecture v1alpha1.Architecture

	// Layers says that the functions have some, which builds do not see.
	Layers bool

	// FullClone says that builds clone the repository. Otherwise they get the files of a commit.
	FullClone bool

	// Directory of the repository that is built. Empty: its root.
	Directory string

	// Build is what the claim says of builds.
	Build v1alpha1.Build
}

// A Project is one of CodeBuild's, in its terms.
type Project struct {
	// ContainerType of the processor, and of where builds run.
	ContainerType string

	// Image, and by whose name it is pulled: SERVICE_ROLE or CODEBUILD.
	Image, ImageCredentials string

	ComputeType string
	Privileged  bool

	// TimeoutMinutes is the longest that a build may take, in minutes.
	TimeoutMinutes int32

	// Variables of the environment, in the same order each time.
	Variables []Variable

	// Buildspec is its text, or its path in the repository.
	Buildspec string

	// CacheLocation is where in S3 builds keep what the next one can use. Empty: there is no cache.
	CacheLocation string

	// VPC that builds run in. Nil: they reach the internet.
	VPC *v1alpha1.BuildVPC

	// LogGroup that builds log to.
	LogGroup string
}

// A Variable of a build's environment.
type Variable struct {
	Name string

	// Type says what the Value is: PLAINTEXT, or where CodeBuild reads it when a build starts.
	Type, Value string
}

// Project that the config comes to.
func (c Config) Project() Project {
	p := Project{
		ContainerType:    c.containerType(),
		Image:            c.Image(),
		ImageCredentials: c.imageCredentials(),
		ComputeType:      c.Build.ComputeType,
		Privileged:       c.Build.Privileged,
		TimeoutMinutes:   c.Build.TimeoutMinutes,
		Variables:        c.plainVariables(),
		Buildspec:        c.buildspec(),
		LogGroup:         c.LogGroup(),
	}
	if c.isReviewed() {
		p.Variables = append(p.Variables, c.secretVariables()...)
		p.CacheLocation = c.cacheLocation()
		p.VPC = c.Build.VPC
	}
	return p
}

// LogGroup that builds log to.
func (c Config) LogGroup() string {
	return "/aws/codebuild/" + c.Name
}

// isReviewed reports whether what is built has been reviewed.
func (c Config) isReviewed() bool {
	return c.OutputPrefix != ""
}

func (c Config) plainVariables() []Variable {
	var all []Variable
	for _, name := range slices.Sorted(maps.Keys(c.Build.Environment)) {
		all = append(all, Variable{Name: name, Type: "PLAINTEXT", Value: string(c.Build.Environment[name])})
	}
	return all
}
