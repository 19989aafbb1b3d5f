package fakeaws

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// CodePipeline has one pipeline, of which only the last stage does something, and whose runs are only counted.
type CodePipeline struct {
	// Late is how long GetPipelineState takes to tell what is so.
	Late time.Duration

	cloud   *Cloud
	history []switchStage
	stopped []string
	runs    []string

	// began are executions, and when they did.
	began []began

	// reported is what is told of executions, in the order in which it was so.
	reported []reported

	// revisions are those that runs were started for.
	revisions []string

	// built is the key of the artifact that an execution has built.
	built map[string]string

	// outputs of the actions of an execution, in the order in which they were put out.
	outputs map[string][]actionOutput

	// byToken are the runs by the tokens of the requests that started them.
	byToken map[string]string
}

func newCodePipeline(c *Cloud) *CodePipeline {
	return &CodePipeline{cloud: c, byToken: map[string]string{}, built: map[string]string{}, outputs: map[string][]actionOutput{}}
}

// Runs that were started, by their ids.
func (p *CodePipeline) Runs() []string {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return slices.Clone(p.runs)
}

// Revisions that runs were started for, each with its action and its type.
func (p *CodePipeline) Revisions() []string {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return slices.Clone(p.revisions)
}

// Build the artifact with a key, in an execution.
func (p *CodePipeline) Build(execution, key string) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.built[execution] = key
}

// An actionOutput is what a run of an action has put out.
type actionOutput struct {
	action    string
	at        time.Time
	variables map[string]string
}

// PutOut variables by actions of an execution, by the actions' names. What an action has put out at the same time is forgotten.
func (p *CodePipeline) PutOut(execution string, outputs map[string]map[string]string) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	now := p.cloud.clock.Now()
	for _, action := range slices.Sorted(maps.Keys(outputs)) {
		before := slices.DeleteFunc(p.outputs[execution], func(o actionOutput) bool { return o.action == action && o.at.Equal(now) })
		p.outputs[execution] = append(before, actionOutput{action: action, at: now, variables: outputs[action]})
	}
}

// Test a version of green in an execution. An empty one: it has tested none.
func (p *CodePipeline) Test(execution, version string) {
	if version != "" {
		p.PutOut(execution, map[string]map[string]string{"Deploy_Green_Lambda": {"FunctionVersion": version}})
	}
}

// actionOutputs of an execution that are told, the first one first, each with a later run of the action that has failed.
func (p *CodePipeline) actionOutputs(execution string) (actions []any) {
	for _, o := range p.outputs[execution] {
		if o.at.After(p.cloud.clock.Now().Add(-p.Late)) {
			continue
		}
		actions = append(actions,
			map[string]any{actionName: o.action, "status": succeeded, "startTime": epoch(o.at), "output": map[string]any{"outputVariables": o.variables}},
			map[string]any{actionName: o.action, "status": "Failed", "startTime": epoch(o.at) + 1})
	}
	return actions
}

// listActionExecutions answers with the actions of an execution. Its first build has failed.
func (p *CodePipeline) listActionExecutions(r request) (string, any, error) {
	var in struct {
		Name   string `json:"pipelineName"`
		Max    int    `json:"maxResults"`
		Filter struct {
			Execution string `json:"pipelineExecutionId"`
		} `json:"filter"`
	}
	if err := p.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := p.cloud.arn("codepipeline", in.Name)
	if in.Name != p.cloud.setup.Pipeline {
		return resource, nil, p.notFound(in.Name)
	}
	action := func(name, status string, artifacts ...any) map[string]any {
		return map[string]any{actionName: name, "status": status, "output": map[string]any{"outputArtifacts": artifacts}}
	}
	artifact := func(name, key string) any {
		return map[string]any{"name": name, "s3location": map[string]any{"bucket": "anywhere", "key": key}}
	}
	if r := p.report(in.Filter.Execution); r != nil {
		return resource, map[string]any{"actionExecutionDetails": r.details()}, nil
	}
	actions := append([]any{map[string]any{actionName: "Approve_Traffic_Shift", "status": "Succeeded"}}, p.actionOutputs(in.Filter.Execution)...)
	if key := p.built[in.Filter.Execution]; key != "" {
		actions = append(actions, action("Build_TypeScript", "Succeeded", artifact("build_output", key)),
			action("Build_TypeScript", "Failed", artifact("build_output", "of-a-build-that-failed")))
	}
	return resource, map[string]any{"actionExecutionDetails": actions}, nil
}

