package fakeaws

import (
	"fmt"
	"net/http"
)

// CodePipeline has one pipeline, whose runs are only counted.
type CodePipeline struct {
	cloud *Cloud
	runs  []string

	// byToken are the runs by the tokens of the requests that started them.
	byToken map[string]string
}

func newCodePipeline(c *Cloud) *CodePipeline {
	return &CodePipeline{cloud: c, byToken: map[string]string{}}
}

// Runs that were started, by their ids.
func (p *CodePipeline) Runs() []string {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return append([]string(nil), p.runs...)
}

// startPipelineExecution starts one run for each token.
func (p *CodePipeline) startPipelineExecution(r request) (string, any, error) {
	var in struct {
		Name               string `json:"name"`
		ClientRequestToken string `json:"clientRequestToken"`
	}
	if err := p.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := p.cloud.arn("codepipeline", in.Name)
	if in.Name != p.cloud.setup.Pipeline {
		return resource, nil, &Fault{
			Status: http.StatusBadRequest, Code: "PipelineNotFoundException",
			Message: fmt.Sprintf("Account '%s' does not have a pipeline with name '%s'", p.cloud.setup.Account, in.Name),
		}
	}
	id := p.byToken[in.ClientRequestToken]
	if id == "" {
		id = fmt.Sprintf("run-%d", len(p.runs)+1)
		p.runs = append(p.runs, id)
		p.byToken[in.ClientRequestToken] = id
	}
	return resource, map[string]any{"pipelineExecutionId": id}, nil
}
