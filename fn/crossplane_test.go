package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// renderInProcess does what Crossplane does with the function's answer, as far as the next reconcile and told need it.
func renderInProcess(ctx context.Context, c render.Case) ([]*unstructured.Unstructured, error) {
	req, err := requestOf(c)
	if err != nil {
		return nil, err
	}
	f := NewFunction(logging.NewNopLogger())
	rsp, err := f.RunFunction(ctx, req)
	if err != nil {
		return nil, err
	}
	if asked := rsp.GetRequirements().GetResources(); len(asked) > 0 {
		required, err := found(asked, c.Required)
		if err != nil {
			return nil, err
		}
		maps.Copy(req.GetRequiredResources(), required)
		if rsp, err = f.RunFunction(ctx, req); err != nil {
			return nil, err
		}
	}
	if message := fatal(rsp); message != "" {
		return nil, &render.FatalError{Step: "deliver", Message: message}
	}
	return outputOf(req, rsp), nil
}

// requestOf a case.
func requestOf(c render.Case) (*fnv1.RunFunctionRequest, error) {
	xr, err := xrOf(c)
	if err != nil {
		return nil, err
	}
	input, objects, err := render.ReadSettings(c.Settings)
	if err == nil && input == nil {
		input, err = inputInComposition()
	}
	if err != nil {
		return nil, err
	}
	req := &fnv1.RunFunctionRequest{Input: mustStruct(input), Observed: &fnv1.State{
		Composite: &fnv1.Resource{Resource: mustStruct(xr)},
		Resources: map[string]*fnv1.Resource{},
	}, RequiredResources: map[string]*fnv1.Resources{requiredSettings: {}}}
	for _, o := range objects {
		req.RequiredResources[requiredSettings].Items = append(req.RequiredResources[requiredSettings].Items, &fnv1.Resource{Resource: mustStruct(o)})
	}
	for _, u := range c.Observed {
		req.Observed.Resources[render.ComposedName(u)] = &fnv1.Resource{Resource: mustStruct(u.Object)}
	}
	return req, nil
}

// xrOf a case's claim. Its UID is what "crossplane render" makes of its kind and name.
func xrOf(c render.Case) (map[string]any, error) {
	claims, err := objectsIn(c.Claim)
	if err != nil {
		return nil, err
	}
	claim := unstructured.Unstructured{Object: claims[0]}
	name, kind := claim.GetName()+"-x", "X"+claim.GetKind()
	gvk := claim.GroupVersionKind().GroupVersion().WithKind(kind)
	xr := map[string]any{
		"apiVersion": claim.GetAPIVersion(),
		"kind":       kind,
		"metadata": map[string]any{
			"name":   name,
			"uid":    uuid.NewSHA1(uuid.Nil, []byte(gvk.String()+"\x00\x00"+name)).String(),
			"labels": map[string]any{labelClaimNamespace: claim.GetNamespace(), labelClaimName: claim.GetName()},
		},
		"spec": claim.Object["spec"],
	}
	if status := claim.Object["status"]; status != nil && !c.Filed {
		xr["status"] = status
	}
	return xr, nil
}

// inputInComposition is what the Composition says.
func inputInComposition() (map[string]any, error) {
	raw, err := os.ReadFile(filepath.Join("..", "apis", "composition.yaml"))
	if err != nil {
		return nil, err
	}
	composition := struct {
		Spec struct {
			Pipeline []struct {
				Input map[string]any `json:"input"`
			} `json:"pipeline"`
		} `json:"spec"`
	}{}
	err = yaml.Unmarshal(raw, &composition)
	return composition.Spec.Pipeline[0].Input, err
}

// objectsIn a file. Without a file there are none.
func objectsIn(file string) ([]map[string]any, error) {
	if file == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseDocuments(raw)
}

// found are the resources in the file that the function has asked for.
func found(asked map[string]*fnv1.ResourceSelector, file string) (map[string]*fnv1.Resources, error) {
	exist, err := objectsIn(file)
	if err != nil {
		return nil, err
	}
	resources := map[string]*fnv1.Resources{}
	for name, selector := range asked {
		resources[name] = &fnv1.Resources{}
		for _, o := range exist {
			u := unstructured.Unstructured{Object: o}
			if u.GetKind() == selector.GetKind() && u.GetName() == selector.GetMatchName() {
				resources[name].Items = append(resources[name].Items, &fnv1.Resource{Resource: mustStruct(o)})
			}
		}
	}
	return resources, nil
}

// statuses of conditions, as Kubernetes calls them.
var statuses = map[fnv1.Status]string{
	fnv1.Status_STATUS_CONDITION_TRUE:    "True",
	fnv1.Status_STATUS_CONDITION_FALSE:   "False",
	fnv1.Status_STATUS_CONDITION_UNKNOWN: "Unknown",
}

// outputOf Crossplane, which it makes of the answer.
func outputOf(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) []*unstructured.Unstructured {
	xr := rsp.GetDesired().GetComposite().GetResource().AsMap()
	conditions := []any{map[string]any{"type": "Ready", "status": ready(rsp)}}
	for _, c := range rsp.GetConditions() {
		condition := map[string]any{"type": c.GetType(), "reason": c.GetReason(), "status": statuses[c.GetStatus()]}
		if c.GetMessage() != "" {
			condition["message"] = c.GetMessage()
		}
		conditions = append(conditions, condition)
	}
	if status, ok := xr["status"].(map[string]any); ok {
		status["conditions"] = conditions
	}
	objects := []*unstructured.Unstructured{{Object: xr}}
	resources := rsp.GetDesired().GetResources()
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		u := object(resources[name])
		setComposedName(u, name)
		render.Own(u, object(req.GetObserved().GetComposite()))
		objects = append(objects, u)
	}
	for _, r := range rsp.GetResults() {
		severity, _ := strings.CutPrefix(r.GetSeverity().String(), "SEVERITY_")
		objects = append(objects, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "render.crossplane.io/v1beta1", "kind": "Result", "reason": r.GetReason(),
			"severity": severity[:1] + strings.ToLower(severity[1:]), "message": `Pipeline step "deliver": ` + r.GetMessage(),
		}})
	}
	return objects
}

// setComposedName of a resource, as Crossplane does.
func setComposedName(u *unstructured.Unstructured, name string) {
	annotations := u.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations["crossplane.io/composition-resource-name"] = name
	u.SetAnnotations(annotations)
}

// ready is the status of the XR's Ready condition, as Crossplane reads it from an answer.
func ready(rsp *fnv1.RunFunctionResponse) string {
	if len(unreadyIn(rsp)) > 0 {
		return "False"
	}
	return "True"
}

// parseDocuments of a YAML stream.
func parseDocuments(stream []byte) ([]map[string]any, error) {
	var objects []map[string]any
	for doc := range render.Documents(stream) {
		o := map[string]any{}
		if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, nil
}
