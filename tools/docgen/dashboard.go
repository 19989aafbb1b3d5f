package main

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"regexp"
	"strings"
)

// A shownDashboard is what the picture needs of a dashboard's body.
type shownDashboard struct {
	Widgets []shownWidget `json:"widgets"`
}

type shownWidget struct {
	Type       string `json:"type"`
	X          int    `json:"x"`
	Y          int    `json:"y"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	Properties struct {
		Title    string              `json:"title"`
		Markdown string              `json:"markdown"`
		Alarms   []string            `json:"alarms"`
		Metrics  [][]json.RawMessage `json:"metrics"`
	} `json:"properties"`
}

// shownOptions are how a series is drawn. It is the last part of each.
type shownOptions struct {
	Label   string `json:"label"`
	Visible *bool  `json:"visible"`
}

// What one place in the grid of 24 columns measures in the picture, and the room around a widget's content, in pixels.
const (
	columnWidth = 40
	rowHeight   = 24
	margin      = 4
	padding     = 12
	lineHeight  = 16
	letterWidth = 5
)

// colors of the lines, one after the other.
var colors = []string{"#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#d62728"}

// dashboardPicture draws the dashboard in a rendered case: its widgets where they are, and what they draw. The lines are made up.
func dashboardPicture(path string) (string, error) {
	d, err := readDashboard(path)
	if err != nil {
		return "", err
	}
	width, height := 0, 0
	body := &strings.Builder{}
	for _, w := range d.Widgets {
		width, height = max(width, (w.X+w.Width)*columnWidth), max(height, (w.Y+w.Height)*rowHeight)
		if err := w.draw(body); err != nil {
			return "", fmt.Errorf("cannot draw %q: %w", w.Properties.Title, err)
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#16191f">`+"\n"+
		`  <rect width="%d" height="%d" fill="#f2f3f3"/>`+"\n%s</svg>\n", width, height, width, height, width, height, body), nil
}

func readDashboard(path string) (*shownDashboard, error) {
	resources, err := readRendered(path)
	if err != nil {
		return nil, err
	}
	for _, r := range resources {
		if r.Kind == "Dashboard" {
			d := &shownDashboard{}
			return d, json.Unmarshal([]byte(r.Spec.ForProvider.DashboardBody), d)
		}
	}
	return nil, fmt.Errorf("%q has no Dashboard", path)
}

// draw the widget's frame, its title and what is in it.
func (w shownWidget) draw(b *strings.Builder) error {
	x, y := w.X*columnWidth+margin, w.Y*rowHeight+margin
	width, height := w.Width*columnWidth-2*margin, w.Height*rowHeight-2*margin
	fmt.Fprintf(b, `  <rect x="%d" y="%d" width="%d" height="%d" rx="3" fill="#fff" stroke="#d5dbdb"/>`+"\n", x, y, width, height)
	x, y = x+padding, y+padding+lineHeight/2
	switch w.Type {
	case "text":
		drawText(b, x, y, w.Properties.Markdown)
	case "alarm":
		drawTitle(b, x, y, w.Properties.Title)
		for i, arn := range w.Properties.Alarms {
			drawAlarm(b, x, y+padding+i*2*lineHeight, arn[strings.LastIndex(arn, ":")+1:])
		}
	case "metric":
		drawTitle(b, x, y, w.Properties.Title)
		labels, err := w.labels()
		if err != nil {
			return err
		}
		at := x
		for i, label := range labels {
			drawLine(b, x, y+padding, width-2*padding, height-4*lineHeight, i)
			drawLegend(b, at, y+height-padding-lineHeight, label, i)
			at += 2*lineHeight + len(label)*letterWidth
		}
	}
	return nil
}

// searched is what a search puts into its label for each metric that it finds.
var searched = regexp.MustCompile(`\$\{PROP\('Dim\.\w+'\)\}`)

// labels of the lines that the widget draws. A search finds two versions here.
func (w shownWidget) labels() ([]string, error) {
	var labels []string
	for _, parts := range w.Properties.Metrics {
		o := shownOptions{}
		if err := json.Unmarshal(parts[len(parts)-1], &o); err != nil {
			return nil, err
		}
		switch {
		case o.Visible != nil && !*o.Visible:
		case searched.MatchString(o.Label):
			labels = append(labels, searched.ReplaceAllString(o.Label, "7"), searched.ReplaceAllString(o.Label, "8"))
		default:
			labels = append(labels, o.Label)
		}
	}
	return labels, nil
}

func drawTitle(b *strings.Builder, x, y int, text string) {
	fmt.Fprintf(b, `  <text x="%d" y="%d" font-weight="bold">%s</text>`+"\n", x, y, html.EscapeString(text))
}

var (
	heading  = regexp.MustCompile(`^#+ `)
	linkText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// drawText of Markdown that has headings and links.
func drawText(b *strings.Builder, x, y int, markdown string) {
	for i, line := range strings.Split(markdown, "\n\n") {
		if text := heading.ReplaceAllString(line, ""); text != line {
			drawTitle(b, x, y+i*2*lineHeight, text)
			continue
		}
		text := linkText.ReplaceAllString(html.EscapeString(line), `<tspan fill="#0073bb">$1</tspan>`)
		fmt.Fprintf(b, `  <text x="%d" y="%d">%s</text>`+"\n", x, y+i*2*lineHeight, text)
	}
}

func drawAlarm(b *strings.Builder, x, y int, name string) {
	fmt.Fprintf(b, `  <rect x="%d" y="%d" width="8" height="20" fill="#1d8102"/><text x="%d" y="%d">OK  %s</text>`+"\n", x, y, x+16, y+14, html.EscapeString(name))
}

func drawLegend(b *strings.Builder, x, y int, label string, i int) {
	fmt.Fprintf(b, `  <rect x="%d" y="%d" width="10" height="3" fill="%s"/><text x="%d" y="%d" font-size="10" fill="#545b64">%s</text>`+"\n",
		x, y-4, colors[i%len(colors)], x+16, y, html.EscapeString(label))
}

// drawLine number i, which is made up: a wave that differs from the others.
func drawLine(b *strings.Builder, x, y, width, height, i int) {
	const points = 24
	var line []string
	for n := range points + 1 {
		t := float64(n) / points
		value := 0.8 - 0.2*float64(i%4) + 0.08*math.Sin(9*t+float64(i)) + 0.04*math.Sin(31*t+2*float64(i))
		line = append(line, fmt.Sprintf("%.0f,%.0f", float64(x)+t*float64(width), float64(y)+(1-value)*float64(height)))
	}
	fmt.Fprintf(b, `  <polyline points="%s" fill="none" stroke="%s"/>`+"\n", strings.Join(line, " "), colors[i%len(colors)])
}
