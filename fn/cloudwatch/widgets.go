package cloudwatch

// Content of a widget: Text, AlarmStates or a Graph.
type Content interface {
	widgetType() string
}

// Text that people read.
type Text struct {
	Markdown string `json:"markdown"`
}

// AlarmStates shows in which state alarms are.
type AlarmStates struct {
	Title string `json:"title"`

	// Alarms by their ARNs.
	Alarms []string `json:"alarms"`

	SortBy string `json:"sortBy"`
}

// ByLastChange sorts alarms: those whose state has changed last come first.
const ByLastChange = "stateUpdatedTimestamp"

// A Graph of metrics over time.
type Graph struct {
	Title  string `json:"title"`
	View   string `json:"view"`
	Region string `json:"region"`

	// Period is how long one point is, in seconds, and Stat what it is of all values in that time. A Series may have its own.
	Period int    `json:"period"`
	Stat   string `json:"stat"`

	Metrics []Series `json:"metrics"`
	YAxis   Axes     `json:"yAxis"`

	Annotations *Annotations `json:"annotations,omitempty"`

	// Start of what is shown, such as -P4W, whatever the dashboard's time range is. The document does not have it, the CDK does:
	// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cloudwatch.GraphWidgetProps.html
	Start string `json:"start,omitempty"`
}

// TimeSeries is the View of a Graph that draws lines.
const TimeSeries = "timeSeries"

func (Text) widgetType() string        { return "text" }
func (AlarmStates) widgetType() string { return "alarm" }
func (Graph) widgetType() string       { return "metric" }

// WithUnits shows the units of what the left axis is for.
func (g Graph) WithUnits() Graph {
	g.YAxis.Left.ShowUnits = true
	return g
}

// WithRight axis, which has this label.
func (g Graph) WithRight(label string) Graph {
	g.YAxis.Right = &Axis{Label: label}
	return g
}

// Axes begin at 0, so that a small change looks small.
type Axes struct {
	Left  Axis  `json:"left"`
	Right *Axis `json:"right,omitempty"`
}

// An Axis of a Graph.
type Axis struct {
	Min       int    `json:"min"`
	Label     string `json:"label,omitempty"`
	ShowUnits bool   `json:"showUnits"`
}

// Annotations of a Graph are lines that do not move.
type Annotations struct {
	Horizontal []Annotation `json:"horizontal"`
}

// An Annotation is a line at a value.
type Annotation struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	YAxis string  `json:"yAxis"`
}

// Right is the axis on the right.
const Right = "right"
