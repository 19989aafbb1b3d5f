package runtime

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestEveryRuntime checks that each runtime of a claim is of the language and version that its name says.
func TestEveryRuntime(t *testing.T) {
	used := map[Language]bool{}
	for _, name := range fntest.Runtimes(t) {
		r := Of(name)
		used[r.Language()] = true
		if string(r.Language())+r.Version() != name {
			t.Errorf("%s: taken for version %q of %s", name, r.Version(), r.Language())
		}
	}
	for _, l := range Languages() {
		if !used[l] {
			t.Errorf("%s: no claim can have a runtime of it", l)
		}
	}
}

// TestUnknownRuntime checks that a name which the schema lets nobody have breaks nothing.
func TestUnknownRuntime(t *testing.T) {
	if got := Of("cobol85").Language(); got != Node {
		t.Errorf("want Node.js, got %s", got)
	}
}

func TestHandler(t *testing.T) {
	got := map[Language]string{}
	for _, l := range Languages() {
		got[l] = Of(string(l) + "1").Handler("")
	}
	want := map[Language]string{Node: "index.handler", Python: "app.handler", Java: "", Ruby: "app.handler", Provided: "bootstrap"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Handler(): -want, +got:\n%s", diff)
	}
	if got := Of("python3.14").Handler("pay.main"); got != "pay.main" {
		t.Errorf("want the claim's handler, got %q", got)
	}
}
