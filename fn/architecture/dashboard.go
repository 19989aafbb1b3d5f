package architecture

import (
	"strings"

	cloudwatchv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/cloudwatch"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const dashboard resource.Name = "dashboard"

// dashboard shows how the service and its releases do, on one page.
func (p Pipeline) dashboard() []compose.Resource {
	return []compose.Resource{{Name: dashboard, Needs: []compose.Fact{AccountID}, Build: p.buildDashboard}}
}

// Dashboard is the dashboard's name in AWS, where dashboards belong to no region.
func (n Names) Dashboard() string {
	return n.aws("payment-processor")
}

func (p Pipeline) buildDashboard(f compose.Facts) client.Object {
	return &cloudwatchv1beta1.Dashboard{
		ObjectMeta: p.meta(dashboard, p.Names.Dashboard()),
		Spec: cloudwatchv1beta1.DashboardSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: cloudwatchv1beta1.DashboardParameters{
				Region:        p.region(),
				DashboardBody: new(p.dashboardBody(f).JSON()),
			},
		},
	}
}

func (p Pipeline) dashboardBody(f compose.Facts) cloudwatch.Dashboard {
	g := p.graphs(f)
	return cloudwatch.Dashboard{
		// Days stay days when someone looks at an hour.
		PeriodOverride: cloudwatch.Inherit,
		Widgets: cloudwatch.LayOut(
			cloudwatch.Row{Height: 5, Widgets: []cloudwatch.Content{p.links(f), p.alarmStates(f)}},
			cloudwatch.Row{Height: 6, Widgets: []cloudwatch.Content{g.invocations(), g.errors()}},
			cloudwatch.Row{Height: 6, Widgets: []cloudwatch.Content{g.throttles(), g.duration(), g.durationByVersion()}},
			cloudwatch.Row{Height: 6, Widgets: []cloudwatch.Content{g.deploymentFrequency(), g.leadTime(), g.changeFailureRate(), g.timeToRestore()}},
			cloudwatch.Row{Height: 6, Widgets: p.pipelineGraphs(g)},
		),
	}
}

// links to all that a person looks at next.
func (p Pipeline) links(f compose.Facts) cloudwatch.Content {
	link := func(text, url string) string { return "[" + text + "](" + url + ")" }
	logs := []string{
		link("blue", p.logGroupURL(p.Names.functionLogGroup(blue))),
		link("green", p.logGroupURL(p.Names.functionLogGroup(green))),
	}
	if !p.isPromoted() {
		logs = append(logs, link("build", p.logGroupURL(p.buildConfig().LogGroup())))
	}
	return cloudwatch.Text{Markdown: strings.Join([]string{
		"## " + p.Names.suffix,
		strings.Join([]string{
			link("Pipeline", p.PipelineURL()),
			link("Deployments", p.deploymentGroupURL()),
			link("Releases", p.releaseMachineURL(f)),
			link("History", p.historyTableURL()),
			link("Alias "+aliasName, p.aliasURL()),
		}, " | "),
		"Logs: " + strings.Join(logs, " | "),
	}, "\n\n")}
}

// pipelineGraphs show how the pipeline does.
func (p Pipeline) pipelineGraphs(g graphs) []cloudwatch.Content {
	if p.isPromoted() {
		return []cloudwatch.Content{g.runs(), g.executions()}
	}
	return []cloudwatch.Content{g.runs(), g.builds(), g.executions()}
}

// alarmStates are those of the alarms that stop a rollout, those that fire first.
func (p Pipeline) alarmStates(f compose.Facts) cloudwatch.Content {
	a := cloudwatch.AlarmStates{Title: "Alarms that stop a rollout", SortBy: cloudwatch.ByLastChange}
	for _, name := range p.rolloutAlarms() {
		a.Alarms = append(a.Alarms, p.alarmARN(f, name))
	}
	return a
}
