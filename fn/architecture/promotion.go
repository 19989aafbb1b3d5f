package architecture

import (
	"fmt"

	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	watchPromotionRule   resource.Name = "watch-promotion-rule"
	watchPromotionTarget resource.Name = "watch-promotion-target"
)

// promotionSchedule is how often the watch looks whether the other pipeline has released something. An event would come
// sooner, and from another account only by a bus and its policy there. CodePipeline's own polling ends for a pipeline that had
// nothing to do for 30 days: see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineMetadata.html.
const promotionSchedule = "rate(5 minutes)"

// promotionActionName is the source action of a pipeline that takes the releases of another.
const promotionActionName = "Promotion_Source"

// artifactVersion is the version of the object that a run of such a pipeline releases. See
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html.
const artifactVersion = "#{" + sourceVariables + ".VersionId}"

// isPromoted says whether this pipeline takes the releases of another, and builds nothing.
func (p Pipeline) isPromoted() bool {
	return p.Spec.Source.PromotedFrom != nil
}

// isOffering says whether other pipelines may take the releases of this one.
func (p Pipeline) isOffering() bool {
	return len(p.Spec.PromoteTo) > 0
}

// promotion starts the watch now and then, which takes what the other pipeline has released. Like the schedule of
// configuration it is never protected, and it begins when the pipeline can run.
func (p Pipeline) promotion() []compose.Resource {
	if !p.isPromoted() {
		return nil
	}
	p.Spec.DeletionProtection = false
	rule := p.eventRule(watchPromotionRule, p.Names.aws("payment-processor-watch-promotion"), cloudwatcheventsv1beta1.RuleParameters{
		Description:        new("Has " + p.Names.DeliveryPipeline() + " release what is released to " + p.Spec.Source.PromotedFrom.BucketName + "."),
		ScheduleExpression: new(promotionSchedule),
	})
	target := p.eventTarget(watchPromotionTarget, watchPromotionRule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
		return p.startWatch(f, new(document.JSON(release.Promotion())))
	})
	rule.Needs = append(rule.Needs, stagesReady)
	target.Needs = append(target.Needs, stagesReady)
	return []compose.Resource{rule, target}
}

// promotedAction reads the copy that the watch has taken, of which it names the version. It never starts the pipeline.
func (p Pipeline) promotedAction() codepipelinev1beta2.ActionParameters {
	a := action(promotionActionName, "Source", "S3", map[string]string{
		"S3Bucket":             p.Names.Bucket,
		"S3ObjectKey":          release.PromotedKey,
		"PollForSourceChanges": "false",
	})
	a.Namespace = new(sourceVariables)
	a.OutputArtifacts = []*string{new(sourceOutput)}
	return a
}

// promotedSource is what a release knows of the other pipeline.
func (p Pipeline) promotedSource() release.PromotedFrom {
	from := p.Spec.Source.PromotedFrom
	if from == nil {
		return release.PromotedFrom{}
	}
	return release.PromotedFrom{Account: from.AccountID, Bucket: from.BucketName}
}

// promotedSourceStatements let the pipeline read the copy. They are what AWS's CDK grants for such a source beside what the pipeline
// may do anyway: see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-s3/lib/perms.ts.
func (p Pipeline) promotedSourceStatements() []iam.Statement {
	return []iam.Statement{
		iam.Allow("FindPromoted", "s3:ListBucket").On(p.artifactBucketARN()),
		iam.Allow("ReadPromoted", "s3:GetObjectTagging", "s3:GetObjectVersionTagging").On(p.artifactBucketARN() + "/" + release.PromotedKey),
	}
}

// S3 asks for these of whoever copies an object and does not set AnnotationDirective. Nobody says whether Step Functions knows that
// parameter, which is of 2026; a definition with one that it does not know is refused. No object of a pipeline has annotations. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html.
const (
	readAnnotation        = "s3:GetObjectAnnotation"
	readVersionAnnotation = "s3:GetObjectVersionAnnotation"
	writeAnnotation       = "s3:PutObjectAnnotation"
)

