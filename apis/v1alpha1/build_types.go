package v1alpha1

// A Build is how CodeBuild turns the branch into the function's code. The generated buildspec asks the image for the language of the
// functions' runtime, which images of Amazon Linux 2 and of Ubuntu before 22.04 do not have, nor do those for Java 8 and 11 alone. See
// https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html. What builds on Lambda compute cannot have is in
// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html.
// +kubebuilder:validation:XValidation:rule="has(self.buildspec) && size(self.buildspec) > 0 || !has(self.image) || !self.image.matches('^aws/codebuild/(standard:[1-6][.]|amazonlinux2-|amazonlinux-aarch64-standard:[12][.]|amazonlinux-(x86_64|aarch64)-standard:corretto)')",reason=FieldValueForbidden,message="the generated buildspec needs the language of service.runtime, which AWS has in aws/codebuild/amazonlinux-x86_64-standard:5.0, aws/codebuild/amazonlinux-aarch64-standard:3.0 and aws/codebuild/standard:7.0 and later",messageExpression=`'"' + self.image + '" does not have the language of service.runtime, which the generated buildspec needs; leave image empty, or choose aws/codebuild/amazonlinux-x86_64-standard:5.0, aws/codebuild/amazonlinux-aarch64-standard:3.0, aws/codebuild/standard:7.0 or later'`,fieldPath=".image"
// +kubebuilder:validation:XValidation:rule="!has(self.image) || !self.image.startsWith('aws/codebuild/') || self.image.contains('-lambda-') == (has(self.computeType) && self.computeType.startsWith('BUILD_LAMBDA_'))",reason=FieldValueForbidden,message="a computeType of BUILD_LAMBDA_ takes aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24, say, and other computeTypes take other images",messageExpression=`self.image.contains('-lambda-') ? '"' + self.image + '" is an image of Lambda compute; choose a computeType of BUILD_LAMBDA_, or leave image empty' : '"' + self.image + '" is not an image of Lambda compute; choose one such as aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24, or leave image empty'`,fieldPath=".image"
// +kubebuilder:validation:XValidation:rule="!has(self.computeType) || !self.computeType.startsWith('BUILD_LAMBDA_') || !has(self.vpc) && (!has(self.cache) || self.cache == 'None') && (!has(self.privileged) || !self.privileged) && (!has(self.timeoutMinutes) || self.timeoutMinutes == 60)",reason=FieldValueForbidden,message="Lambda compute has no vpc, cache or privileged builds, and ends builds after 15 minutes whatever timeoutMinutes says: with any of these take a computeType of BUILD_GENERAL1_",messageExpression=`'"%s" is Lambda compute, which does not have %s; leave that out, or choose a computeType of BUILD_GENERAL1_'.format([self.computeType, [has(self.vpc) ? 'vpc' : "", has(self.cache) && self.cache != 'None' ? 'cache' : "", has(self.privileged) && self.privileged ? 'privileged' : "", has(self.timeoutMinutes) && self.timeoutMinutes != 60 ? 'timeoutMinutes' : ""].filter(f, f != "")])`,fieldPath=".computeType"
// +kubebuilder:validation:XValidation:rule="!has(self.environment) || !has(self.secrets) || self.secrets.all(k, !(k in self.environment))",message="names that build.environment has too; a variable has one value",messageExpression=`'%s cannot be in build.environment too, as a variable has one value; leave it out of one of them'.format([self.secrets.filter(k, k in self.environment).size() == 1 ? '"%s"'.format(self.secrets.filter(k, k in self.environment)) : '%d names'.format([self.secrets.filter(k, k in self.environment).size()])])`,fieldPath=".secrets"
// +kubebuilder:validation:XValidation:rule="!has(self.buildspec) || size(self.buildspec) == 0 || (!has(self.tool) || size(self.tool) == 0) && (!has(self.program) || size(self.program) == 0) && (!has(self.test) || size(self.test) == 0)",reason=FieldValueForbidden,message="tool, program and test change the generated buildspec, and this replaces it: leave them out, or leave buildspec empty",messageExpression=`'buildspec replaces the generated one, which %s would change; leave that out, or leave buildspec empty'.format([[has(self.tool) && size(self.tool) > 0 ? 'tool' : "", has(self.program) && size(self.program) > 0 ? 'program' : "", has(self.test) && size(self.test) > 0 ? 'test' : ""].filter(f, f != "")])`,fieldPath=".buildspec"
type Build struct {
	// Image is a CodeBuild-curated build image, for service.architecture, or one of yours in Amazon ECR, by its URI with a tag
	// or a digest, for the same architecture. Empty: aws/codebuild/amazonlinux-x86_64-standard:6.0 for x86_64,
	// aws/codebuild/amazonlinux-aarch64-standard:4.0 for arm64, and on Lambda compute the one for the functions' runtime.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(aws/codebuild/[a-z0-9._-]+:[A-Za-z0-9._-]+|[0-9]{12}[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com/[a-z0-9]+([._/-][a-z0-9]+)*(:[A-Za-z0-9_.-]+|@sha256:[0-9a-f]+))?$')`,message="must be an image of CodeBuild, such as aws/codebuild/amazonlinux-x86_64-standard:6.0, or the URI of an image in Amazon ECR with its tag or digest, such as 111122223333.dkr.ecr.us-east-1.amazonaws.com/builds:1"
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('aws/codebuild/') || !self.contains('windows') && !self.contains('macos')",reason=FieldValueForbidden,message="builds run in Linux containers, and CodeBuild takes images for these",messageExpression=`'"' + self + '" is not an image for Linux, and builds run in Linux containers; choose one such as aws/codebuild/amazonlinux-x86_64-standard:6.0'`
	Image string `json:"image,omitempty"`

	// ComputeType of the build container. Those of BUILD_LAMBDA_ start faster, end after 15 minutes, and can do less: see
	// docs/build.md.
	// +kubebuilder:default=BUILD_GENERAL1_SMALL
	// +kubebuilder:validation:Enum=BUILD_GENERAL1_SMALL;BUILD_GENERAL1_MEDIUM;BUILD_GENERAL1_LARGE;BUILD_GENERAL1_XLARGE;BUILD_GENERAL1_2XLARGE;BUILD_LAMBDA_1GB;BUILD_LAMBDA_2GB;BUILD_LAMBDA_4GB;BUILD_LAMBDA_8GB;BUILD_LAMBDA_10GB
	ComputeType string `json:"computeType,omitempty"`

	// TimeoutMinutes is the longest a build may take, in minutes.
	// +kubebuilder:default=60
	// +kubebuilder:validation:Minimum=5
	// +kubebuilder:validation:Maximum=2160
	TimeoutMinutes int32 `json:"timeoutMinutes,omitempty"`

	// Environment variables of the build, in plain text: never secrets. CodeBuild takes values of at most 4096 characters.
	// +kubebuilder:validation:MaxProperties=50
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.matches('^[A-Za-z_][A-Za-z0-9_]*$') && !k.startsWith('CODEBUILD_'))",message="names of build variables are letters, digits and underscores, do not begin with a digit, and do not begin with CODEBUILD_",messageExpression=`'%s cannot name a build variable; write letters, digits and underscores, no digit first, and no CODEBUILD_ first'.format([self.filter(k, !k.matches('^[A-Za-z_][A-Za-z0-9_]*$') || k.startsWith('CODEBUILD_')).size() == 1 ? '"%s"'.format(self.filter(k, !k.matches('^[A-Za-z_][A-Za-z0-9_]*$') || k.startsWith('CODEBUILD_'))) : '%d names'.format([self.filter(k, !k.matches('^[A-Za-z_][A-Za-z0-9_]*$') || k.startsWith('CODEBUILD_')).size()])])`
	Environment map[string]BuildVariable `json:"environment,omitempty"`

	// Secrets are ARNs of secrets and parameters, in the pipeline's account and region, by the names of the build's variables
	// that get their values. CodeBuild reads them when a build starts, and hides the values in its log. AWS's own keys or the
	// platform team's encrypt them.
	// +kubebuilder:validation:MaxProperties=20
	// +kubebuilder:validation:XValidation:rule=`self.all(k, k.matches('^[A-Za-z_][A-Za-z0-9_]*$') && !k.startsWith('CODEBUILD_')) || oldSelf.hasValue() && self == oldSelf.value()`,message="names of build variables are letters, digits and underscores, do not begin with a digit, and do not begin with CODEBUILD_",messageExpression=`'%s cannot name a build variable; write letters, digits and underscores, no digit first, and no CODEBUILD_ first'.format([self.filter(k, !k.matches('^[A-Za-z_][A-Za-z0-9_]*$') || k.startsWith('CODEBUILD_')).size() == 1 ? '"%s"'.format(self.filter(k, !k.matches('^[A-Za-z_][A-Za-z0-9_]*$') || k.startsWith('CODEBUILD_'))) : '%d names'.format([self.filter(k, !k.matches('^[A-Za-z_][A-Za-z0-9_]*$') || k.startsWith('CODEBUILD_')).size()])])`,optionalOldSelf=true
	Secrets map[string]BuildSecretARN `json:"secrets,omitempty"`

	// Buildspec replaces the generated one: a path in the repository, from its root, or the YAML text itself. Empty: what the
	// runtime's language is built by, from its lock file, linted and tested: docs/runtimes.md.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=25600
	Buildspec string `json:"buildspec,omitempty"`

	// Tool that the generated buildspec installs and builds with. Empty: the one whose lock file the repository has; docs/build.md says which
	// file stands for which tool. A repository with the lock files of two tools must set it.
	// +kubebuilder:validation:Enum="";npm;pnpm;yarn;bun;pip;uv;poetry;maven;gradle;bundler;go;cargo
	// +kubebuilder:default=""
	Tool BuildTool `json:"tool,omitempty"`

	// Program that becomes the function if the repository has several: of Go the folder of its main package, cmd/payments, and of Rust the
	// name of the binary. Empty: the only one that there is.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=252
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$')`,message="must be a folder of the repository, such as cmd/payments, without a slash at its beginning or end, or the name of a binary"
	Program string `json:"program,omitempty"`

	// Test is the command that tests, in place of the one that the generated buildspec takes: make test. A shell runs it in
	// source.directory; if it fails, the build fails. Empty: what docs/build.md says for the tool.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=1024
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[ -~]*$')`,message="must be one line of ASCII characters, such as make test"
	Test string `json:"test,omitempty"`

	// HandlerCheck loads service.handler at the end of each build, from a copy of what is shipped, and fails the build if it cannot start.
	// Disabled: it is not loaded, and only the smoke test shows whether it starts.
	// +kubebuilder:default=Enabled
	// +kubebuilder:validation:Enum=Enabled;Disabled
	HandlerCheck HandlerCheck `json:"handlerCheck,omitempty"`

	// VPC that builds run in, to reach what is there: a registry or a database, say. They then reach nothing else but through
	// it, so it needs a NAT or endpoints. None: they reach the internet.
	VPC *BuildVPC `json:"vpc,omitempty"`

	// Cache keeps what a build has downloaded for the next one: S3, in the artifact bucket, or None. An own buildspec says
	// itself what is kept.
	// +kubebuilder:default=None
	// +kubebuilder:validation:Enum=None;S3
	Cache BuildCache `json:"cache,omitempty"`

	// Privileged builds may run Docker.
	// +kubebuilder:default=false
	Privileged bool `json:"privileged,omitempty"`

	// CodeArtifact is a repository of AWS CodeArtifact that builds may read packages from. The generated buildspec logs in to it
	// before it installs.
	CodeArtifact *CodeArtifact `json:"codeArtifact,omitempty"`

	// Reports of tests and coverage. CodeBuild reads them from files that the build writes, and shows them. A buildspec of your own names its
	// reports itself, and may write those that are here, under the names "test" and "coverage".
	Reports *Reports `json:"reports,omitempty"`
}

