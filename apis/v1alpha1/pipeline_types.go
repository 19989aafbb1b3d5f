package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A PaymentDeliveryPipeline is a complete blue-green delivery pipeline for one Lambda payment service: from a push to a
// GitHub branch to a watched traffic shift with automatic rollback.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=crossplane,shortName=pdp
// +kubebuilder:printcolumn:name="STATUS",type=string,JSONPath=`.status.message`
// +kubebuilder:printcolumn:name="LIVE",type=string,JSONPath=`.status.release.live.version`
// +kubebuilder:printcolumn:name="COMMIT",type=string,JSONPath=`.status.release.live.shortCommit`
// +kubebuilder:printcolumn:name="RESOURCES",type=string,JSONPath=`.status.resources.summary`,priority=1
// +kubebuilder:printcolumn:name="CONNECTION",type=string,JSONPath=`.status.connection.status`,priority=1
// +kubebuilder:printcolumn:name="CANDIDATE",type=string,JSONPath=`.status.release.candidateVersion`,priority=1
// +kubebuilder:printcolumn:name="SHIFTING",type=integer,JSONPath=`.status.release.candidateWeight`,priority=1
// +kubebuilder:printcolumn:name="PIPELINE",type=string,JSONPath=`.status.pipelineUrl`,priority=1
// +kubebuilder:printcolumn:name="DASHBOARD",type=string,JSONPath=`.status.dashboardUrl`,priority=1
type PaymentDeliveryPipeline struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   PaymentDeliveryPipelineSpec   `json:"spec"`
	Status PaymentDeliveryPipelineStatus `json:"status,omitempty"`
}

