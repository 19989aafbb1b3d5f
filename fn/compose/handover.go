package compose

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
)

// unready are the resources of an architecture that exist not, or are not ready, by name.
func unready(architecture []Resource, observed map[string]*fnv1.Resource) map[resource.Name]bool {
	unready := map[resource.Name]bool{}
	for _, r := range architecture {
		existing, exists := observed[string(r.Name)]
		unready[r.Name] = !r.Retired && (!exists || !r.isReady(Observe(existing)))
	}
	return unready
}

// isHeld reports whether a resource that exists stays as it is for now.
func (r Resource) isHeld(unready map[resource.Name]bool) bool {
	for _, successor := range r.After {
		if unready[successor] {
			return true
		}
	}
	return false
}

// everything is what the provider of a retired resource may do: it deletes in AWS what nobody asks for any more, also where the
// resources of a claim that is deleted stay.
var everything = []string{actionObserve, "Create", "Update", "Delete"}

// asItIs returns what is asked for to leave a resource as it is: all of its spec, and the annotation by which its provider knows it.
func (r Resource) asItIs(o Observed) *structpb.Struct {
	spec := proto.CloneOf(o.Object("spec"))
	if spec == nil {
		spec = &structpb.Struct{}
	}
	metadata := &structpb.Struct{Fields: map[string]*structpb.Value{"name": o.value("metadata", "name")}}
	if external := o.ExternalName(); external != "" {
		member(metadata, "annotations").Fields[annotationExternalName] = structpb.NewStringValue(external)
	}
	if r.Retired {
		setPolicies(spec, everything...)
	}
	return &structpb.Struct{Fields: map[string]*structpb.Value{
		"apiVersion": o.value("apiVersion"),
		"kind":       o.value("kind"),
		"metadata":   structpb.NewStructValue(metadata),
		"spec":       structpb.NewStructValue(spec),
	}}
}
