package architecture

import (
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// progressObject in S3 says in its metadata how the pipeline's last run goes, and what is live. The watch writes that, and the provider reads it.
// Of what the provider reads it is the one thing that CodePipeline's runs can be told by: no managed resource has them.
const progressObject resource.Name = "release-progress"

// How soon the provider reads again what changes while people look. It keeps to that since v2.7.0; an older one reads at its own interval.
// See https://github.com/crossplane/crossplane-runtime/blob/v2.3.3/pkg/meta/meta.go.
const (
	annotationPollInterval = "crossplane.io/poll-interval"
	progressPollInterval   = "1m"
)

// progress is the object, which is made without metadata. After that its content is the watch's, and no update of ours reaches it.
func (p Pipeline) progress() compose.Resource {
	return compose.Resource{
		Name: progressObject,
		Build: func(compose.Facts) client.Object {
			return &s3v1beta2.Object{
				ObjectMeta: pollOften(p.meta(progressObject, "")),
				Spec: s3v1beta2.ObjectSpec{
					ClusterManagedResourceSpec: p.managed(xpv2.ManagementActionUpdate),
					ForProvider: s3v1beta2.ObjectParameters{
						Region:    p.region(),
						BucketRef: p.ref(artifactBucket),
						Key:       new(release.ProgressKey),
						Content:   new("The pipeline has not run yet."),
						// See bootstrapCode.
						ACL: new("bucket-owner-full-control"),
					},
				},
			}
		},
	}
}

func pollOften(m metav1.ObjectMeta) metav1.ObjectMeta {
	if m.Annotations == nil {
		m.Annotations = map[string]string{}
	}
	m.Annotations[annotationPollInterval] = progressPollInterval
	return m
}

// progressStatements let the watch read how the pipeline's runs go and what is live, and write it down.
func (p Pipeline) progressStatements(f compose.Facts) []iam.Statement {
	return []iam.Statement{
		iam.Allow("ReadRuns", "codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions").
			On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
		p.readAliasStatement(f),
		iam.Allow("ShowProgress", "s3:PutObject").On(p.artifactBucketARN() + "/" + release.ProgressKey),
	}
}

// ReadProgress reads the object as the provider has seen it.
func ReadProgress(seen compose.Observation) release.Progress {
	return release.ReadProgress(seen.Composed(progressObject).Strings("status", "atProvider", "metadata"))
}

// isUnderWay says whether a run may be moving traffic.
func (p Pipeline) isUnderWay() bool {
	return p.Progress.Last != nil && p.Progress.Last.State == v1alpha1.RunInProgress
}
