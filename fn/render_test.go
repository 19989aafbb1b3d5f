package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane/function-sdk-go"
	"github.com/crossplane/function-sdk-go/logging"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

var update = flag.Bool("update", false, "rewrite the expected output of TestRender")

func goldenCases(t *testing.T) []golden.Case {
	t.Helper()
	cases, err := golden.Cases("..")
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func isRefused(t *testing.T, c golden.Case) bool {
	t.Helper()
	refused, err := c.Refused()
	if err != nil {
		t.Fatal(err)
	}
	return refused
}

func newRenderer(t *testing.T) *render.Renderer {
	t.Helper()

	r, err := render.New("..")
	if err != nil {
		t.Fatal(err)
	}

	return r
}

// TestRender compares what the real Crossplane makes of the function's answer with every golden case.
func TestRender(t *testing.T) {
	address := freeAddress(t)
	start(t, NewFunction(logging.NewNopLogger()), address, function.Insecure(true), function.WithMetricsServer(""))
	renderer := newRenderer(t)
	s := &golden.Suite{Render: func(ctx context.Context, c golden.Case) ([]*unstructured.Unstructured, error) {
		return c.Render(ctx, lives, func(ctx context.Context, rc render.Case) ([]*unstructured.Unstructured, error) {
			rc.Target = address
			return renderer.Render(ctx, rc)
		})
	}}
	for _, c := range goldenCases(t) {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			if !*update {
				checkGolden(t, s, c)
			} else if err := s.Update(t.Context(), c); err != nil {
				t.Fatalf("cannot write expected output: %v", err)
			}
		})
	}
}

// TestRenderedOutputMatchesSchemas checks what an API server would check: that provider-aws's CRDs and our XRD admit what
// is rendered.
func TestRenderedOutputMatchesSchemas(t *testing.T) {
	t.Parallel()
	files := []string{}
	dir := t.TempDir()
	for _, c := range goldenCases(t) {
		if isRefused(t, c) {
			continue
		}
		expected, err := c.Expected()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, c.Name()+".yaml")
		if err := os.WriteFile(file, expected, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, c.Path("claim.yaml"), file)
		input, _, err := render.ReadSettings(c.Optional("settings.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if input != nil {
			files = append(files, c.Path("settings.yaml"))
		}
	}

	for _, f := range validate(t, files) {
		if f.Status != render.StatusValid {
			t.Errorf("%s: %s %q: want status %s, got %s:\n%s", f.File, f.Kind, f.Name, render.StatusValid, f.Status, strings.Join(f.Errors, "\n"))
		}
	}
}

// TestXRDRefusesInvalidClaims checks that users hear of a mistake when they apply a claim, and not only from the function.
func TestXRDRefusesInvalidClaims(t *testing.T) {
	t.Parallel()
	files, functionOnly := []string{}, map[string]bool{}
	for _, c := range goldenCases(t) {
		if !isRefused(t, c) {
			continue
		}
		claim := c.Path("claim.yaml")
		files = append(files, claim)

		if marker := c.Optional("function-only"); marker != "" {
			functionOnly[claim] = true
			if reason, err := os.ReadFile(marker); err != nil || len(bytes.TrimSpace(reason)) == 0 {
				t.Errorf("%s: want the reason why a schema cannot refuse the claim, got none (error: %v)", marker, err)
			}
		}
	}

	for _, f := range validate(t, files) {
		want := "invalid"
		if functionOnly[f.File] {
			want = render.StatusValid
		}
		if diff := cmp.Diff(want, f.Status); diff != "" {
			t.Errorf("%s: -want status, +got status:\n%s\n%s", f.File, diff, strings.Join(f.Errors, "\n"))
		}
	}
}

func validate(t *testing.T, files []string) []render.Finding {
	t.Helper()

	findings, err := newRenderer(t).Validate(context.Background(), files...)
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, f := range findings {
		checked[f.File] = true
	}
	for _, file := range files {
		if !checked[file] {
			t.Errorf("%s: nothing in it has been validated", file)
		}
	}

	return findings
}
