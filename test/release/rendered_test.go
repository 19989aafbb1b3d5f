// Package release runs the state machine that the function renders, as it is rendered, against AWS's own API models and
// fakes of the services it calls.
package release

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// A rendered pipeline: what Crossplane makes of a case in test/render.
type rendered struct {
	name string

	// bootstrap is the version that has the bootstrap code. Empty: none has.
	bootstrap string

	byName map[string]managedResource
}

// A managedResource of the pipeline, as far as a release needs to know it.
type managedResource struct {
	Metadata struct {
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		ForProvider struct {
			Region       string `json:"region"`
			Definition   string `json:"definition"`
			EventPattern string `json:"eventPattern"`

			ScheduleExpression string `json:"scheduleExpression"`

			Input   string `json:"input"`
			Policy  string `json:"policy"`
			HashKey string `json:"hashKey"`

			AutoRollbackConfiguration []struct {
				Events []string `json:"events"`
			} `json:"autoRollbackConfiguration"`

			Stage []struct {
				Action []struct {
					Name          string            `json:"name"`
					Namespace     string            `json:"namespace"`
					Configuration map[string]string `json:"configuration"`
				} `json:"action"`
			} `json:"stage"`
		} `json:"forProvider"`
	} `json:"spec"`
}

// load a pipeline that has released version 1.
func load(t *testing.T, name string) rendered {
	t.Helper()
	return parseRendered(t, name, golden.Released)
}

// loadNew loads a pipeline that has released nothing: version 1 has the bootstrap code.
func loadNew(t *testing.T, name string) rendered {
	t.Helper()
	r := parseRendered(t, name, func(expected []byte) []byte { return expected })
	r.bootstrap = "1"
	return r
}

func parseRendered(t *testing.T, name string, as func([]byte) []byte) rendered {
	t.Helper()
	data, err := golden.Case(filepath.Join("..", "render", name)).Expected()
	if err != nil {
		t.Fatalf("cannot read rendered resources: %v", err)
	}
	r := rendered{name: name, byName: map[string]managedResource{}}
	for doc := range bytes.SplitSeq(as(data), []byte("\n---\n")) {
		var m managedResource
		if err := yaml.Unmarshal(doc, &m); err != nil {
			// The case is one of a claim that is refused.
			continue
		}
		r.byName[m.Metadata.Annotations["crossplane.io/composition-resource-name"]] = m
	}
	return r
}

// The state machines, by the beginning of the names of their resources.
const (
	releaseMachine  = "release"
	rollbackMachine = "rollback"
	watchMachine    = "watch"
)

var machineNames = []string{releaseMachine, rollbackMachine, watchMachine}

func (r rendered) definition(machine string) string {
	return r.byName[machine+"-state-machine"].Spec.ForProvider.Definition
}

// define a state machine in another way than it was rendered.
func (r rendered) define(machine, definition string) {
	m := r.byName[machine+"-state-machine"]
	m.Spec.ForProvider.Definition = definition
	r.byName[machine+"-state-machine"] = m
}

func (r rendered) machine(t *testing.T, name string) *interpreter.Machine {
	t.Helper()
	m, err := interpreter.Parse([]byte(r.definition(name)), sdk.New("", "").Resources())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// input of an action of the pipeline's, with the supplied values for the pipeline's variables.
func (r rendered) input(t *testing.T, action string, variables map[string]string) any {
	t.Helper()
	var pairs []string
	for name, value := range variables {
		pairs = append(pairs, "#{"+name+"}", value)
	}
	for _, stage := range r.byName["pipeline"].Spec.ForProvider.Stage {
		for _, a := range stage.Action {
			if a.Name == action {
				return parse(t, strings.NewReplacer(pairs...).Replace(a.Configuration["Input"]))
			}
		}
	}
	t.Fatalf("the pipeline has no action %q", action)
	return nil
}

// outputs of the pipeline's actions by the actions' names, of variables that are named as the pipeline knows them.
func (r rendered) outputs(variables map[string]string) map[string]map[string]string {
	outputs := map[string]map[string]string{}
	for _, stage := range r.byName["pipeline"].Spec.ForProvider.Stage {
		for _, a := range stage.Action {
			for name, value := range variables {
				if namespace, variable, _ := strings.Cut(name, "."); namespace == a.Namespace {
					if outputs[a.Name] == nil {
						outputs[a.Name] = map[string]string{}
					}
					outputs[a.Name][variable] = value
				}
			}
		}
	}
	return outputs
}

// awsName of a resource.
func (r rendered) awsName(name string) string {
	return r.byName[name].Metadata.Annotations["crossplane.io/external-name"]
}

// setup of the account after the pipeline has been created.
func (r rendered) setup(shift fakeaws.Shift) fakeaws.Setup {
	return fakeaws.Setup{
		Region:      r.byName["release-state-machine"].Spec.ForProvider.Region,
		Account:     "111122223333",
		Function:    r.awsName("blue-function"),
		Alias:       r.awsName("live-alias"),
		Others:      []string{r.awsName("green-function")},
		Application: r.awsName("deploy-application"),
		Group:       r.awsName("deployment-group"),
		Shift:       shift,

		RollbackEvents: r.byName["deployment-group"].Spec.ForProvider.AutoRollbackConfiguration[0].Events,

		Table:    r.awsName("history-table"),
		Key:      r.byName["history-table"].Spec.ForProvider.HashKey,
		Pipeline: r.awsName("pipeline"),
		Topic:    r.awsName("alarm-topic"),
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("cannot parse JSON: %v\n%s", err, text)
	}
	return v
}