// A PaymentDeliveryPipelineSpec is what an app team asks for.
// +kubebuilder:validation:XValidation:rule="self.environmentSuffix == oldSelf.environmentSuffix",message="environmentSuffix is immutable: every AWS name carries it. File a new claim instead.",messageExpression=`'"' + self.environmentSuffix + '" cannot replace "' + oldSelf.environmentSuffix + '", as every AWS name carries the suffix and the field is immutable; file a new claim instead'`,fieldPath=".environmentSuffix"
// +kubebuilder:validation:XValidation:rule="self.region == oldSelf.region",message="region is immutable: AWS resources cannot move. File a new claim instead.",messageExpression=`'"' + self.region + '" cannot replace "' + oldSelf.region + '", as AWS resources cannot move and the field is immutable; file a new claim instead'`,fieldPath=".region"
// +kubebuilder:validation:XValidation:rule="has(self.source.promotedFrom) == has(oldSelf.source.promotedFrom)",message="a pipeline builds what it releases, or takes it from another, and stays so: the connection to GitHub would go or come. File a new claim instead.",fieldPath=".source.promotedFrom"
// +kubebuilder:validation:XValidation:rule="self.service.architecture == oldSelf.service.architecture",message="service.architecture is immutable: Lambda changes it with new code only, and the delivery pipeline owns the code. File a new claim instead.",messageExpression=`'"' + self.service.architecture + '" cannot replace "' + oldSelf.service.architecture + '", as Lambda changes it with new code only and the field is immutable; file a new claim instead'`,fieldPath=".service.architecture"
// +kubebuilder:validation:XValidation:rule="!has(self.source.promotedFrom) || !has(self.build.environment) && !has(self.build.secrets) && !has(self.build.vpc) && !has(self.build.codeArtifact) && !has(self.build.reports) && (!has(self.build.image) || size(self.build.image) == 0) && (!has(self.build.buildspec) || size(self.build.buildspec) == 0) && (!has(self.build.computeType) || self.build.computeType == 'BUILD_GENERAL1_SMALL') && (!has(self.build.timeoutMinutes) || self.build.timeoutMinutes == 60) && (!has(self.build.cache) || self.build.cache == 'None') && (!has(self.build.privileged) || !self.build.privileged) && (!has(self.build.tool) || size(self.build.tool) == 0) && (!has(self.build.program) || size(self.build.program) == 0) && (!has(self.build.test) || size(self.build.test) == 0) && (!has(self.build.handlerCheck) || self.build.handlerCheck == 'Enabled')",message="nothing is built here: the code is what the pipeline of source.promotedFrom has built; leave build out",fieldPath=".build"
// +kubebuilder:validation:XValidation:rule="!has(self.build.image) || !self.build.image.startsWith('aws/codebuild/') || (self.service.architecture == 'arm64') == self.build.image.contains('aarch64')",reason=FieldValueForbidden,message="code is built on service.architecture, and CodeBuild takes images for it: aws/codebuild/amazonlinux-aarch64-standard:4.0 for arm64, say, aws/codebuild/amazonlinux-x86_64-standard:6.0 for x86_64, or none, and it follows",messageExpression=`'"' + self.build.image + '" is not for ' + self.service.architecture + ', which code is built on; leave image empty, or choose one such as ' + (self.service.architecture == 'arm64' ? 'aws/codebuild/amazonlinux-aarch64-standard:4.0' : 'aws/codebuild/amazonlinux-x86_64-standard:6.0')`,fieldPath=".build.image"
// +kubebuilder:validation:XValidation:rule="!has(self.build.tool) || size(self.build.tool) == 0 || self.build.tool in (self.service.runtime.startsWith('nodejs') ? ['npm', 'pnpm', 'yarn', 'bun'] : self.service.runtime.startsWith('python') ? ['pip', 'uv', 'poetry'] : self.service.runtime.startsWith('java') ? ['maven', 'gradle'] : self.service.runtime.startsWith('ruby') ? ['bundler'] : ['go', 'cargo'])",reason=FieldValueForbidden,message="builds take npm, pnpm, yarn and bun for Node.js; pip, uv and poetry for Python; maven and gradle for Java; bundler for Ruby; go and cargo for provided.al2023",messageExpression=`'"' + self.build.tool + '" does not build for ' + self.service.runtime + '; leave tool empty, or choose npm, pnpm, yarn or bun for Node.js; pip, uv or poetry for Python; maven or gradle for Java; bundler for Ruby; go or cargo for provided.al2023'`,fieldPath=".build.tool"
// +kubebuilder:validation:XValidation:rule="!has(self.build.computeType) || !self.build.computeType.startsWith('BUILD_LAMBDA_') || has(self.build.image) && size(self.build.image) > 0 || !(self.service.runtime in ['ruby3.3', 'provided.al2023'])",reason=FieldValueForbidden,message="CodeBuild has no image for service.runtime on Lambda compute: choose a computeType of BUILD_GENERAL1_, or name an image of yours",messageExpression=`'"' + self.build.computeType + '" is Lambda compute, for which CodeBuild has no image with ' + self.service.runtime + '; choose a computeType of BUILD_GENERAL1_, or name an image of yours'`,fieldPath=".build.computeType"
// +kubebuilder:validation:XValidation:rule="has(self.build.buildspec) && size(self.build.buildspec) > 0 || !has(self.build.image) || !self.build.image.contains('-lambda-standard:') || self.service.runtime == 'provided.al2023' || self.build.image.endsWith(':' + self.service.runtime.replace('java', 'corretto')) || (self.build.image + '.x').endsWith(':' + self.service.runtime)",reason=FieldValueForbidden,message="on Lambda compute an image has one version of one language, and the generated buildspec needs that of service.runtime, or none, and it follows",messageExpression=`'"' + self.build.image + '" does not have the language of ' + self.service.runtime + ', which the generated buildspec needs; leave image empty, and the right one is taken'`,fieldPath=".build.image"
// +kubebuilder:validation:XValidation:rule=`!has(self.service.layers) || self.service.layers.all(a, !a.startsWith('arn:') || a.contains(':' + self.region + ':')) || self.service.layers == oldSelf.?service.?layers.orValue([])`,message="layers must be in the pipeline's Region",messageExpression=`'%s is not in Region %s, where the pipeline is; name a layer of that Region'.format([self.service.layers.filter(a, a.startsWith('arn:') && !a.contains(':' + self.region + ':')), self.region])`,fieldPath=".service.layers",optionalOldSelf=true
// +kubebuilder:validation:XValidation:rule=`!has(self.service.kmsKeyArn) || !self.service.kmsKeyArn.startsWith('arn:') || self.service.kmsKeyArn.contains(':' + self.region + ':') || self.service.kmsKeyArn == oldSelf.?service.?kmsKeyArn.orValue("")`,message="key must be in the pipeline's Region",messageExpression=`'"' + self.service.kmsKeyArn + '" is not in Region ' + self.region + ', where the pipeline is; name a key of that Region'`,fieldPath=".service.kmsKeyArn",optionalOldSelf=true
// +kubebuilder:validation:XValidation:rule=`!has(self.service.secrets) || self.service.secrets.all(k, !self.service.secrets[k].startsWith('arn:') || self.service.secrets[k].contains(':' + self.region + ':') || self.service.secrets[k] == oldSelf.?service.?secrets[?k].orValue(""))`,message="secrets and parameters must be in the pipeline's Region",messageExpression=`'%s cannot be read from another Region than %s, where the pipeline is; name a secret or parameter of that Region'.format([self.service.secrets.filter(k, self.service.secrets[k].startsWith('arn:') && !self.service.secrets[k].contains(':' + self.region + ':')).size() == 1 ? '"%s"'.format(self.service.secrets.filter(k, self.service.secrets[k].startsWith('arn:') && !self.service.secrets[k].contains(':' + self.region + ':'))) : '%d names'.format([self.service.secrets.filter(k, self.service.secrets[k].startsWith('arn:') && !self.service.secrets[k].contains(':' + self.region + ':')).size()]), self.region])`,fieldPath=".service.secrets",optionalOldSelf=true
// +kubebuilder:validation:XValidation:rule=`!has(self.build.secrets) || self.build.secrets.all(k, !self.build.secrets[k].startsWith('arn:') || self.build.secrets[k].contains(':' + self.region + ':') || self.build.secrets[k] == oldSelf.?build.?secrets[?k].orValue(""))`,message="secrets and parameters must be in the pipeline's Region",messageExpression=`'%s cannot be read from another Region than %s, where the pipeline is; name a secret or parameter of that Region'.format([self.build.secrets.filter(k, self.build.secrets[k].startsWith('arn:') && !self.build.secrets[k].contains(':' + self.region + ':')).size() == 1 ? '"%s"'.format(self.build.secrets.filter(k, self.build.secrets[k].startsWith('arn:') && !self.build.secrets[k].contains(':' + self.region + ':'))) : '%d names'.format([self.build.secrets.filter(k, self.build.secrets[k].startsWith('arn:') && !self.build.secrets[k].contains(':' + self.region + ':')).size()]), self.region])`,fieldPath=".build.secrets",optionalOldSelf=true
// +kubebuilder:validation:XValidation:rule=`!has(self.notifications.topicArn) || !self.notifications.topicArn.startsWith('arn:') || self.notifications.topicArn.contains(':' + self.region + ':') || self.notifications.topicArn == oldSelf.?notifications.?topicArn.orValue("")`,message="topic must be in the pipeline's Region",messageExpression=`'"' + self.notifications.topicArn + '" is not in Region ' + self.region + ', where the pipeline is; name a topic of that Region'`,fieldPath=".notifications.topicArn",optionalOldSelf=true
// +kubebuilder:validation:XValidation:rule=`!has(self.notifications.approvalTopicArn) || !self.notifications.approvalTopicArn.startsWith('arn:') || self.notifications.approvalTopicArn.contains(':' + self.region + ':') || self.notifications.approvalTopicArn == oldSelf.?notifications.?approvalTopicArn.orValue("")`,message="topic must be in the pipeline's Region",messageExpression=`'"' + self.notifications.approvalTopicArn + '" is not in Region ' + self.region + ', where the pipeline is; name a topic of that Region'`,fieldPath=".notifications.approvalTopicArn",optionalOldSelf=true
// +kubebuilder:validation:XValidation:rule=`!has(self.service.eventSources) || self.service.eventSources.all(s, !(has(s.sqs) ? s.sqs.queueArn : has(s.kinesis) ? s.kinesis.streamArn : has(s.dynamodb) ? s.dynamodb.streamArn : s.name).startsWith('arn:') || (has(s.sqs) ? s.sqs.queueArn : has(s.kinesis) ? s.kinesis.streamArn : has(s.dynamodb) ? s.dynamodb.streamArn : s.name).contains(':' + self.region + ':')) || self.service.eventSources == oldSelf.?service.?eventSources.orValue([])`,message="queues and streams must be in the pipeline's Region",messageExpression=`'%s reads from another Region than %s, where the pipeline is; name a queue or stream of that Region'.format([self.service.eventSources.filter(s, (has(s.sqs) ? s.sqs.queueArn : has(s.kinesis) ? s.kinesis.streamArn : has(s.dynamodb) ? s.dynamodb.streamArn : s.name).startsWith('arn:') && !(has(s.sqs) ? s.sqs.queueArn : has(s.kinesis) ? s.kinesis.streamArn : has(s.dynamodb) ? s.dynamodb.streamArn : s.name).contains(':' + self.region + ':')).map(s, s.name), self.region])`,fieldPath=".service.eventSources",optionalOldSelf=true
type PaymentDeliveryPipelineSpec struct {
	// EnvironmentSuffix ends every AWS name of this pipeline. It must be unique in the AWS account, across its regions,
	// as IAM names are. At most 24 characters, because names of EventBridge's rules end at 64, and at most 14 unless a
	// connection is given, by source.connectionArn or by the platform team: the name of one that is made ends at 32. Immutable.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:XValidation:rule="size(self) <= 24",message="may have at most 24 characters",messageExpression=`'has %d characters, and may have at most 24, as names in AWS that end with it are limited; shorten it'.format([size(self)])`
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')`,message="must be lower-case letters, digits and hyphens, and begin and end with a letter or a digit: payments-prod"
	EnvironmentSuffix string `json:"environmentSuffix"`

	// Region is the AWS region of everything in this pipeline: one in which CodePipeline reads GitHub by a connection.
	// Immutable.
	// +kubebuilder:default=us-east-1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[a-z]{2}(-gov)?-[a-z]+-[0-9]+$')`,message="must be the name of an AWS Region, such as us-east-1"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[a-z]{2}(-gov)?-[a-z]+-[0-9]+$') || self in ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1']",reason=FieldValueForbidden,message="AWS has all services of a pipeline, connections to GitHub included, in ap-northeast-1, ap-northeast-2, ap-south-1, ap-southeast-1, ap-southeast-2, ca-central-1, eu-central-1, eu-north-1, eu-south-1, eu-west-1, eu-west-2, eu-west-3, sa-east-1, us-east-1, us-east-2, us-west-1, us-west-2, us-gov-east-1, us-gov-west-1",messageExpression=`'"' + self + '" does not have all services of a pipeline, connections to GitHub included; choose ap-northeast-1, ap-northeast-2, ap-south-1, ap-southeast-1, ap-southeast-2, ca-central-1, eu-central-1, eu-north-1, eu-south-1, eu-west-1, eu-west-2, eu-west-3, sa-east-1, us-east-1, us-east-2, us-west-1, us-west-2, us-gov-east-1 or us-gov-west-1'`
	Region string `json:"region,omitempty"`

	// Source is what is delivered: a GitHub branch, or what another pipeline has released.
	Source Source `json:"source"`

	// PromoteTo are pipelines of other environments that may take what this one has released: the same code, for whose release
	// each has its own approval. None: what is released is not kept for others. See docs/promotion.md.
	// +kubebuilder:validation:MaxItems=10
	// +listType=map
	// +listMapKey=accountId
	// +listMapKey=environmentSuffix
	PromoteTo []PromotionTarget `json:"promoteTo,omitempty"`

	// Service is the Lambda function that serves payments.
	// +kubebuilder:default={}
	Service Service `json:"service,omitempty"`

	// Build is how CodeBuild turns the branch into the function's code. With source.promotedFrom nothing is built.
	// +kubebuilder:default={}
	Build Build `json:"build,omitempty"`

	// Rollout is how CodeDeploy shifts production traffic to a new version.
	// +kubebuilder:default={}
	Rollout Rollout `json:"rollout,omitempty"`

	// Alarm stops a rollout and rolls it back when the new version answers with errors.
	// +kubebuilder:default={}
	Alarm Alarm `json:"alarm,omitempty"`

	// SmokeTest tries each release out on green, which takes no production traffic.
	// +kubebuilder:default={}
	SmokeTest SmokeTest `json:"smokeTest,omitempty"`

	// Approval is the manual gate before production traffic moves.
	// +kubebuilder:default={}
	Approval Approval `json:"approval,omitempty"`

	// Notifications says who hears of alarms, approvals, and what becomes of releases.
	// +kubebuilder:default={}
	Notifications Notifications `json:"notifications,omitempty"`

	// Retention is how long logs, old artifacts and deployment history are kept.
	// +kubebuilder:default={}
	Retention Retention `json:"retention,omitempty"`

	// DeletionProtection keeps in AWS what this claim made there, when the claim is deleted or turns a part off (a function
	// URL, say). Email subscriptions and the schedule of rollout.onConfigurationChange go all the same, and so do policies,
	// invokers, event rules and custom rollouts that are taken out of the claim. False: deleting the claim deletes everything.
	// +kubebuilder:default=false
	DeletionProtection bool `json:"deletionProtection,omitempty"`

	// DryRun has the provider only look: it makes, changes and deletes nothing in AWS, and status.plan says what it would do.
	// A claim may begin with it, and turn it off at any time; install.yaml lets only the platform team turn it on later. What the
	// claim stops asking for while it is on stays in AWS, and is forgotten.
	// +kubebuilder:default=false
	DryRun bool `json:"dryRun,omitempty"`

	// Tags on every AWS resource that can carry them, but not on the functions' bootstrap code: objects in S3 can have 10
	// tags only. Tags of the platform team win over these. With theirs there may be 47, and 44 for a namespaced pipeline: AWS
	// allows 50, and the rest is the provider's and the holder's.
	Tags Tags `json:"tags,omitempty"`
}

