package release

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// A rendered pipeline: what Crossplane makes of a case in test/render.
type rendered struct {
	t         *testing.T
	name      string
	expected  []byte
	resources []resource
}

// A resource is a managed resource of the pipeline's, as far as a release needs to know it.
type resource struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		ForProvider  parameters `json:"forProvider"`
		InitProvider parameters `json:"initProvider"`
	} `json:"spec"`
}

// parameters of all kinds of resources.
type parameters struct {
	// IAM.
	Policy       string    `json:"policy"`
	PolicyARN    string    `json:"policyArn"`
	PolicyARNRef reference `json:"policyArnRef"`
	Role         string    `json:"role"`
	RoleRef      reference `json:"roleRef"`
	RoleARN      string    `json:"roleArn"`
	RoleARNRef   reference `json:"roleArnRef"`

	// Functions, their code and their alias.
	Handler       string          `json:"handler"`
	Runtime       string          `json:"runtime"`
	MemorySize    int32           `json:"memorySize"`
	Timeout       int32           `json:"timeout"`
	Publish       bool            `json:"publish"`
	Environment   json.RawMessage `json:"environment"`
	S3Key         string          `json:"s3Key"`
	Key           string          `json:"key"`
	ContentBase64 []byte          `json:"contentBase64"`

	// The table.
	HashKey     string `json:"hashKey"`
	BillingMode string `json:"billingMode"`
	Attribute   []struct {
		Name string `json:"name"`
		Type string `json:"type"`
	} `json:"attribute"`

	// The state machine and what starts it.
	Type         string `json:"type"`
	Definition   string `json:"definition"`
	EventPattern string `json:"eventPattern"`
	ARN          string `json:"arn"`
	TargetID     string `json:"targetId"`

	// How EventBridge tells people of an event.
	InputTransformer struct {
		InputPaths    map[string]string `json:"inputPaths"`
		InputTemplate string            `json:"inputTemplate"`
	} `json:"inputTransformer"`

	// The deployment group.
	AutoRollback []struct {
		Events []string `json:"events"`
	} `json:"autoRollbackConfiguration"`

	Stage []struct {
		Action []struct {
			Name          string            `json:"name"`
			Namespace     string            `json:"namespace"`
			Configuration map[string]string `json:"configuration"`
		} `json:"action"`
	} `json:"stage"`
}

// A reference to another managed resource, by its Kubernetes name.
type reference struct {
	Name string `json:"name"`
}

// load a pipeline that has released version 1.
func load(t *testing.T, name string) rendered {
	t.Helper()
	data, err := golden.Case(filepath.Join(root, "test", "render", name)).Expected()
	if err != nil {
		t.Fatalf("cannot read rendered resources: %v", err)
	}
	data = golden.Released(data)
	r := rendered{t: t, name: name, expected: data}
	for doc := range bytes.SplitSeq(data, []byte("\n---\n")) {
		if !bytes.Contains(doc, []byte("crossplane.io/composition-resource-name:")) {
			continue // The composite resource, and the function's results.
		}
		var one resource
		if err := yaml.Unmarshal(doc, &one); err != nil {
			t.Fatalf("cannot parse a rendered resource: %v", err)
		}
		r.resources = append(r.resources, one)
	}
	return r
}

// account in which the pipeline is.
func (r rendered) account() *access.Account {
	r.t.Helper()
	return must[*access.Account](r.t)(access.Read(accountID, region, r.expected))
}

// get a resource by its name in the pipeline.
func (r rendered) get(name string) resource {
	r.t.Helper()
	for _, one := range r.resources {
		if one.Metadata.Annotations["crossplane.io/composition-resource-name"] == name {
			return one
		}
	}
	r.t.Fatalf("%s has no %q", r.name, name)
	return resource{}
}

// awsName of a resource.
func (r rendered) awsName(name string) string {
	r.t.Helper()
	return r.get(name).awsName()
}

func (one resource) awsName() string {
	return one.Metadata.Annotations["crossplane.io/external-name"]
}

// follow a reference to the name in AWS.
func (r rendered) follow(ref reference) string {
	r.t.Helper()
	for _, one := range r.resources {
		if one.Metadata.Name == ref.Name {
			return one.awsName()
		}
	}
	r.t.Fatalf("%s has no managed resource %q", r.name, ref.Name)
	return ""
}

// roleARN is the role that a resource acts as, which it names by value or by reference.
func (r rendered) roleARN(p parameters) string {
	r.t.Helper()
	switch {
	case p.RoleARN != "":
		return p.RoleARN
	case p.RoleARNRef.Name != "":
		return roleARN(r.follow(p.RoleARNRef))
	case p.RoleRef.Name != "":
		return roleARN(r.follow(p.RoleRef))
	default:
		return p.Role
	}
}

func roleARN(name string) string {
	return "arn:aws:iam::" + accountID + ":role/" + name
}

// arn of something in the account and region.
func arn(service, resource string) string {
	return strings.Join([]string{"arn", "aws", service, region, accountID, resource}, ":")
}

// The state machines, by the beginning of the names of their resources.
const (
	releaseMachine  = "release"
	rollbackMachine = "rollback"
	watchMachine    = "watch"
)

var machineNames = []string{releaseMachine, rollbackMachine, watchMachine}

func (r rendered) machineARN(machine string) string {
	r.t.Helper()
	return arn("states", "stateMachine:"+r.awsName(machine+"-state-machine"))
}

// input of an action of the pipeline's, with the supplied values for the pipeline's variables.
func (r rendered) input(action string, variables map[string]string) string {
	r.t.Helper()
	var pairs []string
	for name, value := range variables {
		pairs = append(pairs, "#{"+name+"}", value)
	}
	for _, stage := range r.get("pipeline").Spec.ForProvider.Stage {
		for _, a := range stage.Action {
			if a.Name == action {
				return strings.NewReplacer(pairs...).Replace(a.Configuration["Input"])
			}
		}
	}
	r.t.Fatalf("the pipeline has no action %q", action)
	return ""
}

// outputs of the pipeline's actions by the actions' names, of variables that are named as the pipeline knows them.
func (r rendered) outputs(variables map[string]string) map[string]map[string]string {
	r.t.Helper()
	outputs := map[string]map[string]string{}
	for _, stage := range r.get("pipeline").Spec.ForProvider.Stage {
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

// bypassed is the commit for which the claim lets releases ignore their alarms.
func (r rendered) bypassed() string {
	r.t.Helper()
	var claim struct {
		Spec struct {
			Rollout struct {
				BypassAlarmsForCommit string `json:"bypassAlarmsForCommit"`
			} `json:"rollout"`
		} `json:"spec"`
	}
	data, err := os.ReadFile(filepath.Join(root, "test", "render", r.name, "claim.yaml"))
	if err != nil {
		r.t.Fatalf("cannot read the claim: %v", err)
	}
	if err := yaml.Unmarshal(data, &claim); err != nil {
		r.t.Fatalf("cannot parse the claim: %v", err)
	}
	return claim.Spec.Rollout.BypassAlarmsForCommit
}
