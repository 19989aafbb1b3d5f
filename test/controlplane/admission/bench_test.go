package admission

import (
	"context"
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// xrs that exist while it is measured.
const xrs = 500

// BenchmarkRecreationPolicy measures what Crossplane's calls cost the API server while there are many composite resources: to create a managed
// resource, and to apply the references of a composite resource before that. It does so without a policy, with the product's, and with one
// that does the same by parameters.
func BenchmarkRecreationPolicy(b *testing.B) {
	define(b)
	dying := newXR(b, "dying")
	must(b, shared.Client.Delete(b.Context(), dying))
	living := newXR(b, "living")
	for i := range xrs - 2 {
		newXR(b, fmt.Sprintf("xr-%03d", i))
	}

	for _, tc := range []struct {
		name    string
		install func(tb testing.TB)

		// refused is what the policy denies, once it is in force.
		refused func(ctx context.Context) error
	}{
		{name: "None", install: func(testing.TB) {}},
		{
			name:    "Shipped",
			install: installPolicy,
			refused: func(ctx context.Context) error { return apply(ctx, managerComposite, references(dying)) },
		},
		{
			name:    "ByParameters",
			install: func(tb testing.TB) { tb.Helper(); install(tb, "testdata/parameters.yaml") },
			refused: func(ctx context.Context) error {
				return apply(ctx, managerComposed, newRole("probe", dying), client.DryRunAll)
			},
		},
	} {
		b.Run(tc.name, func(b *testing.B) {
			tc.install(b)
			if tc.refused != nil {
				eventually(b, "the policy is in force", func(ctx context.Context) bool { return tc.refused(ctx) != nil })
			}
			b.Run("Create", func(b *testing.B) {
				n := 0
				measure(b, func() *unstructured.Unstructured { n++; return newRole(fmt.Sprintf("role-%d", n), living) }, managerComposed)
				deleteRoles(b)
			})
			b.Run("References", func(b *testing.B) {
				measure(b, func() *unstructured.Unstructured { return references(living, "role") }, managerComposite)
			})
		})
	}
}

// measure what it costs the API server to apply an object.
func measure(b *testing.B, next func() *unstructured.Unstructured, manager string) {
	b.Helper()
	server := shared.Process("kube-apiserver")
	before, err := server.Usage()
	must(b, err)
	for b.Loop() {
		must(b, apply(b.Context(), manager, next()))
	}
	after, err := server.Usage()
	must(b, err)
	b.ReportMetric(float64((after.CPU-before.CPU).Microseconds())/float64(b.N)/1000, "server-cpu-ms/op")
	b.ReportMetric(float64(after.PeakRSS>>20), "server-peak-MiB")
}

func deleteRoles(b *testing.B) {
	b.Helper()
	r := &unstructured.Unstructured{}
	r.SetGroupVersionKind(role.GroupVersionKind())
	must(b, shared.Client.DeleteAllOf(context.WithoutCancel(b.Context()), r, client.PropagationPolicy("Background")))
}
