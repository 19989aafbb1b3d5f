package main

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
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

		// applied is the reason of the condition SettingsApplied. Empty: any, or the claim is refused.
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
			if message := whyRefused(rsp); message != "" {
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

// TestNewRuleStopsNothing has a platform team separate its teams after a pipeline was made which breaks that: the claim is refused, with what
// it must change, and all that exists stays as it is. Once the rule is gone everything is composed again.
func TestNewRuleStopsNothing(t *testing.T) {
	first := newRequest(minimalSpecMap(), nil)
	first.RequiredResources = settingsObjects(map[string]any{"team": teamSettings()})
	req := makeReady(t, first)
	team := teamSettings()
	team["separateTeams"] = true
	req.RequiredResources = settingsObjects(map[string]any{"team": team})
	want := `spec.rollout.analysis.tooFewInvocations: Invalid value: "Pass": the claim must say Fail or Wait ` +
		"(platform setting require.enoughInvocations of EnvironmentConfig team, by separateTeams)"
	if message := whyRefused(runAny(t, req)); !strings.Contains(message, want) {
		t.Fatalf("want it refused with %s, got %q", want, message)
	}
	team["allowedRepositories"], team["require"] = []any{"my-org/*"}, map[string]any{"enoughInvocations": false}
	req.RequiredResources = settingsObjects(map[string]any{"team": team})
	wantAllToStay(t, req, runAny(t, req))
}

// TestNothingWithoutSettings leaves out the platform team's settings, as Crossplane does for a Composition that does not ask for them. The
// function must ask itself, and leave everything as it is until it has an answer. A fatal answer would end the asking.
func TestNothingWithoutSettings(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*rapid.T) *fnv1.RunFunctionRequest{
		"Nothing":  func(t *rapid.T) *fnv1.RunFunctionRequest { return newRequest(drawSpec(t, drawRegion(t)), nil) },
		"Pipeline": drawReady,
		"Damaged": func(t *rapid.T) *fnv1.RunFunctionRequest {
			req := drawReady(t)
			drawDamage(t, req)
			return req
		},
		"Forgotten": func(t *rapid.T) *fnv1.RunFunctionRequest {
			req := drawReady(t)
			forget(req)
			return req
		},
		"InvalidClaim": func(t *rapid.T) *fnv1.RunFunctionRequest {
			req := drawReady(t)
			req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = structpb.NewStringValue("none")
			return req
		},
	}
	for name, draw := range cases {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			req := draw(t)
			req.RequiredResources = nil
			rsp := runAny(t, req)
			if message := whyRefused(rsp); message != "" {
				t.Fatalf("want Crossplane to send the settings, got the claim refused: %q", message)
			}
			if rsp.GetRequirements().GetResources()[requiredSettings] == nil {
				t.Fatalf("want the settings to be asked for, got %v", rsp.GetRequirements())
			}
			wantUnchanged(t, req, rsp)
			if got := conditionsOf(rsp); len(got) != 1 || got[v1alpha1.ConditionSettingsApplied] != v1alpha1.ReasonSettingsAwaited {
				t.Errorf("want nothing told but %s, got %v", v1alpha1.ReasonSettingsAwaited, got)
			}
			if got := rsp.GetDesired().GetComposite().GetReady(); got != fnv1.Ready_READY_FALSE {
				t.Errorf("want an XR that is not ready, got %s", got)
			}
		}))
	}
}

// wantUnchanged wants all that exists to be desired as it is, and nothing else.
func wantUnchanged(t rapid.TB, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	if diff := cmp.Diff(exist(req), desiredIn(rsp)); diff != "" {
		t.Fatalf("-want to stay, +got:\n%s", diff)
	}
	for name, r := range req.GetObserved().GetResources() {
		was, is := object(r), object(rsp.GetDesired().GetResources()[name])
		if diff := cmp.Diff(was.Object["spec"], is.Object["spec"]); diff != "" {
			t.Errorf("spec of %q: -want, +got:\n%s", name, diff)
		}
		type identity struct{ Kind, Name, External, Again string }
		of := func(u *unstructured.Unstructured) identity {
			annotations := u.GetAnnotations()
			return identity{u.GroupVersionKind().String(), u.GetName(), annotations["crossplane.io/external-name"], annotations["crossplane.io/external-create-failed"]}
		}
		if diff := cmp.Diff(of(was), of(is)); diff != "" {
			t.Errorf("%q: -want, +got:\n%s", name, diff)
		}
	}
	was, is := object(req.GetObserved().GetComposite()), object(rsp.GetDesired().GetComposite())
	status, _ := is.Object["status"].(map[string]any)
	for _, name := range []string{"settings", "release", "accountId"} {
		before, _, _ := unstructured.NestedFieldNoCopy(was.Object, "status", name)
		if diff := cmp.Diff(before, status[name]); diff != "" {
			t.Errorf("status.%s: -want, +got:\n%s", name, diff)
		}
	}
}

// TestSettingsOfTheFunction has Crossplane call the function for Compositions that ask for the settings, for none, or for others. Those
// that the function asks for must hold, and it must not ask for ever.
func TestSettingsOfTheFunction(t *testing.T) {
	t.Parallel()
	const region = "us-east-1"
	platform := settingsObjects(map[string]any{"team": map[string]any{"allowedRegions": []any{"eu-central-1"}}})
	cases := map[string]map[string]*fnv1.Resources{
		"CompositionAsks":           platform,
		"CompositionAsksNothing":    nil,
		"CompositionAsksForNone":    settingsObjects(nil),
		"CompositionAsksForOthers":  settingsObjects(map[string]any{"others": map[string]any{"allowedRegions": []any{region}}}),
		"CompositionAsksUnderAName": {"settings": platform[requiredSettings]},
	}
	for name, byComposition := range cases {
		t.Run(name, func(t *testing.T) {
			spec := minimalSpecMap()
			spec["region"] = region
			req := newRequest(spec, nil)
			req.RequiredResources = byComposition
			rsp, err := callAsCrossplane(t.Context(), req, func(selector *fnv1.ResourceSelector) *fnv1.Resources {
				if selector.GetKind() == "EnvironmentConfig" && selector.GetMatchLabels().GetLabels()["paymentdelivery.io/platform-settings"] == "true" {
					return platform[requiredSettings]
				}
				return &fnv1.Resources{}
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := whyRefused(rsp); !strings.Contains(got, "allowedRegions of EnvironmentConfig team") {
				t.Errorf("want the claim refused by the platform team's rule, got %q", got)
			}
		})
	}
}

// TestNoSettingsIsAnAnswer checks that a cluster without any settings makes pipelines, and that asking for them comes to an end.
func TestNoSettingsIsAnAnswer(t *testing.T) {
	t.Parallel()
	req := newRequest(minimalSpecMap(), nil)
	req.RequiredResources = nil
	rsp, err := callAsCrossplane(t.Context(), req, func(*fnv1.ResourceSelector) *fnv1.Resources { return &fnv1.Resources{} })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{string(functionRole)}, desiredIn(rsp)); diff != "" {
		t.Errorf("-want, +got desired:\n%s", diff)
	}
}
