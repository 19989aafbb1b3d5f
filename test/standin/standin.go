// Package standin plays provider-aws and the AWS account behind it, for all tests: what AWS says of a managed resource, of
// whatever kind, is written here and nowhere else. It fills in what the provider would add to a managed resource, its
// external name and its status, and never touches a spec.
//
// It needs no control plane. The tests of the function and the golden cases ask it for what becomes of each resource that
// is desired, with Apply; on a real control plane, package aws of test/controlplane watches resources and calls Observe.
package standin

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// An AWS is one AWS account with its provider. It remembers what it was told and what has happened. Whatever happens in it
// shows in a managed resource when the provider looks at that next.
type AWS struct {
	// AccountID of the account, 12 digits.
	AccountID string

	// ConnectionStatus of all GitHub connections, such as PENDING. Empty: AVAILABLE.
	ConnectionStatus string

	// ConnectionID of the connections that no API server has given a UID. Empty: the same in all accounts.
	ConnectionID string

	mx sync.Mutex

	// things that exist in AWS, by identity.
	things map[string]*thing

	// changes by the managed resource's name.
	changes map[string]Change
}

// Copy of the account as it is now. What happens in one of the two from now on does not happen in the other.
func (a *AWS) Copy() *AWS {
	a.mx.Lock()
	defer a.mx.Unlock()
	c := &AWS{AccountID: a.AccountID, ConnectionStatus: a.ConnectionStatus, ConnectionID: a.ConnectionID, things: map[string]*thing{}, changes: maps.Clone(a.changes)}
	for id, t := range a.things {
		// Specs are replaced, and never changed.
		has := *t
		has.versions = slices.Clone(t.versions)
		c.things[id] = &has
	}
	return c
}

// Set what is different about the named managed resource from now on, also if it does not exist yet. Nil: nothing.
func (a *AWS) Set(name string, change Change) {
	a.mx.Lock()
	defer a.mx.Unlock()
	if a.changes == nil {
		a.changes = map[string]Change{}
	}
	a.changes[name] = change
}

// Apply makes of what is desired of a managed resource what the API server has of it, after Crossplane has applied it and the
// provider has looked at it. Before is what the API server had. Nil: nothing.
func (a *AWS) Apply(desired, before *unstructured.Unstructured) {
	if before != nil {
		desired.SetUID(before.GetUID())
		if name := externalName(before); name != "" {
			setExternalName(desired, name)
		}
		if status, has := before.Object["status"]; has {
			desired.Object["status"] = runtime.DeepCopyJSONValue(status)
		}
	}
	a.Observe(desired)
}

// Observe has the provider look at a managed resource: it brings the resource about in AWS as far as it may, and fills in
// external name and status. It reports false if AWS does not make the resource now: the provider tries again.
func (a *AWS) Observe(mr *unstructured.Unstructured) bool {
	a.mx.Lock()
	defer a.mx.Unlock()
	looks := onlyLooks(mr)
	if looks && a.things[identity(mr)] == nil {
		mr.Object["status"] = map[string]any{}
		Condition("Synced", "False", "ReconcileError", "observe failed: external resource does not exist")(mr)
		return true
	}
	a.name(mr)
	has, refusal := a.tell(mr)
	if refusal != "" {
		Uncreated(refusal)(mr)
		return false
	}
	if mr.GetKind() == kindFunction && !a.load(mr, has) {
		Stuck(mr)
		return false
	}
	told := a.atProvider(mr, has)
	if looks {
		// All that AWS has: that is what it looks for.
		maps.Copy(told, runtime.DeepCopyJSON(has.forProvider))
	}
	mr.Object["status"] = map[string]any{"atProvider": told}
	Condition("Ready", "True", "Available", "")(mr)
	Condition("Synced", "True", "ReconcileSuccess", "")(mr)
	if change := a.changes[mr.GetName()]; change != nil {
		change(mr)
	}
	return true
}

// atProvider is what the provider tells of the resource once it exists.
func (a *AWS) atProvider(mr *unstructured.Unstructured, has *thing) map[string]any {
	told := map[string]any{"id": externalName(mr)}
	if arn := a.arn(mr); arn != "" {
		told["arn"] = arn
	}
	switch mr.GetKind() {
	case "Role":
		if tags, ok := has.forProvider["tags"]; ok {
			told["tags"] = runtime.DeepCopyJSONValue(tags)
		}
	case "Connection":
		told["connectionStatus"] = cmp.Or(a.ConnectionStatus, "AVAILABLE")
	case kindFunction:
		told["version"] = has.published
		if has.code != "" {
			told["codeSha256"] = has.code
		}
		maps.Copy(told, has.configuration())
	case kindAlias:
		told["functionVersion"] = has.functionVersion()
	case "FunctionURL":
		told["functionUrl"] = "https://a1b2c3d4e5.lambda-url." + region(mr) + ".on.aws/"
	}
	return told
}
