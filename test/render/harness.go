// Package render runs the function the way its users do, with the real crossplane CLI and the real Crossplane reconciler.
package render

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// functionName is the function's name in the Composition and in examples/functions.yaml.
const functionName = "paymentdelivery-function-payment-delivery-pipeline"

// A Renderer turns claims into what Crossplane would apply for them.
type Renderer struct {
	// root of the repository.
	root string

	cli  string
	core string
}

// New Renderer for the repository at root. Its tools must have been built.
func New(root string) (*Renderer, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, errors.Wrap(err, "cannot find the repository")
	}

	bin := filepath.Join(root, ".cache", "bin")
	r := &Renderer{root: root, cli: filepath.Join(bin, "crossplane"), core: filepath.Join(bin, "crossplane-core")}
	for _, tool := range []string{r.cli, r.core} {
		if _, err := os.Stat(tool); err != nil {
			return nil, errors.Wrap(err, `cannot find a tool: run "make tools"`)
		}
	}
	// Go caches the result of a test until a file that the test itself looked at changes. These are read by the CLI.
	for _, file := range append([]string{r.functions()}, slices.Concat(r.api(""), r.api(v1alpha1.KindNamespaced))...) {
		if _, err := os.Stat(file); err != nil {
			return nil, errors.Wrap(err, "cannot find what to render with")
		}
	}

	return r, nil
}

// A Case is one claim to render, or one namespaced pipeline.
type Case struct {
	// Claim is the path of the claim or the namespaced pipeline. A status in it becomes the XR's, as if Crossplane had reconciled it before.
	Claim string

	// Filed is whether the claim has just been filed, so that a status in it is not there yet.
	Filed bool

	// Observed composed resources.
	Observed []*unstructured.Unstructured

	// Required is the path of a file of resources that the function may ask for. May be empty.
	Required string

	// Settings is the path of the platform team's settings: see ReadSettings. May be empty.
	Settings string

	// Composition is the path of the Composition, if it is not that of the package. May be empty.
	Composition string

	// XRName is the XR's name. If it is empty, the XR is called after the claim: "<claim>-x".
	XRName string

	// Target is the host and port where the function listens, without TLS.
	Target string
}

// A RefusedError says why the function refuses a claim.
type RefusedError struct {
	Message string
}

// Error is the message of the condition Accepted.
func (e *RefusedError) Error() string {
	return "the function refuses the claim: " + e.Message
}

// CheckAccepted returns a *RefusedError if the function has refused the claim, by what is rendered of it. A pipeline of which AWS refuses a
// part is composed.
func CheckAccepted(rendered []*unstructured.Unstructured) error {
	for _, u := range rendered {
		conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
		for _, c := range conditions {
			condition, _ := c.(map[string]any)
			if condition["type"] == v1alpha1.ConditionAccepted && condition["status"] == "False" && condition["reason"] != v1alpha1.ReasonRefusedByAWS {
				return &RefusedError{Message: fmt.Sprint(condition["message"])}
			}
		}
	}
	return nil
}

// Render the case: the XR with the defaults of its schema, then the composed resources sorted by name, then the results
// that the function returned. The error is a *RefusedError if the function refused.
func (r *Renderer) Render(ctx context.Context, c Case) ([]*unstructured.Unstructured, error) {
	dir, err := os.MkdirTemp("", "render-")
	if err != nil {
		return nil, errors.Wrap(err, "cannot create a temporary directory")
	}
	defer os.RemoveAll(dir) //nolint:errcheck // A left-over temporary directory does no harm.

	xr := filepath.Join(dir, "xr.yaml")
	kind, err := r.writeXR(ctx, c, xr)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot make an XR of claim %q", c.Claim)
	}

	api := r.api(kind)
	definition, composition := api[0], cmp.Or(c.Composition, api[1])
	input, settings, err := ReadSettings(c.Settings)
	if err != nil {
		return nil, err
	}
	if input != nil {
		patched := filepath.Join(dir, "composition.yaml")
		if err := replaceInput(composition, input, patched); err != nil {
			return nil, errors.Wrapf(err, "cannot use settings %q", c.Settings)
		}
		composition = patched
	}

	args := []string{
		"render", xr, composition, r.functions(),
		"--xrd=" + definition,
		"--crossplane-binary=" + r.core,
		"--include-full-xr",
		"--include-function-results",
		"--function-annotations=render.crossplane.io/runtime=Development",
		"--function-annotations=render.crossplane.io/runtime-development-target=" + c.Target,
	}
	if len(c.Observed) > 0 {
		file := filepath.Join(dir, "observed.yaml")
		if err := writeStream(file, c.Observed); err != nil {
			return nil, errors.Wrap(err, "cannot write what is observed")
		}
		args = append(args, "--observed-resources="+file)
	}
	for i, o := range settings {
		file := filepath.Join(dir, fmt.Sprintf("settings-%d.yaml", i))
		if err := writeYAML(file, o); err != nil {
			return nil, errors.Wrapf(err, "cannot use settings %q", c.Settings)
		}
		args = append(args, "--required-resources="+file)
	}
	if c.Required != "" {
		args = append(args, "--required-resources="+c.Required)
	}

	out, err := r.crossplane(ctx, args...)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot render claim %q", c.Claim)
	}

	objects, err := Parse(out)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot read what is rendered of claim %q", c.Claim)
	}
	objects = slices.DeleteFunc(objects, isEvent)
	return objects, CheckAccepted(objects)
}

