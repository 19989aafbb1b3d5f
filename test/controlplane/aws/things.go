package aws

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A thing is what AWS has of one managed resource.
type thing struct {
	// owner is the name of the managed resource that made it.
	owner string

	// forProvider is the spec that AWS was told last.
	forProvider map[string]any
}

// Things that exist in AWS, as "Kind name", made by managed resources whose names begin with the prefix.
func (a *Account) Things(prefix string) []string {
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
func (a *Account) Forget(prefix string) {
	a.mx.Lock()
	defer a.mx.Unlock()
	maps.DeleteFunc(a.things, func(_ string, t *thing) bool { return strings.HasPrefix(t.owner, prefix) })
	maps.DeleteFunc(a.gone, func(name, _ string) bool { return strings.HasPrefix(name, prefix) })
	maps.DeleteFunc(a.changes, func(name string, _ Change) bool { return strings.HasPrefix(name, prefix) })
}

// Lose what AWS has of an alias, and the version that it was on: someone has deleted its function. The provider then tries
// to make the alias again.
func (a *Account) Lose(ctx context.Context, gvk schema.GroupVersionKind, name string) error {
	mr := resource(gvk, name)
	if err := a.client.Get(ctx, client.ObjectKeyFromObject(mr), mr); err != nil {
		return err
	}
	a.mx.Lock()
	if t := a.things[identity(mr)]; t != nil {
		a.gone[name], _ = t.forProvider["functionVersion"].(string)
		delete(a.things, identity(mr))
	}
	a.mx.Unlock()
	return a.Set(ctx, gvk, name, nil)
}

// isOnGoneVersion reports whether the resource is an alias that AWS does not have and cannot make: its function does not
// have the version that it is asked for with.
func (a *Account) isOnGoneVersion(mr *unstructured.Unstructured) bool {
	asked, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "functionVersion")
	a.mx.Lock()
	defer a.mx.Unlock()
	return mr.GetKind() == "Alias" && asked == a.gone[mr.GetName()] && a.things[identity(mr)] == nil
}

// unknownVersion is the provider's error where Lambda does not have the version of an alias.
func unknownVersion(mr *unstructured.Unstructured) string {
	version, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "functionVersion")
	return "create failed: async create failed: failed to create the resource: [{0 creating Lambda Alias (live): operation error Lambda: CreateAlias, " +
		"https response error StatusCode: 404, ResourceNotFoundException: Function not found: " +
		"arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue:" + version + "  []}]"
}

// apply the resource's spec to AWS as far as the provider may, and fill in what AWS then says of it.
func (a *Account) apply(mr *unstructured.Unstructured) {
	seen := mr.DeepCopy()
	set(seen, a.tell(mr), "spec", "forProvider")
	a.Observe(seen)
	mr.Object["status"] = seen.Object["status"]
}

// tell AWS of the resource's spec, if the provider may, and return the spec that AWS has.
func (a *Account) tell(mr *unstructured.Unstructured) map[string]any {
	forProvider, _, _ := unstructured.NestedMap(mr.Object, "spec", "forProvider")
	a.mx.Lock()
	defer a.mx.Unlock()
	t := a.things[identity(mr)]
	if t == nil {
		t = &thing{forProvider: forProvider}
		a.things[identity(mr)] = t
	}
	t.owner = mr.GetName()
	if may(mr, "Update") {
		t.forProvider = forProvider
	}
	return t.forProvider
}

// change a field of what AWS has of the resource.
func (a *Account) change(mr *unstructured.Unstructured, field string, value any) error {
	a.mx.Lock()
	defer a.mx.Unlock()
	t := a.things[identity(mr)]
	if t == nil {
		return errors.Errorf("AWS has no %s", identity(mr))
	}
	t.forProvider = maps.Clone(t.forProvider)
	t.forProvider[field] = value
	return nil
}

// remove the resource from AWS. It reports false if AWS refuses: CodeDeploy keeps a configuration that a deployment group
// uses.
func (a *Account) remove(mr *unstructured.Unstructured) bool {
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

// may reports whether the resource's management policies let the provider do something in AWS.
func may(mr *unstructured.Unstructured, action string) bool {
	policies, found, _ := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
	return !found || slices.Contains(policies, "*") || slices.Contains(policies, action)
}

// identity of a managed resource in AWS: its kind and its name there. That of an alias is unique within its function.
func identity(mr *unstructured.Unstructured) string {
	function, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "functionNameRef", "name")
	return strings.TrimSpace(mr.GetKind() + " " + function + " " + externalName(mr))
}

func externalName(mr *unstructured.Unstructured) string {
	return mr.GetAnnotations()[annotationExternalName]
}

// name the resource, if AWS or the provider chooses its name. No two connections ever have the same ARN.
func (a *Account) name(mr *unstructured.Unstructured) {
	if externalName(mr) != "" {
		return
	}
	name := mr.GetName()
	if mr.GetKind() == "Connection" {
		region, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "region")
		name = fmt.Sprintf("arn:aws:codestar-connections:%s:%s:connection/%s", region, a.AccountID, mr.GetUID())
	}
	annotations := map[string]string{annotationExternalName: name}
	maps.Copy(annotations, mr.GetAnnotations())
	mr.SetAnnotations(annotations)
}
