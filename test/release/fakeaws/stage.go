package fakeaws

import (
	"slices"
	"time"
)

// A switchStage is the last stage of the pipeline since some time: the execution that was in it last, if any, and the last run of each action.
// An execution may not have come to the second action yet, which then has the run of an earlier one.
type switchStage struct {
	since           time.Time
	execution       string
	approval, shift *actionExecution
}

// The answer to GetPipelineState.
type (
	pipelineState struct {
		PipelineName string       `json:"pipelineName"`
		StageStates  []stageState `json:"stageStates"`
	}

	stageState struct {
		StageName       string          `json:"stageName"`
		LatestExecution *stageExecution `json:"latestExecution,omitempty"`
		ActionStates    []actionState   `json:"actionStates"`
	}

	stageExecution struct {
		PipelineExecutionID string `json:"pipelineExecutionId"`
		Status              string `json:"status"`
	}

	actionState struct {
		ActionName      string           `json:"actionName"`
		LatestExecution *actionExecution `json:"latestExecution,omitempty"`
	}

	actionExecution struct {
		ActionExecutionID string `json:"actionExecutionId"`
		Status            string `json:"status"`
		LastUpdatedBy     string `json:"lastUpdatedBy,omitempty"`
		Summary           string `json:"summary,omitempty"`
	}
)

// Wait for the approval of an execution.
func (p *CodePipeline) Wait(execution string) {
	p.approve(execution, actionExecution{Status: inProgress})
}

// Approve an execution, as somebody does who leaves a comment.
func (p *CodePipeline) Approve(execution, by, comment string) {
	p.approve(execution, actionExecution{Status: succeeded, LastUpdatedBy: by, Summary: comment})
}

func (p *CodePipeline) approve(execution string, run actionExecution) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	run.ActionExecutionID = "approval of " + execution
	p.change(func(s *switchStage) { s.execution, s.approval = execution, &run })
}

// BeginShift begins a run of the action that shifts traffic. The run has an id, by which CodePipeline names the execution of the state
// machine that it starts.
func (p *CodePipeline) BeginShift(id string) {
	p.shift(actionExecution{ActionExecutionID: id, Status: inProgress})
}

// EndShift ends that run.
func (p *CodePipeline) EndShift(id string, succeeded bool) {
	status := "Failed"
	if succeeded {
		status = "Succeeded"
	}
	p.shift(actionExecution{ActionExecutionID: id, Status: status})
}

func (p *CodePipeline) shift(run actionExecution) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.change(func(s *switchStage) { s.shift = &run })
}

// change what is so now.
func (p *CodePipeline) change(change func(s *switchStage)) {
	now := p.cloud.clock.Now()
	s := p.stage(now)
	s.since = now
	change(&s)
	p.history = append(p.history, s)
}

// stage as it was at a time.
func (p *CodePipeline) stage(at time.Time) switchStage {
	for _, s := range slices.Backward(p.history) {
		if !s.since.After(at) {
			return s
		}
	}
	return switchStage{}
}

// state that GetPipelineState tells of the stage.
func (s switchStage) state() stageState {
	state := stageState{StageName: "Switch-Traffic", ActionStates: []actionState{{ActionName: "Approve_Traffic_Shift"}, {ActionName: "Shift_Traffic"}}}
	if s.execution != "" {
		state.LatestExecution = &stageExecution{PipelineExecutionID: s.execution, Status: inProgress}
		state.ActionStates[0].LatestExecution, state.ActionStates[1].LatestExecution = s.approval, s.shift
	}
	return state
}
