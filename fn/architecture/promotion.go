package architecture

import (
	"fmt"

	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	promotionRule   resource.Name = "promotion-rule"
	promotionTarget resource.Name = "promotion-target"
)

// promotionSchedule is how often the state machine looks whether the other pipeline has released something. An event would come
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

// promotion starts the release state machine now and then, which takes what the other pipeline has released. Like the schedule of
// configuration it is never protected, and it begins when the pipeline can run.
func (p Pipeline) promotion() []compose.Resource {
	if !p.isPromoted() {
		return nil
	}
	p.Spec.DeletionProtection = false
	rule := p.eventRule(promotionRule, p.Names.aws("payment-processor-release-promotion"), cloudwatcheventsv1beta1.RuleParameters{
		Description:        new("Has " + p.Names.DeliveryPipeline() + " release what is released to " + p.Spec.Source.PromotedFrom.BucketName + "."),
		ScheduleExpression: new(promotionSchedule),
	})
	target := p.eventTarget(promotionTarget, promotionRule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
		return p.startRelease(f, new(document.JSON(release.Promotion())))
	})
	rule.Needs = append(rule.Needs, stagesReady)
	target.Needs = append(target.Needs, stagesReady)
	return []compose.Resource{rule, target}
}

// promotedAction reads the copy that the state machine has taken, of which it names the version. It never starts the pipeline.
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
	return release.PromotedFrom{Account: from.AccountID, Bucket: from.BucketName, Action: promotionActionName}
}

// promotedSourceStatements let the pipeline read the copy. They are what AWS's CDK grants for such a source beside what the pipeline
// may do anyway: see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-s3/lib/perms.ts.
func (p Pipeline) promotedSourceStatements() []iam.Statement {
	return []iam.Statement{
		iam.Allow("FindPromoted", "s3:ListBucket").On(p.artifactBucketARN()),
		iam.Allow("ReadPromoted", "s3:GetObjectTagging", "s3:GetObjectVersionTagging").On(p.artifactBucketARN() + "/" + release.PromotedKey),
	}
}

// promotionStatements let a release offer itself to other pipelines, or take what another has offered. Both are copied, and S3
// computes the SHA-256 of a copy.
func (p Pipeline) promotionStatements(f compose.Facts) []iam.Statement {
	own := p.artifactBucketARN() + "/"
	var statements []iam.Statement
	if p.isOffering() && !p.isPromoted() {
		statements = append(statements,
			iam.Allow("FindBuilt", "codepipeline:ListActionExecutions").On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
			iam.Allow("ReadBuilt", "s3:GetObject").On(own+runPrefix+"*"),
		)
	}
	if p.isOffering() {
		statements = append(statements, iam.Allow("Offer", "s3:PutObject").On(own+release.ReleasedKey))
	}
	if from := p.Spec.Source.PromotedFrom; from != nil {
		statements = append(statements,
			iam.Allow("ReadOffered", "s3:GetObject", "s3:GetObjectVersion").
				On("arn:"+p.Partition()+":s3:::"+from.BucketName+"/"+release.ReleasedKey),
			iam.Allow("Take", "s3:GetObjectVersion", "s3:PutObject").On(own+release.PromotedKey),
			iam.Allow("StartPromotion", "codepipeline:StartPipelineExecution").On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
		)
		if from.KMSKeyARN != "" {
			statements = append(statements, iam.Allow("DecryptOffered", "kms:Decrypt").On(from.KMSKeyARN))
		}
	}
	return statements
}

// releaseRoleName is the role of a pipeline's releases.
func releaseRoleName(suffix string) string {
	return "release-service-role-" + suffix
}

// promotionPolicy of the bucket: those whom the claim names read what is offered to them, and nobody but a release writes what is
// offered or taken, as the build would otherwise release to others what nobody has approved here. S3 refuses a policy that names
// a role which does not exist, so the role is a condition: see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn.
func (p Pipeline) promotionPolicy(f compose.Facts) []iam.Statement {
	if !p.isOffering() && !p.isPromoted() {
		return nil
	}
	own := p.artifactBucketARN() + "/"
	var statements []iam.Statement
	var kept []string
	for i, to := range p.Spec.PromoteTo {
		taker := fmt.Sprintf("arn:%s:iam::%s:", p.Partition(), to.AccountID)
		statements = append(statements, iam.Allow(fmt.Sprintf("Offer%d", i+1), "s3:GetObject", "s3:GetObjectVersion").To(iam.AWS(taker+"root")).
			On(own+release.ReleasedKey).
			If(iam.ArnEquals, "aws:PrincipalArn", taker+"role/"+releaseRoleName(to.EnvironmentSuffix)))
	}
	if p.isOffering() {
		kept = append(kept, own+release.ReleasedKey)
	}
	if p.isPromoted() {
		kept = append(kept, own+release.PromotedKey)
	}
	return append(statements, iam.Deny("OnlyReleases", "s3:PutObject").To(iam.Anyone()).
		On(kept...).
		If(iam.ArnNotEquals, "aws:PrincipalArn", p.roleARN(f, releaseRoleName(p.Names.suffix))))
}
