package attack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatchv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta1"
)

// hostileTexts are at most 255 characters long, which is what the name of an alarm may have.
var hostileTexts = map[string]string{
	"Quotes":     `say "no", or 'no', or ` + "`no`" + ` \ \" \' \u0022`,
	"Braces":     `}} ] ) ({[ {"S": "x"} }`,
	"Label":      `${PROP('Dim.FunctionName')} ${LABEL} ${AWS::AccountId}`,
	"Expression": `{% $states.context.Execution.Id %}`,
	"Search":     `" SEARCH('{AWS/Lambda,FunctionName}', 'Sum', 60)`,
	"Markdown":   "](https://attacker.example) [button:primary:x](https://attacker.example) <script>x</script>",
	"Widget":     `"]}},{"type":"text","x":0,"y":0,"width":24,"height":9,"properties":{"markdown":"# all is well`,
	"Newlines":   "one\ntwo\r\nthree\u2028four\ttab",
	"Unicode":    "Grüße \U0001F600 \u202e right to left",
	"Longest":    strings.Repeat(`"`, 255),
}

// TestDataOnDashboards writes such a text into each field of a claim that takes any text. The dashboard shows it where it names an alarm, and
// nowhere else.
func TestDataOnDashboards(t *testing.T) {
	const plain = "plain"
	want := dashboardOf(t, plain)
	for name, text := range hostileTexts {
		t.Run(name, func(t *testing.T) {
			got := dashboardOf(t, text)
			if diff := cmp.Diff([]string{arnOfAlarm("lambda-errors-prod"), arnOfAlarm(text)}, got.alarms()); diff != "" {
				t.Errorf("-want alarms, +got:\n%s", diff)
			}
			for i := range got.Widgets {
				if got.Widgets[i].Type == "alarm" {
					got.Widgets[i].Properties["alarms"] = want.Widgets[i].Properties["alarms"]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want the dashboard of a claim that says %q, +got:\n%s", plain, diff)
			}
		})
	}
}

func arnOfAlarm(name string) string {
	return "arn:aws:cloudwatch:us-east-1:" + account + ":alarm:" + name
}

// A shownDashboard is a dashboard as CloudWatch reads it.
type shownDashboard struct {
	PeriodOverride string        `json:"periodOverride"`
	Widgets        []shownWidget `json:"widgets"`
}

type shownWidget struct {
	Type       string         `json:"type"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	Width      int            `json:"width"`
	Height     int            `json:"height"`
	Properties map[string]any `json:"properties"`
}

// alarms of all widgets.
func (d shownDashboard) alarms() (arns []string) {
	for _, w := range d.Widgets {
		list, _ := w.Properties["alarms"].([]any)
		for _, arn := range list {
			arns = append(arns, arn.(string))
		}
	}
	return arns
}

// dashboardOf a claim that says this text wherever it may say any.
func dashboardOf(t *testing.T, text string) shownDashboard {
	t.Helper()
	const fields = built + `  alarm: {additionalAlarms: [TEXT]}
  rollout: {bypassAlarmsForCommit: 3f1c0de3f1c0de3f1c0de3f1c0de3f1c0de3f1c0, bypassReason: TEXT}
  smokeTest: {event: {text: TEXT}}
  build: {environment: {SAID: TEXT}, buildspec: TEXT}
  service: {environment: {SAID: TEXT}}
`
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	p, known := pipelineOf(t, "prod", strings.ReplaceAll(fields, "TEXT", string(quoted)))
	for _, r := range p.Resources() {
		if r.Name != "dashboard" {
			continue
		}
		o, err := r.Object(known)
		if err != nil {
			t.Fatal(err)
		}
		var shown shownDashboard
		if err := json.Unmarshal([]byte(*o.(*cloudwatchv1beta1.Dashboard).Spec.ForProvider.DashboardBody), &shown); err != nil {
			t.Fatal(err)
		}
		return shown
	}
	t.Fatal("want a dashboard, got none")
	return shownDashboard{}
}
