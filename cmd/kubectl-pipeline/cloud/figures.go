package cloud

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Figures are what a version has answered.
type Figures struct {
	Version     string  `json:"version"`
	Invocations float64 `json:"invocations"`
	Errors      float64 `json:"errors"`
}

// Figures of versions behind the alias since a time.
func (c *Cloud) Figures(ctx context.Context, versions []string, since, now time.Time) ([]Figures, error) {
	figures := make([]Figures, len(versions))
	input := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(since), EndTime: aws.Time(now)}
	for i, v := range versions {
		figures[i].Version = v
		input.MetricDataQueries = append(input.MetricDataQueries,
			c.query(fmt.Sprintf("invocations%d", i), "Invocations", v),
			c.query(fmt.Sprintf("errors%d", i), "Errors", v))
	}
	pages := cloudwatch.NewGetMetricDataPaginator(c.alarms, input)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failed(err, "read the metrics of %s", c.Names.BlueFunction)
		}
		for _, r := range page.MetricDataResults {
			for i := range figures {
				switch aws.ToString(r.Id) {
				case fmt.Sprintf("invocations%d", i):
					figures[i].Invocations += sum(r.Values)
				case fmt.Sprintf("errors%d", i):
					figures[i].Errors += sum(r.Values)
				}
			}
		}
	}
	return figures, nil
}

// query of a metric of one version behind the alias: see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html.
func (c *Cloud) query(id, metric, version string) types.MetricDataQuery {
	name := functionName(c.Names.BlueFunction)
	return types.MetricDataQuery{
		Id: aws.String(id),
		MetricStat: &types.MetricStat{
			Stat:   aws.String("Sum"),
			Period: aws.Int32(60),
			Metric: &types.Metric{
				Namespace:  aws.String("AWS/Lambda"),
				MetricName: aws.String(metric),
				Dimensions: []types.Dimension{
					{Name: aws.String("FunctionName"), Value: aws.String(name)},
					{Name: aws.String("Resource"), Value: aws.String(name + ":" + aliasName(c.Names.Alias))},
					{Name: aws.String("ExecutedVersion"), Value: aws.String(version)},
				},
			},
		},
	}
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

// functionName of a function's ARN.
func functionName(function string) string {
	if a, err := arn.Parse(function); err == nil {
		return aliasName(a.Resource)
	}
	return function
}
