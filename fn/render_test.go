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

// TestRender renders every case: first those that are told in full, which the others differ from.
func TestRender(t *testing.T) {
	address := freeAddress(t)
	start(t, NewFunction(logging.NewNopLogger()), address, function.Insecure(true), function.WithMetricsServer(""))
	s := &render.Simulator{Render: newRenderer(t).Render, Dir: t.TempDir()}
	for _, differs := range []bool{false, true} {
		t.Run(map[bool]string{false: "Full", true: "Differs"}[differs], func(t *testing.T) {
			for _, c := range goldenCases(t) {
				d, err := c.Definition()
				if err != nil {
					t.Fatal(err)
				}
				if differs == (d.Base != "") {
					t.Run(c.Name(), func(t *testing.T) {
						t.Parallel()
						checkGolden(t, s, c, address)
					})
				}
			}
		})
	}
}

func checkGolden(t *testing.T, s *render.Simulator, c golden.Case, address string) {
	t.Helper()
	got, err := c.Render(t.Context(), s, address)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := c.Write(got); err != nil {
			t.Fatalf("cannot write expected output: %v", err)
		}
	}
	want, err := c.Expected()
	if err != nil {
		t.Fatalf("cannot read expected output: %v (make golden writes it)", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s (make golden rewrites it): -want, +got:\n%s", c.Path("expected.yaml"), diff)
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