// Notifications says who hears of alarms, approvals, and what becomes of releases.
// +kubebuilder:validation:XValidation:rule="!has(self.topicArn) || size(self.topicArn) == 0 || !has(self.emails) || size(self.emails) == 0",message="emails are subscribed to the pipeline's own topic, and with a topicArn it makes none: subscribe them to that topic, or leave topicArn empty",messageExpression=`'"' + self.emails.join('", "') + '" would be subscribed to the pipeline\'s own topic, which it does not make beside topicArn; leave emails or topicArn out'`,fieldPath=".emails"
type Notifications struct {
	// Emails are subscribed to the pipeline's own topic. Each must confirm the mail that AWS sends.
	// +kubebuilder:validation:MaxItems=10
	// +kubebuilder:validation:items:MaxLength=254
	// +kubebuilder:validation:items:XValidation:rule=`self.matches(r'^[^@\s]+@[^@\s]+[.][^@\s]+$')`,message="must be one address, such as payments@example.com"
	// +listType=set
	Emails []string `json:"emails,omitempty"`

	// TopicARN is an SNS topic of yours that hears everything. It is in the pipeline's account and region, and its policy lets
	// CloudWatch and EventBridge publish. Empty: the pipeline makes a topic of its own.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=320
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}([.]fifo)?)?$')`,message="must be the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:payments"
	// +kubebuilder:validation:XValidation:rule="!self.endsWith('.fifo')",reason=FieldValueForbidden,message="EventBridge, CloudWatch and CodePipeline name no message group, without which a FIFO topic takes nothing, so it takes a standard topic",messageExpression=`'"' + self + '" is a FIFO topic, which takes nothing of EventBridge, CloudWatch and CodePipeline, as they name no message group; choose a standard topic'`
	TopicARN string `json:"topicArn,omitempty"`

	// ApprovalTopicARN is an SNS topic of yours that hears of waiting approvals, and of nothing else. It is in the pipeline's
	// account and region. Empty: the topic that hears everything.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=320
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}([.]fifo)?)?$')`,message="must be the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:payments-approvers"
	// +kubebuilder:validation:XValidation:rule="!self.endsWith('.fifo')",reason=FieldValueForbidden,message="CodePipeline names no message group, without which a FIFO topic takes nothing, so it takes a standard topic",messageExpression=`'"' + self + '" is a FIFO topic, which takes nothing of CodePipeline, as that names no message group; choose a standard topic'`
	ApprovalTopicARN string `json:"approvalTopicArn,omitempty"`
}

