package architecture

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/cloudwatch"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// How long one point of a graph is, in seconds: Lambda reports every minute, and a pipeline runs some times a day.
const (
	minute = 60
	day    = 24 * 60 * 60
)

// weeks of runs and releases that are shown, however short a time someone looks at the service.
const weeks = "-P4W"

// Labels of lines that more than one graph has.
const (
	labelAllVersions = "all versions"
	labelDeployments = "deployments"
)

// graphs draw what the pipeline with these names does.
type graphs struct {
	names  Names
	region string
	alarm  v1alpha1.Alarm

	// arnOf a state machine.
	arnOf func(stateMachine) string
}

func (p Pipeline) graphs(f compose.Facts) graphs {
	return graphs{
		names: p.Names, region: p.Spec.Region, alarm: p.Spec.Alarm,
		arnOf: func(m stateMachine) string { return p.stateMachineARN(f, m) },
	}
}

func (g graphs) graph(title string, metrics ...cloudwatch.Series) cloudwatch.Graph {
	return cloudwatch.Graph{
		Title: title, View: cloudwatch.TimeSeries, Region: g.region,
		Period: minute, Stat: "Sum",
		Metrics: metrics,
	}
}

// graphOfDays shows what happens some times a day.
func (g graphs) graphOfDays(title string, metrics ...cloudwatch.Series) cloudwatch.Graph {
	graph := g.graph(title, metrics...)
	graph.Period, graph.Start = day, weeks
	return graph
}

// ofAlias is a metric of the alias, as the alarm has it.
func (g graphs) ofAlias(metric, label string) cloudwatch.Series {
	return cloudwatch.Line(g.names.aliasMetric(metric), label)
}

// byVersion is a metric of each version that the alias has invoked, which Lambda tells while there are two. The versions are
// not known here, so they are searched for.
func (g graphs) byVersion(metric, stat string) cloudwatch.Series {
	terms := []string{cloudwatch.In(lambdaNamespace, dimensionVersion, dimensionFunction, dimensionResource), cloudwatch.Is("MetricName", metric)}
	for _, d := range g.names.aliasMetric(metric).Dimensions {
		terms = append(terms, cloudwatch.Is(d.Name, d.Value))
	}
	return cloudwatch.Calculated(cloudwatch.Search(stat, minute, terms...), "version ${PROP('Dim."+dimensionVersion+"')}")
}

// ofReleases is a metric of this pipeline's releases.
func (g graphs) ofReleases(metric, label string) cloudwatch.Series {
	return cloudwatch.Line(cloudwatch.Metric{Namespace: release.MetricNamespace, Name: metric}.
		Where(release.MetricDimension, g.names.DeliveryPipeline()), label)
}

// invocations, and when a deployment ended: annotations of a dashboard are of times that are known before.
func (g graphs) invocations() cloudwatch.Content {
	return g.graph("Invocations",
		g.ofAlias("Invocations", labelAllVersions),
		g.byVersion("Invocations", "Sum"),
		g.ofReleases(release.MetricDeployments, labelDeployments).OnRight(),
	).WithRight(labelDeployments)
}

// errors and their share, which is what the alarm compares.
func (g graphs) errors() cloudwatch.Content {
	period := int(g.alarm.PeriodSeconds)
	graph := g.graph("Errors",
		g.ofAlias("Errors", labelAllVersions),
		g.byVersion("Errors", "Sum"),
		g.ofAlias("Errors", "").Every(period).Hidden(idErrors),
		g.ofAlias("Invocations", "").Every(period).Hidden(idInvocations),
		cloudwatch.Calculated(errorRate(), "share of all versions").Every(period).OnRight(),
	).WithRight("%")
	graph.Annotations = &cloudwatch.Annotations{Horizontal: []cloudwatch.Annotation{{Label: "alarm", Value: g.alarm.ErrorRatePercent, YAxis: cloudwatch.Right}}}
	return graph
}

func (g graphs) throttles() cloudwatch.Content {
	return g.graph("Throttles", g.ofAlias("Throttles", labelAllVersions), g.byVersion("Throttles", "Sum"))
}

