package claim

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// environmentConfig of the platform team.
func environmentConfig(t *testing.T, name, data string) *structpb.Struct {
	t.Helper()
	return fntest.Struct(t, "{apiVersion: apiextensions.crossplane.io/v1beta1, kind: EnvironmentConfig, metadata: {name: "+name+"}, data: "+data+"}")
}

// TestSettle checks which settings hold for the claim orders in the namespace payments, with the suffix orders-staging.
func TestSettle(t *testing.T) {
	const (
		xr    = "metadata: {labels: {crossplane.io/claim-namespace: payments}}\nspec: {environmentSuffix: orders-staging}\n"
		input = "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, providerConfig: default, tags: {a: input, b: input}}"
		had   = "status: {settings: {from: [payments], values: {providerConfig: payments-prod, tags: {team: payments}}}}\n"
	)
	type args struct {
		xr       string
		input    string
		objects  map[string]string
		existing Existing
	}
	type want struct {
		Values  string
		From    []string
		Origins Origins
		Kept    string
		Reason  string
		Err     string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"InputAlone": {
			reason: "Without any object the Composition's input should hold, as it is.",
			args:   args{xr: xr, input: input},
			want:   want{Values: `{"providerConfig":"default","tags":{"a":"input","b":"input"}}`, Origins: Origins{}},
		},
		"Nothing": {
			reason: "A Composition need not give an input.",
			args:   args{xr: xr},
			want:   want{Values: `{}`, Origins: Origins{}},
		},
		"Layers": {
			reason: "What is for fewer claims should win, value by value, and what is not for this claim should say nothing.",
			args: args{xr: xr, input: input, objects: map[string]string{
				"all":        "{providerConfig: shared, kmsKeyArn: '', tags: {a: all, b: all, c: all, d: all}}",
				"both":       "{match: {namespaces: [payments], environmentSuffixes: [orders-*]}, tags: {a: both}}",
				"namespace":  "{match: {namespaces: [other, pay*]}, providerConfig: payments, tags: {a: namespace, b: namespace}}",
				"stage":      "{match: {environmentSuffixes: ['*-staging']}, providerConfig: staging, tags: {a: stage, b: stage, c: stage}}",
				"others":     "{match: {namespaces: [paymen]}, providerConfig: others, tags: {a: others}}",
				"other-both": "{match: {namespaces: [payments], environmentSuffixes: [orders]}, tags: {a: other-both}}",
				"empty":      "{match: {namespaces: [payments]}}",
			}},
			want: want{
				Values: `{"kmsKeyArn":"","providerConfig":"payments","tags":{"a":"both","b":"namespace","c":"stage","d":"all"}}`,
				From:   []string{"all", "both", "namespace", "stage"},
				Origins: Origins{
					"kmsKeyArn": "EnvironmentConfig all", "providerConfig": "EnvironmentConfig namespace",
					"tags.a": "EnvironmentConfig both", "tags.b": "EnvironmentConfig namespace", "tags.c": "EnvironmentConfig stage", "tags.d": "EnvironmentConfig all",
				},
			},
		},
		"Agreeing": {
			reason: "Two that are for as many claims may say the same.",
			args:   args{xr: xr, objects: map[string]string{"a": "{providerConfig: x}", "b": "{providerConfig: x}"}},
			want:   want{Values: `{"providerConfig":"x"}`, From: []string{"b"}, Origins: Origins{"providerConfig": "EnvironmentConfig b"}},
		},
		"Contradicting": {
			reason: "Two that are for as many claims must not contradict each other: it would be guessed which one counts.",
			args:   args{xr: xr, objects: map[string]string{"a": "{providerConfig: x}", "b": "{providerConfig: z}"}},
			want: want{Err: "contradicting settings: EnvironmentConfig a says providerConfig \"x\", and EnvironmentConfig b says \"z\": " +
				"each is for as many claims as the other, so one of them must not say it"},
		},
		"Broken": {
			reason: "A new pipeline should not begin under settings of which some cannot be read.",
			args:   args{xr: xr, objects: map[string]string{"payments": "{match: {namespaces: [payments]}, accountId: '12'}"}},
			want:   want{Err: `invalid EnvironmentConfig payments: data.accountId: Invalid value: "12": should match '^([0-9]{12})?$'`},
		},
		"BrokenForOthers": {
			reason: "What is for other claims should stop them alone.",
			args:   args{xr: xr, objects: map[string]string{"others": "{match: {namespaces: [others]}, accountId: '12'}"}},
			want:   want{Values: `{}`, Origins: Origins{}},
		},
		"BrokenMatch": {
			reason: "Nobody knows whom it is for.",
			args:   args{xr: xr, objects: map[string]string{"others": "{match: {namespace: others}}"}},
			want:   want{Err: `invalid EnvironmentConfig others: data.match.namespace: Invalid value: unknown field, known are: environmentSuffixes, namespaces`},
		},
		"NoObject": {
			reason: "Data that is no object should be told.",
			args:   args{xr: xr, objects: map[string]string{"payments": "[]"}},
			want:   want{Err: `invalid EnvironmentConfig payments: data: Invalid value: must be an object`},
		},
		"BrokenLater": {
			reason: "A pipeline that has had settings should go on with them.",
			args:   args{xr: xr + had, objects: map[string]string{"payments": "{accountId: '12'}"}},
			want: want{
				Values: `{"providerConfig":"payments-prod","tags":{"team":"payments"}}`, From: []string{"payments"},
				Origins: Origins{"providerConfig": kept, "tags": kept}, Reason: "SettingsInvalid",
				Kept: `invalid EnvironmentConfig payments: data.accountId: Invalid value: "12": should match '^([0-9]{12})?$'`,
			},
		},
		"BrokenInputLater": {
			reason: "A field that is not known may be one that a newer function must heed.",
			args:   args{xr: xr + had, input: "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, accountId: '12'}", objects: map[string]string{"payments": "{}"}},
			want:   want{Err: `invalid PlatformSettings: input.accountId: Invalid value: "12": should match '^([0-9]{12})?$'`},
		},
		"Gone": {
			reason: "Settings whose object has vanished should go on to hold, whatever the input says.",
			args:   args{xr: xr + had, input: input, objects: map[string]string{"another": "{providerConfig: another}"}},
			want: want{
				Values: `{"providerConfig":"payments-prod","tags":{"team":"payments"}}`, From: []string{"payments"},
				Origins: Origins{"providerConfig": kept, "tags": kept}, Reason: "SettingsMissing",
				Kept: "EnvironmentConfig payments: not found, with the label that the Composition asks for: make it again or, if it is to go, " +
					"first empty its data and wait until status.settings.from does not name it",
			},
		},
		"Emptied": {
			reason: "An object that is there and says nothing was emptied on purpose.",
			args:   args{xr: xr + had, input: input, objects: map[string]string{"payments": "{}"}},
			want:   want{Values: `{"providerConfig":"default","tags":{"a":"input","b":"input"}}`, Origins: Origins{}},
		},
		"OtherProviderConfig": {
			reason: "A pipeline should never move to another account.",
			args: args{
				xr: xr + had, existing: Existing{ProviderConfig: "payments-prod"},
				objects: map[string]string{"payments": "{providerConfig: default, tags: {team: others}}"},
			},
			want: want{
				Values: `{"providerConfig":"payments-prod","tags":{"team":"payments"}}`, From: []string{"payments"},
				Origins: Origins{"providerConfig": kept, "tags": kept}, Reason: "SettingsElsewhere",
				Kept: `invalid settings of EnvironmentConfig payments: settings.providerConfig: Invalid value: "default": ` +
					`the pipeline's resources use ProviderConfig payments-prod, and nothing in AWS can move to another account`,
			},
		},
		"OtherProviderConfigForgotten": {
			reason: "Without anything remembered a pipeline should stand still rather than move.",
			args:   args{xr: xr, input: input, existing: Existing{ProviderConfig: "payments-prod"}},
			want: want{Err: `invalid PlatformSettings: input.providerConfig: Invalid value: "default": ` +
				`the pipeline's resources use ProviderConfig payments-prod, and nothing in AWS can move to another account`},
		},
		"NamespaceUnsettled": {
			reason: "A namespace of which nothing is said should get no pipeline, if the platform team wants that.",
			args: args{xr: xr, objects: map[string]string{
				"all": "{require: {namespaceSettings: true}}", "stage": "{match: {environmentSuffixes: [orders-*]}, providerConfig: orders}",
			}},
			want: want{Err: `invalid PaymentDeliveryPipeline: metadata.namespace: Invalid value: "payments": ` +
				`no EnvironmentConfig of the platform team's names it in match.namespaces (platform setting require.namespaceSettings of EnvironmentConfig all)`},
		},
		"NamespaceSettled": {
			reason: "It is enough that something is said.",
			args: args{xr: xr, objects: map[string]string{
				"all": "{require: {namespaceSettings: true}}", "team": "{match: {namespaces: [payments]}, providerConfig: team}",
			}},
			want: want{
				Values: `{"providerConfig":"team","require":{"namespaceSettings":true}}`, From: []string{"all", "team"},
				Origins: Origins{"providerConfig": "EnvironmentConfig team", "require": "EnvironmentConfig all", "require.namespaceSettings": "EnvironmentConfig all"},
			},
		},
		"MatchInInput": {
			reason: "The input is for all claims.",
			args:   args{xr: xr, input: "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, match: {namespaces: [a]}}"},
			want: want{Err: `invalid PlatformSettings: input.match: Invalid value: {"namespaces":["a"]}: ` +
				`the input is for all claims: settings for some of them go into an EnvironmentConfig`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			sources := Sources{}
			if tc.args.input != "" {
				sources.Input = fntest.Struct(t, tc.args.input)
			}
			for name, data := range tc.args.objects {
				sources.Objects = append(sources.Objects, environmentConfig(t, name, data))
			}
			f, err := settle(sources, fntest.Struct(t, tc.args.xr), tc.args.existing)
			got := want{From: f.provenance.Status.From}
			if f.provenance.Status.Values != nil {
				got.Values = string(f.provenance.Status.Values.Raw)
			}
			got.Origins = leavesOf(f.provenance.Origins)
			if f.provenance.Kept != nil {
				got.Kept, got.Reason = f.provenance.Kept.Error(), f.provenance.Kept.Reason
			}
			if err != nil {
				got.Err = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nsettle(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

const kept = "the settings that the pipeline had"

// leavesOf origins, without fields whose values have their own.
func leavesOf(o Origins) Origins {
	if o == nil {
		return nil
	}
	leaves := Origins{}
	for at, name := range o {
		if at != "tags" || len(o) == 2 {
			leaves[at] = name
		}
	}
	return leaves
}

// TestRemembered checks that what is remembered is what holds: after a round through the status nothing changes.
func TestRemembered(t *testing.T) {
	sources := Sources{Objects: []*structpb.Struct{environmentConfig(t, "payments", "{providerConfig: payments, accountId: '111122223333', tags: {a: b}, changeWindows: [{days: [Mon], from: '09:00', to: '10:00'}]}")}}
	xr := fntest.Struct(t, "spec: {environmentSuffix: pr-123}")
	first, err := settle(sources, xr, Existing{})
	if err != nil {
		t.Fatal(err)
	}
	status, err := json.Marshal(map[string]any{"settings": first.provenance.Status})
	if err != nil {
		t.Fatal(err)
	}
	then, err := settle(Sources{}, fntest.Struct(t, `{"spec": {"environmentSuffix": "pr-123"}, "status": `+string(status)+`}`), Existing{ProviderConfig: "payments", Account: "111122223333"})
	if err != nil {
		t.Fatal(err)
	}
	if then.provenance.Kept == nil {
		t.Error("it is not told that the object has vanished")
	}
	if diff := cmp.Diff(first.platform, then.platform); diff != "" {
		t.Errorf("other settings hold now: -before, +after:\n%s", diff)
	}
	if diff := cmp.Diff(first.provenance.Status, then.provenance.Status); diff != "" {
		t.Errorf("others are remembered now: -before, +after:\n%s", diff)
	}
}
