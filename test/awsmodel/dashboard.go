package awsmodel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Where dashboards are rendered.
const (
	dashboardKind  = "cloudwatch/Dashboard"
	dashboardField = "dashboardBody"
)

// Limits of a dashboard: columns of its grid, widgets, series of a graph, alarms of a list, and characters of a search.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html and
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
const (
	dashboardColumns = 24
	dashboardWidgets = 500
	widgetSeries     = 500
	widgetAlarms     = 100
	searchLength     = 1024
)

// A dashboardBody as AWS's document describes it, as far as we use it: what is not here is a finding.
type dashboardBody struct {
	PeriodOverride string            `json:"periodOverride"`
	Widgets        []dashboardWidget `json:"widgets"`
}

type dashboardWidget struct {
	Type       string          `json:"type"`
	X          int             `json:"x"`
	Y          int             `json:"y"`
	Width      int             `json:"width"`
	Height     int             `json:"height"`
	Properties json.RawMessage `json:"properties"`
}

type textWidget struct {
	Markdown string `json:"markdown"`
}

type alarmWidget struct {
	Title  string   `json:"title"`
	Alarms []string `json:"alarms"`
	SortBy string   `json:"sortBy"`
}

type metricWidget struct {
	Title       string              `json:"title"`
	View        string              `json:"view"`
	Region      string              `json:"region"`
	Period      int                 `json:"period"`
	Stat        string              `json:"stat"`
	Start       string              `json:"start"`
	Metrics     [][]json.RawMessage `json:"metrics"`
	Annotations json.RawMessage     `json:"annotations"`
	YAxis       json.RawMessage     `json:"yAxis"`
}

type metricOptions struct {
	Expression string `json:"expression"`
	ID         string `json:"id"`
	Label      string `json:"label"`
	Stat       string `json:"stat"`
	Period     int    `json:"period"`
	YAxis      string `json:"yAxis"`
	Visible    *bool  `json:"visible"`
}

// CheckDashboard of a managed resource, if it is one. PutDashboard takes any JSON that it can draw a part of.
func CheckDashboard(m Managed) []string {
	text, _ := m.Spec.ForProvider[dashboardField].(string)
	if m.Kind() != dashboardKind || text == "" {
		return nil
	}
	return checkDashboardBody(text)
}

func checkDashboardBody(text string) []string {
	var body dashboardBody
	if err := strictly([]byte(text), &body); err != nil {
		return []string{err.Error()}
	}
	var findings []string
	if !slices.Contains([]string{"", "auto", "inherit"}, body.PeriodOverride) {
		findings = append(findings, fmt.Sprintf("periodOverride is %q", body.PeriodOverride))
	}
	if n := len(body.Widgets); n > dashboardWidgets {
		findings = append(findings, fmt.Sprintf("%d widgets", n))
	}
	for i, w := range body.Widgets {
		for _, finding := range w.check() {
			findings = append(findings, fmt.Sprintf("widget %d: %s", i, finding))
		}
	}
	return findings
}

func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (w dashboardWidget) check() []string {
	var findings []string
	if w.X < 0 || w.Y < 0 || w.Width < 1 || w.Height < 1 || w.Height > 1000 || w.X+w.Width > dashboardColumns {
		findings = append(findings, fmt.Sprintf("is at %d, %d and %d by %d large", w.X, w.Y, w.Width, w.Height))
	}
	var properties interface{ check() []string }
	switch w.Type {
	case "text":
		properties = &textWidget{}
	case "alarm":
		properties = &alarmWidget{}
	case "metric":
		properties = &metricWidget{}
	default:
		return append(findings, fmt.Sprintf("type is %q", w.Type))
	}
	if err := strictly(w.Properties, properties); err != nil {
		return append(findings, err.Error())
	}
	return append(findings, properties.check()...)
}

func (w textWidget) check() []string {
	if w.Markdown == "" {
		return []string{"markdown is missing"}
	}
	return nil
}