// began is an execution that was started at a time.
type began struct {
	ID string
	At time.Time
}

// Begin an execution now.
func (p *CodePipeline) Begin(execution string) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.began = append([]began{{ID: execution, At: p.cloud.clock.Now()}}, p.began...)
}

func (p *CodePipeline) listPipelineExecutions(r request) (string, any, error) {
	var in struct {
		Name string `json:"pipelineName"`
		Max  int    `json:"maxResults"`
	}
	if err := p.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := p.cloud.arn("codepipeline", in.Name)
	if in.Name != p.cloud.setup.Pipeline {
		return resource, nil, p.notFound(in.Name)
	}
	summaries := []any{}
	for _, b := range p.began[:min(in.Max, len(p.began))] {
		summaries = append(summaries, b.summary(p.report(b.ID)))
	}
	return resource, map[string]any{"pipelineExecutionSummaries": summaries}, nil
}

// Stopped are the executions that were stopped, and why.
func (p *CodePipeline) Stopped() []string {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return slices.Clone(p.stopped)
}

func (p *CodePipeline) getPipelineState(r request) (string, any, error) {
	var in struct {
		Name string `json:"name"`
	}
	if err := p.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := p.cloud.arn("codepipeline", in.Name)
	if in.Name != p.cloud.setup.Pipeline {
		return resource, nil, p.notFound(in.Name)
	}
	// Others are of no interest, but there.
	return resource, pipelineState{PipelineName: in.Name, StageStates: []stageState{
		{StageName: "Source", ActionStates: []actionState{{ActionName: "GitHub_Source"}}},
		p.stage(p.cloud.clock.Now().Add(-p.Late)).state(),
	}}, nil
}

func (p *CodePipeline) stopPipelineExecution(r request) (string, any, error) {
	var in struct {
		Name      string `json:"pipelineName"`
		Execution string `json:"pipelineExecutionId"`
		Abandon   bool   `json:"abandon"`
		Reason    string `json:"reason"`
	}
	if err := p.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := p.cloud.arn("codepipeline", in.Name)
	if in.Name != p.cloud.setup.Pipeline || in.Execution != p.stage(p.cloud.clock.Now()).execution || !in.Abandon {
		return resource, nil, &Fault{Status: http.StatusBadRequest, Code: "PipelineExecutionNotStoppableException", Message: "The execution cannot be stopped: " + in.Execution}
	}
	p.stopped = append(p.stopped, in.Execution+": "+in.Reason)
	p.change(func(s *switchStage) { s.execution, s.approval = "", nil })
	return resource, map[string]any{"pipelineExecutionId": in.Execution}, nil
}

// startPipelineExecution starts one run for each token.
func (p *CodePipeline) startPipelineExecution(r request) (string, any, error) {
	var in struct {
		Name               string `json:"name"`
		ClientRequestToken string `json:"clientRequestToken"`
		SourceRevisions    []struct {
			Action string `json:"actionName"`
			Type   string `json:"revisionType"`
			Value  string `json:"revisionValue"`
		} `json:"sourceRevisions"`
	}
	if err := p.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := p.cloud.arn("codepipeline", in.Name)
	if in.Name != p.cloud.setup.Pipeline {
		return resource, nil, p.notFound(in.Name)
	}
	id := p.byToken[in.ClientRequestToken]
	if id == "" {
		id = fmt.Sprintf("run-%d", len(p.runs)+1)
		p.runs = append(p.runs, id)
		for _, r := range in.SourceRevisions {
			p.revisions = append(p.revisions, r.Action+" "+r.Type+" "+r.Value)
		}
		p.byToken[in.ClientRequestToken] = id
	}
	return resource, map[string]any{"pipelineExecutionId": id}, nil
}

func (p *CodePipeline) notFound(name string) *Fault {
	return &Fault{
		Status: http.StatusBadRequest, Code: "PipelineNotFoundException",
		Message: fmt.Sprintf("Account '%s' does not have a pipeline with name '%s'", p.cloud.setup.Account, name),
	}
}
