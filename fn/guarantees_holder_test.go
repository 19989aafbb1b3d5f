package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// A cluster is an API server and Crossplane as far as it takes for claims to want the same names. It applies
// resources in any order, and refuses to give one a second controller.
type cluster struct {
	objects map[string]stored
	xrs     []*contender
}

// A stored object is what the API server has of one, and the same as Crossplane sends it.
type stored struct {
	*unstructured.Unstructured

	sent *fnv1.Resource
}

// A contender is one of the XRs.
type contender struct {
	name, uid  string
	namespaced bool
	spec       map[string]any
	account    account
	rsp        *fnv1.RunFunctionResponse
}

// namespace of the team that has it.
func (x *contender) namespace() string { return "team-" + x.name }

// xr is the composite resource: of a claim, or in the team's namespace.
func (x *contender) xr() map[string]any {
	kind, metadata := "XPaymentDeliveryPipeline", map[string]any{"name": x.name, "uid": x.uid}
	if x.namespaced {
		kind, metadata["namespace"] = "PaymentPipeline", x.namespace()
	} else {
		metadata["labels"] = map[string]any{v1alpha1.LabelClaimNamespace: x.namespace(), v1alpha1.LabelClaimName: x.name}
	}
	return map[string]any{"apiVersion": "paymentdelivery.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": x.spec}
}

// An account is AWS behind a ProviderConfig.
type account struct {
	providerConfig string
	aws            *standin.AWS
}

func newAccount(providerConfig, id string) account {
	return account{providerConfig: providerConfig, aws: &standin.AWS{AccountID: id}}
}

// settings of the platform team for claims in the account.
func (a account) settings() *structpb.Struct {
	return mustStruct(map[string]any{
		"apiVersion":     "paymentdelivery.fn.crossplane.io/v1beta1",
		"kind":           "PlatformSettings",
		"providerConfig": a.providerConfig,
	})
}

func key(mr *unstructured.Unstructured) string {
	return keyOf(mr.GetAPIVersion(), mr.GetKind(), mr.GetNamespace(), mr.GetName())
}

func keyOf(apiVersion, kind, namespace, name string) string {
	return strings.Join([]string{apiVersion, kind, namespace, name}, " ")
}

func providerConfigOf(mr *unstructured.Unstructured) string {
	name, _, _ := unstructured.NestedString(mr.Object, "spec", "providerConfigRef", "name")
	return name
}

func controllerOf(mr *unstructured.Unstructured) string {
	for _, owner := range mr.GetOwnerReferences() {
		return string(owner.UID)
	}
	return ""
}

// observe is what Crossplane shows an XR: only what it controls, and the bucket if the function asks for it.
func (c *cluster) observe(x *contender) *fnv1.RunFunctionRequest {
	req := newRequest(x.spec, x.account.settings())
	req.Observed.Composite = &fnv1.Resource{Resource: mustStruct(x.xr())}
	for _, mr := range c.objects {
		if controllerOf(mr.Unstructured) == x.uid {
			req.Observed.Resources[render.ComposedName(mr.Unstructured)] = mr.sent
		}
	}
	return req
}

// compose runs the function as Crossplane does: again, if it asks for a resource.
func (c *cluster) compose(t rapid.TB, x *contender) {
	rsp, err := callAsCrossplane(context.Background(), c.observe(x), func(selector *fnv1.ResourceSelector) *fnv1.Resources {
		if mr, exists := c.objects[keyOf(selector.GetApiVersion(), selector.GetKind(), selector.GetNamespace(), selector.GetMatchName())]; exists {
			return &fnv1.Resources{Items: []*fnv1.Resource{mr.sent}}
		}
		return &fnv1.Resources{}
	})
	if err != nil {
		t.Fatal(err)
	}
	x.rsp = rsp
}

