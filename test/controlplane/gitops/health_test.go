package gitops

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"
	corev1 "k8s.io/api/core/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

const root = "../../.."

// What each tool calls a claim that it takes to be in order, and one that it does not.
type health struct {
	Argo, Flux string
}

func TestHealth(t *testing.T) {
	argo, flux := argoHealth(t), fluxHealth(t)
	for name, tc := range map[string]struct {
		status map[string]any
		want   health
	}{
		"Filed":            {map[string]any{}, health{"Progressing", "InProgress"}},
		"FirstWave":        {goldenStatus(t, "01-first-wave"), health{"Progressing", "InProgress"}},
		"SecondWave":       {goldenStatus(t, "02-second-wave"), health{"Progressing", "InProgress"}},
		"Ready":            {goldenStatus(t, "04-ready"), health{"Healthy", "Current"}},
		"FirstHandshake":   {goldenStatus(t, "22-first-handshake"), health{"Suspended", "InProgress"}},
		"HandshakePending": {goldenStatus(t, "07-handshake-pending"), health{"Suspended", "InProgress"}},
		"PipelineLast":     {goldenStatus(t, "23-pipeline-last"), health{"Progressing", "InProgress"}},
		"TrafficShifting":  {goldenStatus(t, "18-traffic-shifting"), health{"Healthy", "Current"}},
		"ResourceFails":    {goldenStatus(t, "21-resource-fails"), health{"Degraded", "Failed"}},
		"LiveVersionLost":  {goldenStatus(t, "25-live-version-replaced"), health{"Degraded", "Failed"}},
		"Refused":          {refused(), health{"Degraded", "Failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := health{argo(t, tc.status), flux(t, tc.status)}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want, +got:\n%s\n%v", diff, tc.status)
			}
		})
	}
}

// goldenStatus is the status that the XR, and with it the claim, has in a golden case.
func goldenStatus(t *testing.T, name string) map[string]any {
	t.Helper()
	out, err := golden.Case(filepath.Join(root, "test", "render", name)).Expected()
	if err != nil {
		t.Fatal(err)
	}
	// The XR comes first.
	xr, err := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(out))).Read()
	if err != nil {
		t.Fatal(err)
	}
	object := struct {
		Status map[string]any `json:"status"`
	}{}
	if err := yaml.Unmarshal(xr, &object); err != nil || object.Status == nil {
		t.Fatalf("golden case %s has no status: %v", name, err)
	}
	return object.Status
}

// refused is the status of a claim whose pipeline is ready, and whose latest change has a mistake.
func refused() map[string]any {
	return map[string]any{"conditions": []any{
		map[string]any{"type": "Synced", "status": "True", "reason": "ReconcileSuccess"},
		map[string]any{"type": "Ready", "status": "False", "reason": "Creating"},
		map[string]any{"type": v1alpha1.ConditionAccepted, "status": "False", "reason": v1alpha1.ReasonInvalidInput, "message": "wrong"},
	}}
}

// argoHealth is the health check of argocd-cm.yaml, run as Argo CD does: a Lua script that returns the health of obj.
func argoHealth(t *testing.T) func(*testing.T, map[string]any) string {
	t.Helper()
	config := corev1.ConfigMap{}
	if err := yaml.UnmarshalStrict(read(t, "argocd-cm.yaml"), &config); err != nil {
		t.Fatal(err)
	}
	script := config.Data["resource.customizations.health.paymentdelivery.io_PaymentDeliveryPipeline"]
	if script == "" {
		t.Fatal("argocd-cm.yaml has no health check of claims")
	}
	return func(t *testing.T, status map[string]any) string {
		t.Helper()
		l := lua.NewState()
		defer l.Close()
		l.SetGlobal("obj", luaValue(l, map[string]any{"kind": "PaymentDeliveryPipeline", "status": status}))
		if err := l.DoString(script); err != nil {
			t.Fatal(err)
		}
		answer, ok := l.Get(-1).(*lua.LTable)
		if !ok {
			t.Fatalf("the script returns %v", l.Get(-1))
		}
		return answer.RawGetString("status").String()
	}
}

// luaValue is a value of JSON in Lua.
func luaValue(l *lua.LState, value any) lua.LValue {
	switch v := value.(type) {
	case map[string]any:
		table := l.NewTable()
		for key, item := range v {
			table.RawSetString(key, luaValue(l, item))
		}
		return table
	case []any:
		table := l.NewTable()
		for _, item := range v {
			table.Append(luaValue(l, item))
		}
		return table
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	default:
		return lua.LNil
	}
}

// fluxHealth is the health check of flux.yaml, read as Flux does: what is neither failed nor current is in progress
// (https://fluxcd.io/flux/components/kustomize/kustomizations/#health-check-expressions).
func fluxHealth(t *testing.T) func(*testing.T, map[string]any) string {
	t.Helper()
	type check struct {
		Kind    string `json:"kind"`
		Failed  string `json:"failed"`
		Current string `json:"current"`
	}
	kustomization := struct {
		Spec struct {
			HealthCheckExprs []check `json:"healthCheckExprs"`
		} `json:"spec"`
	}{}
	found := check{}
	for r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(read(t, "flux.yaml")))); ; {
		document, err := r.Read()
		if err != nil {
			break
		}
		kustomization.Spec.HealthCheckExprs = nil
		if err := yaml.Unmarshal(document, &kustomization); err != nil {
			t.Fatal(err)
		}
		for _, c := range kustomization.Spec.HealthCheckExprs {
			if c.Kind == "PaymentDeliveryPipeline" {
				found = c
			}
		}
	}
	failed, current := program(t, found.Failed), program(t, found.Current)
	return func(t *testing.T, status map[string]any) string {
		t.Helper()
		switch {
		case failed(t, status):
			return "Failed"
		case current(t, status):
			return "Current"
		default:
			return "InProgress"
		}
	}
}

// program of an expression in CEL about a status.
func program(t *testing.T, expression string) func(*testing.T, map[string]any) bool {
	t.Helper()
	env, err := cel.NewEnv(cel.OptionalTypes(), cel.Variable("status", cel.DynType))
	if err != nil {
		t.Fatal(err)
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		t.Fatal(issues.Err())
	}
	p, err := env.Program(ast)
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, status map[string]any) bool {
		t.Helper()
		answer, _, err := p.Eval(map[string]any{"status": status})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Value() == true
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "examples", "gitops", file))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