var alarmARN = regexp.MustCompile(`^arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:(?s:.+)$`)

func (w alarmWidget) check() []string {
	var findings []string
	if n := len(w.Alarms); n < 1 || n > widgetAlarms {
		findings = append(findings, fmt.Sprintf("%d alarms", n))
	}
	for _, arn := range w.Alarms {
		if !alarmARN.MatchString(arn) {
			findings = append(findings, fmt.Sprintf("%q is no alarm's ARN", arn))
		}
	}
	if !slices.Contains([]string{"", "default", "stateUpdatedTimestamp", "timestamp"}, w.SortBy) {
		findings = append(findings, fmt.Sprintf("sortBy is %q", w.SortBy))
	}
	return findings
}

var (
	statistic = regexp.MustCompile(`^(SampleCount|Average|Sum|Minimum|Maximum|p[0-9]{1,2}(\.[0-9]+)?)$`)
	seriesID  = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)

	// named is what an expression may name: functions are in capitals.
	named = regexp.MustCompile(`\b[a-z][A-Za-z0-9_]*\b`)
)

func (w metricWidget) check() []string {
	var findings []string
	if w.Region == "" || w.View != "timeSeries" {
		findings = append(findings, fmt.Sprintf("region is %q, view is %q", w.Region, w.View))
	}
	if !isPeriod(w.Period) || !statistic.MatchString(w.Stat) {
		findings = append(findings, fmt.Sprintf("period is %d, stat is %q", w.Period, w.Stat))
	}
	if n := len(w.Metrics); n < 1 || n > widgetSeries {
		findings = append(findings, fmt.Sprintf("%d metrics", n))
	}
	ids := map[string]bool{}
	var expressions []string
	for i, m := range w.Metrics {
		o, found := checkSeries(m)
		for _, finding := range found {
			findings = append(findings, fmt.Sprintf("metric %d: %s", i, finding))
		}
		if o.ID != "" && (ids[o.ID] || !seriesID.MatchString(o.ID)) {
			findings = append(findings, fmt.Sprintf("id %q is no id, or there are two", o.ID))
		}
		ids[o.ID] = true
		expressions = append(expressions, o.Expression)
	}
	for _, e := range expressions {
		if strings.HasPrefix(e, "SEARCH(") {
			continue
		}
		for _, name := range named.FindAllString(e, -1) {
			if !ids[name] {
				findings = append(findings, fmt.Sprintf("%q names %q, which is no id", e, name))
			}
		}
	}
	return findings
}

// isPeriod reports whether graphs may have points of as many seconds.
func isPeriod(seconds int) bool {
	return seconds > 0 && seconds%60 == 0
}

// checkSeries is a metric, whose last part are options, or an expression, which is only options.
func checkSeries(parts []json.RawMessage) (metricOptions, []string) {
	var o metricOptions
	if len(parts) == 0 {
		return o, []string{"is empty"}
	}
	if err := strictly(parts[len(parts)-1], &o); err != nil {
		return o, []string{err.Error()}
	}
	var findings []string
	if names := len(parts) - 1; (o.Expression == "") == (names == 0) || names%2 != 0 {
		findings = append(findings, fmt.Sprintf("has %d names and the expression %q", names, o.Expression))
	}
	if o.Period != 0 && !isPeriod(o.Period) || o.Stat != "" && !statistic.MatchString(o.Stat) {
		findings = append(findings, fmt.Sprintf("period is %d, stat is %q", o.Period, o.Stat))
	}
	if !slices.Contains([]string{"", "left", "right"}, o.YAxis) {
		findings = append(findings, fmt.Sprintf("yAxis is %q", o.YAxis))
	}
	if n := len(o.Expression); n > searchLength {
		findings = append(findings, fmt.Sprintf("the expression has %d characters", n))
	}
	return o, findings
}
