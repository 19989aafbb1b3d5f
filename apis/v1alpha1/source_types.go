package v1alpha1

// A Source is what is delivered: a GitHub branch, or what another pipeline has released.
// +kubebuilder:validation:XValidation:rule="has(self.promotedFrom) || has(self.owner) && size(self.owner) > 0",reason=FieldValueRequired,message="name the GitHub organisation or user whose repository is built, or in promotedFrom a pipeline whose releases are taken",fieldPath=".owner"
// +kubebuilder:validation:XValidation:rule="has(self.promotedFrom) || has(self.repository) && size(self.repository) > 0",reason=FieldValueRequired,message="name the GitHub repository that is built, or in promotedFrom a pipeline whose releases are taken",fieldPath=".repository"
// +kubebuilder:validation:XValidation:rule="!has(self.promotedFrom) || (!has(self.owner) || size(self.owner) == 0) && (!has(self.repository) || size(self.repository) == 0) && (!has(self.branch) || self.branch == 'main') && (!has(self.connectionArn) || size(self.connectionArn) == 0) && (!has(self.directory) || size(self.directory) == 0) && !has(self.paths) && !has(self.checks) && !has(self.fullClone)",message="a pipeline that takes another one's releases reads nothing from GitHub: leave out owner, repository, branch, connectionArn, directory, paths, checks and fullClone",messageExpression=`'a pipeline that takes the releases of another reads nothing from GitHub; leave out %s'.format([[has(self.owner) && size(self.owner) > 0 ? 'owner' : "", has(self.repository) && size(self.repository) > 0 ? 'repository' : "", has(self.branch) && self.branch != 'main' ? 'branch' : "", has(self.connectionArn) && size(self.connectionArn) > 0 ? 'connectionArn' : "", has(self.directory) && size(self.directory) > 0 ? 'directory' : "", has(self.paths) ? 'paths' : "", has(self.checks) ? 'checks' : "", has(self.fullClone) ? 'fullClone' : ""].filter(f, f != "")])`,fieldPath=".promotedFrom"
type Source struct {
	// Owner is the GitHub organisation or user. Write it as GitHub does: with another case the pipeline can be run by hand, and
	// no push starts it. Required without promotedFrom.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=39
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([A-Za-z0-9][A-Za-z0-9_-]*)?$')`,message="must be the name of a GitHub organisation or user, not a URL, such as my-org"
	Owner string `json:"owner,omitempty"`

	// Repository is the repository's name, without its owner, in GitHub's own case. Required without promotedFrom.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[A-Za-z0-9._-]*$')`,message="must be the repository's name alone, such as my-repo; its owner belongs in source.owner"
	// +kubebuilder:validation:XValidation:rule=`!self.endsWith('.git') || self == oldSelf.orValue("")`,message="must not end with .git, as names of GitHub's repositories do not; leave that out",optionalOldSelf=true
	Repository string `json:"repository,omitempty"`

	// Branch whose pushes start the pipeline.
	// +kubebuilder:default=main
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[A-Za-z0-9._/-]+$')`,message="must be the name of a branch, which may have letters, digits and ._/- here, such as main"
	// +kubebuilder:validation:XValidation:rule=`!self.startsWith('refs/') || self == oldSelf.orValue("")`,message="must be a branch's name without refs/heads/, such as main",optionalOldSelf=true
	Branch string `json:"branch,omitempty"`

	// ConnectionARN reuses a GitHub connection that someone has already authorised. Empty: the platform team's is used, if
	// there is one, or else a connection is created, and a person must authorise it once.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:(codestar-connections|codeconnections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]+)?$')`,message="must be the ARN of a connection, such as arn:aws:codeconnections:us-east-1:111122223333:connection/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	ConnectionARN string `json:"connectionArn,omitempty"`

	// Directory of the service in a repository that has others too: services/payments. The generated buildspec works there,
	// and only pushes that change something there start the pipeline, unless paths.includes says otherwise. Empty: the whole
	// repository.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=252
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$')`,message="must be a folder of the repository, such as services/payments, without a slash at its beginning or end and without . or .. in it"
	Directory string `json:"directory,omitempty"`

	// Paths of files that a push must change to start the pipeline. None: any, or those in directory.
	Paths *PathFilter `json:"paths,omitempty"`

	// Checks build and test what is not released: pull requests, tags, or both. Neither: no checks.
	Checks *Checks `json:"checks,omitempty"`

	// FullClone lets builds clone the repository, with its history and its submodules: fullClone: {}. CodeBuild's role may then read the
	// repository through the connection. Left out: builds get the files of the commit, without .git and without submodules.
	FullClone *FullClone `json:"fullClone,omitempty"`

	// PromotedFrom takes the place of GitHub and of the build: what another pipeline has released is released here too. It cannot
	// be added to a claim, nor taken away.
	PromotedFrom *PromotedFrom `json:"promotedFrom,omitempty"`
}

// A PathFilter chooses pushes by the files that they change. Patterns are globs from the root of the repository, in which **
// stands for any folders: see https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html.
type PathFilter struct {
	// Includes are patterns. A changed file must match one of them. Empty: directory/**, or all if there is no directory.
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^.+$')`,message="must be a glob on one line, such as libraries/**"
	// +listType=set
	Includes []string `json:"includes,omitempty"`

	// Excludes are patterns of files whose changes count for nothing.
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^.+$')`,message="must be a glob on one line, such as **/*.md"
	// +listType=set
	Excludes []string `json:"excludes,omitempty"`
}

// Checks build and test pull requests and tags in a pipeline of their own, which releases nothing, has no secrets, and can write
// nothing that a release reads.
type Checks struct {
	// PullRequests are checked when they are opened and with each push to them.
	PullRequests *PullRequestChecks `json:"pullRequests,omitempty"`

	// Tags are checked when they are pushed.
	Tags *TagChecks `json:"tags,omitempty"`
}

// PullRequestChecks say which pull requests are checked.
type PullRequestChecks struct {
	// Branches that pull requests want to go into, as globs. Empty: source.branch.
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^.+$')`,message="must be a glob on one line, such as release/*"
	// +listType=set
	Branches []string `json:"branches,omitempty"`

	// Paths of files that a pull request must change. None: those of source.paths and source.directory.
	Paths *PathFilter `json:"paths,omitempty"`
}

// TagChecks say which tags are checked.
type TagChecks struct {
	// Includes are globs, such as v*. A tag must match one of them.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +listType=set
	Includes []string `json:"includes"`
}

// A FullClone is how builds clone a repository.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-github-gitclone.html.
type FullClone struct {
	// Submodules are other private repositories that builds may read through the connection, since submodules are in them: my-org/money.
	// Public ones need not be named.
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=140
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+$')`,message="must be owner/repository, not a URL, such as my-org/money"
	// +listType=set
	Submodules []string `json:"submodules,omitempty"`
}
