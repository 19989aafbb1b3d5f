package controlplane

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// waitFor the condition, for at most two and a half minutes: Crossplane gives a call to a dead function two.
func waitFor(t *testing.T, what string, condition func() bool, state func() string) {
	t.Helper()
	began := time.Now()
	for deadline := began.Add(150 * time.Second); !condition(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s. Now it is\n%s", what, time.Since(began).Round(time.Second), state())
		}
	}
	t.Logf("%s after %s", what, time.Since(began).Round(100*time.Millisecond))
}

// get an object, or nil if there is none.
func get(t *testing.T, gvk schema.GroupVersionKind, key client.ObjectKey) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	err := shared.Client.Get(t.Context(), key, u)
	if client.IgnoreNotFound(err) != nil {
		t.Fatal(err)
	}
	if err != nil {
		return nil
	}
	return u
}

func kindNamed(t *testing.T, kind string) schema.GroupVersionKind {
	t.Helper()
	for _, gvk := range kinds {
		if gvk.Kind == kind {
			return gvk
		}
	}
	t.Fatalf("no managed resource is a %s", kind)
	return schema.GroupVersionKind{}
}

// describe the conditions and the resource count of a claim or XR, a line each.
func describe(u *unstructured.Unstructured) string {
	if u == nil {
		return "gone"
	}
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	lines := []string{}
	for _, c := range conditions {
		c := c.(map[string]any)
		lines = append(lines, fmt.Sprintf("%s=%s %s: %v", c["type"], c["status"], c["reason"], c["message"]))
	}
	resources, _, _ := unstructured.NestedMap(u.Object, "status", "resources")
	return strings.Join(append(lines, fmt.Sprint(resources)), "\n")
}

// text in an object, or "".
func text(u *unstructured.Unstructured, path ...string) string {
	s, _, _ := unstructured.NestedString(u.Object, path...)
	return s
}

// reason and message of an object's condition.
func condition(u *unstructured.Unstructured, kind string) (status, reason, message string) {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, c := range conditions {
		c := c.(map[string]any)
		if c["type"] == kind {
			message, _ = c["message"].(string)
			return c["status"].(string), c["reason"].(string), message
		}
	}
	return "", "", ""
}

// gone are the entries of before that are not in after: deleted, or recreated under another UID.
func gone(before, after map[string]string) []string {
	missing := maps.Clone(before)
	maps.DeleteFunc(missing, func(name, uid string) bool { return after[name] == uid })
	names := []string{}
	for name := range missing {
		names = append(names, name)
	}
	return names
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustJSON(t *testing.T, u *unstructured.Unstructured) string {
	t.Helper()
	b, err := u.MarshalJSON()
	must(t, err)
	return string(b)
}
