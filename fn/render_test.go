package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
	"github.com/crossplane/function-sdk-go"
	"github.com/crossplane/function-sdk-go/logging"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

var update = flag.Bool("update", false, "rewrite the expected output of TestRender")

// A renderCase is a folder in test/render. To add a case, add a folder with a claim.yaml and run "make golden".
//
//	claim.yaml     the claim; a status in it is what an earlier reconcile reported
//	observed.yaml  observed composed resources (optional)
//	required.yaml  other resources that exist, for the function to ask for (optional)
//	defaults.yaml  PlatformDefaults to use instead of those in the Composition (optional)
//	expected.yaml  what Crossplane renders, or the error that the function refuses the claim with
//	function-only  says why the schema cannot refuse an invalid claim as the function does (optional)
type renderCase string

func renderCases(t *testing.T) []renderCase {
	t.Helper()

	claims, err := filepath.Glob("../test/render/*/claim.yaml")
	if err != nil || len(claims) == 0 {
		t.Fatalf("cannot find cases: %v", err)
	}

	cases := make([]renderCase, 0, len(claims))
	for _, c := range claims {
		cases = append(cases, renderCase(filepath.Dir(c)))
	}

	return cases
}

// Name of the case.
func (c renderCase) Name() string {
	return filepath.Base(string(c))
}

// Path of a file of the case.
func (c renderCase) Path(file string) string {
	return filepath.Join(string(c), file)
}

// Optional is the path of a file of the case, or empty if there is none.
func (c renderCase) Optional(file string) string {
	if _, err := os.Stat(c.Path(file)); err != nil {
		return ""
	}
	return c.Path(file)
}

// Refused is whether the function is expected to refuse the claim.
func (c renderCase) Refused(t *testing.T) bool {
	t.Helper()

	data, err := os.ReadFile(c.Path("expected.yaml"))
	if err != nil {
		t.Fatalf("cannot read expected output: %v", err)
	}
	first, _, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("---\n")), []byte("\n---\n"))
	doc := map[string]any{}
	if err := yaml.Unmarshal(first, &doc); err != nil {
		t.Fatalf("cannot parse expected output %q: %v", c.Path("expected.yaml"), err)
	}
	_, refused := doc["error"]

	return refused
}

// refusal is the expected output of a claim that the function refuses.
func refusal(message string) []byte {
	lines := strings.Split(strings.TrimSpace(message), "\n")
	return fmt.Appendf(nil, "# The function refuses the claim, and Crossplane changes nothing.\nerror: |\n  %s\n", strings.Join(lines, "\n  "))
}

func newRenderer(t *testing.T) *render.Renderer {
	t.Helper()

	r, err := render.New("..")
	if err != nil {
		t.Fatal(err)
	}

	return r
}

func TestRender(t *testing.T) {
	r, address := newRenderer(t), freeAddress(t)
	start(t, NewFunction(logging.NewNopLogger()), address, function.Insecure(true), function.WithMetricsServer(""))

	for _, c := range renderCases(t) {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()

			got, err := r.Render(t.Context(), render.Case{
				Claim:    c.Path("claim.yaml"),
				Observed: c.Optional("observed.yaml"),
				Required: c.Optional("required.yaml"),
				Defaults: c.Optional("defaults.yaml"),
				Target:   address,
			})
			var fatal *render.FatalError
			if errors.As(err, &fatal) {
				got, err = refusal(fatal.Message), nil
			}
			if err != nil {
				t.Fatal(err)
			}

			if *update {
				if err := os.WriteFile(c.Path("expected.yaml"), got, 0o644); err != nil {
					t.Fatalf("cannot write expected output: %v", err)
				}
			}

			want, err := os.ReadFile(c.Path("expected.yaml"))
			if err != nil {
				t.Fatalf("cannot read expected output: %v (make golden writes it)", err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("%s (make golden rewrites it): -want, +got:\n%s", c.Path("expected.yaml"), diff)
			}
		})
	}
}

// TestRenderedOutputMatchesSchemas checks what an API server would check: that provider-aws's CRDs and our XRD admit what
// is rendered.
func TestRenderedOutputMatchesSchemas(t *testing.T) {
	files := []string{}
	for _, c := range renderCases(t) {
		if c.Refused(t) {
			continue
		}
		files = append(files, c.Path("claim.yaml"), c.Path("expected.yaml"))
		if defaults := c.Optional("defaults.yaml"); defaults != "" {
			files = append(files, defaults)
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
	files, functionOnly := []string{}, map[string]bool{}
	for _, c := range renderCases(t) {
		if !c.Refused(t) {
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

	return findings
}
