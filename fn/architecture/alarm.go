package architecture

import (
	"fmt"
	"time"

	cloudwatchv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/cloudwatch"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const errorAlarm resource.Name = "error-alarm"

// alarm watches the share of live invocations that end in an error.
func (p Pipeline) alarm() []compose.Resource {
	return []compose.Resource{{Name: errorAlarm, Needs: []compose.Fact{AccountID}, Build: p.errorAlarm}}
}

// ErrorAlarm is the error alarm's name in AWS.
func (n Names) ErrorAlarm() string {
	return n.aws("lambda-errors")
}

// AlarmTime is how soon the error alarm can fire after failures began.
func (p Pipeline) AlarmTime() time.Duration {
	return time.Duration(p.Spec.Alarm.EvaluationPeriods) * time.Duration(p.Spec.Alarm.PeriodSeconds) * time.Second
}

func (p Pipeline) errorAlarmARN(f compose.Facts) string {
	return p.alarmARN(f, p.Names.ErrorAlarm())
}

// alarmARN of any alarm in the pipeline's account and region.
func (p Pipeline) alarmARN(f compose.Facts, name string) string {
	return p.arn(f, "cloudwatch", "alarm:"+name)
}

// Ids of the metrics that the share of errors is calculated from.
const (
	idErrors      = "errors"
	idInvocations = "invocations"
)

// errorRate is the share of invocations that fail, in percent. No invocations: 0.
func errorRate() string {
	return cloudwatch.Percent(idErrors, idInvocations)
}

// errorAlarm tells people when it fires, and when that is over: too many invocations of the alias fail. No invocations is no
// error: neither as missing data nor as a division by zero. The topic is named by its ARN, since the provider resolves references in alarm actions to scaling
// policies.
func (p Pipeline) errorAlarm(f compose.Facts) client.Object {
	return &cloudwatchv1beta2.MetricAlarm{
		ObjectMeta: p.meta(errorAlarm, p.Names.ErrorAlarm()),
		Spec: cloudwatchv1beta2.MetricAlarmSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: cloudwatchv1beta2.MetricAlarmParameters{
				Region:             p.region(),
				AlarmDescription:   new(fmt.Sprintf("More than %g %% of the invocations of %s:%s fail.", p.Spec.Alarm.ErrorRatePercent, p.Names.function(blue), aliasName)),
				ComparisonOperator: new("GreaterThanThreshold"),
				Threshold:          new(p.Spec.Alarm.ErrorRatePercent),
				EvaluationPeriods:  new(float64(p.Spec.Alarm.EvaluationPeriods)),
				TreatMissingData:   new("notBreaching"),
				AlarmActions:       texts(p.topicARNs(f)),
				OkActions:          texts(p.topicARNs(f)),
				MetricQuery: []cloudwatchv1beta2.MetricQueryParameters{
					{
						ID:         new("errorRate"),
						Label:      new("Error rate (%)"),
						Expression: new(errorRate()),
						ReturnData: new(true),
					},
					p.sumOfAlias(idErrors, "Errors"),
					p.sumOfAlias(idInvocations, "Invocations"),
				},
				Tags: p.tags(),
			},
		},
	}
}

// sumOfAlias sums a metric of the alias over each period. Only the alarm's expression returns data: AWS rejects an alarm
// with two answers.
func (p Pipeline) sumOfAlias(id, name string) cloudwatchv1beta2.MetricQueryParameters {
	metric := p.Names.aliasMetric(name)
	dimensions := map[string]*string{}
	for _, d := range metric.Dimensions {
		dimensions[d.Name] = new(d.Value)
	}
	return cloudwatchv1beta2.MetricQueryParameters{
		ID:         new(id),
		ReturnData: new(false),
		Metric: &cloudwatchv1beta2.MetricParameters{
			Namespace:  new(metric.Namespace),
			MetricName: new(metric.Name),
			Stat:       new("Sum"),
			Period:     new(float64(p.Spec.Alarm.PeriodSeconds)),
			Dimensions: dimensions,
		},
	}
}

// Lambda's metrics.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
const (
	lambdaNamespace   = "AWS/Lambda"
	dimensionFunction = "FunctionName"
	dimensionResource = "Resource"
	dimensionVersion  = "ExecutedVersion"
)

// aliasMetric is one of Lambda's metrics, of what the alias answers.
func (n Names) aliasMetric(name string) cloudwatch.Metric {
	fn := n.function(blue)
	return cloudwatch.Metric{Namespace: lambdaNamespace, Name: name}.
		Where(dimensionFunction, fn).Where(dimensionResource, fn+":"+aliasName)
}