func (g graphs) duration() cloudwatch.Content {
	var percentiles []cloudwatch.Series
	for _, percentile := range []string{"p50", "p95", "p99"} {
		percentiles = append(percentiles, g.ofAlias("Duration", percentile).WithStat(percentile))
	}
	return g.graph("Duration", percentiles...).WithUnits()
}

func (g graphs) durationByVersion() cloudwatch.Content {
	return g.graph("Duration by version, p99", g.byVersion("Duration", "p99")).WithUnits()
}

// The four figures of DORA. See https://dora.dev/guides/dora-metrics-four-keys/

func (g graphs) deploymentFrequency() cloudwatch.Content {
	return g.graphOfDays("Deployments a day", g.ofReleases(release.MetricDeployments, labelDeployments))
}

func (g graphs) leadTime() cloudwatch.Content {
	return g.graphOfDays("Lead time for changes", g.ofReleases(release.MetricLeadTime, "from commit to live, average").WithStat("Average")).WithUnits()
}

// changeFailureRate is of all deployments that have ended. On a day without any it is 0.
func (g graphs) changeFailureRate() cloudwatch.Content {
	graph := g.graphOfDays("Change failure rate",
		g.ofReleases(release.MetricDeployments, "").Hidden("deployments"),
		g.ofReleases(release.MetricFailedDeployments, "").Hidden("failed"),
		cloudwatch.Calculated(cloudwatch.PercentFilled("failed", "deployments"), "failed or taken back"),
	)
	graph.YAxis.Left.Label = "%"
	return graph
}

func (g graphs) timeToRestore() cloudwatch.Content {
	return g.graphOfDays("Time to restore", g.ofReleases(release.MetricTimeToRestore, "from failed to restored, average").WithStat("Average")).WithUnits()
}

// runs of the pipeline. CodePipeline's documents do not name the dimension, so its value is searched for. GovCloud has no
// such metrics. See https://docs.aws.amazon.com/codepipeline/latest/userguide/metrics-dimensions.html
func (g graphs) runs() cloudwatch.Content {
	ofPipeline := func(label, metric, stat string) cloudwatch.Series {
		return cloudwatch.Calculated(cloudwatch.Search(stat, day,
			cloudwatch.Is("Namespace", "AWS/CodePipeline"), cloudwatch.Is("MetricName", metric), cloudwatch.Has(g.names.DeliveryPipeline())), label)
	}
	return g.graphOfDays("Pipeline runs",
		ofPipeline("duration, average", "PipelineDuration", "Average"),
		ofPipeline("failed", "FailedPipelineExecutions", "Sum").OnRight(),
	).WithUnits().WithRight("failed")
}

// builds of the project. See https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
func (g graphs) builds() cloudwatch.Content {
	ofProject := func(label, metric string) cloudwatch.Series {
		return cloudwatch.Line(cloudwatch.Metric{Namespace: "AWS/CodeBuild", Name: metric}.Where("ProjectName", g.names.buildProject()), label)
	}
	return g.graphOfDays("Builds",
		ofProject("duration, average", "Duration").WithStat("Average"),
		ofProject("all", "Builds").OnRight(),
		ofProject("failed", "FailedBuilds").OnRight(),
	).WithUnits().WithRight("builds")
}

// executions of the state machines. Most are of the watch, and only those that do not end well are of interest.
// See https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
func (g graphs) executions() cloudwatch.Content {
	var lines []cloudwatch.Series
	for _, m := range allMachines {
		for _, end := range []struct{ label, metric string }{{"failed", "ExecutionsFailed"}, {"timed out", "ExecutionsTimedOut"}} {
			metric := cloudwatch.Metric{Namespace: "AWS/States", Name: end.metric}.Where("StateMachineArn", g.arnOf(m))
			lines = append(lines, cloudwatch.Line(metric, m.base+" "+end.label))
		}
	}
	return g.graphOfDays("State machines", lines...)
}