// writeXR writes the XR that Crossplane would make of the case's claim, or the namespaced pipeline itself, and returns the kind of either.
func (r *Renderer) writeXR(ctx context.Context, c Case, path string) (kind string, err error) {
	filed, err := readYAML(c.Claim)
	if err != nil {
		return "", err
	}
	kind, _ = filed["kind"].(string)
	status, ok := filed["status"]
	if kind == v1alpha1.KindNamespaced {
		if c.Filed {
			delete(filed, "status")
		}
		return kind, writeYAML(path, filed)
	}

	name := c.XRName
	if name == "" {
		name = fmt.Sprintf("%s-x", dig(filed, "metadata")["name"])
	}
	if _, err := r.crossplane(ctx, "xr", "generate", c.Claim, "--name="+name, "--output-file="+path); err != nil {
		return "", err
	}
	if !ok || c.Filed {
		return kind, nil
	}
	xr, err := readYAML(path)
	if err != nil {
		return "", err
	}
	xr["status"] = status
	return kind, writeYAML(path, xr)
}

// crossplane runs the CLI and returns what it prints. What it says on stderr is in the error.
func (r *Renderer) crossplane(ctx context.Context, args ...string) ([]byte, error) {
	stdout, stderr := &bytes.Buffer{}, &bytes.Buffer{}

	cmd := exec.CommandContext(ctx, r.cli, args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	// It lives for a moment, and so does the core that it starts: collecting garbage takes a quarter of that.
	cmd.Env = append(os.Environ(), "GOGC=400")

	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), errors.Wrap(err, strings.TrimSpace(stderr.String()))
	}

	return stdout.Bytes(), nil
}

func (r *Renderer) functions() string { return filepath.Join(r.root, "examples", "functions.yaml") }

// api that offers a kind: its CompositeResourceDefinition and its Composition.
func (r *Renderer) api(kind string) []string {
	prefix := ""
	if kind == v1alpha1.KindNamespaced {
		prefix = "namespaced-"
	}
	return []string{filepath.Join(r.root, "apis", prefix+"definition.yaml"), filepath.Join(r.root, "apis", prefix+"composition.yaml")}
}

// replaceInput writes a copy of the Composition in which the function's input is the supplied one.
func replaceInput(composition string, input map[string]any, path string) error {
	comp, err := readYAML(composition)
	if err != nil {
		return err
	}

	steps, _ := dig(comp, "spec")["pipeline"].([]any)
	for _, s := range steps {
		if step, _ := s.(map[string]any); dig(step, "functionRef")["name"] == functionName {
			step["input"] = input
			return writeYAML(path, comp)
		}
	}

	return errors.Errorf("composition %q has no step of function %q", composition, functionName)
}

// isEvent reports whether an object is an event that Crossplane itself would record, and not a result of the function. Events
// repeat what the XR's conditions say, once for every resource that is not ready.
func isEvent(u *unstructured.Unstructured) bool {
	message, _, _ := unstructured.NestedString(u.Object, "message")
	return u.GetKind() == "Result" && !strings.HasPrefix(message, `Pipeline step "`)
}

// dig the object at the key, or nothing.
func dig(object map[string]any, key string) map[string]any {
	value, _ := object[key].(map[string]any)
	return value
}

func readYAML(path string) (map[string]any, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	object := map[string]any{}
	return object, errors.Wrapf(yaml.Unmarshal(data, &object), "cannot parse %q", path)
}

func writeYAML(path string, object map[string]any) error {
	data, err := yaml.Marshal(object)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

func writeStream(path string, objects []*unstructured.Unstructured) error {
	stream, err := Print(objects)
	if err != nil {
		return err
	}
	return os.WriteFile(path, stream, 0o600)
}
