package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
)

// providerSchemas are provider-aws's own schemas, by API version and kind, read from its module when they are needed.
type providerSchemas struct {
	dir     string
	schemas map[string]*schema.Schema
}

// of returns the schema of a kind.
func (p *providerSchemas) of(t rapid.TB, apiVersion, kind string) *schema.Schema {
	if s := p.schemas[apiVersion+kind]; s != nil {
		return s
	}
	group, version, _ := strings.Cut(apiVersion, "/")
	files, err := filepath.Glob(filepath.Join(p.dir, group+"_*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find CRDs of %q in %q: %v", group, p.dir, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		crd := &extv1.CustomResourceDefinition{}
		if !strings.Contains(string(raw), "\n    kind: "+kind+"\n") || yaml.Unmarshal(raw, crd) != nil {
			continue
		}
		for _, v := range crd.Spec.Versions {
			if v.Name != version {
				continue
			}
			s, err := schema.New(v.Schema.OpenAPIV3Schema)
			if err != nil {
				t.Fatalf("cannot compile the schema of %s %s: %v", apiVersion, kind, err)
			}
			p.schemas[apiVersion+kind] = s
			return s
		}
	}
	t.Fatalf("provider-aws has no %s %s", apiVersion, kind)
	return nil
}

func TestValidOutput(t *testing.T) {
	t.Parallel()
	dir, err := providerModule()
	if err != nil {
		t.Fatalf("cannot find provider-aws's module: %v", err)
	}
	provider := &providerSchemas{dir: filepath.Join(dir, "package", "crds"), schemas: map[string]*schema.Schema{}}
	rapid.Check(t, func(t *rapid.T) {
		req := drawReady(t)
		for name, r := range runAny(t, req).GetDesired().GetResources() {
			o := r.GetResource().AsMap()
			s := provider.of(t, fmt.Sprint(o["apiVersion"]), fmt.Sprint(o["kind"]))
			// The API server has a schema of its own for metadata.
			delete(o, "metadata")
			if errs := s.Apply(o, field.NewPath(name)); len(errs) > 0 {
				t.Errorf("provider-aws refuses what is desired: %v", errs)
			}
		}
	})
}

func TestInvalidClaimsAreRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, drawRegion(t))
		path := drawMistake(t, spec)
		req := newRequest(spec, nil)
		message := whyRefused(runAny(t, req))
		if !strings.Contains(message, path) {
			t.Errorf("want an error that names %s, got %q", path, message)
		}
	})
}

// drawMistake makes one mistake in a valid spec and returns the path of the field that has it.
func drawMistake(t *rapid.T, spec map[string]any) string {
	in := func(object string) map[string]any {
		o, _ := spec[object].(map[string]any)
		return o
	}
	mistakes := map[string]func(){
		"spec.environmentSuffix": func() { spec["environmentSuffix"] = rapid.StringMatching(`[A-Z_]{1,14}|[a-z]{25,40}`).Draw(t, "bad") },
		"spec.region":            func() { spec["region"] = rapid.StringMatching(`[0-9]{1,5}`).Draw(t, "bad") },
		"spec.source.repository": func() { spec["source"] = map[string]any{"owner": "my-org"} },
		"spec.source.promotedFrom": func() {
			spec["source"] = map[string]any{"owner": "my-org", "promotedFrom": map[string]any{"accountId": "444455556666", "bucketName": "pipeline-artifacts-dev-1a2b3c4d"}}
		},
		"spec.promoteTo[0].accountId": func() {
			spec["promoteTo"] = []any{map[string]any{"accountId": "prod", "environmentSuffix": "prod"}}
		},
		"spec.service.memorySizeMiB": func() { in("service")["memorySizeMiB"] = rapid.Float64Range(-1e9, 127).Draw(t, "bad") },
		"spec.service.runtime":       func() { in("service")["runtime"] = "nodejs18.x" },
		"spec.service.handler": func() {
			in("service")["runtime"], in("service")["handler"] = "java21", rapid.StringMatching(`[a-z]{0,5}(\.[a-z]{1,5})?`).Draw(t, "bad")
		},
		"spec.service.environment": func() { in("service")["environment"] = map[string]any{"VERSION": "2"} },
		"spec.service.invokers[0].principal": func() {
			in("service")["invokers"] = []any{map[string]any{"name": "api", "principal": "apigateway.amazonaws.com"}}
		},
		"spec.service.eventSources[0]": func() { in("service")["eventSources"] = []any{map[string]any{"name": "a"}} },
		"spec.service.functionUrl.cors.allowOrigins": func() {
			in("service")["functionUrl"] = map[string]any{"cors": map[string]any{}}
		},
		"spec.service.secrets[KEY]": func() { in("service")["secrets"] = map[string]any{"KEY": "hunter2"} },
		"spec.service.permissions.statements[0].actions": func() {
			in("service")["permissions"] = map[string]any{"statements": []any{map[string]any{"actions": []any{"sqs:*"}, "resources": []any{"arn:aws:sqs:us-east-1:111122223333:a"}}}}
		},
		"spec.service.permissions.statements[0].resources": func() {
			in("service")["permissions"] = map[string]any{"statements": []any{map[string]any{"actions": []any{"sqs:SendMessage"}, "resources": []any{"*"}}}}
		},
		"spec.rollout.custom": func() {
			in("rollout")["custom"] = map[string]any{"type": "Linear", "percentage": 1.0, "intervalMinutes": 2880.0}
		},
		"spec.alarm.errorRatePercent": func() { in("alarm")["errorRatePercent"] = rapid.Float64Range(100, 1e12).Draw(t, "bad") },
		"spec.alarm":                  func() { spec["alarm"] = map[string]any{"evaluationPeriods": 100.0, "periodSeconds": 1800.0} },
		"spec.approval.required":      func() { in("approval")["required"] = "yes" },
		"spec.retention.logDays":      func() { in("retention")["logDays"] = 8.0 },
		"spec.notifications.emails":   func() { in("notifications")["emails"] = []any{"nobody"} },
		"spec.notifications.topicArn": func() { in("notifications")["topicArn"] = "topic" },
		"spec.tags":                   func() { spec["tags"] = map[string]any{"aws:mine": "x"} },
		"spec.unheardOf":              func() { spec["unheardOf"] = true },
		"spec.build.image":            func() { in("build")["image"] = "example.org/image:1" },
		"spec.smokeTest.event":        func() { in("smokeTest")["event"] = "text" },
		"spec.deletionProtection":     func() { spec["deletionProtection"] = 1.0 },
		"spec.dryRun":                 func() { spec["dryRun"] = "no" },
		"spec.rollout.changeWindows[0].to": func() {
			in("rollout")["changeWindows"] = []any{map[string]any{"days": []any{"Mon"}, "from": "16:00", "to": "09:00"}}
		},
		"spec.rollout.freezes[0].from": func() {
			in("rollout")["freezes"] = []any{map[string]any{"from": "2026-02-30T00:00:00Z", "to": "2026-03-01T00:00:00Z", "reason": "x"}}
		},
		"spec.rollout.bypassAlarmsForCommit": func() { in("rollout")["bypassAlarmsForCommit"] = "main" },
	}
	path := rapid.SampledFrom(slices.Sorted(maps.Keys(mistakes))).Draw(t, "mistake in")
	mistakes[path]()
	return path
}
