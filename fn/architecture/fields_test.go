package architecture

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// examplePipeline is that of a claim in examples/claims.
func examplePipeline(t *testing.T, file string) Pipeline {
	t.Helper()
	spec, errs := claim.ReadSpec(fntest.Struct(t, fntest.File(t, filepath.Join("../../examples/claims", file))))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return newTestPipeline(t, func(p *Pipeline) { p.Spec = spec })
}

// TestEveryFieldIsRead changes each field of a claim, one after the other. Something must change in what the pipeline is made of.
func TestEveryFieldIsRead(t *testing.T) {
	bases := []Pipeline{
		examplePipeline(t, "full.yaml"), examplePipeline(t, "change-windows.yaml"), examplePipeline(t, "hooks.yaml"), examplePipeline(t, "rust.yaml"),
		newTestPipeline(t, everything), newTestPipeline(t, builtWithEverything), newTestPipeline(t, promotedFromDev),
	}
	var unread []string
	for path, field := range fntest.Fields(reflect.TypeFor[v1alpha1.PaymentDeliveryPipelineSpec]()) {
		if !slices.ContainsFunc(bases, func(p Pipeline) bool { return reads(t, p, path, field) }) {
			unread = append(unread, path)
		}
	}
	// A dry run is about what is done with resources, and not which there are.
	if diff := cmp.Diff([]string{"dryRun"}, unread); diff != "" {
		t.Errorf("no builder reads these fields: -want, +got:\n%s", diff)
	}
}

// reads reports whether anything of the pipeline changes with a field of its claim. A value that the schema refuses may lead to nothing,
// such as a rollout without steps: who panics has read it.
func reads(t *testing.T, p Pipeline, path string, field reflect.Type) (reads bool) {
	t.Helper()
	defer func() { reads = reads || recover() != nil }()
	before := desiredOf(t, p)
	return slices.ContainsFunc(fntest.Variants(t, p.Spec, path, field), func(spec v1alpha1.PaymentDeliveryPipelineSpec) bool {
		changed := p.Claim
		changed.Spec = spec
		return !cmp.Equal(p.Spec, spec) && !cmp.Equal(before, desiredOf(t, newTestPipeline(t, func(p *Pipeline) { p.Claim = changed })))
	})
}

// named are resources of which a claim may have any number, and each is called by what the claim says of it.
var named = []resource.Name{
	"alarm-topic-subscription-", "deployment-config-", "event-permission-", "event-rule-", "event-source-", "event-target-", "live-invoker-", "live-url-invoker-",
}

// TestEverythingHasAllResources checks that what the tests here take for everything has each resource that an example has: an optional
// part that it does not turn on would have no locked identity, and no key.
func TestEverythingHasAllResources(t *testing.T) {
	has := buildAll(newTestPipeline(t, everything).Resources())
	maps.Copy(has, buildAll(newTestPipeline(t, everything, promotedFromDev).Resources()))
	files, err := filepath.Glob("../../examples/claims/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find examples: %v", err)
	}
	for _, file := range files {
		for name := range buildAll(examplePipeline(t, filepath.Base(file)).Resources()) {
			isNamed := slices.ContainsFunc(named, func(prefix resource.Name) bool { return strings.HasPrefix(string(name), string(prefix)) })
			if _, found := has[name]; !found && !isNamed {
				t.Errorf("%s has %s: want it in everything too", file, name)
			}
		}
	}
	for _, prefix := range named {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(has)), func(name resource.Name) bool { return strings.HasPrefix(string(name), string(prefix)) }) {
			t.Errorf("everything has no %s...", prefix)
		}
	}
}
