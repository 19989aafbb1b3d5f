package standin

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// A thing is what AWS has of one managed resource.
type thing struct {
	// owner is the name of the managed resource that made it.
	owner string

	// forProvider is the spec that AWS was told last.
	forProvider map[string]any

	// arn, or "" if it has none.
	arn string

	// published is the version of a function that the provider knows as the last one, and versions are those that Lambda
	// has. They differ after someone has deleted the function in AWS, until the provider notices.
	published string
	versions  []string

	// code is the hash of a function's newest code. Empty until it is loaded.
	code string
}

// Things that exist in AWS, as "Kind name", made by managed resources whose names begin with the prefix.
func (a *AWS) Things(prefix string) []string {
	a.mx.Lock()
	defer a.mx.Unlock()
	things := []string{}
	for id, t := range a.things {
		if strings.HasPrefix(t.owner, prefix) {
			things = append(things, id)
		}
	}
	slices.Sort(things)
	return things
}

// Forget everything about managed resources whose names begin with the prefix: what AWS has of them, and what a test set.
func (a *AWS) Forget(prefix string) {
	a.mx.Lock()
	defer a.mx.Unlock()
	maps.DeleteFunc(a.things, func(_ string, t *thing) bool { return strings.HasPrefix(t.owner, prefix) })
	maps.DeleteFunc(a.changes, func(name string, _ Change) bool { return strings.HasPrefix(name, prefix) })
}

// Delete the resource in AWS. It reports false if AWS refuses: CodeDeploy keeps a configuration that a deployment group
// uses.
func (a *AWS) Delete(mr *unstructured.Unstructured) bool {
	a.mx.Lock()
	defer a.mx.Unlock()
	if mr.GetKind() == "DeploymentConfig" {
		for id, t := range a.things {
			if strings.HasPrefix(id, "DeploymentGroup ") && t.forProvider["deploymentConfigName"] == externalName(mr) {
				return false
			}
		}
	}
	delete(a.things, identity(mr))
	return true
}

// tell AWS of the resource's spec, as far as the provider may, and return what AWS then has, or why it refuses.
func (a *AWS) tell(mr *unstructured.Unstructured) (has *thing, refusal string) {
	has = a.things[identity(mr)]
	if has == nil {
		if refusal := a.refusal(mr); refusal != "" {
			return nil, refusal
		}
		has = a.create(mr)
	}
	has.owner = mr.GetName()
	if May(mr, "Update") {
		before := has.configuration()
		has.forProvider = parameters(mr)
		if mr.GetKind() == kindFunction && !reflect.DeepEqual(Objects(before), Objects(has.configuration())) {
			has.publishNext()
		}
	}
	return has, ""
}

func (a *AWS) create(mr *unstructured.Unstructured) *thing {
	t := &thing{arn: a.arn(mr), forProvider: parameters(mr)}
	if mr.GetKind() == kindFunction {
		t.publish("1")
	}
	if a.things == nil {
		a.things = map[string]*thing{}
	}
	a.things[identity(mr)] = t
	return t
}

// Objects is the value with each list of one object replaced by the object: to the provider, the two are the same.
func Objects(value any) any {
	if list, ok := value.([]any); ok && len(list) == 1 {
		if only, ok := list[0].(map[string]any); ok {
			value = only
		}
	}
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	same := make(map[string]any, len(object))
	for name, member := range object {
		same[name] = Objects(member)
	}
	return same
}

// parameters are a copy of spec.forProvider.
func parameters(mr *unstructured.Unstructured) map[string]any {
	p, _, _ := unstructured.NestedMap(mr.Object, "spec", "forProvider")
	return p
}

// May reports whether the resource's management policies let the provider do something in AWS: Create, Update or Delete.
func May(mr *unstructured.Unstructured, action string) bool {
	policies, found, _ := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
	return !found || slices.Contains(policies, "*") || slices.Contains(policies, action)
}

// onlyLooks reports whether the resource's provider may look, and nothing else.
func onlyLooks(mr *unstructured.Unstructured) bool {
	policies, _, _ := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
	return slices.Equal(policies, []string{"Observe"})
}

// identity of a managed resource in AWS: its kind and its name there. That of an alias is unique within its function.
func identity(mr *unstructured.Unstructured) string {
	return strings.Join(strings.Fields(mr.GetKind()+" "+functionOf(mr)+" "+externalName(mr)), " ")
}
