package compose

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
)

// readyOf says of each resource of an architecture whether it exists and is ready.
func readyOf(architecture []Resource, observed map[string]*fnv1.Resource) map[resource.Name]bool {
	ready := make(map[resource.Name]bool, len(architecture))
	for _, r := range architecture {
		existing, exists := observed[string(r.Name)]
		ready[r.Name] = exists && r.isReady(Observe(existing))
	}
	return ready
}

// isHeld reports whether a resource that exists stays as it is for now.
func (r Resource) isHeld(ready map[resource.Name]bool) bool {
	return slices.ContainsFunc(r.After, func(successor resource.Name) bool {
		isReady, known := ready[successor]
		return known && !isReady
	})
}

// keep returns what is asked for of a resource that stays as it is: what is built, but for a spec that would change it.
func keep(built *structpb.Struct, o Observed) *structpb.Struct {
	asked, exists := built.GetFields()["spec"], structpb.NewStructValue(o.Object("spec"))
	if within(asked, exists) {
		return built
	}
	built.Fields["spec"] = exists
	return built
}

// within reports whether one value is part of another: objects may have more members in it.
func within(part, whole *structpb.Value) bool {
	switch p := part.GetKind().(type) {
	case *structpb.Value_StructValue:
		members := whole.GetStructValue().GetFields()
		for name, member := range p.StructValue.GetFields() {
			if other, exists := members[name]; !exists || !within(member, other) {
				return false
			}
		}
		return whole.GetStructValue() != nil
	case *structpb.Value_ListValue:
		return slices.EqualFunc(p.ListValue.GetValues(), whole.GetListValue().GetValues(), within) && whole.GetListValue() != nil
	default:
		return proto.Equal(part, whole)
	}
}

// actionDelete is the management policy that lets a provider delete in AWS what is deleted in the cluster.
const actionDelete = "Delete"

// keepRetired returns what is asked for of a retired resource that stays for now. The provider may delete it in AWS once nobody asks for it
// any more, also where the resources of a claim that is deleted stay.
func keepRetired(o Observed) *structpb.Struct {
	kept := asItIs(o)
	if policies := o.policies(); !slices.Contains(policies, actionDelete) {
		setPolicies(member(kept, "spec"), append(policies, actionDelete)...)
	}
	return kept
}

// GiveUp returns the state in which these resources, which nobody asks for any more, are asked for once more if their providers may not delete
// them in AWS: then these may, when nobody asks for them.
func (s State) GiveUp(names []resource.Name, observed map[string]*fnv1.Resource) State {
	desired := maps.Clone(s.Desired)
	for _, name := range names {
		seen := Observe(observed[string(name)])
		if policies := seen.policies(); len(policies) > 0 && !slices.Contains(policies, actionDelete) {
			desired[name] = &fnv1.Resource{Resource: keepRetired(seen), Ready: readiness(true)}
		}
	}
	s.Desired = desired
	return s
}

// Unchanged is what is asked for while nothing is decided: all that exists, as it is.
func Unchanged(observed map[string]*fnv1.Resource) map[resource.Name]*fnv1.Resource {
	desired := make(map[resource.Name]*fnv1.Resource, len(observed))
	for name, r := range observed {
		seen := Observe(r)
		desired[resource.Name(name)] = &fnv1.Resource{Resource: asItIs(seen), Ready: readiness(seen.Condition("Ready").Status == "True")}
	}
	return desired
}

// asItIs is what is asked for of a resource that is to stay as it is: all of its spec, the annotation by which its provider knows it, and
// those that this package has put there. Crossplane takes away what is not asked for again.
func asItIs(o Observed) *structpb.Struct {
	kept := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for _, name := range []string{"apiVersion", "kind", "spec"} {
		if value := o.value(name); value != nil {
			kept.Fields[name] = proto.CloneOf(value)
		}
	}
	if name := o.value("metadata", "name"); name != nil {
		member(kept, "metadata").Fields["name"] = name
	}
	for _, key := range []string{annotationExternalName, annotationCreateFailed, annotationLookAgain} {
		value := o.annotation(key)
		if value == "" || key == annotationCreateFailed && value != always { // Else it is the provider's, which changes it.
			continue
		}
		member(member(kept, "metadata"), "annotations").Fields[key] = structpb.NewStringValue(value)
	}
	return kept
}
