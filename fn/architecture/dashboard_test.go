package architecture

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatchv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta1"
	cloudwatchv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/cloudwatch"
)

// A shownWidget is a widget as CloudWatch reads it.
type shownWidget struct {
	Type       string `json:"type"`
	X          int    `json:"x"`
	Y          int    `json:"y"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	Properties struct {
		Title       string                 `json:"title"`
		Markdown    string                 `json:"markdown"`
		Region      string                 `json:"region"`
		Start       string                 `json:"start"`
		Period      int                    `json:"period"`
		Stat        string                 `json:"stat"`
		Alarms      []string               `json:"alarms"`
		Metrics     [][]any                `json:"metrics"`
		Annotations cloudwatch.Annotations `json:"annotations"`
	} `json:"properties"`
}

// shown are the widgets of the dashboard.
func shown(t *testing.T, changes ...func(*Pipeline)) []shownWidget {
	t.Helper()
	text := *buildOne[*cloudwatchv1beta1.Dashboard](t, newTestPipeline(t, changes...), dashboard).Spec.ForProvider.DashboardBody
	var body struct {
		PeriodOverride string        `json:"periodOverride"`
		Widgets        []shownWidget `json:"widgets"`
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatalf("cannot parse %s: %v", text, err)
	}
	if body.PeriodOverride != "inherit" {
		t.Errorf("want each graph's own period to hold, got %q", body.PeriodOverride)
	}
	if strings.Contains(text, `\u00`) {
		t.Error("want expressions that people can read in the console")
	}
	return body.Widgets
}

// widgetOf the supplied title.
func widgetOf(t *testing.T, all []shownWidget, title string) shownWidget {
	t.Helper()
	for _, w := range all {
		if w.Properties.Title == title {
			return w
		}
	}
	t.Fatalf("no widget has the title %q", title)
	return shownWidget{}
}

// TestDashboardLayout checks that the widgets fill the 24 columns, and that none lies over another.
func TestDashboardLayout(t *testing.T) {
	type cell struct{ x, y int }
	owner := map[cell]string{}
	height := 0
	for _, w := range shown(t, everything) {
		if w.Width < 1 || w.Height < 1 || w.X < 0 || w.Y < 0 || w.X+w.Width > 24 {
			t.Errorf("%q is not within 24 columns: %d to %d", w.Properties.Title, w.X, w.X+w.Width)
		}
		for x := w.X; x < w.X+w.Width; x++ {
			for y := w.Y; y < w.Y+w.Height; y++ {
				if other, taken := owner[cell{x, y}]; taken {
					t.Fatalf("%q lies over %q", w.Properties.Title, other)
				}
				owner[cell{x, y}] = w.Properties.Title
			}
		}
		height = max(height, w.Y+w.Height)
	}
	if height < 20 || len(owner) != 24*height {
		t.Errorf("want all of 24 by %d filled, got %d", height, len(owner))
	}
}

// TestDashboardMetrics compares all that is drawn. CloudWatch shows nothing, and says nothing, where a name is wrong.
func TestDashboardMetrics(t *testing.T) {
	const (
		alias     = "AWS/Lambda %s FunctionName payment-processor-blue-pr-123 Resource payment-processor-blue-pr-123:live"
		byVersion = `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="%s" FunctionName="payment-processor-blue-pr-123" Resource="payment-processor-blue-pr-123:live"', '%s', 60)`
		releases  = "PaymentDelivery %s Pipeline payment-processor-pipeline-pr-123"
		builds    = "AWS/CodeBuild %s ProjectName payment-processor-build-pr-123"
		pipeline  = `SEARCH('Namespace="AWS/CodePipeline" MetricName="%s" "payment-processor-pipeline-pr-123"', '%s', 86400)`
	)
	machine := func(name string) string {
		return "AWS/States %s StateMachineArn arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-" + name + "-pr-123"
	}
	of := func(format string, names ...string) string {
		for _, name := range names {
			format = strings.Replace(format, "%s", name, 1)
		}
		return format
	}
	type graph struct {
		Period  int
		Start   string
		Metrics []string
	}
	perMinute := func(metrics ...string) graph { return graph{Period: 60, Metrics: metrics} }
	perDay := func(metrics ...string) graph { return graph{Period: 86400, Start: "-P4W", Metrics: metrics} }

	all := shown(t)
	for title, want := range map[string]graph{
		"Invocations": perMinute(of(alias, "Invocations")+" Sum", of(byVersion, "Invocations", "Sum"), of(releases, "Deployments")+" Sum right"),
		"Errors": perMinute(
			of(alias, "Errors")+" Sum", of(byVersion, "Errors", "Sum"),
			of(alias, "Errors")+" Sum as errors every 300", of(alias, "Invocations")+" Sum as invocations every 300",
			"IF(invocations > 0, 100 * errors / invocations, 0) every 300 right",
		),
		"Throttles":                perMinute(of(alias, "Throttles")+" Sum", of(byVersion, "Throttles", "Sum")),
		"Duration":                 perMinute(of(alias, "Duration")+" p50", of(alias, "Duration")+" p95", of(alias, "Duration")+" p99"),
		"Duration by version, p99": perMinute(of(byVersion, "Duration", "p99")),
		"Deployments a day":        perDay(of(releases, "Deployments") + " Sum"),
		"Lead time for changes":    perDay(of(releases, "LeadTimeSeconds") + " Average"),
		"Change failure rate": perDay(
			of(releases, "Deployments")+" Sum as deployments", of(releases, "FailedDeployments")+" Sum as failed",
			"IF(FILL(deployments, 0) > 0, 100 * FILL(failed, 0) / FILL(deployments, 1), 0)",
		),
		"Time to restore": perDay(of(releases, "TimeToRestoreSeconds") + " Average"),
		"Pipeline runs":   perDay(of(pipeline, "PipelineDuration", "Average"), of(pipeline, "FailedPipelineExecutions", "Sum")+" right"),
		"Builds":          perDay(of(builds, "Duration")+" Average", of(builds, "Builds")+" Sum right", of(builds, "FailedBuilds")+" Sum right"),
		"State machines": perDay(
			of(machine("release"), "ExecutionsFailed")+" Sum", of(machine("release"), "ExecutionsTimedOut")+" Sum",
			of(machine("rollback"), "ExecutionsFailed")+" Sum", of(machine("rollback"), "ExecutionsTimedOut")+" Sum",
			of(machine("watch"), "ExecutionsFailed")+" Sum", of(machine("watch"), "ExecutionsTimedOut")+" Sum"),
	} {
		w := widgetOf(t, all, title).Properties
		got := graph{Period: w.Period, Start: w.Start}
		for _, m := range w.Metrics {
			got.Metrics = append(got.Metrics, drawn(m, w.Stat))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", title, diff)
		}
	}
	if n := len(all); n != 14 {
		t.Errorf("want all of the dashboard compared, which has %d widgets", n)
	}
}

