package cloudwatch

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
)

// A Metric of CloudWatch.
type Metric struct {
	Namespace, Name string

	// Dimensions in any order. A metric with other dimensions is another one.
	Dimensions []Dimension
}

// A Dimension of a Metric.
type Dimension struct {
	Name, Value string
}

// Where a dimension has a value.
func (m Metric) Where(name, value string) Metric {
	m.Dimensions = append(slices.Clip(m.Dimensions), Dimension{Name: name, Value: value})
	return m
}

// A Series is what a Graph draws: a metric, or what an expression makes of metrics.
type Series struct {
	// metric, or none if the options have an expression.
	metric *Metric

	options options
}

type options struct {
	Expression string `json:"expression,omitempty"`
	ID         string `json:"id,omitempty"`
	Label      string `json:"label,omitempty"`
	Stat       string `json:"stat,omitempty"`
	Period     int    `json:"period,omitempty"`
	YAxis      string `json:"yAxis,omitempty"`
	Visible    *bool  `json:"visible,omitempty"`
}

// Line of a metric.
func Line(m Metric, label string) Series {
	return Series{metric: &m, options: options{Label: label}}
}

// Calculated is the line of an expression.
func Calculated(expression, label string) Series {
	return Series{options: options{Expression: expression, Label: label}}
}

// Hidden is drawn by no line, and only counted with: expressions know it by its id.
func (s Series) Hidden(id string) Series {
	s.options.ID, s.options.Visible = id, new(false)
	return s
}

// OnRight of the graph is its axis.
func (s Series) OnRight() Series {
	s.options.YAxis = Right
	return s
}

// WithStat has a statistic of its own, such as p99.
func (s Series) WithStat(stat string) Series {
	s.options.Stat = stat
	return s
}

// Every has a period of its own.
func (s Series) Every(seconds int) Series {
	s.options.Period = seconds
	return s
}

// MarshalJSON writes the list that CloudWatch wants: the metric's parts, then the options.
func (s Series) MarshalJSON() ([]byte, error) {
	list := []any{}
	if s.metric != nil {
		list = append(list, s.metric.Namespace, s.metric.Name)
		for _, d := range s.metric.Dimensions {
			list = append(list, d.Name, d.Value)
		}
	}
	return []byte(document.JSON(append(list, s.options))), nil
}
