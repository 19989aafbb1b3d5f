package main

import (
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
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

// drawSettingsLike draws EnvironmentConfigs of which the one for the team is as it was, with other tags and what else the test says, or
// is gone. One for all claims, which says less, may be there too.
func drawSettingsLike(t *rapid.T, team map[string]any) map[string]any {
	objects := map[string]any{}
	if team != nil {
		data := teamSettings()
		maybe(t, data, "tags", rapid.Just(map[string]any{"drawn": "team"}))
		maps.Copy(data, team)
		objects["team"] = data
	}
	all := map[string]any{}
	maybe(t, all, "providerConfig", rapid.SampledFrom([]string{"default", "payments", "other"}))
	maybe(t, all, "accountId", rapid.Just(fntest.Account))
	maybe(t, all, "tags", rapid.Just(map[string]any{"drawn": "all"}))
	maybe(t, objects, "all", rapid.Just(all))
	return objects
}

// teamSettings are those that the pipeline is made under.
func teamSettings() map[string]any {
	return map[string]any{"match": map[string]any{"environmentSuffixes": []any{"pr-*"}}, "providerConfig": "payments", "accountId": fntest.Account}
}

// TestSettingsMoveNothing has a pipeline made under settings of the platform team, and then anything become of these. Whatever
// exists stays, in the account where it is.
func TestSettingsMoveNothing(t *testing.T) {
	t.Parallel()
	one := func(t *rapid.T, of ...map[string]any) map[string]any { return rapid.SampledFrom(of).Draw(t, "team") }
	cases := map[string]struct {
		reason string
		draw   func(*rapid.T) map[string]any
		forget bool

		// applied is the reason of the condition SettingsApplied. Empty: any, or a fatal answer.
		applied string
	}{
		"Heeded": {
			reason:  "Settings that fit the pipeline hold.",
			draw:    func(t *rapid.T) map[string]any { return drawSettingsLike(t, map[string]any{}) },
			applied: v1alpha1.ReasonSettingsRead,
		},
		"HeededWithoutMemory": {
			reason:  "They hold whatever the XR remembers.",
			draw:    func(t *rapid.T) map[string]any { return drawSettingsLike(t, map[string]any{}) },
			forget:  true,
			applied: v1alpha1.ReasonSettingsRead,
		},
		"Gone": {
			reason:  "Settings that are gone should hold until they come back.",
			draw:    func(t *rapid.T) map[string]any { return drawSettingsLike(t, nil) },
			applied: v1alpha1.ReasonSettingsMissing,
		},
		"Broken": {
			reason: "So should those that have a mistake now.",
			draw: func(t *rapid.T) map[string]any {
				return drawSettingsLike(t, one(t, map[string]any{"providerConfig": "Not Valid"}, map[string]any{"accountId": "12"}, map[string]any{"match": "broken"}))
			},
			applied: v1alpha1.ReasonSettingsInvalid,
		},
		"Elsewhere": {
			reason: "And those that are for another account now.",
			draw: func(t *rapid.T) map[string]any {
				return drawSettingsLike(t, one(t, map[string]any{"providerConfig": "default"}, map[string]any{"providerConfig": "other"}, map[string]any{"accountId": "999999999999"}))
			},
			applied: v1alpha1.ReasonSettingsElsewhere,
		},
		"Anything":              {reason: "Nothing is moved by any.", draw: drawSettings},
		"AnythingWithoutMemory": {reason: "Nothing is moved by any.", draw: drawSettings, forget: true},
	}
	for name, tc := range cases {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			first := newRequest(minimalSpecMap(), nil)
			first.RequiredResources = settingsObjects(map[string]any{"team": teamSettings()})
			req := makeReady(t, first)
			if tc.forget {
				forget(req)
			}
			req.RequiredResources = settingsObjects(tc.draw(t))
			rsp := runAny(t, req)
			if message := fatal(rsp); message != "" {
				if tc.applied != "" {
					t.Fatalf("%s\nwant everything composed, got %q", tc.reason, message)
				}
				return
			}
			if got := conditionsOf(rsp)[v1alpha1.ConditionSettingsApplied]; tc.applied != "" && got != tc.applied {
				t.Errorf("%s\nwant reason %s of SettingsApplied, got %s", tc.reason, tc.applied, got)
			}
			wantAllToStay(t, req, rsp)
			for name, r := range rsp.GetDesired().GetResources() {
				config := r.GetResource().GetFields()["spec"].GetStructValue().GetFields()["providerConfigRef"].GetStructValue().GetFields()["name"].GetStringValue()
				if config != "payments" {
					t.Errorf("%s\n%q moves to the account of ProviderConfig %q", tc.reason, name, config)
				}
			}
		}))
	}
}

// TestNewRuleStopsNothing has a platform team separate its teams after a pipeline was made which breaks that: the answer is fatal, with what
// the claim must change, and Crossplane leaves all that exists as it is. Once the rule is gone everything is composed again.
func TestNewRuleStopsNothing(t *testing.T) {
	first := newRequest(minimalSpecMap(), nil)
	first.RequiredResources = settingsObjects(map[string]any{"team": teamSettings()})
	req := makeReady(t, first)
	team := teamSettings()
	team["separateTeams"] = true
	req.RequiredResources = settingsObjects(map[string]any{"team": team})
	want := `spec.rollout.analysis.tooFewInvocations: Invalid value: "Pass": the claim must say Fail or Wait ` +
		"(platform setting require.enoughInvocations of EnvironmentConfig team, by separateTeams)"
	if message := fatal(runAny(t, req)); !strings.Contains(message, want) {
		t.Fatalf("want it fatal with %s, got %q", want, message)
	}
	team["allowedRepositories"], team["require"] = []any{"my-org/*"}, map[string]any{"enoughInvocations": false}
	req.RequiredResources = settingsObjects(map[string]any{"team": team})
	wantAllToStay(t, req, runAny(t, req))
}
