package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// aDashboard is a rendered case with a dashboard that has a widget of each type.
var aDashboard = []string{
	"kind: XCake",
	"---",
	"kind: Dashboard",
	"spec:",
	"  forProvider:",
	`    dashboardBody: '{"widgets":[`,
	`      {"type":"text","x":0,"y":0,"width":12,"height":5,"properties":{"markdown":"## Cake\n\n[Bake](https://example.org)"}},`,
	`      {"type":"alarm","x":12,"y":0,"width":12,"height":5,"properties":{"title":"Alarms","alarms":["arn:a:b:c:d:alarm:burnt"]}},`,
	`      {"type":"metric","x":0,"y":5,"width":24,"height":6,"properties":{"title":"Cream & sugar","metrics":[`,
	`        ["Cake","Cream",{"label":"cream"}],["Cake","Salt",{"label":"salt","visible":false}],[{"label":"layer ${PROP(''Dim.Layer'')}"}]]}}]}'`,
}

func TestDashboardPicture(t *testing.T) {
	got, err := dashboardPicture(file(t, "expected.yaml", aDashboard...))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`width="960" height="264"`,
		`<rect x="484" y="4" width="472" height="112"`,
		`<rect x="4" y="124" width="952" height="136"`,
		">Cake<", ">Bake<", ">Alarms<", "OK  burnt", ">Cream &amp; sugar<", ">cream<", ">layer 7<", ">layer 8<",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in %s", want, got)
		}
	}
	if strings.Contains(got, "salt") {
		t.Error("want nothing drawn that is hidden")
	}
	if n := strings.Count(got, "<polyline"); n != 3 {
		t.Errorf("want three lines, got %d", n)
	}
	for d := xml.NewDecoder(strings.NewReader(got)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("want XML, got %s: %v", got, err)
		}
	}
}

func TestDashboardPictureRefuses(t *testing.T) {
	_, err := dashboardPicture(file(t, "expected.yaml", "kind: XCake"))
	checkError(t, err, "Dashboard")
}
