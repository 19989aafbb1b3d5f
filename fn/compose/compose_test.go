package compose

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/resource/composed"
)

// A widget is a managed resource of no particular cloud.
type widget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	Spec   widgetSpec   `json:"spec"`
	Status widgetStatus `json:"status"`
}

type widgetSpec struct {
	ForProvider  widgetParameters `json:"forProvider"`
	InitProvider widgetParameters `json:"initProvider,omitzero"`
}

type widgetParameters struct {
	ID    *string `json:"id,omitempty"`
	Teeth *int64  `json:"teeth,omitempty"`
}

type widgetStatus struct {
	AtProvider widgetParameters `json:"atProvider"`
}

func (w *widget) DeepCopyObject() runtime.Object {
	c := *w
	return &c
}

// A stranger is a widget that the scheme does not know.
type stranger struct{ widget }

func (s *stranger) DeepCopyObject() runtime.Object {
	c := *s
	return &c
}

func TestMain(m *testing.M) {
	composed.Scheme.AddKnownTypeWithName(schema.GroupVersionKind{Group: "example.org", Version: "v1", Kind: "Widget"}, &widget{})
	os.Exit(m.Run())
}

var (
	id    = Fact{ID: "id", Text: "the id"}
	color = Fact{ID: "color", Text: "the color"}
)

// buildWidget with the id in its spec.
func buildWidget(f Facts) client.Object {
	return widgetWith(f.Get(id))
}

// buildBlank needs no fact.
func buildBlank(Facts) client.Object {
	return widgetWith("")
}

func widgetWith(id string) *widget {
	return &widget{ObjectMeta: metav1.ObjectMeta{Name: "w"}, Spec: widgetSpec{ForProvider: widgetParameters{ID: new(id)}}}
}

func object(json string) *fnv1.Resource {
	return &fnv1.Resource{Resource: resource.MustStructJSON(json)}
}

// desired is what comes of buildWidget.
// desired resources that the provider may create again.
func desired(id string, ready fnv1.Ready) *fnv1.Resource {
	r := object(`{"apiVersion": "example.org/v1", "kind": "Widget",
		"metadata": {"name": "w", "annotations": {"crossplane.io/external-create-failed": "9999-12-31T23:59:59Z"}},
		"spec": {"forProvider": {"id": "` + id + `"}}}`)
	r.Ready = ready
	return r
}

// createdOnce is a desired resource that the provider may not create again.
func createdOnce() *fnv1.Resource {
	r := desired("", fnv1.Ready_READY_FALSE)
	delete(r.GetResource().GetFields()["metadata"].GetStructValue().GetFields(), "annotations")
	return r
}