// drawn is a metric, or an expression, with what the graph says of it.
func drawn(list []any, stat string) string {
	var parts []string
	for _, part := range list[:len(list)-1] {
		parts = append(parts, part.(string))
	}
	options := list[len(list)-1].(map[string]any)
	if text, is := options["expression"].(string); is {
		parts = append(parts, text)
	} else if own, has := options["stat"].(string); has {
		parts = append(parts, own)
	} else {
		parts = append(parts, stat)
	}
	if id, has := options["id"].(string); has && options["visible"] == false {
		parts = append(parts, "as "+id)
	}
	if period, has := options["period"].(float64); has {
		parts = append(parts, fmt.Sprintf("every %g", period))
	}
	if axis, has := options["yAxis"].(string); has {
		parts = append(parts, axis)
	}
	return strings.Join(parts, " ")
}

// TestDashboardFollowsTheAlarm checks that the share of errors is the one that the alarm compares, with the same number.
func TestDashboardFollowsTheAlarm(t *testing.T) {
	strict := func(p *Pipeline) {
		p.Spec.Alarm = v1alpha1.Alarm{ErrorRatePercent: 0.5, EvaluationPeriods: 3, PeriodSeconds: 120}
	}
	alarm := buildOne[*cloudwatchv1beta2.MetricAlarm](t, newTestPipeline(t, strict), errorAlarm).Spec.ForProvider
	w := widgetOf(t, shown(t, strict), "Errors").Properties
	share := drawn(w.Metrics[len(w.Metrics)-1], w.Stat)
	if want := *alarm.MetricQuery[0].Expression + " every 120 right"; share != want {
		t.Errorf("want %q, got %q", want, share)
	}
	if diff := cmp.Diff([]cloudwatch.Annotation{{Label: "alarm", Value: *alarm.Threshold, YAxis: "right"}}, w.Annotations.Horizontal); diff != "" {
		t.Errorf("-want a line at the alarm's threshold, +got:\n%s", diff)
	}
}

