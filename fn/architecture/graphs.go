package architecture

import (
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

func (p Pipeline) graph(title string, metrics ...cloudwatch.Series) cloudwatch.Graph {
	return cloudwatch.Graph{
		Title: title, View: cloudwatch.TimeSeries, Region: p.Spec.Region,
		Period: minute, Stat: "Sum",
		Metrics: metrics,
	}
}

// graphOfDays shows what happens some times a day.
func (p Pipeline) graphOfDays(title string, metrics ...cloudwatch.Series) cloudwatch.Graph {
	g := p.graph(title, metrics...)
	g.Period, g.Start = day, weeks
	return g
}

// ofAlias is a metric of the alias, as the alarm has it.
func (p Pipeline) ofAlias(metric, label string) cloudwatch.Series {
	return cloudwatch.Line(p.aliasMetric(metric), label)
}

// byVersion is a metric of each version that the alias has invoked, which Lambda tells while there are two. The versions are
// not known here, so they are searched for.
func (p Pipeline) byVersion(metric, stat string) cloudwatch.Series {
	terms := []string{cloudwatch.In(lambdaNamespace, dimensionVersion, dimensionFunction, dimensionResource), cloudwatch.Is("MetricName", metric)}
	for _, d := range p.aliasMetric(metric).Dimensions {
		terms = append(terms, cloudwatch.Is(d.Name, d.Value))
	}
	return cloudwatch.Calculated(cloudwatch.Search(stat, minute, terms...), "version ${PROP('Dim."+dimensionVersion+"')}")
}

// ofReleases is a metric of this pipeline's releases.
func (p Pipeline) ofReleases(metric, label string) cloudwatch.Series {
	return cloudwatch.Line(cloudwatch.Metric{Namespace: release.MetricNamespace, Name: metric}.
		Where(release.MetricDimension, p.Names.DeliveryPipeline()), label)
}

// invocations, and when a deployment ended: annotations of a dashboard are of times that are known before.
func (p Pipeline) invocations() cloudwatch.Content {
	return p.graph("Invocations",
		p.ofAlias("Invocations", labelAllVersions),
		p.byVersion("Invocations", "Sum"),
		p.ofReleases(release.MetricDeployments, labelDeployments).OnRight(),
	).WithRight(labelDeployments)
}

// errors and their share, which is what the alarm compares.
func (p Pipeline) errors() cloudwatch.Content {
	period := int(p.Spec.Alarm.PeriodSeconds)
	g := p.graph("Errors",
		p.ofAlias("Errors", labelAllVersions),
		p.byVersion("Errors", "Sum"),
		p.ofAlias("Errors", "").Every(period).Hidden(idErrors),
		p.ofAlias("Invocations", "").Every(period).Hidden(idInvocations),
		cloudwatch.Calculated(errorRate(), "share of all versions").Every(period).OnRight(),
	).WithRight("%")
	g.Annotations = &cloudwatch.Annotations{Horizontal: []cloudwatch.Annotation{{Label: "alarm", Value: p.Spec.Alarm.ErrorRatePercent, YAxis: cloudwatch.Right}}}
	return g
}

func (p Pipeline) throttles() cloudwatch.Content {
	return p.graph("Throttles", p.ofAlias("Throttles", labelAllVersions), p.byVersion("Throttles", "Sum"))
}

func (p Pipeline) duration() cloudwatch.Content {
	var percentiles []cloudwatch.Series
	for _, percentile := range []string{"p50", "p95", "p99"} {
		percentiles = append(percentiles, p.ofAlias("Duration", percentile).WithStat(percentile))
	}
	return p.graph("Duration", percentiles...).WithUnits()
}

func (p Pipeline) durationByVersion() cloudwatch.Content {
	return p.graph("Duration by version, p99", p.byVersion("Duration", "p99")).WithUnits()
}

// The four figures of DORA. See https://dora.dev/guides/dora-metrics-four-keys/

func (p Pipeline) deploymentFrequency() cloudwatch.Content {
	return p.graphOfDays("Deployments a day", p.ofReleases(release.MetricDeployments, labelDeployments))
}

func (p Pipeline) leadTime() cloudwatch.Content {
	return p.graphOfDays("Lead time for changes", p.ofReleases(release.MetricLeadTime, "from commit to live, average").WithStat("Average")).WithUnits()
}

// changeFailureRate is of all deployments that have ended. On a day without any it is 0.
func (p Pipeline) changeFailureRate() cloudwatch.Content {
	g := p.graphOfDays("Change failure rate",
		p.ofReleases(release.MetricDeployments, "").Hidden("deployments"),
		p.ofReleases(release.MetricFailedDeployments, "").Hidden("failed"),
		cloudwatch.Calculated(cloudwatch.PercentFilled("failed", "deployments"), "failed or taken back"),
	)
	g.YAxis.Left.Label = "%"
	return g
}

func (p Pipeline) timeToRestore() cloudwatch.Content {
	return p.graphOfDays("Time to restore", p.ofReleases(release.MetricTimeToRestore, "from failed to restored, average").WithStat("Average")).WithUnits()
}

// runs of the pipeline. CodePipeline's documents do not name the dimension, so its value is searched for. GovCloud has no
// such metrics. See https://docs.aws.amazon.com/codepipeline/latest/userguide/metrics-dimensions.html
func (p Pipeline) runs() cloudwatch.Content {
	ofPipeline := func(label, metric, stat string) cloudwatch.Series {
		return cloudwatch.Calculated(cloudwatch.Search(stat, day,
			cloudwatch.Is("Namespace", "AWS/CodePipeline"), cloudwatch.Is("MetricName", metric), cloudwatch.Has(p.Names.DeliveryPipeline())), label)
	}
	return p.graphOfDays("Pipeline runs",
		ofPipeline("duration, average", "PipelineDuration", "Average"),
		ofPipeline("failed", "FailedPipelineExecutions", "Sum").OnRight(),
	).WithUnits().WithRight("failed")
}

// builds of the project. See https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
func (p Pipeline) builds() cloudwatch.Content {
	ofProject := func(label, metric string) cloudwatch.Series {
		return cloudwatch.Line(cloudwatch.Metric{Namespace: "AWS/CodeBuild", Name: metric}.Where("ProjectName", p.Names.buildProject()), label)
	}
	return p.graphOfDays("Builds",
		ofProject("duration, average", "Duration").WithStat("Average"),
		ofProject("all", "Builds").OnRight(),
		ofProject("failed", "FailedBuilds").OnRight(),
	).WithUnits().WithRight("builds")
}

// executions of the release state machine: smoke tests, shifts, rollbacks and records.
// See https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
func (p Pipeline) executions(f compose.Facts) cloudwatch.Content {
	ofMachine := func(label, metric string) cloudwatch.Series {
		return cloudwatch.Line(cloudwatch.Metric{Namespace: "AWS/States", Name: metric}.Where("StateMachineArn", p.releaseMachineARN(f)), label)
	}
	return p.graphOfDays("Release state machine",
		ofMachine("succeeded", "ExecutionsSucceeded"),
		ofMachine("failed", "ExecutionsFailed"),
		ofMachine("timed out", "ExecutionsTimedOut"),
	)
}
