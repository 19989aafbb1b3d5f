// Package cloudwatch is the part of CloudWatch's language that pipelines use, as typed structs: the body of a dashboard, what its widgets
// draw, metrics, and expressions about them.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
package cloudwatch

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"

// columns of a dashboard's grid.
const columns = 24

// Inherit has each graph keep its own period. Otherwise CloudWatch chooses one by the time that is looked at.
const Inherit = "inherit"

// A Dashboard is a dashboard's body.
type Dashboard struct {
	PeriodOverride string   `json:"periodOverride"`
	Widgets        []Widget `json:"widgets"`
}

// JSON of the body, as CloudWatch takes it.
func (d Dashboard) JSON() string {
	return document.JSON(d)
}

// A Widget has its place in a grid of 24 columns.
type Widget struct {
	Type       string  `json:"type"`
	X          int     `json:"x"`
	Y          int     `json:"y"`
	Width      int     `json:"width"`
	Height     int     `json:"height"`
	Properties Content `json:"properties"`
}

// A Row of widgets that share its width.
type Row struct {
	Height  int
	Widgets []Content
}

// LayOut rows from top to bottom.
func LayOut(rows ...Row) []Widget {
	var placed []Widget
	y := 0
	for _, r := range rows {
		width := columns / len(r.Widgets)
		for i, c := range r.Widgets {
			placed = append(placed, Widget{Type: c.widgetType(), X: i * width, Y: y, Width: width, Height: r.Height, Properties: c})
		}
		y += r.Height
	}
	return placed
}
