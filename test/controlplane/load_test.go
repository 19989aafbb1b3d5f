package controlplane

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

const (
	loadNamespace = "load"

	// idleWindow is how long the control plane is watched once all is ready. Answers live for a minute, so each claim is
	// looked at once.
	idleWindow = time.Minute
	settleTime = 15 * time.Second
)

// TestLoad files many claims at once and prints what that costs.
func TestLoad(t *testing.T) {
	waitFor(t, "no other claim is left", func() bool { return len(list(t)) == 0 }, func() string { return fmt.Sprint(len(list(t)), " XRs") })
	// A function of its own: its CPU time and calls are this test's.
	replace(t, "")
	usage := map[string]plane.Usage{"function": {}}
	processes := map[string]*plane.Process{"function": replica.Process}
	for _, name := range []string{"crossplane-core", "kube-apiserver", "etcd", "kube-controller-manager"} {
		processes[name] = shared.Process(name)
		usage[name] = measure(t, processes[name])
	}

	must(t, shared.Apply(t.Context(), &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: loadNamespace},
	}))
	began := time.Now()
	for i := range *load {
		c := newClaim(t, fmt.Sprintf("load-%03d", i))
		c.SetNamespace(loadNamespace)
		c.SetName(c.suffix)
		must(t, shared.Apply(t.Context(), c.Unstructured))
	}
	t.Logf("%d claims filed in %s", *load, time.Since(began).Round(100*time.Millisecond))
	ready := waitAllReady(t, time.Duration(*load)*10*time.Second+2*time.Minute)
	calls, err := replica.Calls(t.Context())
	must(t, err)

	row := func(what string, value any) { t.Logf("| %-52s | %15v |", what, value) }
	row("claims", *load)
	row("managed resources", len(ready)*len(claim{suffix: "load-000"}.resources(t)))
	row("time until all are Ready", time.Since(began).Round(100*time.Millisecond))
	row("RunFunction calls per claim until Ready", calls / *load)
	for name, process := range processes {
		u := measure(t, process)
		row("CPU seconds of "+name, fmt.Sprintf("%.1f", (u.CPU-usage[name].CPU).Seconds()))
		row("peak memory of "+name+", MiB", u.PeakRSS>>20)
		usage[name] = u
	}
	function := usage["function"]
	row("function CPU per call, ms", fmt.Sprintf("%.1f", function.CPU.Seconds()*1000/float64(calls)))

	// The last answers are still on their way.
	time.Sleep(settleTime)
	t.Logf("nothing happens for %s", idleWindow)
	calls, err = replica.Calls(t.Context())
	must(t, err)
	for name, process := range processes {
		usage[name] = measure(t, process)
	}
	before, err := shared.APIServerMetrics(t.Context())
	must(t, err)
	time.Sleep(idleWindow)
	after, err := shared.APIServerMetrics(t.Context())
	must(t, err)
	idleCalls, err := replica.Calls(t.Context())
	must(t, err)
	minutes := idleWindow.Minutes()
	for _, verb := range []string{"GET", "LIST", "APPLY", "PATCH", "PUT", "POST"} {
		requests := func(m plane.Metrics) float64 {
			return m.Sum("apiserver_request_total", func(labels map[string]string) bool { return labels["verb"] == verb })
		}
		row("idle: "+verb+" requests per claim and minute", fmt.Sprintf("%.1f", (requests(after)-requests(before))/minutes/float64(*load)))
	}
	row("idle: RunFunction calls per claim and minute", fmt.Sprintf("%.1f", float64(idleCalls-calls)/minutes/float64(*load)))
	for name, process := range processes {
		row("idle: "+name+", cores", fmt.Sprintf("%.3f", (measure(t, process).CPU-usage[name].CPU).Seconds()/idleWindow.Seconds()))
	}

	began = time.Now()
	mustKubectl(t, "-n", loadNamespace, "delete", "pdp", "--all", "--timeout=10m")
	row("time until all are deleted", time.Since(began).Round(100*time.Millisecond))
	if left := account.Things(func(thing string) bool { return strings.Contains(thing, "load-") }); len(left) > 0 {
		t.Errorf("%d things are left in AWS, such as %s", len(left), left[0])
	}
}

// waitAllReady and return the claims.
func waitAllReady(t *testing.T, patience time.Duration) []unstructured.Unstructured {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Second) {
		claims := list(t)
		ready := 0
		for i := range claims {
			if plane.Condition(&claims[i], "Ready") == "True" {
				ready++
			}
		}
		if ready == *load {
			return claims
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d are Ready within %s", ready, *load, patience)
		}
	}
}

// list all claims' composite resources.
func list(t *testing.T) []unstructured.Unstructured {
	t.Helper()
	l := &unstructured.UnstructuredList{}
	l.SetGroupVersionKind(xrKind)
	must(t, shared.Client.List(t.Context(), l, &client.ListOptions{}))
	return l.Items
}

func measure(t *testing.T, p *plane.Process) plane.Usage {
	t.Helper()
	u, err := p.Usage()
	must(t, err)
	return u
}
