package namespaced

import (
	"context"

	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/conversion"
)

// A Step of a Composition comes after the function, and converts what that desires. So the function serves a namespaced
// composite resource as it is.
type Step struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	// Schemas of all kinds that the function desires, and of the namespaced kinds beside them.
	Schemas conversion.Schemas
}

// RunFunction converts all desired resources.
func (s Step) RunFunction(_ context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp := response.To(req, response.DefaultTTL)
	for name, desired := range rsp.GetDesired().GetResources() {
		converted, err := Convert(s.Schemas, &unstructured.Unstructured{Object: desired.GetResource().AsMap()})
		if err != nil {
			response.Fatal(rsp, errors.Wrapf(err, "cannot convert %q", name))
			return rsp, nil
		}
		if desired.Resource, err = structpb.NewStruct(converted.Object); err != nil {
			response.Fatal(rsp, errors.Wrapf(err, "cannot desire %q", name))
			return rsp, nil
		}
	}
	return rsp, nil
}
