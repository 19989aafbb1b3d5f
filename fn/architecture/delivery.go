package architecture

import (
	"slices"

	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	deliveryRole             resource.Name = "pipeline-role"
	deliveryPolicy           resource.Name = "pipeline-policy"
	deliveryPolicyAttachment resource.Name = "pipeline-policy-attachment"
	deliveryPipeline         resource.Name = "pipeline"
)

// delivery is the CodePipeline that carries a push through its four stages, and what it may do.
func (p Pipeline) delivery() []compose.Resource {
	policy := p.policy(deliveryPolicy, p.deliveryStatements, p.sourceNeeds()...)
	return []compose.Resource{
		p.role(deliveryRole, p.Names.aws("pipeline-service-role"), "codepipeline.amazonaws.com"),
		policy,
		p.attach(deliveryPolicyAttachment, deliveryRole, policy),
		{Name: deliveryPipeline, Needs: slices.Concat([]compose.Fact{AccountID}, p.sourceNeeds(), []compose.Fact{sourceOpen, stagesReady}), Build: p.deliveryPipeline},
	}
}

// sourceNeeds are the facts by which the source is read.
func (p Pipeline) sourceNeeds() []compose.Fact {
	if p.isPromoted() {
		return nil
	}
	return []compose.Fact{ConnectionARN}
}

// usedByStages are the resources that a run of the pipeline uses. AWS starts a run when it creates the pipeline, and accepts
// one whose stages name what is not there. So the pipeline is made when GitHub can be read and all of these are ready. One
// that exists stays, whatever becomes of them.
func (p Pipeline) usedByStages() []resource.Name {
	used := []resource.Name{
		artifactBucket, artifactBucketVersioning, deliveryPolicyAttachment,
		greenFunction, blueFunction, functionLogAttachment, functionPolicyAttachment, functionDenialsAttachment,
		releaseMachine, releasePolicyAttachment, historyTable,
		LiveAlias, deploymentGroup, deployRoleLambda,
	}
	if !p.isPromoted() {
		used = append(used, buildProject, buildPolicyAttachment, buildDenialsAttachment, buildOwnDenialsAttachment)
		used = append(used, p.cloneAttachments()...)
	}
	if p.hasOwnTopic() {
		used = append(used, alarmTopic)
	}
	return used
}

// DeliveryPipeline is the CodePipeline's name in AWS.
func (n Names) DeliveryPipeline() string {
	return n.aws("payment-processor-pipeline")
}

// deliveryStatements are what the actions of the stages do, and no more.
func (p Pipeline) deliveryStatements(f compose.Facts) []iam.Statement {
	blueARN, greenARN := p.functionARN(f, blue), p.functionARN(f, green)
	return slices.Concat(p.readSourceStatements(f), []iam.Statement{
		// AWS's minimum for a pipeline's role asks for the two of ACLs, although this bucket knows none.
		iam.Allow("ArtifactBucket", "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning").
			On(p.artifactBucketARN()),
		iam.Allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl").
			On(p.artifactBucketARN() + "/*"),
	}, p.startBuildStatements(f), []iam.Statement{
		iam.Allow("Deploy",
			"lambda:GetAlias",
			"lambda:GetFunctionConfiguration",
			"lambda:GetProvisionedConcurrencyConfig",
			"lambda:PublishVersion",
			"lambda:UpdateFunctionCode",
		).On(blueARN, blueARN+":*", greenARN, greenARN+":*"),
		iam.Allow("DeployLog", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents").
			On(p.deployLogARNs(f)...),
		iam.Allow("TellApprovers", "sns:Publish").
			On(p.approvalTopicARN(f)),
		iam.Allow("Release", "states:DescribeStateMachine", "states:StartExecution").
			On(p.stateMachineARN(f, releaseStateMachine)),
		iam.Allow("FollowRelease", "states:DescribeExecution").
			On(p.arn(f, "states", "execution:"+p.Names.stateMachine(releaseStateMachine)+":*")),
	}, p.configureWithKey(), p.useKey())
}

// readSourceStatements are what the source action does beside writing what it has read.
func (p Pipeline) readSourceStatements(f compose.Facts) []iam.Statement {
	if p.isPromoted() {
		return p.promotedSourceStatements()
	}
	return []iam.Statement{useConnection(f.Get(ConnectionARN))}
}

// startBuildStatements let the pipeline build, if it does.
func (p Pipeline) startBuildStatements(f compose.Facts) []iam.Statement {
	if p.isPromoted() {
		return nil
	}
	return []iam.Statement{iam.Allow("Build", "codebuild:BatchGetBuilds", "codebuild:StartBuild").On(p.builtBy(f)...)}
}

// builtBy are the ARNs of the projects that the pipelines have build.
func (p Pipeline) builtBy(f compose.Facts) []string {
	projects := []string{p.buildProjectARN(f)}
	if p.hasChecks() {
		projects = append(projects, p.arn(f, "codebuild", "project/"+p.Names.checks()))
	}
	return projects
}

// deployLogARNs are where the deploy actions log. AWS documents two names of that log group.
func (p Pipeline) deployLogARNs(f compose.Facts) []string {
	var arns []string
	for _, prefix := range []string{"aws", p.Spec.Region} {
		group := p.arn(f, "logs", "log-group:/"+prefix+"/codepipeline/"+p.Names.DeliveryPipeline())
		arns = append(arns, group, group+":*")
	}
	return arns
}

func (p Pipeline) deliveryPipeline(f compose.Facts) client.Object {
	return &codepipelinev1beta2.Codepipeline{
		ObjectMeta: p.meta(deliveryPipeline, p.Names.DeliveryPipeline()),
		Spec: codepipelinev1beta2.CodepipelineSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: codepipelinev1beta2.CodepipelineParameters{
				Region:       p.region(),
				PipelineType: new("V2"),
				// A newer push overtakes one that still waits before a stage.
				ExecutionMode: new("SUPERSEDED"),
				RoleArnRef:    p.ref(deliveryRole),
				ArtifactStore: []codepipelinev1beta2.ArtifactStoreParameters{p.artifactStore()},
				Stage:         p.stages(f),
				Trigger:       p.triggers(),
				Tags:          p.tags(),
			},
		},
	}
}

// artifactStore names the bucket, and does not refer to it: a list has one owner, and the provider takes over a list in
// which it has resolved a reference.
func (p Pipeline) artifactStore() codepipelinev1beta2.ArtifactStoreParameters {
	s := codepipelinev1beta2.ArtifactStoreParameters{Type: new("S3"), Location: new(p.Names.Bucket)}
	if key := p.kmsKey(); key != nil {
		s.EncryptionKey = &codepipelinev1beta2.EncryptionKeyParameters{Type: new("KMS"), ID: key}
	}
	return s
}
