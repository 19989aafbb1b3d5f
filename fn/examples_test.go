package main

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// filesOf are the files of a folder of examples.
func filesOf(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "examples", folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find examples in %q: %v", folder, err)
	}
	return files
}

func TestExampleClaims(t *testing.T) {
	checkExamples(t, "claims", claim.Kind)
}

func TestExamplePipelines(t *testing.T) {
	checkExamples(t, "pipelines", v1alpha1.KindNamespaced)
}

// checkExamples of a kind, in a folder.
func checkExamples(t *testing.T, folder, kind string) {
	t.Helper()
	type manifest struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
	}
	want := manifest{APIVersion: "paymentdelivery.io/v1alpha1", Kind: kind}
	want.Metadata.Namespace = "payments"

	suffixes := map[string]string{}
	for _, file := range filesOf(t, folder) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			y := fntest.File(t, file)
			got := manifest{}
			if err := yaml.Unmarshal([]byte(y), &got); err != nil {
				t.Fatalf("cannot parse claim: %v", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("an example is a claim in namespace payments: -want, +got:\n%s", diff)
			}

			spec, errs := claim.ReadSpec(fntest.Struct(t, y))
			if len(errs) > 0 {
				t.Fatalf("an example must be valid: %v", errs)
			}
			if other, taken := suffixes[spec.EnvironmentSuffix]; taken {
				t.Errorf("all examples must fit into one account, but %s has the same suffix", other)
			}
			suffixes[spec.EnvironmentSuffix] = file
		})
	}
}

// TestFullExampleHasEveryField checks that examples/claims/full.yaml has each field there is, or that this test names the claim that
// has it instead.
func TestFullExampleHasEveryField(t *testing.T) {
	others := map[string]string{
		"build.handlerCheck":                "examples/claims/monorepo.yaml",
		"build.program":                     "test/render/48-program/claim.yaml",
		"build.test":                        "examples/claims/monorepo.yaml",
		"build.tool":                        "examples/claims/monorepo.yaml",
		"source.fullClone.submodules":       "examples/claims/monorepo.yaml",
		"notifications.topicArn":            "examples/claims/team-topics.yaml",
		"rollout.changeWindows[].days":      "examples/claims/change-windows.yaml",
		"rollout.changeWindows[].from":      "examples/claims/change-windows.yaml",
		"rollout.changeWindows[].to":        "examples/claims/change-windows.yaml",
		"rollout.deploymentConfig":          "examples/claims/hooks.yaml",
		"rollout.freezes[].from":            "examples/claims/change-windows.yaml",
		"rollout.freezes[].reason":          "examples/claims/change-windows.yaml",
		"rollout.freezes[].to":              "examples/claims/change-windows.yaml",
		"service.invokers[].organizationId": "examples/claims/callers-and-secrets.yaml",
		"service.snapStart":                 "examples/claims/snapstart.yaml",
		"source.promotedFrom.accountId":     "examples/claims/promotion.yaml",
		"source.promotedFrom.bucketName":    "examples/claims/promotion.yaml",
		"source.promotedFrom.kmsKeyArn":     "test/render/62-promoted-across-accounts/claim.yaml",
	}
	has := func(file, path string) bool {
		claim := fntest.Struct(t, fntest.File(t, filepath.Join("..", file)))
		return len(fntest.ValuesAt(claim.AsMap()["spec"], path)) > 0
	}
	for path := range fntest.Fields(reflect.TypeFor[v1alpha1.PaymentDeliveryPipelineSpec]()) {
		other, named := others[path]
		delete(others, path)
		switch full := has("examples/claims/full.yaml", path); {
		case full == named:
			t.Errorf("spec.%s: want it in full.yaml, or the claim that has it here, and not both", path)
		case named && !has(other, path):
			t.Errorf("spec.%s: %s has it not", path, other)
		}
	}
	for path := range others {
		t.Errorf("spec.%s: there is no such field", path)
	}
}

// strictSpec keeps the rules of all examples.
const strictSpec = `
spec:
  environmentSuffix: pay-prod
  source: {owner: my-org, repository: payments}
  rollout: {analysis: {bakeMinutes: 30, tooFewInvocations: Wait}}
  retention: {logDays: 90, historyDays: 365, artifactDays: 0}
  deletionProtection: true
`

// TestExampleSettings checks that a claim of each team is accepted under the settings, and that they say something of it.
func TestExampleSettings(t *testing.T) {
	for _, file := range filesOf(t, "platform") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, objects, err := render.ReadSettings(file)
			if err != nil || len(objects) == 0 {
				t.Fatalf("want EnvironmentConfigs, got %v, %v", objects, err)
			}
			for _, o := range objects {
				sources := claim.Sources{Objects: []*structpb.Struct{mustStruct(o)}}
				c, err := claim.Read(sources, fntest.Struct(t, "metadata: {labels: {crossplane.io/claim-namespace: "+teamOf(o)+"}}\n"+strictSpec), claim.Existing{})
				if err != nil {
					t.Errorf("an example must be valid: %v", err)
				}
				if len(c.Provenance.Status.From) != 1 {
					t.Errorf("%v says nothing of a claim", o)
				}
			}
		})
	}
}

