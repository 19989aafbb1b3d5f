package claims

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// WaitFor the condition, for as long as the patience lasts.
func (e Environment) WaitFor(t *testing.T, what string, condition func() bool, state func() string) {
	t.Helper()
	began := time.Now()
	for deadline := began.Add(e.Patience); !condition(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s. Now it is\n%s", what, time.Since(began).Round(time.Second), state())
		}
	}
	t.Logf("%s after %s", what, time.Since(began).Round(100*time.Millisecond))
}

// Get an object, or nil if there is none.
func (e Environment) Get(t *testing.T, gvk schema.GroupVersionKind, key client.ObjectKey) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	err := e.Plane.Client.Get(t.Context(), key, u)
	if client.IgnoreNotFound(err) != nil {
		t.Fatal(err)
	}
	if err != nil {
		return nil
	}
	return u
}

// KindNamed is the kind of managed resource with this name.
func (e Environment) KindNamed(t *testing.T, kind string) schema.GroupVersionKind {
	t.Helper()
	return e.KindsNamed(t, kind)[0]
}

// KindsNamed are the kinds of managed resources with that name, of whatever group: there is one at least.
func (e Environment) KindsNamed(t *testing.T, kind string) []schema.GroupVersionKind {
	t.Helper()
	var kinds []schema.GroupVersionKind
	for _, gvk := range e.Kinds {
		if gvk.Kind == kind {
			kinds = append(kinds, gvk)
		}
	}
	if len(kinds) == 0 {
		t.Fatalf("no managed resource is a %s", kind)
	}
	return kinds
}

// Describe the conditions and the resource count of a claim or XR, a line each.
func Describe(u *unstructured.Unstructured) string {
	if u == nil {
		return "gone"
	}
	lines := []string{}
	for _, c := range conditions(u) {
		lines = append(lines, fmt.Sprintf("%s=%s %s: %v", c["type"], c["status"], c["reason"], c["message"]))
	}
	resources, _, _ := unstructured.NestedMap(u.Object, "status", "resources")
	return strings.Join(append(lines, fmt.Sprint(resources)), "\n")
}

// Text in an object, or "". What is gone has none.
func Text(u *unstructured.Unstructured, path ...string) string {
	if u == nil {
		return ""
	}
	s, _, _ := unstructured.NestedString(u.Object, path...)
	return s
}

// Condition returns the status, reason and message of an object's condition.
func Condition(u *unstructured.Unstructured, kind string) (status, reason, message string) {
	for _, c := range conditions(u) {
		if c["type"] == kind {
			status, _ = c["status"].(string)
			reason, _ = c["reason"].(string)
			message, _ = c["message"].(string)
			return status, reason, message
		}
	}
	return "", "", ""
}

// conditions of an object. What is gone has none.
func conditions(u *unstructured.Unstructured) []map[string]any {
	if u == nil {
		return nil
	}
	list, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	objects := []map[string]any{}
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

// Must stop the test at an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
