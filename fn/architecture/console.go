package architecture

import (
	"fmt"
	"strings"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// consoles are the hosts of the AWS console, by partition.
var consoles = map[string]string{
	"aws":        "console.aws.amazon.com",
	"aws-cn":     "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
}

// console returns a page of the AWS console in the pipeline's region. The path is taken as it is: a part of it may stand for
// what only AWS fills in.
func (p Pipeline) console(path string) string {
	return fmt.Sprintf("https://%s%s?region=%s", consoles[p.Partition()], path, p.Spec.Region)
}

// deliveryPage is a page about the delivery pipeline in the console.
func (p Pipeline) deliveryPage(page string) string {
	return p.console("/codesuite/codepipeline/pipelines/" + p.Names.DeliveryPipeline() + "/" + page)
}

// PipelineURLIn is PipelineURL from when the pipeline is there, or empty before.
func (p Pipeline) PipelineURLIn(seen compose.Observation) string {
	return urlOf(seen, deliveryPipeline, p.PipelineURL(), "pipelineUrl")
}

// DashboardURLIn is DashboardURL from when the dashboard is there, or empty before.
func (p Pipeline) DashboardURLIn(seen compose.Observation) string {
	return urlOf(seen, dashboard, p.DashboardURL(), "dashboardUrl")
}

// urlOf a resource that its provider has found in AWS once, as the XR's status remembers. Empty: it has not, or the resource is gone.
func urlOf(seen compose.Observation, name resource.Name, url, remembered string) string {
	r := seen.Composed(name)
	if !seen.Exists(name) || r.NotFound() || seen.XR.String("status", remembered) == "" && r.Condition("Ready").Status != "True" {
		return ""
	}
	return url
}

// PipelineURL opens the pipeline in the console.
func (p Pipeline) PipelineURL() string {
	return p.deliveryPage("view")
}

// RunURL opens a run of the pipeline in the console.
func (p Pipeline) RunURL(execution string) string {
	return p.deliveryPage("executions/" + execution + "/timeline")
}

// AuthorizeURL is where a person authorises the connection to GitHub.
func (p Pipeline) AuthorizeURL() string {
	return p.console("/codesuite/settings/connections")
}

// DashboardURL opens the dashboard in the console.
func (p Pipeline) DashboardURL() string {
	return p.console("/cloudwatch/home") + "#dashboards/dashboard/" + p.Names.Dashboard()
}

func (p Pipeline) deploymentGroupURL() string {
	return p.console("/codesuite/codedeploy/applications/" + p.Names.DeployApp() + "/deployment-groups/" + p.Names.DeploymentGroup())
}

func (p Pipeline) releaseMachineURL(f compose.Facts) string {
	return p.console("/states/home") + "#/statemachines/view/" + p.stateMachineARN(f, releaseStateMachine)
}

func (p Pipeline) aliasURL() string {
	return p.console("/lambda/home") + "#/functions/" + p.Names.function(blue) + "/aliases/" + aliasName
}

func (p Pipeline) historyTableURL() string {
	return p.console("/dynamodbv2/home") + "#table?name=" + p.Names.HistoryTable()
}

// logGroupURL spells slashes as the console does: escaped twice, with dollars for the outer percent signs.
func (p Pipeline) logGroupURL(group string) string {
	return p.console("/cloudwatch/home") + "#logsV2:log-groups/log-group/" + strings.ReplaceAll(group, "/", "$252F")
}
