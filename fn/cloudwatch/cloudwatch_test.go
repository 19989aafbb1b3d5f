package cloudwatch

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDashboard(t *testing.T) {
	errors := Metric{Namespace: "AWS/Lambda", Name: "Errors"}.Where("FunctionName", "blue")
	got := Dashboard{PeriodOverride: Inherit, Widgets: LayOut(
		Row{Height: 2, Widgets: []Content{Text{Markdown: "# <a>"}, AlarmStates{Title: "Alarms", Alarms: []string{"arn"}, SortBy: ByLastChange}}},
		Row{Height: 3, Widgets: []Content{
			Graph{
				Title: "Errors", View: TimeSeries, Region: "us-east-1", Period: 60, Stat: "Sum", Start: "-P4W",
				Metrics:     []Series{Line(errors, "all")},
				Annotations: &Annotations{Horizontal: []Annotation{{Label: "alarm", Value: 5, YAxis: Right}}},
			}.WithUnits().WithRight("%"),
		}},
	)}.JSON()
	want := `{"periodOverride":"inherit","widgets":[` +
		`{"type":"text","x":0,"y":0,"width":12,"height":2,"properties":{"markdown":"# <a>"}},` +
		`{"type":"alarm","x":12,"y":0,"width":12,"height":2,"properties":{"title":"Alarms","alarms":["arn"],"sortBy":"stateUpdatedTimestamp"}},` +
		`{"type":"metric","x":0,"y":2,"width":24,"height":3,"properties":{"title":"Errors","view":"timeSeries","region":"us-east-1","period":60,"stat":"Sum",` +
		`"metrics":[["AWS/Lambda","Errors","FunctionName","blue",{"label":"all"}]],` +
		`"yAxis":{"left":{"min":0,"showUnits":true},"right":{"min":0,"label":"%","showUnits":false}},` +
		`"annotations":{"horizontal":[{"label":"alarm","value":5,"yAxis":"right"}]},"start":"-P4W"}}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestSeries(t *testing.T) {
	metric := Metric{Namespace: "AWS/Lambda", Name: "Errors"}
	for want, series := range map[string]Series{
		`["AWS/Lambda","Errors",{}]`: Line(metric, ""),
		`["AWS/Lambda","Errors","FunctionName","blue","Resource","blue:live",{"label":"p99","stat":"p99","period":60,"yAxis":"right"}]`: Line(metric.Where("FunctionName", "blue").Where("Resource", "blue:live"), "p99").WithStat("p99").Every(60).OnRight(),
		`["AWS/Lambda","Errors",{"id":"errors","visible":false}]`:                                                                       Line(metric, "").Hidden("errors"),
		`[{"expression":"a > 0","label":"share"}]`:                                                                                      Calculated("a > 0", "share"),
	} {
		got, err := series.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}

// TestWhereCopies checks that two metrics made from one do not share their dimensions.
func TestWhereCopies(t *testing.T) {
	one := Metric{Namespace: "AWS/Lambda", Name: "Errors"}.Where("A", "1").Where("B", "2").Where("C", "3")
	two, three := one.Where("D", "two"), one.Where("D", "three")
	if two.Dimensions[3].Value != "two" || three.Dimensions[3].Value != "three" || len(one.Dimensions) != 3 {
		t.Errorf("want each its own dimensions, got %v, %v and %v", one, two, three)
	}
}

func TestExpressions(t *testing.T) {
	for want, got := range map[string]string{
		"IF(all > 0, 100 * bad / all, 0)":                                     Percent("bad", "all"),
		"IF(FILL(all, 0) > 0, 100 * FILL(bad, 0) / FILL(all, 1), 0)":          PercentFilled("bad", "all"),
		`SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors"', 'Sum', 60)`:  Search("Sum", 60, In("AWS/Lambda", "FunctionName"), Is("MetricName", "Errors")),
		`SEARCH('Namespace="AWS/CodePipeline" "pipeline"', 'Average', 86400)`: Search("Average", 86400, Is("Namespace", "AWS/CodePipeline"), Has("pipeline")),
	} {
		if got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}
