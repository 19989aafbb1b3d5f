package main

import (
	"testing"

	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// settingsObjects are EnvironmentConfigs by their names, as Crossplane sends them.
func settingsObjects(objects map[string]any) map[string]*fnv1.Resources {
	sent := &fnv1.Resources{}
	for name, data := range objects {
		sent.Items = append(sent.Items, &fnv1.Resource{Resource: mustStruct(map[string]any{
			"apiVersion": "apiextensions.crossplane.io/v1beta1", "kind": "EnvironmentConfig",
			"metadata": map[string]any{"name": name}, "data": data,
		})})
	}
	return map[string]*fnv1.Resources{requiredSettings: sent}
}

// drawSettings draws EnvironmentConfigs that are there, gone, broken, for others, or say something else.
func drawSettings(t *rapid.T) map[string]any {
	objects := map[string]any{}
	for _, name := range []string{"all", "team"} {
		data := map[string]any{}
		maybe(t, data, "providerConfig", rapid.SampledFrom([]string{"default", "payments", "other", "Not Valid"}))
		maybe(t, data, "accountId", rapid.SampledFrom([]string{fntest.Account, "999999999999", "12"}))
		maybe(t, data, "tags", rapid.Just(map[string]any{"drawn": name}))
		maybe(t, data, "match", rapid.SampledFrom([]any{map[string]any{"environmentSuffixes": []any{"nobody"}}, map[string]any{"environmentSuffixes": []any{"*"}}, "broken"}))
		if rapid.Bool().Draw(t, name+" is there") {
			objects[name] = data
		}
	}
	return objects
}

// TestSettingsMoveNothing has a pipeline made under settings of the platform team, and then anything become of these. Whatever
// exists stays, in the account where it is.
func TestSettingsMoveNothing(t *testing.T) {
	t.Parallel()
	composed, kept := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		req := newRequest(map[string]any{
			"environmentSuffix": "pr-123",
			"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
		}, nil)
		req.RequiredResources = settingsObjects(map[string]any{
			"team": map[string]any{"match": map[string]any{"environmentSuffixes": []any{"pr-*"}}, "providerConfig": "payments", "accountId": fntest.Account},
		})
		makeReady(t, req)
		if rapid.IntRange(0, 3).Draw(t, "status") == 0 {
			delete(req.GetObserved().GetComposite().GetResource().GetFields(), "status")
		}
		req.RequiredResources = settingsObjects(drawSettings(t))
		rsp := runAny(t, req)
		if fatal(rsp) != "" {
			return
		}
		composed++
		if conditionsOf(rsp)["SettingsApplied"] != "SettingsRead" {
			kept++
		}
		for _, name := range exist(req) {
			r := rsp.GetDesired().GetResources()[name]
			if r == nil {
				t.Fatalf("%q exists and is no longer desired, which deletes it", name)
			}
			config := r.GetResource().GetFields()["spec"].GetStructValue().GetFields()["providerConfigRef"].GetStructValue().GetFields()["name"].GetStringValue()
			if config != "payments" {
				t.Fatalf("%q moves to the account of ProviderConfig %q", name, config)
			}
		}
	})
	if composed < 10 || kept < 5 || kept == composed {
		t.Errorf("%d cases were composed, of which %d kept what they had: that tells too little", composed, kept)
	}
}