// apply one desired resource. What another XR controls is left as it is.
func (c *cluster) apply(x *contender, name string) {
	mr := object(x.rsp.GetDesired().GetResources()[name])
	if x.namespaced {
		mr.SetNamespace(x.namespace())
	}
	existing := c.objects[key(mr)].Unstructured
	if existing != nil && controllerOf(existing) != x.uid {
		return
	}
	setComposedName(mr, name)
	mr.SetLabels(map[string]string{labelComposite: x.name})
	if !x.namespaced {
		mr.SetLabels(map[string]string{v1alpha1.LabelClaimNamespace: x.namespace(), v1alpha1.LabelClaimName: x.name, labelComposite: x.name})
	}
	mr.Object["metadata"].(map[string]any)["ownerReferences"] = []any{map[string]any{"uid": x.uid, "controller": true}}
	x.account.aws.Apply(mr, existing)
	c.objects[key(mr)] = stored{mr, &fnv1.Resource{Resource: mustStruct(mr.Object)}}
}

func TestOneHolder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		here, there := newAccount("default", fntest.Account), newAccount("production", "444455556666")
		c := &cluster{
			objects: map[string]stored{},
			xrs: []*contender{
				{name: "one", uid: "11111111-58ac-4c2d-9f6e-3d1f0e8a7b11", spec: minimalSpecMap(), account: here},
				{name: "two", uid: "22222222-58ac-4c2d-9f6e-3d1f0e8a7b11", spec: minimalSpecMap(), account: here},
				{name: "three", uid: "44444444-58ac-4c2d-9f6e-3d1f0e8a7b11", namespaced: true, spec: minimalSpecMap(), account: here},
				{name: "four", uid: "55555555-58ac-4c2d-9f6e-3d1f0e8a7b11", namespaced: true, spec: minimalSpecMap(), account: here},
				{name: "elsewhere", uid: "33333333-58ac-4c2d-9f6e-3d1f0e8a7b11", spec: minimalSpecMap(), account: there},
			},
		}
		// The region makes no difference: IAM has none.
		c.xrs[1].spec["region"] = rapid.SampledFrom([]string{"us-east-1", "eu-central-1"}).Draw(t, "region")

		// One may have begun before the others.
		if first := rapid.IntRange(-1, len(c.xrs)-1).Draw(t, "first"); first >= 0 {
			c.compose(t, c.xrs[first])
			c.apply(c.xrs[first], string(functionRole))
		}

		// All reconcile at the same moment, again and again: each runs its function before either applies anything, and
		// then their resources are applied in any order.
		for range 6 {
			var work []func()
			for _, x := range c.xrs {
				c.compose(t, x)
				if whyRefused(x.rsp) != "" {
					continue
				}
				for _, name := range slices.Sorted(maps.Keys(x.rsp.GetDesired().GetResources())) {
					work = append(work, func() { c.apply(x, name) })
				}
			}
			for _, i := range rapid.Permutation(slices.Collect(seq(len(work)))).Draw(t, "order") {
				work[i]()
			}
		}

		owners := map[string]map[string]int{}
		for _, mr := range c.objects {
			// Who was second may look at the role, by a managed resource in another namespace.
			if !standin.May(mr.Unstructured, "Update") && !standin.May(mr.Unstructured, "Delete") {
				if name := render.ComposedName(mr.Unstructured); name != string(functionRole) {
					t.Errorf("want nothing else looked at, got %s", name)
				}
				continue
			}
			config := providerConfigOf(mr.Unstructured)
			if owners[config] == nil {
				owners[config] = map[string]int{}
			}
			owners[config][controllerOf(mr.Unstructured)]++
		}
		if len(owners) != 2 || len(owners["default"]) != 1 || len(owners["production"]) != 1 {
			t.Fatalf("want one XR with everything and the others with nothing in one account, and the last with everything in the other, got %v", owners)
		}
		if all := slices.Collect(maps.Values(owners["default"])); !slices.Equal(all, slices.Collect(maps.Values(owners["production"]))) {
			t.Errorf("want as many resources in each account, got %v", owners)
		}
		for _, x := range c.xrs {
			c.compose(t, x)
			holds, message := owners[x.account.providerConfig][x.uid] > 0, whyRefused(x.rsp)
			if holds != (message == "") {
				t.Errorf("%s: holds %t, but the function says %q", x.name, holds, message)
			}
			if !holds && !strings.Contains(message, "team-") {
				t.Errorf("%s: want the holder's name, got %q", x.name, message)
			}
		}
	})
}

// seq counts from 0 to n-1.
func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}
