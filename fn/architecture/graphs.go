package architecture

import (
	"fmt"

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

func (p Pipeline) graph(title string, metrics ...series) metricProperties {
	return metricProperties{
		Title: title, View: "timeSeries", Region: p.Spec.Region,
		Period: minute, Stat: "Sum",
		Metrics: metrics,
	}
}

// graphOfDays shows what happens some times a day.
func (p Pipeline) graphOfDays(title string, metrics ...series) metricProperties {
	g := p.graph(title, metrics...)
	g.Period, g.Start = day, weeks
	return g
}

// withRight axis, which has this label.
func (m metricProperties) withRight(label string) metricProperties {
	m.YAxis.Right = &yAxis{Label: label}
	return m
}

// ofAlias is a metric of the alias, as the alarm has it.
func (p Pipeline) ofAlias(metric, label string) series {
	return series{
		metric:  []string{"AWS/Lambda", metric, "FunctionName", p.Names.function(blue), "Resource", p.Names.function(blue) + ":" + aliasName},
		options: seriesOptions{Label: label},
	}
}

// byVersion is a metric of each version that the alias has invoked, which Lambda tells while there are two. The versions are
// not known here, so they are searched for: in the last two weeks, and at most 100 of them.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
func (p Pipeline) byVersion(metric, stat string) series {
	fn := p.Names.function(blue)
	return expression("version ${PROP('Dim.ExecutedVersion')}", fmt.Sprintf(
		`SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="%s" FunctionName="%s" Resource="%s:%s"', '%s', %d)`,
		metric, fn, fn, aliasName, stat, minute))
}

// ofReleases is a metric of this pipeline's releases.
func (p Pipeline) ofReleases(metric, label string) series {
	return series{
		metric:  []string{release.MetricNamespace, metric, release.MetricDimension, p.Names.DeliveryPipeline()},
		options: seriesOptions{Label: label},
	}
}

// invocations, and when a deployment ended: annotations of a dashboard are of times that are known before.
func (p Pipeline) invocations() properties {
	return p.graph("Invocations",
		p.ofAlias("Invocations", labelAllVersions),
		p.byVersion("Invocations", "Sum"),
		p.ofReleases(release.MetricDeployments, labelDeployments).right(),
	).withRight(labelDeployments)
}

// errors and their share, which is what the alarm compares.
func (p Pipeline) errors() properties {
	period := int(p.Spec.Alarm.PeriodSeconds)
	g := p.graph("Errors",
		p.ofAlias("Errors", labelAllVersions),
		p.byVersion("Errors", "Sum"),
		p.ofAlias("Errors", "").every(period).hidden("errors"),
		p.ofAlias("Invocations", "").every(period).hidden("invocations"),
		expression("share of all versions", errorRateExpression).every(period).right(),
	).withRight("%")
	g.Annotations = &annotations{Horizontal: []annotation{{Label: "alarm", Value: p.Spec.Alarm.ErrorRatePercent, YAxis: "right"}}}
	return g
}

func (p Pipeline) throttles() properties {
	return p.graph("Throttles", p.ofAlias("Throttles", labelAllVersions), p.byVersion("Throttles", "Sum"))
}

func (p Pipeline) duration() properties {
	g := p.graph("Duration")
	for _, percentile := range []string{"p50", "p95", "p99"} {
		g.Metrics = append(g.Metrics, p.ofAlias("Duration", percentile).stat(percentile))
	}
	g.YAxis.Left.ShowUnits = true
	return g
}

func (p Pipeline) durationByVersion() properties {
	g := p.graph("Duration by version, p99", p.byVersion("Duration", "p99"))
	g.YAxis.Left.ShowUnits = true
	return g
}

// The four figures of DORA. See https://dora.dev/guides/dora-metrics-four-keys/

func (p Pipeline) deploymentFrequency() properties {
	return p.graphOfDays("Deployments a day", p.ofReleases(release.MetricDeployments, labelDeployments))
}

func (p Pipeline) leadTime() properties {
	g := p.graphOfDays("Lead time for changes", p.ofReleases(release.MetricLeadTime, "from commit to live, average").stat("Average"))
	g.YAxis.Left.ShowUnits = true
	return g
}

// changeFailureRate is of all deployments that have ended. On a day without any it is 0.
func (p Pipeline) changeFailureRate() properties {
	g := p.graphOfDays("Change failure rate",
		p.ofReleases(release.MetricDeployments, "").hidden("deployments"),
		p.ofReleases(release.MetricFailedDeployments, "").hidden("failed"),
		expression("failed or taken back", "IF(FILL(deployments, 0) > 0, 100 * FILL(failed, 0) / FILL(deployments, 1), 0)"),
	)
	g.YAxis.Left.Label = "%"
	return g
}

func (p Pipeline) timeToRestore() properties {
	g := p.graphOfDays("Time to restore", p.ofReleases(release.MetricTimeToRestore, "from failed to restored, average").stat("Average"))
	g.YAxis.Left.ShowUnits = true
	return g
}

// runs of the pipeline. CodePipeline's documents do not name the dimension, so its value is searched for. GovCloud has no
// such metrics. See https://docs.aws.amazon.com/codepipeline/latest/userguide/metrics-dimensions.html
func (p Pipeline) runs() properties {
	ofPipeline := func(label, metric, stat string) series {
		return expression(label, fmt.Sprintf(`SEARCH('Namespace="AWS/CodePipeline" MetricName="%s" "%s"', '%s', %d)`,
			metric, p.Names.DeliveryPipeline(), stat, day))
	}
	g := p.graphOfDays("Pipeline runs",
		ofPipeline("duration, average", "PipelineDuration", "Average"),
		ofPipeline("failed", "FailedPipelineExecutions", "Sum").right(),
	).withRight("failed")
	g.YAxis.Left.ShowUnits = true
	return g
}

// builds of the project. See https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
func (p Pipeline) builds() properties {
	ofProject := func(label, metric string) series {
		return series{metric: []string{"AWS/CodeBuild", metric, "ProjectName", p.Names.buildProject()}, options: seriesOptions{Label: label}}
	}
	g := p.graphOfDays("Builds",
		ofProject("duration, average", "Duration").stat("Average"),
		ofProject("all", "Builds").right(),
		ofProject("failed", "FailedBuilds").right(),
	).withRight("builds")
	g.YAxis.Left.ShowUnits = true
	return g
}

// executions of the release state machine: smoke tests, shifts, rollbacks and records.
// See https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
func (p Pipeline) executions(f compose.Facts) properties {
	ofMachine := func(label, metric string) series {
		return series{metric: []string{"AWS/States", metric, "StateMachineArn", p.releaseMachineARN(f)}, options: seriesOptions{Label: label}}
	}
	return p.graphOfDays("Release state machine",
		ofMachine("succeeded", "ExecutionsSucceeded"),
		ofMachine("failed", "ExecutionsFailed"),
		ofMachine("timed out", "ExecutionsTimedOut"),
	)
}