// A Retention is how long, or how many, things are kept.
type Retention struct {
	// LogDays is how long log events are kept, in days. 0: for ever.
	// +kubebuilder:default=7
	// +kubebuilder:validation:Enum=0;1;3;5;7;14;30;60;90;120;150;180;365;400;545;731;1096;1827;2192;2557;2922;3288;3653
	// +optional
	LogDays int32 `json:"logDays"`

	// ArtifactDays is how long artifacts are kept in the bucket, in days: source and build output of each run, at least as long as a
	// run may take with its approval, and then, as replaced versions, as long again. No rollback needs them, as Lambda has the code. 0: for ever.
	// +kubebuilder:default=30
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=3650
	// +optional
	ArtifactDays int32 `json:"artifactDays"`

	// HistoryDays is how long a deployment's record is kept, in days, counted from its start. 0: for ever. Records
	// written while it was above 0 keep their expiry when it is set back to 0.
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=3650
	// +optional
	HistoryDays int32 `json:"historyDays"`

	// Versions is how many versions of each function a release leaves, counted from the newest. The live version, the one that
	// was live before it, and newer ones stay in any case. 0: all, which once stops every deployment of the account, as Lambda
	// has 75 GB for code in a region.
	// +kubebuilder:default=20
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	// +optional
	Versions int32 `json:"versions"`
}
