package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// renderInProcess does what Crossplane does with the function's answer, as far as the next reconcile and told need it.
func renderInProcess(ctx context.Context, c render.Case) ([]*unstructured.Unstructured, error) {
	exist, err := existing(c)
	if err != nil {
		return nil, err
	}
	req, err := requestOf(c, exist)
	if err != nil {
		return nil, err
	}
	rsp, err := callAsCrossplane(ctx, req, func(selector *fnv1.ResourceSelector) *fnv1.Resources {
		return find(exist, selector.GetKind(), selector.GetMatchName(), selector.GetMatchLabels().GetLabels())
	})
	if err != nil {
		return nil, err
	}
	output := outputOf(req, rsp)
	return output, render.CheckAccepted(output)
}

// maxCalls of the function in one reconcile: the first, and five for what it asks for. See MaxRequirementsIterations in
// https://github.com/crossplane/crossplane/blob/v2.4.0/internal/xfn/required_resources.go.
const maxCalls = 6

// callAsCrossplane calls the function until it asks for the same as the time before, and sends each time what the Composition and the
// function ask for.
func callAsCrossplane(ctx context.Context, req *fnv1.RunFunctionRequest, find func(*fnv1.ResourceSelector) *fnv1.Resources) (*fnv1.RunFunctionResponse, error) {
	f := NewFunction(logging.NewNopLogger())
	req = proto.CloneOf(req)
	byComposition := req.GetRequiredResources()
	var asked *fnv1.Requirements
	for range maxCalls {
		rsp, err := f.RunFunction(ctx, req)
		if err != nil || proto.Equal(asked, rsp.GetRequirements()) {
			return rsp, err
		}
		asked = rsp.GetRequirements()
		req.RequiredResources = map[string]*fnv1.Resources{}
		maps.Copy(req.GetRequiredResources(), byComposition)
		for name, selector := range asked.GetResources() {
			req.RequiredResources[name] = find(selector)
		}
	}
	return nil, fmt.Errorf("after %d calls the function asks for something else each time", maxCalls)
}

// requestOf a case: the first one of a reconcile.
func requestOf(c render.Case, exist []unstructured.Unstructured) (*fnv1.RunFunctionRequest, error) {
	xr, err := xrOf(c)
	if err != nil {
		return nil, err
	}
	step, err := stepOf(c)
	if err != nil {
		return nil, err
	}
	req := &fnv1.RunFunctionRequest{Input: mustStruct(step.Input), Observed: &fnv1.State{
		Composite: &fnv1.Resource{Resource: mustStruct(xr)},
		Resources: map[string]*fnv1.Resource{},
	}, RequiredResources: map[string]*fnv1.Resources{}}
	for _, r := range step.Requirements.RequiredResources {
		req.RequiredResources[r.RequirementName] = find(exist, r.Kind, "", r.MatchLabels)
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
	filed := unstructured.Unstructured{Object: claims[0]}
	kind, namespace, name := filed.GetKind(), filed.GetNamespace(), filed.GetName()
	metadata := map[string]any{"namespace": namespace}
	if kind != v1alpha1.KindNamespaced {
		kind, namespace, name = "X"+kind, "", name+"-x"
		metadata = map[string]any{"labels": map[string]any{v1alpha1.LabelClaimNamespace: filed.GetNamespace(), v1alpha1.LabelClaimName: filed.GetName()}}
	}
	gvk := filed.GroupVersionKind().GroupVersion().WithKind(kind)
	metadata["name"] = name
	metadata["uid"] = uuid.NewSHA1(uuid.Nil, []byte(gvk.String()+"\x00"+namespace+"\x00"+name)).String()
	xr := map[string]any{"apiVersion": filed.GetAPIVersion(), "kind": kind, "metadata": metadata, "spec": filed.Object["spec"]}
	if status := filed.Object["status"]; status != nil && !c.Filed {
		xr["status"] = status
	}
	return xr, nil
}

// A step of a Composition, as far as it concerns the function.
type step struct {
	Input        map[string]any `json:"input"`
	Requirements struct {
		RequiredResources []struct {
			RequirementName string            `json:"requirementName"`
			Kind            string            `json:"kind"`
			MatchLabels     map[string]string `json:"matchLabels"`
		} `json:"requiredResources"`
	} `json:"requirements"`
}

// stepOf the Composition that calls the function, with the input that the case has instead.
func stepOf(c render.Case) (step, error) {
	claims, err := objectsIn(c.Claim)
	if err != nil {
		return step{}, err
	}
	file := "composition.yaml"
	if claims[0]["kind"] == v1alpha1.KindNamespaced {
		file = "namespaced-composition.yaml"
	}
	raw, err := os.ReadFile(cmp.Or(c.Composition, filepath.Join("..", "apis", file)))
	if err != nil {
		return step{}, err
	}
	composition := struct {
		Spec struct {
			Pipeline []step `json:"pipeline"`
		} `json:"spec"`
	}{}
	if err := yaml.Unmarshal(raw, &composition); err != nil {
		return step{}, err
	}
	s := composition.Spec.Pipeline[0]
	input, _, err := render.ReadSettings(c.Settings)
	if input != nil {
		s.Input = input
	}
	return s, err
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

// existing are the objects in the cluster that the Composition and the function may ask for.
func existing(c render.Case) ([]unstructured.Unstructured, error) {
	_, settings, err := render.ReadSettings(c.Settings)
	if err != nil {
		return nil, err
	}
	others, err := objectsIn(c.Required)
	var all []unstructured.Unstructured
	for _, o := range slices.Concat(settings, others) {
		all = append(all, unstructured.Unstructured{Object: o})
	}
	return all, err
}

// find the objects of a kind with a name and labels, in the order that Crossplane sends them in. Empty: any name.
func find(exist []unstructured.Unstructured, kind, name string, matching map[string]string) *fnv1.Resources {
	found := &fnv1.Resources{}
	for _, u := range exist {
		if u.GetKind() == kind && (name == "" || u.GetName() == name) && labels.SelectorFromSet(matching).Matches(labels.Set(u.GetLabels())) {
			found.Items = append(found.Items, &fnv1.Resource{Resource: mustStruct(u.Object)})
		}
	}
	return found
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
