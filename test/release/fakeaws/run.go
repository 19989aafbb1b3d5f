package fakeaws

import (
	"slices"
	"time"
)

// A Run is what CodePipeline's lists tell of an execution: how it goes, and its actions. Those of which a test reports nothing are under way.
type Run struct {
	Status     string
	StopReason string

	// Source action that knows what is released, its revision, and what CodePipeline shows of that.
	Source, Revision, Summary string

	Actions []RunAction
}

// A RunAction is one run of an action.
type RunAction struct {
	Stage, Name, Category, Status string

	// Summary of what it came to, and Error.
	Summary, Error string

	// At is when it began.
	At time.Time
}

// actionName is the member with the name of an action.
const actionName = "actionName"

// reported is what is told of an execution since some time.
type reported struct {
	execution string
	since     time.Time
	run       Run
}

// Report how an execution goes, from now on. CodePipeline's lists tell it when they are as late as Late says.
func (p *CodePipeline) Report(execution string, run Run) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.reported = append(p.reported, reported{execution: execution, since: p.cloud.clock.Now(), run: run})
}

// report is what is told of an execution. Nil: nothing.
func (p *CodePipeline) report(execution string) *reported {
	for _, r := range slices.Backward(p.reported) {
		if r.execution == execution && !r.since.After(p.cloud.clock.Now().Add(-p.Late)) {
			return &r
		}
	}
	return nil
}

// A sourceRevision is what a run is of.
type sourceRevision struct {
	Action  string `json:"actionName"`
	ID      string `json:"revisionId"`
	Summary string `json:"revisionSummary"`
}

// summary of an execution in ListPipelineExecutions.
func (b began) summary(r *reported) map[string]any {
	summary := map[string]any{"pipelineExecutionId": b.ID, "startTime": epoch(b.At), "lastUpdateTime": epoch(b.At), "status": inProgress, "executionMode": "SUPERSEDED"}
	if r == nil {
		return summary
	}
	summary["lastUpdateTime"], summary["status"] = epoch(r.since), r.run.Status
	if r.run.StopReason != "" {
		summary["stopTrigger"] = map[string]any{"reason": r.run.StopReason}
	}
	if r.run.Revision != "" {
		summary["sourceRevisions"] = []sourceRevision{{Action: r.run.Source, ID: r.run.Revision, Summary: r.run.Summary}}
	}
	return summary
}

// details of the actions in ListActionExecutions.
func (r *reported) details() []any {
	details := []any{}
	for _, a := range r.run.Actions {
		result := map[string]any{}
		if a.Summary != "" {
			result["externalExecutionSummary"] = a.Summary
		}
		if a.Error != "" {
			result["errorDetails"] = map[string]any{"code": "JobFailed", "message": a.Error}
		}
		details = append(details, map[string]any{
			"pipelineExecutionId": r.execution, "stageName": a.Stage, actionName: a.Name, "status": a.Status, "startTime": epoch(a.At), "lastUpdateTime": epoch(r.since),
			"input":  map[string]any{"actionTypeId": map[string]any{"category": a.Category, "owner": "AWS", "provider": "Any", "version": "1"}},
			"output": map[string]any{"executionResult": result},
		})
	}
	return details
}
