package compose

import (
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/errors"
	"github.com/crossplane/function-sdk-go/resource/composed"
)

// toStruct converts a typed object, whose type composed.Scheme must know, to the form that a response carries.
//
// It does what the SDK's composed.From and resource.AsStruct do, without going through JSON, which would take most of
// the time of a reconcile.
func toStruct(o client.Object) (*structpb.Struct, error) {
	kinds, _, err := composed.Scheme.ObjectKinds(o)
	if err != nil {
		return nil, errors.Wrap(err, "is its API group in the scheme?")
	}
	o.GetObjectKind().SetGroupVersionKind(kinds[0])
	u, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return nil, err
	}
	removeUnset(u)
	return structpb.NewStruct(u)
}

// removeUnset removes what a typed object has but nobody set: fields that are structs, not pointers to one. Crossplane
// would take an empty field for the wish that it be empty.
func removeUnset(u map[string]any) {
	delete(u, "status")
	if m, ok := u["metadata"].(map[string]any); ok {
		delete(m, "creationTimestamp")
	}
	if spec, ok := u["spec"].(map[string]any); ok {
		if init, ok := spec["initProvider"].(map[string]any); ok && len(init) == 0 {
			delete(spec, "initProvider")
		}
	}
}
