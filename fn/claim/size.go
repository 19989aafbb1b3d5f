package claim

import (
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// MaxValues is how many values a claim may have. Each costs the function some hundred bytes, again and again, and all teams share the
// function. The largest claim of the tests has fewer than a thousand.
const MaxValues = 10_000

// CheckSize reports a claim of more values than any pipeline needs, before anything else is done with it. An event may have any shape, so no
// schema limits them.
func CheckSize(xr *structpb.Struct) error {
	metadata := xr.GetFields()["metadata"].GetStructValue().GetFields()
	values := count(xr.GetFields()["spec"]) + count(metadata["labels"]) + count(metadata["annotations"])
	if values <= MaxValues {
		return nil
	}
	return refusal.List{{
		Field: "spec", Value: fmt.Sprintf("%d values", values), Allowed: fmt.Sprintf("a claim may have at most %d", MaxValues), Rule: refusal.Package,
		Next: "make its events smaller",
	}}.Of(Kind)
}

// MaxBytes is how large the spec, the labels and the annotations of a claim may be as JSON, all in all. The API server keeps 1.5 MiB of an object, what
// it records of who owns each field included. Beyond that Crossplane could make the resources and never write the status, which says what a
// deletion leaves in AWS.
const MaxBytes = 640 << 10

// checkBytes reports a composite resource that may have no room for its status.
func checkBytes(xr *structpb.Struct) refusal.List {
	metadata := xr.GetFields()["metadata"].GetStructValue().GetFields()
	bytes := 0
	for _, part := range []*structpb.Value{xr.GetFields()["spec"], metadata["labels"], metadata["annotations"]} {
		bytes += document.Bytes(part.AsInterface())
	}
	if bytes <= MaxBytes {
		return nil
	}
	return refusal.List{{
		Field: "spec", Value: fmt.Sprintf("%d bytes", bytes), Allowed: fmt.Sprintf("a claim may have at most %d, its labels and annotations included; <, > and & have six", MaxBytes),
		Rule: refusal.Package, Next: "make its events smaller, or give it fewer labels and annotations",
	}}
}

// MaxChange is how many bytes the id of a change may have. The status repeats it, and must have room.
const MaxChange = 128

// checkChange reports an id of the claim's last change that is too long.
func checkChange(xr *structpb.Struct) refusal.List {
	annotations := xr.GetFields()["metadata"].GetStructValue().GetFields()["annotations"].GetStructValue().GetFields()
	id := annotations[v1alpha1.AnnotationChange].GetStringValue()
	if len(id) <= MaxChange {
		return nil
	}
	return refusal.List{{
		Field: "metadata.annotations[" + v1alpha1.AnnotationChange + "]", Value: fmt.Sprintf("%d bytes", len(id)),
		Allowed: fmt.Sprintf("the id of a change may have at most %d", MaxChange), Rule: refusal.Package, Next: "use a short one, such as the commit's",
	}}
}

// count the values within a value, itself included.
func count(v *structpb.Value) int {
	n := 1
	for _, member := range v.GetStructValue().GetFields() {
		n += count(member)
	}
	for _, item := range v.GetListValue().GetValues() {
		n += count(item)
	}
	return n
}