// A BuildVariable is the value of an environment variable of a build. CodeBuild refuses longer ones when a build starts.
// +kubebuilder:validation:XValidation:rule="size(self) <= 4096",reason=FieldValueForbidden,message="AWS CodeBuild takes values of at most 4096 characters",messageExpression=`'the value has %d characters, and AWS CodeBuild takes at most 4096; put a longer one in a file of the repository'.format([size(self)])`
type BuildVariable string

// A BuildSecretARN is a SecretARN that may have a key of a secret in JSON at its end: …:secret:registry-a1B2c3:token.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html.
// +kubebuilder:validation:MaxLength=1011
// +kubebuilder:validation:XValidation:rule=`self.matches('^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}(:[A-Za-z0-9_.-]+)?|ssm:[a-z0-9-]+:[0-9]{12}:parameter(/[A-Za-z0-9_.-]+)+)$')`,message="must be the ARN of a secret with the hyphen and the six characters at its end, after which :key may follow, or the ARN of a parameter: arn:aws:secretsmanager:us-east-1:111122223333:secret:registry-a1B2c3, arn:aws:ssm:us-east-1:111122223333:parameter/registry"
type BuildSecretARN string

// A BuildVPC is where in a VPC builds run.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/vpc-support.html.
type BuildVPC struct {
	// VPCID of the VPC, in the pipeline's region.
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule=`self.matches('^vpc-[0-9a-z]+$')`,message="must be the id of a VPC, such as vpc-0a1b2c3d"
	VPCID string `json:"vpcId"`

	// SubnetIDs of the VPC. They have a way to the internet by a NAT: CodeBuild's own addresses are private there.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^subnet-[0-9a-z]+$')`,message="must be the id of a subnet, such as subnet-0a1b2c3d"
	// +listType=set
	SubnetIDs []string `json:"subnetIds"`

	// SecurityGroupIDs of the VPC: what they let out is what builds reach.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MaxLength=64
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^sg-[0-9a-zA-Z]+$')`,message="must be the id of a security group, such as sg-0a1b2c3d"
	// +listType=set
	SecurityGroupIDs []string `json:"securityGroupIds"`
}

