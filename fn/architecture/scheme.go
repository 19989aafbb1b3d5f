package architecture

import (
	appautoscalingv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/appautoscaling/v1beta1"
	appautoscalingv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/appautoscaling/v1beta2"
	cloudwatchv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta1"
	cloudwatchv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta2"
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	cloudwatchlogsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchlogs/v1beta1"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	codestarconnectionsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codestarconnections/v1beta1"
	deployv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta1"
	deployv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta2"
	dynamodbv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta1"
	dynamodbv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	s3v1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"
	snsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/sns/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/crossplane/function-sdk-go/resource/composed"
)

// The scheme tells the API version and kind of the provider's typed resources. Of each kind the architecture uses the
// newest version there is, unless a claim may take something away again from within an object of it. A provider before v2.7.0 may work on
// v1beta1, where such an object is a list of one, and the API server then cannot tell that something in it has gone: it
// stays, and so in AWS. These kinds are used as v1beta1.
func init() { //nolint:gochecknoinits // The SDK's scheme is a package variable, to be filled before it is used.
	b := runtime.NewSchemeBuilder(
		appautoscalingv1beta1.AddToScheme,
		appautoscalingv1beta2.AddToScheme,
		cloudwatchv1beta1.AddToScheme,
		cloudwatchv1beta2.AddToScheme,
		cloudwatcheventsv1beta1.AddToScheme,
		cloudwatcheventsv1beta2.AddToScheme,
		cloudwatchlogsv1beta1.AddToScheme,
		codebuildv1beta1.AddToScheme,
		codepipelinev1beta2.AddToScheme,
		codestarconnectionsv1beta1.AddToScheme,
		deployv1beta1.AddToScheme,
		deployv1beta2.AddToScheme,
		dynamodbv1beta1.AddToScheme,
		dynamodbv1beta2.AddToScheme,
		iamv1beta1.AddToScheme,
		lambdav1beta1.AddToScheme,
		lambdav1beta2.AddToScheme,
		s3v1beta1.AddToScheme,
		s3v1beta2.AddToScheme,
		sfnv1beta2.AddToScheme,
		snsv1beta1.AddToScheme,
	)
	utilruntime.Must(b.AddToScheme(composed.Scheme))
}
