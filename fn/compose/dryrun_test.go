package compose

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
)

func TestOnlyObserve(t *testing.T) {
	of := func(policies string) *fnv1.Resource {
		return object(`{"kind": "Widget", "spec": {"managementPolicies": ` + policies + `, "forProvider": {"teeth": 1}}}`)
	}
	for _, policies := range []string{`["*"]`, `["Observe", "Create"]`, `[]`, `null`} {
		s := State{Desired: map[resource.Name]*fnv1.Resource{"a": of(policies)}, Unready: []resource.Name{"a"}}
		got := s.OnlyObserve(nil)
		want := State{Desired: map[resource.Name]*fnv1.Resource{"a": of(`["Observe"]`)}, Unready: []resource.Name{"a"}}
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Errorf("OnlyObserve() of %s: -want, +got:\n%s", policies, diff)
		}
		if diff := cmp.Diff(of(policies), s.Desired["a"], protocmp.Transform()); diff != "" {
			t.Errorf("OnlyObserve() has changed the state that it was asked about: -want, +got:\n%s", diff)
		}
	}
}

// TestLookAgain wakes the providers that have looked, and not told what they have found.
func TestLookAgain(t *testing.T) {
	observed := map[string]*fnv1.Resource{
		"untold":   object(`{"status": {"conditions": [{"type": "Synced", "status": "True"}], "atProvider": {}}}`),
		"told":     object(`{"status": {"conditions": [{"type": "Synced", "status": "True"}], "atProvider": {"id": "a"}}}`),
		"notFound": observing(`["Observe"]`, nothingThere),
		"waiting":  object(`{"status": {}}`),
	}
	s := State{Desired: map[resource.Name]*fnv1.Resource{}}
	for name := range observed {
		s.Desired[resource.Name(name)] = object(`{"metadata": {"annotations": {"a": "b"}}, "spec": {}}`)
	}
	s.Desired["bare"], observed["bare"] = object(`{"spec": {}}`), observed["untold"]
	want := map[resource.Name]string{"untold": "true", "bare": "true", "told": "", "notFound": "", "waiting": ""}
	got := map[resource.Name]string{}
	for name, r := range s.OnlyObserve(observed).Desired {
		got[name] = Observe(r).annotation("paymentdelivery.io/look-again")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("OnlyObserve(...): -want annotations, +got:\n%s", diff)
	}
}

// observing is a widget whose provider may do what the policies say, with its condition Synced.
func observing(policies, synced string) *fnv1.Resource {
	return object(`{"spec": {"managementPolicies": ` + policies + `}, "status": {"conditions": [{"type": "Synced", ` + synced + `}]}}`)
}

const (
	nothingThere = `"status": "False", "message": "observe failed: external resource does not exist"`
	refusedThere = `"status": "False", "message": "observe failed: AccessDenied"`
)

func TestNotFound(t *testing.T) {
	cases := map[string]struct {
		observed *fnv1.Resource
		want     bool
	}{
		"NotFound":    {observed: observing(`["Observe"]`, nothingThere), want: true},
		"MayCreate":   {observed: observing(`["Observe", "Create"]`, nothingThere)},
		"MayAnything": {observed: observing(`null`, nothingThere)},
		"Refused":     {observed: observing(`["Observe"]`, refusedThere)},
		"Found":       {observed: observing(`["Observe"]`, `"status": "True"`)},
		"NotLooked":   {observed: object(`{"spec": {"managementPolicies": ["Observe"]}}`)},
		"Nothing":     {},
	}
	for name, tc := range cases {
		if got := Observe(tc.observed).NotFound(); got != tc.want {
			t.Errorf("%s: NotFound(): want %t, got %t", name, tc.want, got)
		}
	}
}

// TestComposeAfterDryRun composes what a dry run has looked for, while a fact is missing.
func TestComposeAfterDryRun(t *testing.T) {
	architecture := []Resource{{Name: "a", Needs: []Fact{id}, Build: buildWidget}}
	s, err := Compose(architecture, nil, Known{}, map[string]*fnv1.Resource{"a": observing(`["Observe"]`, nothingThere)})
	if diff := cmp.Diff([]Waiting{{Name: "a", For: id}}, s.Waiting); diff != "" || err != nil {
		t.Errorf("Compose(...) of what does not exist: error %v, -want waiting, +got:\n%s", err, diff)
	}
	for name, exists := range map[string]*fnv1.Resource{
		"found":       observing(`["Observe"]`, `"status": "True"`),
		"not told of": object(`{"spec": {"managementPolicies": ["Observe"]}}`),
		"managed":     observing(`["Observe", "Create"]`, nothingThere),
	} {
		if _, err := Compose(architecture, nil, Known{}, map[string]*fnv1.Resource{"a": exists}); err == nil {
			t.Errorf("Compose(...) of what is %s: want the error that a fact is lost", name)
		}
	}
	s, err = Compose(architecture, nil, Known{id: "7"}, map[string]*fnv1.Resource{"a": observing(`["Observe"]`, nothingThere)})
	if err != nil || len(s.Failing) > 0 || len(s.Desired) != 1 {
		t.Errorf("Compose(...): want what is not there asked for and not failing, got %v, error %v", s, err)
	}
}
