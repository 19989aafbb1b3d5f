package awsmodel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDashboards checks the dashboard of every golden case that has one.
func TestDashboards(t *testing.T) {
	check(t, CheckDashboard)
}

// TestCheckDashboardBody changes one thing of a dashboard that is fine.
func TestCheckDashboardBody(t *testing.T) {
	const fine = `{"periodOverride":"inherit","widgets":[
		{"type":"text","x":0,"y":0,"width":12,"height":3,"properties":{"markdown":"hello"}},
		{"type":"alarm","x":12,"y":0,"width":12,"height":3,"properties":{"title":"a","alarms":["arn:aws:cloudwatch:us-east-1:111122223333:alarm:a"],"sortBy":"timestamp"}},
		{"type":"metric","x":0,"y":3,"width":24,"height":6,"properties":{"title":"m","view":"timeSeries","region":"us-east-1","period":60,"stat":"Sum","metrics":[
			["AWS/Lambda","Errors","FunctionName","f",{"id":"errors","stat":"p99.9","period":120,"yAxis":"right"}],
			[{"expression":"IF(errors > 0, 1, 0)"}],
			[{"expression":"SEARCH('{AWS/Lambda,FunctionName} any', 'Sum', 60)"}]]}}]}`

	cases := map[string]struct {
		reason   string
		old, new string
		want     []string
	}{
		"Fine":       {"What is fine is no finding.", "", "", nil},
		"Override":   {"Periods are the graphs' own or automatic.", `"inherit"`, `"never"`, []string{`periodOverride is "never"`}},
		"TooWide":    {"There are 24 columns.", `"x":12,`, `"x":13,`, []string{"widget 1: is at 13, 0 and 12 by 3 large"}},
		"NoHeight":   {"A widget has a height.", `"height":6`, `"height":0`, []string{"widget 2: is at 0, 3 and 24 by 0 large"}},
		"Type":       {"Types exist.", `"type":"text"`, `"type":"picture"`, []string{`widget 0: type is "picture"`}},
		"Field":      {"A widget has the fields of its type.", `"markdown":"hello"`, `"markdown":"hello","title":"t"`, []string{`widget 0: json: unknown field "title"`}},
		"NoText":     {"A text has one.", `"markdown":"hello"`, `"markdown":""`, []string{"widget 0: markdown is missing"}},
		"NoAlarms":   {"A list of alarms has some.", `["arn:aws:cloudwatch:us-east-1:111122223333:alarm:a"]`, `[]`, []string{"widget 1: 0 alarms"}},
		"AlarmName":  {"Alarms are named by their ARNs.", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:", "", []string{`widget 1: "a" is no alarm's ARN`}},
		"Sort":       {"There are three orders.", `"timestamp"`, `"time"`, []string{`widget 1: sortBy is "time"`}},
		"NoRegion":   {"Graphs are of a region.", `"region":"us-east-1"`, `"region":""`, []string{`widget 2: region is "", view is "timeSeries"`}},
		"Period":     {"Points are minutes.", `"period":60`, `"period":90`, []string{`widget 2: period is 90, stat is "Sum"`}},
		"OwnPeriod":  {"So are those of one metric.", `"period":120`, `"period":30`, []string{`widget 2: metric 0: period is 30, stat is "p99.9"`}},
		"Statistic":  {"Statistics exist.", `"p99.9"`, `"Median"`, []string{`widget 2: metric 0: period is 120, stat is "Median"`}},
		"Dimensions": {"A dimension has a value.", `"FunctionName","f"`, `"FunctionName"`, []string{`widget 2: metric 0: has 3 names and the expression ""`}},
		"Axis":       {"There are two axes.", `"right"`, `"top"`, []string{`widget 2: metric 0: yAxis is "top"`}},
		"ID":         {"Expressions name what there is.", `"id":"errors"`, `"id":"failures"`, []string{`widget 2: "IF(errors > 0, 1, 0)" names "errors", which is no id`}},
		"Search":     {"A search has an end.", " any", strings.Repeat(" any", 300), []string{"widget 2: metric 2: the expression has 1246 characters"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := checkDashboardBody(strings.Replace(fine, tc.old, tc.new, 1))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