// A BuildTool installs and builds what a repository needs. Empty: the lock file says which.
type BuildTool string

// A HandlerCheck says whether a build loads the handler.
type HandlerCheck string

// Whether a build loads the handler.
const (
	HandlerCheckEnabled  HandlerCheck = "Enabled"
	HandlerCheckDisabled HandlerCheck = "Disabled"
)

// A BuildCache is where builds keep what the next one can use.
type BuildCache string

// Where builds keep what the next one can use.
const (
	BuildCacheNone BuildCache = "None"
	BuildCacheS3   BuildCache = "S3"
)

// A CodeArtifact is a repository of AWS CodeArtifact, in the pipeline's region.
// See https://docs.aws.amazon.com/codeartifact/latest/APIReference/API_GetAuthorizationToken.html.
type CodeArtifact struct {
	// Domain that the repository is in.
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=50
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[a-z][a-z0-9-]*[a-z0-9]$')`,message="must be the name of a CodeArtifact domain: lower-case letters, digits and hyphens, a letter first, no hyphen last"
	Domain string `json:"domain"`

	// DomainOwner is the account of the domain. Empty: the pipeline's.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([0-9]{12})?$')`,message="must be the id of an AWS account, which has 12 digits, such as 111122223333"
	DomainOwner string `json:"domainOwner,omitempty"`

	// Repository that packages come from.
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[A-Za-z0-9][A-Za-z0-9._-]*$')`,message="must be the name of a CodeArtifact repository: letters, digits, dots, hyphens and underscores, a letter or a digit first"
	Repository string `json:"repository"`

	// Tools that are logged in: npm, pip, or Token for others, such as Maven, which find a token in the variable
	// CODEARTIFACT_AUTH_TOKEN.
	// +kubebuilder:default={npm}
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=3
	// +kubebuilder:validation:items:Enum=npm;pip;Token
	// +listType=set
	Tools []CodeArtifactTool `json:"tools,omitempty"`
}

