package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatchv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestErrorAlarm(t *testing.T) {
	metric := func(id, name string, period float64) cloudwatchv1beta2.MetricQueryParameters {
		return cloudwatchv1beta2.MetricQueryParameters{
			ID:         new(id),
			ReturnData: new(false),
			Metric: &cloudwatchv1beta2.MetricParameters{
				Namespace:  new("AWS/Lambda"),
				MetricName: new(name),
				Stat:       new("Sum"),
				Period:     new(period),
				Dimensions: map[string]*string{
					"FunctionName": new("payment-processor-blue-pr-123"),
					"Resource":     new("payment-processor-blue-pr-123:live"),
				},
			},
		}
	}
	alarm := func(description string, threshold, periods, seconds float64) cloudwatchv1beta2.MetricAlarmParameters {
		return cloudwatchv1beta2.MetricAlarmParameters{
			Region:             new("us-east-1"),
			AlarmDescription:   new(description),
			ComparisonOperator: new("GreaterThanThreshold"),
			Threshold:          new(threshold),
			EvaluationPeriods:  new(periods),
			TreatMissingData:   new("notBreaching"),
			AlarmActions:       []*string{new("arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123")},
			OkActions:          []*string{new("arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123")},
			MetricQuery: []cloudwatchv1beta2.MetricQueryParameters{
				{
					ID:         new("errorRate"),
					Label:      new("Error rate (%)"),
					Expression: new("IF(invocations > 0, 100 * errors / invocations, 0)"),
					ReturnData: new(true),
				},
				metric("errors", "Errors", seconds),
				metric("invocations", "Invocations", seconds),
			},
		}
	}
	cases := map[string]struct {
		reason string
		alarm  v1alpha1.Alarm
		want   cloudwatchv1beta2.MetricAlarmParameters
	}{
		"Default": {
			reason: "The alarm should watch the alias, as the reference design does the function.",
			alarm:  fntest.MinimalSpec().Alarm,
			want:   alarm("More than 5 % of the invocations of payment-processor-blue-pr-123:live fail.", 5, 2, 300),
		},
		"Strict": {
			reason: "All numbers should be the claim's; 0 is one of them.",
			alarm:  v1alpha1.Alarm{ErrorRatePercent: 0, EvaluationPeriods: 3, PeriodSeconds: 60},
			want:   alarm("More than 0 % of the invocations of payment-processor-blue-pr-123:live fail.", 0, 3, 60),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Alarm = tc.alarm })
			got := buildOne[*cloudwatchv1beta2.MetricAlarm](t, p, errorAlarm).Spec.ForProvider
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestErrorAlarmReturnsOneAnswer checks what AWS rejects only at run time.
func TestErrorAlarmReturnsOneAnswer(t *testing.T) {
	n := 0
	for _, q := range buildOne[*cloudwatchv1beta2.MetricAlarm](t, newTestPipeline(t), errorAlarm).Spec.ForProvider.MetricQuery {
		if q.ReturnData == nil {
			t.Errorf("%s: want it said whether it returns data", *q.ID)
		} else if *q.ReturnData {
			n++
		}
	}
	if n != 1 {
		t.Errorf("want one query that returns data, got %d", n)
	}
}