func TestDashboardAlarms(t *testing.T) {
	all := shown(t, func(p *Pipeline) { p.Spec.Alarm.AdditionalAlarms = []string{"latency", "lambda-errors-pr-123"} })
	want := []string{
		"arn:aws:cloudwatch:us-east-1:111122223333:alarm:lambda-errors-pr-123",
		"arn:aws:cloudwatch:us-east-1:111122223333:alarm:latency",
	}
	if diff := cmp.Diff(want, widgetOf(t, all, "Alarms that stop a rollout").Properties.Alarms); diff != "" {
		t.Errorf("-want each alarm of the deployment group once, +got:\n%s", diff)
	}
}

func TestDashboardLinks(t *testing.T) {
	const gov = "https://console.amazonaws-us-gov.com"
	got := regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(shown(t, func(p *Pipeline) { p.Spec.Region = "us-gov-west-1" })[0].Properties.Markdown, -1)
	var links []string
	for _, m := range got {
		links = append(links, m[1])
	}
	want := []string{
		gov + "/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/view?region=us-gov-west-1",
		gov + "/codesuite/codedeploy/applications/payment-processor-app-pr-123/deployment-groups/payment-processor-dg-pr-123?region=us-gov-west-1",
		gov + "/states/home?region=us-gov-west-1#/statemachines/view/arn:aws-us-gov:states:us-gov-west-1:111122223333:stateMachine:payment-processor-release-pr-123",
		gov + "/dynamodbv2/home?region=us-gov-west-1#table?name=deployment-history-pr-123",
		gov + "/lambda/home?region=us-gov-west-1#/functions/payment-processor-blue-pr-123/aliases/live",
		gov + "/cloudwatch/home?region=us-gov-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fpayment-processor-blue-pr-123",
		gov + "/cloudwatch/home?region=us-gov-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fpayment-processor-green-pr-123",
		gov + "/cloudwatch/home?region=us-gov-west-1#logsV2:log-groups/log-group/$252Faws$252Fcodebuild$252Fpayment-processor-build-pr-123",
	}
	if diff := cmp.Diff(want, links); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestDashboardRegion checks that graphs are of the pipeline's region: a dashboard belongs to none.
func TestDashboardRegion(t *testing.T) {
	graphs := 0
	for _, w := range shown(t, func(p *Pipeline) { p.Spec.Region = "eu-central-1" }) {
		if w.Type == "metric" {
			graphs++
			if w.Properties.Region != "eu-central-1" {
				t.Errorf("%q is of %q", w.Properties.Title, w.Properties.Region)
			}
		}
	}
	if graphs != 12 {
		t.Errorf("want 12 graphs, got %d", graphs)
	}
}
