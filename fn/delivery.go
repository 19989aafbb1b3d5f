package main

import (
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const (
	deliveryRole             resource.Name = "pipeline-role"
	deliveryPolicy           resource.Name = "pipeline-policy"
	deliveryPolicyAttachment resource.Name = "pipeline-policy-attachment"
	deliveryPipeline         resource.Name = "pipeline"
)

// delivery is the CodePipeline that carries a push through its four stages, and what it may do.
func delivery(p pipeline) []compose.Resource {
	policy := p.policy(deliveryPolicy, p.names.aws("pipeline-policy"), p.deliveryStatements, connectionARN)
	return []compose.Resource{
		p.role(deliveryRole, p.names.aws("pipeline-service-role"), "codepipeline.amazonaws.com"),
		policy,
		p.attach(deliveryPolicyAttachment, deliveryRole, policy),
		{Name: deliveryPipeline, Needs: []compose.Fact{accountID, connectionARN}, Build: p.deliveryPipeline},
	}
}

func (n names) deliveryPipeline() string {
	return n.aws("payment-processor-pipeline")
}

// deliveryStatements are what the actions of the stages do, and no more.
func (p pipeline) deliveryStatements(f compose.Facts) []statement {
	blueARN, greenARN := p.functionARN(f, blue), p.functionARN(f, green)
	return append([]statement{
		useConnection(f[connectionARN]),
		allow("ArtifactBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket").
			on(p.artifactBucketARN()),
		allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").
			on(p.artifactBucketARN() + "/*"),
		allow("Build", "codebuild:BatchGetBuilds", "codebuild:StartBuild").
			on(p.buildProjectARN(f)),
		allow("Deploy",
			"lambda:GetAlias",
			"lambda:GetFunctionConfiguration",
			"lambda:GetProvisionedConcurrencyConfig",
			"lambda:PublishVersion",
			"lambda:UpdateFunctionCode",
		).on(blueARN, blueARN+":*", greenARN, greenARN+":*"),
		allow("DeployLog", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents").
			on(p.deployLogARNs(f)...),
		allow("TellApprovers", "sns:Publish").
			on(p.alarmTopicARN(f)),
		allow("Release", "states:DescribeStateMachine", "states:StartExecution").
			on(p.releaseMachineARN(f)),
		allow("FollowRelease", "states:DescribeExecution").
			on(p.arn(f, "states", "execution:"+p.names.releaseMachine()+":*")),
	}, p.useKey()...)
}

// deployLogARNs are where the deploy actions log. AWS documents two names of that log group.
func (p pipeline) deployLogARNs(f compose.Facts) []string {
	var arns []string
	for _, prefix := range []string{"aws", p.spec.Region} {
		group := p.arn(f, "logs", "log-group:/"+prefix+"/codepipeline/"+p.names.deliveryPipeline())
		arns = append(arns, group, group+":*")
	}
	return arns
}

func (p pipeline) deliveryPipeline(f compose.Facts) client.Object {
	return &codepipelinev1beta2.Codepipeline{
		ObjectMeta: p.meta(deliveryPipeline, p.names.deliveryPipeline()),
		Spec: codepipelinev1beta2.CodepipelineSpec{
			ResourceSpec: p.managed(),
			ForProvider: codepipelinev1beta2.CodepipelineParameters{
				Region:       p.region(),
				PipelineType: new("V2"),
				// A newer push overtakes one that still waits before a stage.
				ExecutionMode: new("SUPERSEDED"),
				RoleArnRef:    p.ref(deliveryRole),
				ArtifactStore: []codepipelinev1beta2.ArtifactStoreParameters{p.artifactStore()},
				Stage:         p.stages(f),
				Tags:          p.tags(),
			},
		},
	}
}

func (p pipeline) artifactStore() codepipelinev1beta2.ArtifactStoreParameters {
	s := codepipelinev1beta2.ArtifactStoreParameters{Type: new("S3"), LocationRef: p.ref(artifactBucket)}
	if key := p.kmsKey(); key != nil {
		s.EncryptionKey = &codepipelinev1beta2.EncryptionKeyParameters{Type: new("KMS"), ID: key}
	}
	return s
}
