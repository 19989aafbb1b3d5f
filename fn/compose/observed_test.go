package compose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

func TestObserved(t *testing.T) {
	type want struct {
		ObjectName   string
		ExternalName string
		Label        string
		Controller   string
		Ready        bool
		ID           string
		Weights      map[string]float64
	}
	nothing := want{Weights: map[string]float64{}}

	cases := map[string]struct {
		reason   string
		resource *fnv1.Resource
		want     want
	}{
		"Nil": {
			reason: "A resource that does not exist should read as empty.",
			want:   nothing,
		},
		"NilObject": {
			reason:   "A resource without an object should read as empty.",
			resource: &fnv1.Resource{},
			want:     nothing,
		},
		"Null": {
			reason:   "Nulls should read as absent.",
			resource: object(`{"metadata": null, "status": {"conditions": null, "atProvider": {"id": null, "weights": null}}}`),
			want:     nothing,
		},
		"Mistyped": {
			reason:   "Fields of unexpected types should read as absent.",
			resource: object(`{"metadata": [], "status": {"conditions": {"type": "Ready"}, "atProvider": {"id": 7, "weights": "all"}}}`),
			want:     nothing,
		},
		"MistypedInside": {
			reason: "Members of unexpected types should read as absent, beside those that are right.",
			resource: object(`{
				"metadata": {
					"name": {}, "annotations": {"crossplane.io/external-name": true}, "labels": {"team": 7},
					"ownerReferences": [null, 1, {"uid": "u", "controller": "true"}, {"uid": 5, "controller": true}]
				},
				"status": {"conditions": [null, 1, {"type": 2}, {"type": "Ready", "status": true}], "atProvider": {"id": [], "weights": {"1": "0.1", "2": 0.2, "3": null}}}
			}`),
			want: want{Weights: map[string]float64{"2": 0.2}},
		},
		"MistypedOnTheWay": {
			reason:   "A path should not lead through text or lists.",
			resource: object(`{"metadata": "m", "status": {"atProvider": ["id"]}}`),
			want:     nothing,
		},
		"Full": {
			reason: "Everything should be read where it is.",
			resource: object(`{
				"metadata": {
					"name": "w", "annotations": {"crossplane.io/external-name": "widget-1"}, "labels": {"team": "widgets"},
					"ownerReferences": [{"uid": "u1"}, {"uid": "u2", "controller": false}, {"uid": "u3", "controller": true}]
				},
				"status": {"conditions": [{"type": "Synced", "status": "False"}, {"type": "Ready", "status": "True"}], "atProvider": {"id": "1", "weights": {"2": 0.1, "3": 0}}}
			}`),
			want: want{ObjectName: "w", ExternalName: "widget-1", Label: "widgets", Controller: "u3", Ready: true, ID: "1", Weights: map[string]float64{"2": 0.1, "3": 0}},
		},
		"NotReady": {
			reason:   "Ready should be read by its type, not by its place.",
			resource: object(`{"status": {"conditions": [{"type": "Synced", "status": "True"}, {"type": "Ready", "status": "Unknown"}]}}`),
			want:     nothing,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := Observe(tc.resource)
			got := want{
				ObjectName:   o.ObjectName(),
				ExternalName: o.ExternalName(),
				Label:        o.Label("team"),
				Controller:   o.ControllerUID(),
				Ready:        o.Condition("Ready").Status == "True",
				ID:           o.String("status", "atProvider", "id"),
				Weights:      o.Numbers("status", "atProvider", "weights"),
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestObservedWithoutPath(t *testing.T) {
	if got := Observe(object(`{"a": "b"}`)).String(); got != "" {
		t.Errorf("String(): want no text for the object itself, got %q", got)
	}
}

func TestClaim(t *testing.T) {
	o := Observe(object(`{"metadata": {"labels": {"crossplane.io/claim-namespace": "team", "crossplane.io/claim-name": "payments"}}}`))
	if diff := cmp.Diff("team/payments", o.Claim()); diff != "" {
		t.Errorf("Claim(): -want, +got:\n%s", diff)
	}
}

func TestObservation(t *testing.T) {
	o := NewObservation(&fnv1.State{
		Composite: object(`{"metadata": {"name": "xr"}}`),
		Resources: map[string]*fnv1.Resource{"a": object(`{"metadata": {"name": "w"}}`)},
	})
	got := []any{o.XR.ObjectName(), o.Exists("a"), o.Composed("a").ObjectName(), o.Exists("b"), o.Composed("b").ObjectName()}
	if diff := cmp.Diff([]any{"xr", true, "w", false, ""}, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestObservedParts(t *testing.T) {
	o := Observe(object(`{"list": [{"a": "1"}, null, 2, {"a": "3"}], "texts": {"a": "1", "b": 2, "c": null}, "value": {"a": [1, "2"]}, "null": null}`))
	var list []string
	for _, item := range o.List("list") {
		list = append(list, item.String("a"))
	}
	if diff := cmp.Diff([]string{"1", "", "", "3"}, list); diff != "" {
		t.Errorf("List(...): -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"a": "1"}, o.Strings("texts")); diff != "" {
		t.Errorf("Strings(...): -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(any(map[string]any{"a": []any{1.0, "2"}}), o.Value("value")); diff != "" {
		t.Errorf("Value(...): -want, +got:\n%s", diff)
	}
	for _, path := range []string{"null", "none"} {
		if got := o.Value(path); got != nil {
			t.Errorf("Value(%q): want nil, got %v", path, got)
		}
	}
	if got := len(o.List("texts")) + len(o.Strings("list")); got != 0 {
		t.Errorf("what has another type should be empty, got %d", got)
	}
}
