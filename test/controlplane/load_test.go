package controlplane

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

const (
	loadNamespace = "load"

	// settleTime is how long answers live that the function gave before all was ready, and some more.
	settleTime = 75 * time.Second

	// maxIdleCalls is how often the function may be called for a claim that nothing happens to, in a minute. An answer
	// lives for ten.
	maxIdleCalls = 0.5
)

// TestLoad files many claims at once and prints what that costs, first until all are Ready and then while nothing happens.
func TestLoad(t *testing.T) {
	environment.WaitFor(t, "no other claim is left", func() bool { return len(list(t)) == 0 }, func() string { return fmt.Sprint(len(list(t)), " XRs") })
	// A function of its own: its CPU time and calls are this test's.
	replace(t, "")
	filed := takeCosts(t)
	fileClaims(t)
	waitAllReady(t, time.Duration(*load)*10*time.Second+2*time.Minute)
	ready := takeCosts(t)

	row("claims", *load)
	row("managed resources", *load*len(claims.Claim{Environment: environment, Suffix: "load-000"}.Resources(t)))
	row("s until all are Ready", ready.at.Sub(filed.at).Seconds())
	row("calls of the function for each claim", perClaim(ready.calls-filed.calls))
	row("requests to the API server for each claim", perClaim(ready.total()-filed.total()))
	for _, name := range processNames {
		row(name+": CPU seconds", (ready.usage[name].CPU - filed.usage[name].CPU).Seconds())
		row(name+": peak memory, MiB", float64(ready.usage[name].PeakRSS>>20))
	}
	row("function: CPU for a call, ms", ready.usage[processFunction].CPU.Seconds()*1000/ready.calls)

	time.Sleep(settleTime)
	began := takeCosts(t)
	time.Sleep(*idle)
	ended := takeCosts(t)
	minutes := ended.at.Sub(began.at).Minutes()
	row("idle: minutes", minutes)
	row("idle: requests to the API server", ended.total()-began.total())
	for _, verb := range verbs {
		row("idle: "+verb+" requests for each claim and minute", perClaim(ended.requests[verb]-began.requests[verb])/minutes)
	}
	calls := perClaim(ended.calls-began.calls) / minutes
	row("idle: calls of the function for each claim and minute", calls)
	for _, name := range processNames {
		row("idle: "+name+", cores", (ended.usage[name].CPU-began.usage[name].CPU).Seconds()/minutes/60)
	}
	if calls > maxIdleCalls {
		t.Errorf("while nothing happened the function was called %.1f times for each claim and minute, want at most %.1f", calls, maxIdleCalls)
	}

	deleted := time.Now()
	mustKubectl(t, "-n", loadNamespace, "delete", "pdp", "--all", "--timeout=20m")
	row("s until all are deleted", time.Since(deleted).Seconds())
	if left := account.AWS.Things("load-"); len(left) > 0 {
		t.Errorf("%d things are left in AWS, such as %s", len(left), left[0])
	}
}

// row of the table of costs.
func row[T int | float64](what string, value T) {
	fmt.Printf("| %-58s | %12.4g |\n", what, float64(value))
}

func perClaim(n float64) float64 {
	return n / float64(*load)
}

// fileClaims as fast as the API server takes them.
func fileClaims(t *testing.T) {
	t.Helper()
	claims.Must(t, shared.Apply(t.Context(), &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: loadNamespace},
	}))
	for i := range *load {
		c := newClaim(t, fmt.Sprintf("load-%03d", i))
		c.SetNamespace(loadNamespace)
		c.SetName(c.Suffix)
		claims.Must(t, shared.Apply(t.Context(), c.Unstructured))
	}
}

// waitAllReady, of the claims of this test.
func waitAllReady(t *testing.T, patience time.Duration) {
	t.Helper()
	ready := 0
	for deadline := time.Now().Add(patience); ready < *load; time.Sleep(time.Second) {
		ready = 0
		for _, xr := range list(t) {
			if plane.Condition(&xr, "Ready") == "True" {
				ready++
			}
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
	l.SetGroupVersionKind(claims.XRKind)
	claims.Must(t, shared.Client.List(t.Context(), l, &client.ListOptions{}))
	return l.Items
}

const processFunction = "function"

var (
	// processNames of what costs are taken of.
	processNames = []string{processFunction, "crossplane-core", "kube-apiserver", "etcd", "kube-controller-manager"}

	// verbs of requests to the API server. A watch is one request however long it lasts.
	verbs = []string{"GET", "LIST", "APPLY", "PATCH", "PUT", "POST", "DELETE"}
)

// Costs are what all processes have used since they were started.
type costs struct {
	at       time.Time
	calls    float64
	usage    map[string]process.Usage
	requests map[string]float64
}

func takeCosts(t *testing.T) costs {
	t.Helper()
	calls, err := replica.Calls(t.Context())
	claims.Must(t, err)
	c := costs{at: time.Now(), calls: float64(calls), usage: map[string]process.Usage{}, requests: map[string]float64{}}
	for _, name := range processNames {
		child := shared.Process(name)
		if name == processFunction {
			child = replica.Process
		}
		c.usage[name], err = child.Usage()
		claims.Must(t, err)
	}
	metrics, err := shared.APIServerMetrics(t.Context())
	claims.Must(t, err)
	for _, verb := range verbs {
		c.requests[verb] = metrics.Sum("apiserver_request_total", func(labels map[string]string) bool { return labels["verb"] == verb })
	}
	return c
}

// total of all requests to the API server.
func (c costs) total() float64 {
	sum := 0.0
	for _, n := range c.requests {
		sum += n
	}
	return sum
}