func TestCompose(t *testing.T) {
	ready := object(`{"status": {"conditions": [{"type": "Synced", "status": "True"}, {"type": "Ready", "status": "True"}]}}`)
	unready := object(`{"status": {"conditions": [{"type": "Ready", "status": "False"}]}}`)

	// A resource of an earlier release, and what is asked for to leave it as it is, once where it goes on and once where it is retired.
	asBefore := object(`{"apiVersion": "example.org/v1", "kind": "Widget",
		"metadata": {"name": "old", "uid": "1", "annotations": {"crossplane.io/external-name": "w-1", "crossplane.io/external-create-succeeded": "09:00"}},
		"spec": {"forProvider": {"id": "before"}, "managementPolicies": ["Observe"]},
		"status": {"conditions": [{"type": "Synced", "status": "True"}, {"type": "Ready", "status": "True"}]}}`)
	kept := object(`{"apiVersion": "example.org/v1", "kind": "Widget",
		"metadata": {"name": "w", "annotations": {"crossplane.io/external-create-failed": "9999-12-31T23:59:59Z"}}, "spec": {"forProvider": {"id": "before"}, "managementPolicies": ["Observe"]}}`)
	kept.Ready = fnv1.Ready_READY_TRUE
	keptRetired := object(`{"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "old", "annotations": {"crossplane.io/external-name": "w-1"}},
		"spec": {"forProvider": {"id": "before"}, "managementPolicies": ["Observe", "Delete"]}}`)
	keptRetired.Ready = fnv1.Ready_READY_TRUE

	type args struct {
		architecture []Resource
		facts        Known
		observed     map[string]*fnv1.Resource
	}
	type want struct {
		state State
		err   string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"Empty": {
			reason: "An architecture of nothing should come to nothing.",
			want:   want{state: State{Desired: map[resource.Name]*fnv1.Resource{}}},
		},
		"Deferred": {
			reason: "What is deferred should not be made, and nothing should wait for it, whatever it needs. What exists should stay.",
			args: args{
				architecture: []Resource{
					{Name: "a", Build: buildWidget, Needs: []Fact{id}, Deferred: true},
					{Name: "b", Build: buildBlank, Deferred: true},
					{Name: "c", Build: buildBlank, Deferred: true},
				},
				observed: map[string]*fnv1.Resource{
					"b": ready,
					"c": object(`{"spec": {"managementPolicies": ["Observe"]}, "status": {"conditions": [{"type": "Synced", "status": "False",
						"message": "observe failed: external resource does not exist"}]}}`),
				},
			},
			want: want{state: State{
				Desired:  map[resource.Name]*fnv1.Resource{"b": desired("", fnv1.Ready_READY_TRUE)},
				Deferred: []resource.Name{"a", "c"},
			}},
		},
		"Held": {
			reason: "What exists should keep its spec until what takes over is ready.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildBlank, After: []resource.Name{"b", "gone"}}, {Name: "b", Build: buildBlank}},
				observed:     map[string]*fnv1.Resource{"a": asBefore, "b": unready},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"a": kept, "b": desired("", fnv1.Ready_READY_FALSE)},
				Unready: []resource.Name{"b"},
			}},
		},
		"HeldForWhatIsNotThere": {
			reason: "What takes over and does not exist yet is not ready.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildBlank, After: []resource.Name{"b"}}, {Name: "b", Build: buildBlank}},
				observed:     map[string]*fnv1.Resource{"a": asBefore},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"a": kept, "b": desired("", fnv1.Ready_READY_FALSE)},
				Unready: []resource.Name{"b"},
			}},
		},
		"HeldAndTheSame": {
			reason: "What exists as it should be, with what others have added, should be asked for as always.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildWidget, Needs: []Fact{id}, After: []resource.Name{"b"}}, {Name: "b", Build: buildBlank}},
				facts:        Known{id: "1"},
				observed:     map[string]*fnv1.Resource{"a": object(`{"spec": {"forProvider": {"id": "1", "teeth": 3}}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}`)},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"a": desired("1", fnv1.Ready_READY_TRUE), "b": desired("", fnv1.Ready_READY_FALSE)},
				Unready: []resource.Name{"b"},
			}},
		},
		"HandedOver": {
			reason: "Once what takes over is ready, the resource should be what it is now.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildBlank, After: []resource.Name{"b"}}, {Name: "b", Build: buildBlank}},
				observed:     map[string]*fnv1.Resource{"a": asBefore, "b": ready},
			},
			want: want{state: State{Desired: map[resource.Name]*fnv1.Resource{"a": desired("", fnv1.Ready_READY_TRUE), "b": desired("", fnv1.Ready_READY_TRUE)}}},
		},
		"NothingToHold": {
			reason: "What does not exist should be made at once.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildBlank, After: []resource.Name{"b"}}, {Name: "b", Build: buildBlank}},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"a": desired("", fnv1.Ready_READY_FALSE), "b": desired("", fnv1.Ready_READY_FALSE)},
				Unready: []resource.Name{"a", "b"},
			}},
		},
		"RetiredAndHeld": {
			reason: "A retired resource should stay until what takes over is ready, and then its provider should be free to delete it.",
			args: args{
				architecture: []Resource{{Name: "a", Retired: true, After: []resource.Name{"b"}}, {Name: "b", Build: buildBlank}},
				observed:     map[string]*fnv1.Resource{"a": asBefore, "b": unready},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{
					"a": keptRetired,
					"b": desired("", fnv1.Ready_READY_FALSE),
				},
				Unready: []resource.Name{"b"},
			}},
		},
		"Retired": {
			reason: "A retired resource should go once what takes over is ready, and never come.",
			args: args{
				architecture: []Resource{{Name: "a", Retired: true, After: []resource.Name{"b"}}, {Name: "c", Retired: true, After: []resource.Name{"d"}}, {Name: "b", Build: buildBlank}},
				observed:     map[string]*fnv1.Resource{"a": asBefore, "b": ready},
			},
			want: want{state: State{Desired: map[resource.Name]*fnv1.Resource{"b": desired("", fnv1.Ready_READY_TRUE)}}},
		},
		"Created": {
			reason: "A resource that does not exist should be desired and explicitly not ready, even if its rule would be content.",
			args: args{
				architecture: []Resource{{Name: "a", Needs: []Fact{id}, Build: buildWidget, Ready: func(Observed) bool { return true }}},
				facts:        Known{id: "1"},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"a": desired("1", fnv1.Ready_READY_FALSE)},
				Unready: []resource.Name{"a"},
			}},
		},
		"CreateOnce": {
			reason: "A provider should not go on after an interrupted creation that may have made one already: it fails, and a person is asked.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildBlank, CreateOnce: true}},
				observed: map[string]*fnv1.Resource{"a": object(`{"status": {"conditions": [{"type": "Synced", "status": "False",
					"message": "cannot determine creation result - remove the annotation if it is safe to proceed"}]}}`)},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"a": createdOnce()},
				Unready: []resource.Name{"a"},
				Failing: []Failing{{Name: "a", Message: "cannot determine creation result - remove the annotation if it is safe to proceed"}},
			}},
		},
		"Undeclared": {
			reason: "A resource that reads a fact that it does not need should be an error, as it would be made without it.",
			args: args{
				architecture: []Resource{{Name: "a", Needs: []Fact{color}, Build: buildWidget}},
				facts:        Known{id: "1", color: "red"},
			},
			want: want{err: `cannot build composed resource "a": it reads the fact "id" and does not need it`},
		},
		"Waiting": {
			reason: "What does not exist should wait, in the architecture's order, for the first fact missing; an empty fact is missing.",
			args: args{
				architecture: []Resource{
					{Name: "z", Needs: []Fact{id, color}},
					{Name: "m", Needs: []Fact{id}, Build: buildWidget},
					{Name: "a", Needs: []Fact{color, id}},
				},
				facts: Known{id: "1", color: ""},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{"m": desired("1", fnv1.Ready_READY_FALSE)},
				Unready: []resource.Name{"m"},
				Waiting: []Waiting{{Name: "z", For: color}, {Name: "a", For: color}},
			}},
		},
		"FactLost": {
			reason: "A resource that exists must not be left out, which would delete it: that should be an error.",
			args: args{
				architecture: []Resource{{Name: "a", Build: buildBlank}, {Name: "b", Needs: []Fact{id}}},
				observed:     map[string]*fnv1.Resource{"b": ready},
			},
			want: want{err: `cannot compose "b", which exists, without the id: nothing is changed until that is known again`},
		},
		"FactLostOfEmptyObject": {
			reason: "A resource exists by being observed, whatever can be read of it.",
			args: args{
				architecture: []Resource{{Name: "b", Needs: []Fact{id}}},
				observed:     map[string]*fnv1.Resource{"b": nil},
			},
			want: want{err: `cannot compose "b", which exists, without the id: nothing is changed until that is known again`},
		},
		"Ready": {
			reason: "Without a rule the Ready condition should decide.",
			args: args{
				architecture: []Resource{{Name: "a", Needs: []Fact{id}, Build: buildWidget}, {Name: "b", Needs: []Fact{id}, Build: buildWidget}},
				facts:        Known{id: "1"},
				observed:     map[string]*fnv1.Resource{"a": ready, "b": unready},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{
					"a": desired("1", fnv1.Ready_READY_TRUE),
					"b": desired("1", fnv1.Ready_READY_FALSE),
				},
				Unready: []resource.Name{"b"},
			}},
		},
		"ReadyRule": {
			reason: "A rule should be asked beyond the Ready condition, and not instead of it.",
			args: args{
				architecture: []Resource{
					{Name: "a", Needs: []Fact{id}, Build: buildWidget, Ready: func(Observed) bool { return false }},
					{Name: "b", Needs: []Fact{id}, Build: buildWidget, Ready: func(Observed) bool { return true }},
					{Name: "c", Needs: []Fact{id}, Build: buildWidget, Ready: func(Observed) bool { return true }},
				},
				facts:    Known{id: "1"},
				observed: map[string]*fnv1.Resource{"a": ready, "b": ready, "c": unready},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{
					"a": desired("1", fnv1.Ready_READY_FALSE),
					"b": desired("1", fnv1.Ready_READY_TRUE),
					"c": desired("1", fnv1.Ready_READY_FALSE),
				},
				Unready: []resource.Name{"a", "c"},
			}},
		},
		"Failing": {
			reason: "What its provider cannot bring about should be told with the provider's words, whether it is ready or not.",
			args: args{
				architecture: []Resource{{Name: "a", Needs: []Fact{id}, Build: buildWidget}, {Name: "b", Needs: []Fact{id}, Build: buildWidget}, {Name: "c", Needs: []Fact{id}, Build: buildWidget}},
				facts:        Known{id: "1"},
				observed: map[string]*fnv1.Resource{
					"a": object(`{"status": {"conditions": [{"type": "Synced", "status": "False", "message": "cannot create"}]}}`),
					"b": object(`{"status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Synced", "status": "False", "message": "cannot update"}]}}`),
					"c": object(`{"status": {"conditions": [{"type": "Synced", "status": "False", "message": "cannot resolve references: mg.Spec: not yet"}]}}`),
				},
			},
			want: want{state: State{
				Desired: map[resource.Name]*fnv1.Resource{
					"a": desired("1", fnv1.Ready_READY_FALSE),
					"b": desired("1", fnv1.Ready_READY_TRUE),
					"c": desired("1", fnv1.Ready_READY_FALSE),
				},
				Unready: []resource.Name{"a", "c"},
				Failing: []Failing{{Name: "a", Message: "cannot create"}, {Name: "b", Message: "cannot update"}},
			}},
		},
		"UnknownType": {
			reason: "A type that the scheme does not know should be an error with the resource's name.",
			args:   args{architecture: []Resource{{Name: "a", Build: func(Facts) client.Object { return &stranger{} }}}},
			want: want{err: `cannot convert composed resource "a": is its API group in the scheme?: ` +
				`no kind is registered for the type compose.stranger in scheme "` + composed.Scheme.Name() + `"`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Compose(tc.args.architecture, nil, tc.args.facts, tc.args.observed)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if diff := cmp.Diff(tc.want.err, text); diff != "" {
				t.Fatalf("%s\nCompose(...): -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want.state, got, protocmp.Transform()); diff != "" {
				t.Errorf("%s\nCompose(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestState(t *testing.T) {
	two := map[resource.Name]*fnv1.Resource{"a": nil, "b": nil}

	type want struct {
		total    int
		ready    int
		allReady bool
	}
	cases := map[string]struct {
		reason string
		state  State
		want   want
	}{
		"AllReady":  {reason: "All are there and ready.", state: State{Desired: two}, want: want{total: 2, ready: 2, allReady: true}},
		"SomeReady": {reason: "One is not ready.", state: State{Desired: two, Unready: []resource.Name{"b"}}, want: want{total: 2, ready: 1}},
		"NothingReady": {
			reason: "What waits and what is not ready do not make up for each other.",
			state:  State{Desired: map[resource.Name]*fnv1.Resource{"a": nil}, Unready: []resource.Name{"a"}, Waiting: []Waiting{{}}},
			want:   want{total: 2},
		},
		"ReadyButWait": {reason: "What waits is counted, and is not ready.", state: State{Desired: two, Waiting: []Waiting{{}}}, want: want{total: 3, ready: 2}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := want{total: tc.state.Total(), ready: tc.state.Ready(), allReady: tc.state.AllReady()}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestToStruct(t *testing.T) {
	cases := map[string]struct {
		reason string
		object *widget
		want   *fnv1.Resource
	}{
		"Minimal": {
			reason: "Type and name should be there, and nothing that nobody set.",
			object: &widget{ObjectMeta: metav1.ObjectMeta{Name: "w"}},
			want:   object(`{"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"forProvider": {}}}`),
		},
		"Full": {
			reason: "What is set should be there, and no status.",
			object: &widget{
				ObjectMeta: metav1.ObjectMeta{Name: "w", Annotations: map[string]string{"a": "b"}},
				Spec: widgetSpec{
					ForProvider:  widgetParameters{Teeth: new(int64(12))},
					InitProvider: widgetParameters{ID: new("")},
				},
				Status: widgetStatus{AtProvider: widgetParameters{ID: new("1")}},
			},
			want: object(`{
				"apiVersion": "example.org/v1",
				"kind": "Widget",
				"metadata": {"name": "w", "annotations": {"a": "b"}},
				"spec": {"forProvider": {"teeth": 12}, "initProvider": {"id": ""}}
			}`),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := toStruct(tc.object)
			if err != nil {
				t.Fatalf("%s\ntoStruct(...): %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want.GetResource(), got, protocmp.Transform()); diff != "" {
				t.Errorf("%s\ntoStruct(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
