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
	name, uid string
	spec      map[string]any
	account   account
	rsp       *fnv1.RunFunctionResponse
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
	return mr.GetKind() + "/" + mr.GetName()
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
	req.Observed.Composite = &fnv1.Resource{Resource: mustStruct(map[string]any{
		"apiVersion": "paymentdelivery.io/v1alpha1",
		"kind":       "XPaymentDeliveryPipeline",
		"metadata":   map[string]any{"name": x.name, "uid": x.uid},
		"spec":       x.spec,
	})}
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
		if mr, exists := c.objects[selector.GetKind()+"/"+selector.GetMatchName()]; exists {
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
	existing := c.objects[key(mr)].Unstructured
	if existing != nil && controllerOf(existing) != x.uid {
		return
	}
	setComposedName(mr, name)
	mr.SetLabels(map[string]string{labelClaimNamespace: "team-" + x.name, labelClaimName: x.name, labelComposite: x.name})
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
				{name: "elsewhere", uid: "33333333-58ac-4c2d-9f6e-3d1f0e8a7b11", spec: minimalSpecMap(), account: there},
			},
		}
		// The region makes no difference: IAM has none.
		c.xrs[1].spec["region"] = rapid.SampledFrom([]string{"us-east-1", "eu-central-1"}).Draw(t, "region")

		// All reconcile at the same moment, again and again: each runs its function before either applies anything, and
		// then their resources are applied in any order.
		for range 6 {
			var work []func()
			for _, x := range c.xrs {
				c.compose(t, x)
				if fatal(x.rsp) != "" {
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
			config := providerConfigOf(mr.Unstructured)
			if owners[config] == nil {
				owners[config] = map[string]int{}
			}
			owners[config][controllerOf(mr.Unstructured)]++
		}
		if len(owners) != 2 || len(owners["default"]) != 1 || len(owners["production"]) != 1 {
			t.Fatalf("want one XR with everything and the other with nothing in one account, and the third with everything in the other, got %v", owners)
		}
		if all := slices.Collect(maps.Values(owners["default"])); !slices.Equal(all, slices.Collect(maps.Values(owners["production"]))) {
			t.Errorf("want as many resources in each account, got %v", owners)
		}
		for _, x := range c.xrs {
			c.compose(t, x)
			holds, message := owners[x.account.providerConfig][x.uid] > 0, fatal(x.rsp)
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
