package architecture

import (
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// eventSourceMapping has Lambda read a queue or a stream. AWS chooses its name, which is a UUID. The provider writes what AWS has
// into fields that are not stated, so that nothing of them can be taken back: all that may be is stated. To be made twice does no
// harm: AWS refuses the second one.
func (p Pipeline) eventSourceMapping(s v1alpha1.EventSource) compose.Resource {
	name := resource.Name("event-source-" + s.Name)
	return compose.Resource{
		Name:  name,
		Needs: []compose.Fact{AccountID, liveVersion},
		Build: func(f compose.Facts) client.Object {
			params := mappingParameters(s)
			params.Region = p.region()
			// By its ARN, as Lambda tells it again. By the function's name alone it would read for $LATEST.
			params.FunctionName = new(p.aliasARN(f))
			params.Enabled = new(p.Serving.IsReleased())
			params.Tags = p.tags()
			return &lambdav1beta2.EventSourceMapping{
				ObjectMeta: p.meta(name, ""),
				Spec:       lambdav1beta2.EventSourceMappingSpec{ClusterManagedResourceSpec: p.managedAsNamedByAWS(), ForProvider: params},
			}
		},
	}
}

// mappingParameters are what is read, and how.
func mappingParameters(s v1alpha1.EventSource) lambdav1beta2.EventSourceMappingParameters {
	switch {
	case s.SQS != nil:
		return lambdav1beta2.EventSourceMappingParameters{
			EventSourceArn:                 new(s.SQS.QueueARN),
			BatchSize:                      new(float64(s.SQS.BatchSize)),
			MaximumBatchingWindowInSeconds: new(float64(s.SQS.MaximumBatchingWindowSeconds)),
			FunctionResponseTypes:          responseTypes(s.SQS.Reporting),
			ScalingConfig:                  &lambdav1beta2.ScalingConfigParameters{MaximumConcurrency: new(float64(s.SQS.MaximumConcurrency))},
		}
	case s.Kinesis != nil:
		return streamParameters(s.Kinesis.StreamARN, s.Kinesis.StreamReading)
	default:
		return streamParameters(s.DynamoDB.StreamARN, s.DynamoDB.StreamReading)
	}
}

func streamParameters(arn string, r v1alpha1.StreamReading) lambdav1beta2.EventSourceMappingParameters {
	return lambdav1beta2.EventSourceMappingParameters{
		EventSourceArn:                 new(arn),
		StartingPosition:               new(startingPosition(r.StartingPosition)),
		BatchSize:                      new(float64(r.BatchSize)),
		MaximumBatchingWindowInSeconds: new(float64(r.MaximumBatchingWindowSeconds)),
		ParallelizationFactor:          new(float64(r.ParallelizationFactor)),
		BisectBatchOnFunctionError:     new(r.BisectBatchOnFunctionError),
		MaximumRetryAttempts:           new(float64(r.MaximumRetryAttempts)),
		MaximumRecordAgeInSeconds:      new(float64(r.MaximumRecordAgeSeconds)),
		DestinationConfig:              onFailure(r.OnFailureARN),
		FunctionResponseTypes:          responseTypes(r.Reporting),
	}
}

func startingPosition(p v1alpha1.StartingPosition) string {
	if p == v1alpha1.StartingPositionTrimHorizon {
		return "TRIM_HORIZON"
	}
	return "LATEST"
}

func onFailure(arn string) *lambdav1beta2.DestinationConfigParameters {
	if arn == "" {
		return nil
	}
	return &lambdav1beta2.DestinationConfigParameters{
		OnFailure: &lambdav1beta2.OnFailureParameters{DestinationArn: new(arn)},
	}
}

func responseTypes(r v1alpha1.Reporting) []*string {
	if !r.ReportBatchItemFailures {
		return nil
	}
	return []*string{new("ReportBatchItemFailures")}
}
