package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// synced is a resource's status with its condition Synced, and what the provider tells of it.
func synced(status, message, atProvider string) string {
	return `"status": {"conditions": [{"type": "Synced", "status": "` + status + `", "message": "` + message + `"}]` + atProvider + `}`
}

func TestOf(t *testing.T) {
	const observing = `"spec": {"managementPolicies": ["Observe"]}, `
	seen := map[string]string{
		"missing":    observing + synced("False", "observe failed: external resource does not exist", ""),
		"same":       observing + synced("True", "", `, "atProvider": {"memorySize": 512}`),
		"other":      observing + synced("True", "", `, "atProvider": {"memorySize": 128}`),
		"unresolved": observing + synced("False", "cannot resolve references: mg.Spec.ForProvider.Role: referenced field was empty", ""),
		"failing":    observing + synced("False", "observe failed: AccessDenied", `, "atProvider": {"memorySize": 512}`),
		"untold":     observing + synced("True", "", ""),
		"empty":      observing + synced("True", "", `, "atProvider": {}`),
		// The provider says whether it could look when it is done.
		"looking": observing + `"status": {"atProvider": {"memorySize": 128}}`,
		// Its provider may create it, and has only not done so yet.
		"creating": `"spec": {"managementPolicies": ["Observe", "Create"]}, ` + synced("False", "observe failed: external resource does not exist", ""),
	}
	architecture, observed := []compose.Resource{}, map[string]*fnv1.Resource{}
	asked := compose.State{
		Desired:  map[resource.Name]*fnv1.Resource{},
		Waiting:  []compose.Waiting{{Name: "waiting", For: compose.Fact{Text: "the id"}}},
		Deferred: []resource.Name{"deferred"},
	}
	for _, name := range []resource.Name{"waiting", "deferred", "missing", "same", "other", "unresolved", "failing", "untold", "empty", "looking", "creating", "unseen"} {
		architecture = append(architecture, compose.Resource{Name: name})
		if json, ok := seen[string(name)]; ok {
			observed[string(name)] = &fnv1.Resource{Resource: resource.MustStructJSON(`{` + function + `, ` + json + `}`)}
		}
		if name != "waiting" && name != "deferred" {
			asked.Desired[name] = &fnv1.Resource{Resource: resource.MustStructJSON(`{` + function + `, "spec": {"managementPolicies": ` + anything + `, "forProvider": {"memorySize": 512}}}`)}
		}
	}
	want := Plan{
		Create: []resource.Name{"missing"},
		Change: []Change{{Name: "other", Fields: []string{"memorySize: 128 -> 512"}}},
		Same:   1,
		Unknown: []Unknown{
			{Name: "waiting", Because: "it waits for the id"},
			{Name: "deferred", Because: becauseDeferred},
			{Name: "unresolved", Because: becauseUnresolved},
			{Name: "failing", Because: becauseFails},
			{Name: "untold", Because: becauseNotLooked},
			{Name: "empty", Because: becauseNotLooked},
			{Name: "looking", Because: becauseNotLooked},
			{Name: "creating", Because: becauseFails},
			{Name: "unseen", Because: becauseNotLooked},
		},
	}
	got := Of(architecture, asked, compose.Observation{Resources: observed})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Of(...): -want, +got:\n%s", diff)
	}
	if got.Complete() {
		t.Error("Complete(): want it incomplete while the provider has something to look at")
	}
	got.Unknown = got.Unknown[:4]
	if !got.Complete() {
		t.Error("Complete(): want it complete when the provider can look at no more")
	}
}