// A CodeArtifactTool is what is logged in to CodeArtifact.
type CodeArtifactTool string

// What can be logged in to CodeArtifact.
const (
	CodeArtifactNPM   CodeArtifactTool = "npm"
	CodeArtifactPip   CodeArtifactTool = "pip"
	CodeArtifactToken CodeArtifactTool = "Token"
)

// Reports are what CodeBuild shows of a build's tests, by the files that these write.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html.
type Reports struct {
	// Test is about which tests have passed.
	Test *TestReport `json:"test,omitempty"`

	// Coverage is about which lines were tested.
	Coverage *CoverageReport `json:"coverage,omitempty"`
}

// A TestReport is made of files with the results of tests.
type TestReport struct {
	// Files are patterns from source.directory: reports/junit.xml, reports/**/*.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +listType=set
	Files []string `json:"files"`

	// Format of the files.
	// +kubebuilder:default=JUNITXML
	// +kubebuilder:validation:Enum=CUCUMBERJSON;JUNITXML;NUNITXML;NUNIT3XML;TESTNGXML;VISUALSTUDIOTRX
	Format string `json:"format,omitempty"`
}

// A CoverageReport is made of files that say what was tested.
type CoverageReport struct {
	// Files are patterns from source.directory: coverage/clover.xml.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +listType=set
	Files []string `json:"files"`

	// Format of the files.
	// +kubebuilder:default=CLOVERXML
	// +kubebuilder:validation:Enum=CLOVERXML;COBERTURAXML;JACOCOXML;SIMPLECOV
	Format string `json:"format,omitempty"`
}
