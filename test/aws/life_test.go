package aws

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

var (
	update = flag.Bool("update", false, "Rewrite testdata.")
	idle   = flag.Duration("idle", 10*time.Minute, "How long TestIdle watches.")
)

// TestIdle has the smallest and the full claim made, and then sees for a while that nobody does anything.
func TestIdle(t *testing.T) {
	smallest := environment.New(t, "examples/claims/minimal.yaml", "smallest")
	full := newFull(t, "complete")
	smallest.File(t)
	full.File(t)
	authorise(t, smallest)
	smallest.WaitReady(t)
	full.WaitReady(t)
	if !settle(90 * time.Second) {
		t.Fatalf("AWS is still written to %s after both claims are Ready:\n%s", patience, lines(routes.Writes(time.Now().Add(-time.Minute))))
	}
	synced(t)
	for _, c := range []claims.Claim{smallest, full} {
		golden(t, c.Suffix, holdings(t, c).Normal(c.Suffix))
	}

	before, since := generations(t), time.Now()
	time.Sleep(*idle)
	if writes := routes.Writes(since); len(writes) > 0 {
		t.Errorf("in %s AWS was written to:\n%s", *idle, lines(writes))
	}
	if diff := cmp.Diff(before, generations(t)); diff != "" {
		t.Errorf("in %s objects in the cluster were written: -before, +after:\n%s", *idle, diff)
	}
	t.Logf("%s: %d calls of AWS, none of which wrote, for %d managed resources", *idle, len(routes.Calls(since)), len(before))
	if len(routes.Calls(since)) == 0 {
		t.Error("the provider has not even looked")
	}
}

// synced checks that the provider is content with every managed resource: one that is Ready may all the same be what the provider
// would change, and cannot.
func synced(t *testing.T) {
	t.Helper()
	for _, gvk := range environment.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		claims.Must(t, shared.Client.List(t.Context(), l))
		for i := range l.Items {
			if status, _, message := claims.Condition(&l.Items[i], "Synced"); status != "True" {
				t.Errorf("%s %s is not synced: %s", gvk.Kind, l.Items[i].GetName(), message)
			}
		}
	}
}

// golden compares with a file that a person has read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".json")
	if *update {
		claims.Must(t, os.MkdirAll("testdata", 0o755))
		claims.Must(t, os.WriteFile(file, []byte(got+"\n"), 0o600))
	}
	want, err := os.ReadFile(file)
	claims.Must(t, err)
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("what AWS has is not what is in %s: -want, +got:\n%s", file, diff)
	}
}

// generations of all managed resources, and of all claims and XRs.
func generations(t *testing.T) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	for _, gvk := range append(slices.Clone(environment.Kinds), claims.Kind, claims.XRKind) {
		l := &metav1.PartialObjectMetadataList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		claims.Must(t, shared.Client.List(t.Context(), l))
		for i := range l.Items {
			found[gvk.Kind+" "+l.Items[i].GetNamespace()+"/"+l.Items[i].GetName()] = l.Items[i].GetGeneration()
		}
	}
	return found
}

// things of a pipeline, by name.
func things(h account.Holdings) []string {
	return slices.Sorted(maps.Keys(h))
}

func lines[T interface{ String() string }](items []T) string {
	texts := []string{}
	for _, item := range items {
		texts = append(texts, item.String())
	}
	return strings.Join(texts, "\n")
}
