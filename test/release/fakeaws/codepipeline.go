package fakeaws

import (
	"fmt"
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

	// revisions are those that runs were started for.
	revisions []string

	// built is the key of the artifact that an execution has built, and tested the version of green that it has tested.
	built, tested map[string]string

	// byToken are the runs by the tokens of the requests that started them.
	byToken map[string]string
}

func newCodePipeline(c *Cloud) *CodePipeline {
	return &CodePipeline{cloud: c, byToken: map[string]string{}, built: map[string]string{}, tested: map[string]string{}}
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

// Test a version of green in an execution.
func (p *CodePipeline) Test(execution, version string) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.tested[execution] = version
}

// listActionExecutions answers with the actions of an execution, the last one first. Its first build has failed.
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
		return map[string]any{"actionName": name, "status": status, "output": map[string]any{"outputArtifacts": artifacts}}
	}
	artifact := func(name, key string) any {
		return map[string]any{"name": name, "s3location": map[string]any{"bucket": "anywhere", "key": key}}
	}
	deploy := func(name, version string) any {
		return map[string]any{"actionName": name, "status": "Succeeded", "output": map[string]any{"outputVariables": map[string]any{"FunctionVersion": version}}}
	}
	actions := []any{map[string]any{"actionName": "Approve_Traffic_Shift", "status": "Succeeded"}, deploy("Deploy_Blue_Lambda", "of-blue")}
	if version := p.tested[in.Filter.Execution]; version != "" {
		actions = append(actions, deploy("Deploy_Green_Lambda", version))
	}
	if key := p.built[in.Filter.Execution]; key != "" {
		actions = append(actions, action("Build_TypeScript", "Succeeded", artifact("build_output", key)),
			action("Build_TypeScript", "Failed", artifact("build_output", "of-a-build-that-failed")))
	}
	return resource, map[string]any{"actionExecutionDetails": append(actions, action("GitHub_Source", "Succeeded", artifact("source_output", "the-source")))}, nil
}

// began is an execution that was started at a time.
type began struct {
	ID string   `json:"pipelineExecutionId"`
	At fakeTime `json:"startTime"`
}

// fakeTime is in seconds since 1970, as CodePipeline has it.
type fakeTime float64

// Begin an execution now.
func (p *CodePipeline) Begin(execution string) {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.began = append([]began{{ID: execution, At: fakeTime(p.cloud.clock.Now().Unix())}}, p.began...)
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
	return resource, map[string]any{"pipelineExecutionSummaries": p.began[:min(in.Max, len(p.began))]}, nil
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
