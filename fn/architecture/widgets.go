package architecture

import (
	"encoding/json"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
)

// A dashboardBody is what CloudWatch shows, in its own terms.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
type dashboardBody struct {
	PeriodOverride string   `json:"periodOverride"`
	Widgets        []widget `json:"widgets"`
}

// A widget has its place in a grid of 24 columns.
type widget struct {
	Type       string     `json:"type"`
	X          int        `json:"x"`
	Y          int        `json:"y"`
	Width      int        `json:"width"`
	Height     int        `json:"height"`
	Properties properties `json:"properties"`
}

// properties of a widget of one type.
type properties interface {
	widgetType() string
}

type textProperties struct {
	Markdown string `json:"markdown"`
}

type alarmProperties struct {
	Title  string   `json:"title"`
	Alarms []string `json:"alarms"`
	SortBy string   `json:"sortBy"`
}

type metricProperties struct {
	Title   string   `json:"title"`
	View    string   `json:"view"`
	Region  string   `json:"region"`
	Period  int      `json:"period"`
	Stat    string   `json:"stat"`
	Metrics []series `json:"metrics"`
	YAxis   yAxes    `json:"yAxis"`

	Annotations *annotations `json:"annotations,omitempty"`

	// Start of what is shown, whatever the dashboard's time range is. The document does not have it, the CDK does:
	// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cloudwatch.GraphWidgetProps.html
	Start string `json:"start,omitempty"`
}

func (textProperties) widgetType() string   { return "text" }
func (alarmProperties) widgetType() string  { return "alarm" }
func (metricProperties) widgetType() string { return "metric" }

// yAxes begin at 0, so that a small change looks small.
type yAxes struct {
	Left  yAxis  `json:"left"`
	Right *yAxis `json:"right,omitempty"`
}

type yAxis struct {
	Min       int    `json:"min"`
	Label     string `json:"label,omitempty"`
	ShowUnits bool   `json:"showUnits"`
}

type annotations struct {
	Horizontal []annotation `json:"horizontal"`
}

type annotation struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	YAxis string  `json:"yAxis"`
}

// A series is what a widget draws: a metric, or what an expression makes of metrics.
type series struct {
	// metric is a namespace, a name, and names and values of dimensions. None: an expression.
	metric []string

	options seriesOptions
}

type seriesOptions struct {
	Expression string `json:"expression,omitempty"`
	ID         string `json:"id,omitempty"`
	Label      string `json:"label,omitempty"`
	Stat       string `json:"stat,omitempty"`
	Period     int    `json:"period,omitempty"`
	YAxis      string `json:"yAxis,omitempty"`
	Visible    *bool  `json:"visible,omitempty"`
}

// MarshalJSON writes the list that CloudWatch wants: the metric's parts, then the options.
func (s series) MarshalJSON() ([]byte, error) {
	list := []any{}
	for _, part := range s.metric {
		list = append(list, part)
	}
	return json.RawMessage(document.JSON(append(list, s.options))), nil
}

// hidden is drawn by no line, and only counted with.
func (s series) hidden(id string) series {
	s.options.ID, s.options.Visible = id, new(false)
	return s
}

// right of the graph is its axis.
func (s series) right() series {
	s.options.YAxis = "right"
	return s
}

func (s series) stat(stat string) series {
	s.options.Stat = stat
	return s
}

func (s series) every(seconds int) series {
	s.options.Period = seconds
	return s
}

func expression(label, text string) series {
	return series{options: seriesOptions{Label: label, Expression: text}}
}

// columns that a dashboard has.
const columns = 24

// A row of widgets that share its width.
type row struct {
	height  int
	widgets []properties
}

// layOut rows from top to bottom.
func layOut(rows ...row) []widget {
	var placed []widget
	y := 0
	for _, r := range rows {
		width := columns / len(r.widgets)
		for i, p := range r.widgets {
			placed = append(placed, widget{Type: p.widgetType(), X: i * width, Y: y, Width: width, Height: r.height, Properties: p})
		}
		y += r.height
	}
	return placed
}
