package claim

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestSeparateTeams checks what the preset sets, and that whatever a platform team says itself wins.
func TestSeparateTeams(t *testing.T) {
	const xr = "metadata: {labels: {crossplane.io/claim-namespace: payments}}\nspec: {environmentSuffix: orders}"
	settled := func(t *testing.T, objects ...string) found {
		t.Helper()
		sources := Sources{}
		for i, data := range objects {
			sources.Objects = append(sources.Objects, environmentConfig(t, string(rune('a'+i)), data))
		}
		f, err := settle(sources, fntest.Struct(t, xr), Existing{})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	t.Run("Sets", func(t *testing.T) {
		f := settled(t, "{separateTeams: true}")
		for _, r := range rules {
			if set := !r.setting(reflect.ValueOf(f.platform)).IsZero(); set != (r.separate != nil) {
				t.Errorf("%s: want it set: %t, got %t", r.name, r.separate != nil, set)
			}
		}
		if got := string(f.origins().rule("allowedSecretArns")); got != "platform setting allowedSecretArns of EnvironmentConfig a, by separateTeams" {
			t.Errorf("want to be told whose rule it is, got %s", got)
		}
		if got := string(f.provenance.Status.Values.Raw); got != `{"separateTeams":true}` {
			t.Errorf("want remembered what was said, got %s", got)
		}
	})
	t.Run("SaidWins", func(t *testing.T) {
		f := settled(t, "{separateTeams: true, allowedSubnetIds: [subnet-a], allowedAlarms: [], require: {maxErrorPercent: 0, noFunctionUrl: false, approval: true}}",
			"{match: {namespaces: [payments]}, allowedTagKeys: [team]}")
		type values struct {
			Subnets, Alarms, Tags []string
			Require               v1beta1.Require
		}
		want := values{[]string{"subnet-a"}, []string{}, []string{"team"}, v1beta1.Require{
			Approval: true, Analysis: true, BakeMinutes: 10, EnoughInvocations: true, MaxMinInvocations: 100, MaxThrottlePercent: 10, MaxFirstStepPercent: 50,
			MaxAlarmErrorPercent: 20, MaxAlarmMinutes: 30, Alarms: true, NoBuildCache: true,
		}}
		got := values{f.platform.AllowedSubnetIDs, f.platform.AllowedAlarms, f.platform.AllowedTagKeys, f.platform.Require}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
		if got := string(f.origins().rule("allowedTagKeys")); got != "platform setting allowedTagKeys of EnvironmentConfig b" {
			t.Errorf("want to be told whose rule it is, got %s", got)
		}
	})
	t.Run("NotForOthers", func(t *testing.T) {
		f := settled(t, "{separateTeams: true}", "{match: {namespaces: [payments]}, separateTeams: false}")
		if f.preset != nil || f.platform.AllowedSecretARNs != nil {
			t.Errorf("want nothing set for a namespace that is excepted, got %v", f.preset)
		}
	})
	t.Run("InInput", func(t *testing.T) {
		input := fntest.Struct(t, "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, separateTeams: true}")
		_, err := Read(Sources{Input: input}, fntest.Struct(t, "metadata: {labels: {crossplane.io/claim-namespace: payments}}\n"+fntest.Spec+"  service: {functionUrl: {}}\n  rollout: {analysis: {tooFewInvocations: Fail}}"), Existing{})
		want := `invalid PaymentDeliveryPipeline: [spec.source.repository: Unsupported value: "my-org/my-repo": supported values: "*/payments", "*/payments.*", "*/payments_*" (platform setting allowedRepositories of the Composition's input, by separateTeams), ` +
			`spec.service.functionUrl: Invalid value: the claim must say nothing here (platform setting require.noFunctionUrl of the Composition's input, by separateTeams)]`
		if err == nil || err.Error() != want {
			t.Errorf("want %s\ngot  %v", want, err)
		}
	})
	t.Run("Remembered", func(t *testing.T) {
		had := xr + "\nstatus: {settings: {from: [a], values: {separateTeams: true}}}"
		f, err := settle(Sources{Objects: []*structpb.Struct{}}, fntest.Struct(t, had), Existing{})
		if err != nil {
			t.Fatal(err)
		}
		if f.provenance.Kept == nil || len(f.platform.AllowedSecretARNs) == 0 {
			t.Errorf("want teams kept apart when the object is gone, got %v", f.platform.AllowedSecretARNs)
		}
	})
}
