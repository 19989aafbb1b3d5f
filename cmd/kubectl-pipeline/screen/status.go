package screen

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/inspect"
)

// Status prints a snapshot as a tree.
func Status(w io.Writer, s inspect.Snapshot, colors bool) error {
	root := Node{Text: strings.TrimSpace(s.Namespace + "/" + s.Name + "   " + s.Message)}
	root.Children = append(root.Children, runNode(s), trafficNode(s))
	if len(s.Figures) > 0 {
		root.Children = append(root.Children, figuresNode(s))
	}
	for _, a := range s.Alarms {
		root.Children = append(root.Children, alarmNode(a))
	}
	return Tree(w, root, colors)
}

func runNode(s inspect.Snapshot) Node {
	if s.Run == nil {
		return Node{Mark: Pending, Text: "Run         none yet"}
	}
	text := fmt.Sprintf("Run         %s, commit %s", s.Run.ID, s.Commit())
	if s.Run.Summary != "" {
		text += fmt.Sprintf(" %q", s.Run.Summary)
	}
	n := Node{Mark: markOf(s.Run.Status), Text: fmt.Sprintf("%s, started %s ago", text, age(s.At.Sub(s.Run.StartedAt)))}
	for _, stage := range s.Stages {
		n.Children = append(n.Children, stageNode(s, stage))
	}
	return n
}

// stageNode shows the actions of a stage that the newest run is in, or that an earlier one is in still.
func stageNode(s inspect.Snapshot, stage cloud.Stage) Node {
	n := Node{Mark: markOf(stage.Status), Text: stage.Name}
	switch {
	case stage.RunID == s.Run.ID:
	case stage.Status == "InProgress":
		n.Text += fmt.Sprintf(", of the earlier run %s of commit %s", stage.RunID, s.CommitOf(stage.RunID))
	default:
		return Node{Mark: Pending, Text: stage.Name}
	}
	if stage.Status == "Succeeded" {
		return n
	}
	for _, a := range stage.Actions {
		child := Node{Mark: markOf(a.Status), Text: a.Name}
		switch {
		case a.Token != "" && a.Status == "InProgress":
			child.Mark = Waiting
			child.Text += fmt.Sprintf(", waiting for an approval for %s", age(s.At.Sub(a.Since)))
		case a.Error != "":
			child.Text += ": " + oneLine(a.Error)
		}
		n.Children = append(n.Children, child)
	}
	return n
}

func trafficNode(s inspect.Snapshot) Node {
	t := s.Traffic
	if t.Candidate == "" && s.Deployment != nil {
		return Node{Mark: Running, Text: fmt.Sprintf("Traffic     version %s: 100 %%, and the deployment %s is under way", t.Live, s.Deployment.ID)}
	}
	if t.Candidate == "" {
		return Node{Mark: Done, Text: fmt.Sprintf("Traffic     version %s: 100 %%", t.Live)}
	}
	text := fmt.Sprintf("Traffic     version %s: %.0f %%, version %s: %.0f %%", t.Live, 100-t.Weight, t.Candidate, t.Weight)
	if s.Deployment == nil {
		return Node{Mark: Failed, Text: text + ", and no deployment moves it"}
	}
	return Node{Mark: Running, Text: fmt.Sprintf("%s, %s left (%s)", text, age(s.Deployment.Left(s.At)), s.Deployment.ID)}
}

func figuresNode(s inspect.Snapshot) Node {
	parts := make([]string, 0, len(s.Figures))
	for _, f := range s.Figures {
		parts = append(parts, fmt.Sprintf("version %s: %.0f calls, %.0f errors", f.Version, f.Invocations, f.Errors))
	}
	return Node{Mark: Running, Text: "Judgement   " + strings.Join(parts, "; ")}
}

func alarmNode(a cloud.Alarm) Node {
	mark := Done
	if a.State == "ALARM" {
		mark = Failed
	}
	return Node{Mark: mark, Text: fmt.Sprintf("Alarm       %s: %s", a.Name, a.State)}
}

func markOf(status string) Mark {
	switch status {
	case "Succeeded":
		return Done
	case "Failed", "Stopped", "Abandoned":
		return Failed
	case "InProgress", "Stopping":
		return Running
	default:
		return Pending
	}
}

// age prints a duration in its largest unit that is not zero, and the next one.
func age(d time.Duration) string {
	switch d = max(0, d.Round(time.Second)); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%dd%dh", int(d.Hours())/24, int(d.Hours())%24)
	}
}

// oneLine of a text, at most 200 characters.
func oneLine(text string) string {
	const most = 200
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > most {
		return string(line[:most]) + "…"
	}
	return string(line)
}