// offerStatements let a release offer itself to other pipelines, and read what it was taken of. What is offered is copied, and S3
// computes the SHA-256 of a copy.
func (p Pipeline) offerStatements() []iam.Statement {
	own := p.artifactBucketARN() + "/"
	var statements []iam.Statement
	if p.isPromoted() {
		statements = append(statements, iam.Allow("ReadTaken", "s3:GetObjectVersion", readAnnotation, readVersionAnnotation).On(own+release.PromotedKey))
	}
	if p.isOffering() && !p.isPromoted() {
		statements = append(statements, iam.Allow("ReadBuilt", "s3:GetObjectVersion", readAnnotation, readVersionAnnotation).On(own+p.outputFolder()+"*"))
	}
	if p.isOffering() {
		statements = append(statements, iam.Allow("Offer", "s3:PutObject", writeAnnotation).On(own+release.ReleasedKey))
	}
	return statements
}

// takeStatements let the watch take what another pipeline has offered.
func (p Pipeline) takeStatements(compose.Facts) []iam.Statement {
	from := p.Spec.Source.PromotedFrom
	if from == nil {
		return nil
	}
	statements := []iam.Statement{
		iam.Allow("ReadOffered", "s3:GetObject", "s3:GetObjectVersion", readAnnotation, readVersionAnnotation).
			On("arn:" + p.Partition() + ":s3:::" + from.BucketName + "/" + release.ReleasedKey),
		iam.Allow("Take", "s3:PutObject", writeAnnotation).On(p.artifactBucketARN() + "/" + release.PromotedKey),
	}
	if from.KMSKeyARN != "" {
		statements = append(statements, iam.Allow("DecryptOffered", "kms:Decrypt").On(from.KMSKeyARN))
	}
	return statements
}

// promotionPolicy of the bucket: those whom the claim names read what is offered to them, and nobody but the release writes what is
// offered, and nobody but the watch what is taken, as the build would otherwise release what nobody has approved. S3 refuses a policy
// that names a role which does not exist, so the role is a condition: see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn.
func (p Pipeline) promotionPolicy(f compose.Facts) []iam.Statement {
	own := p.artifactBucketARN() + "/"
	var statements []iam.Statement
	for i, to := range p.Spec.PromoteTo {
		account := fmt.Sprintf("arn:%s:iam::%s:", p.Partition(), to.AccountID)
		statements = append(statements, iam.Allow(fmt.Sprintf("Offer%d", i+1), "s3:GetObject", "s3:GetObjectVersion", readAnnotation, readVersionAnnotation).To(iam.AWS(account+"root")).
			On(own+release.ReleasedKey).
			If(iam.ArnEquals, principalARN, p.takers(to)...))
	}
	statements = append(statements, p.onlyTakers(f))
	if p.isOffering() {
		statements = append(statements, p.onlyBy(f, "OnlyReleases", releaseStateMachine, own+release.ReleasedKey))
	}
	if p.isPromoted() {
		statements = append(statements, p.onlyBy(f, "OnlyTaken", watchStateMachine, own+release.PromotedKey))
	}
	return statements
}

// principalARN is the condition key with the role that makes a request.
const principalARN = "aws:PrincipalArn"

// onlyTakers denies what is offered to all to whom it is not: in the bucket's own account, the policy of a role is enough to read it, and any
// claim may name any bucket. Where nothing is offered any more, the last release may still be there.
func (p Pipeline) onlyTakers(f compose.Facts) iam.Statement {
	deny := iam.Deny("OnlyTakers", "s3:GetObject*").To(iam.Anyone()).On(p.artifactBucketARN() + "/" + release.ReleasedKey)
	if !p.isOffering() {
		return deny
	}
	allowed := []string{p.roleARN(f, p.Names.aws(releaseStateMachine.roleBase))}
	for _, to := range p.Spec.PromoteTo {
		allowed = append(allowed, p.takers(to)...)
	}
	return deny.If(iam.ArnNotEquals, principalARN, allowed...)
}

// takers are the roles by which another pipeline takes what is offered: its watch, or its release if that pipeline is made by an earlier
// release of this package.
func (p Pipeline) takers(to v1alpha1.PromotionTarget) []string {
	path, other := fmt.Sprintf("arn:%s:iam::%s:role/", p.Partition(), to.AccountID), Names{suffix: to.EnvironmentSuffix}
	return []string{path + other.aws(watchStateMachine.roleBase), path + other.aws(releaseStateMachine.roleBase)}
}

// onlyBy denies everybody but a state machine to write an object.
func (p Pipeline) onlyBy(f compose.Facts, sid string, m stateMachine, object string) iam.Statement {
	return iam.Deny(sid, "s3:PutObject").To(iam.Anyone()).On(object).
		If(iam.ArnNotEquals, principalARN, p.roleARN(f, p.Names.aws(m.roleBase)))
}
