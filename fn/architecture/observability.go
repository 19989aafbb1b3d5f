package architecture

import (
	"cmp"

	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// traceStatements are there for a claim that traces. Without them a version that still traces goes on, and its traces are lost. X-Ray knows
// no resources for them. They are those of AWS's AWSXRayDaemonWriteAccess.
func (p Pipeline) traceStatements() []iam.Statement {
	if p.Spec.Service.Tracing != v1alpha1.TracingActive {
		return nil
	}
	return []iam.Statement{iam.Allow("Trace",
		"xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets",
		"xray:PutTelemetryRecords", "xray:PutTraceSegments",
	).On("*")}
}

// defaultLogLevel is Lambda's for JSON.
const defaultLogLevel = "INFO"

// loggingConfig names the log group that Lambda takes anyway, so that no other is kept. With JSON the levels are stated, as the
// provider leaves levels alone that are not.
func (p Pipeline) loggingConfig(c color) lambdav1beta1.LoggingConfigParameters {
	logging := p.Spec.Service.Logging
	config := lambdav1beta1.LoggingConfigParameters{
		LogFormat: new(string(logging.Format)),
		LogGroup:  new(p.Names.functionLogGroup(c)),
	}
	if logging.Format == v1alpha1.LogFormatJSON {
		config.ApplicationLogLevel = new(cmp.Or(logging.ApplicationLevel, defaultLogLevel))
		config.SystemLogLevel = new(cmp.Or(logging.SystemLevel, defaultLogLevel))
	}
	return config
}