// TestSeparateTeamsExample has another team file a claim for the repository of the team in examples/platform/separate-teams.yaml.
func TestSeparateTeamsExample(t *testing.T) {
	_, objects, err := render.ReadSettings("../examples/platform/separate-teams.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var sources claim.Sources
	for _, o := range objects {
		sources.Objects = append(sources.Objects, mustStruct(o))
	}
	for namespace, refused := range map[string]bool{"payments": false, "checkout": true} {
		c, err := claim.Read(sources, fntest.Struct(t, "metadata: {labels: {crossplane.io/claim-namespace: "+namespace+"}}\n"+strictSpec), claim.Existing{})
		if (err != nil || c.Refused != nil) != refused {
			t.Errorf("a claim for the team's repository in %s: want it refused: %t, got %v, %v", namespace, refused, err, c.Refused)
		}
	}
}

// teamOf an EnvironmentConfig is a namespace that it is for.
func teamOf(o map[string]any) string {
	namespaces, _, _ := unstructured.NestedStringSlice(o, "data", "match", "namespaces")
	return append(namespaces, "payments")[0]
}

// TestExampleGuardrails checks that the example has every rule there is, that a claim which keeps them is accepted, and that
// the golden case which breaks them has the same ones.
func TestExampleGuardrails(t *testing.T) {
	_, objects, err := render.ReadSettings(filepath.Join("..", "examples", "platform", "guardrails.yaml"))
	if err != nil || len(objects) != 1 {
		t.Fatalf("want one EnvironmentConfig, got %v, %v", objects, err)
	}
	c, err := claim.Read(claim.Sources{Objects: []*structpb.Struct{mustStruct(objects[0])}}, fntest.Struct(t, "metadata: {labels: {crossplane.io/claim-namespace: payments}}\n"+strictSpec), claim.Existing{})
	if err != nil {
		t.Fatalf("a claim that keeps the rules must be accepted: %v", err)
	}
	settings := c.Platform
	rules := 0
	for _, v := range []reflect.Value{reflect.ValueOf(settings), reflect.ValueOf(settings.Require)} {
		for field, value := range v.Fields() {
			if isRule := strings.HasPrefix(field.Name, "Allowed") || v.Type() == reflect.TypeFor[v1beta1.Require](); !isRule {
				continue
			}
			if value.IsZero() {
				t.Errorf("the example has no %s", field.Name)
			}
			// One is not about what a claim says, and two are about claims that build nothing.
			if field.Name != "NamespaceSettings" && field.Name != "AllowedSourceAccounts" && field.Name != "AllowedSourceBuckets" {
				rules++
			}
		}
	}
	if rules < 46 {
		t.Errorf("there are only %d rules", rules)
	}

	folder := filepath.Join("..", "test", "render", "52-invalid-guardrails")
	if broken := strings.Count(fntest.File(t, filepath.Join(folder, "expected.yaml")), "(platform setting "); broken != rules {
		t.Errorf("the golden case breaks %d of %d rules", broken, rules)
	}
	_, golden, err := render.ReadSettings(filepath.Join(folder, "settings.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(objects, golden); diff != "" {
		t.Errorf("the golden case has other rules: -example, +golden:\n%s", diff)
	}
}

func TestComposition(t *testing.T) {
	fields := fntest.Struct(t, fntest.File(t, filepath.Join("..", "apis", "composition.yaml"))).AsMap()
	spec, _ := fields["spec"].(map[string]any)
	steps, _ := spec["pipeline"].([]any)
	if len(steps) != 1 {
		t.Fatalf("composition has %d steps, want one", len(steps))
	}
	step, _ := steps[0].(map[string]any)
	in, err := yaml.Marshal(step["input"])
	if err != nil {
		t.Fatalf("cannot marshal input: %v", err)
	}
	if _, errs := claim.ReadSettings(fntest.Struct(t, string(in))); len(errs) > 0 {
		t.Errorf("the input must be valid: %v", errs)
	}
}

func BenchmarkReadSpec(b *testing.B) {
	xr := fntest.Struct(b, fntest.File(b, filepath.Join("..", "examples", "claims", "full.yaml")))
	if _, errs := claim.ReadSpec(xr); len(errs) > 0 {
		b.Fatal(errs)
	}
	b.ReportAllocs()
	for b.Loop() {
		claim.ReadSpec(xr)
	}
}
