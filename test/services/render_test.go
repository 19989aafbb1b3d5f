package services

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// A rendering is what the function renders of a claim, as far as it is about code.
type rendering struct {
	// buildspec of the build project, as YAML.
	buildspec string

	// bootstrap code of the blue function.
	bootstrap *zip.Reader
}

// codeOf a claim whose service has the supplied runtime and handler.
func codeOf(runtime, handler string) (rendering, error) {
	xr, err := structpb.NewStruct(map[string]any{"spec": map[string]any{
		"environmentSuffix": "test",
		"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
		"service":           map[string]any{"runtime": runtime, "handler": handler},
	}})
	if err != nil {
		return rendering{}, err
	}
	c, err := claim.Read(nil, xr, "")
	if err != nil {
		return rendering{}, err
	}
	if c.Refused != nil {
		return rendering{}, c.Refused
	}
	seen := compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr}})
	p, err := architecture.New(c, seen)
	if err != nil {
		return rendering{}, err
	}
	state, err := compose.Compose(p.Resources(), p.Facts(seen), nil)
	if err != nil {
		return rendering{}, err
	}
	composed := func(name resource.Name) compose.Observed { return compose.Observe(state.Desired[name]) }

	code, err := base64.StdEncoding.DecodeString(composed("blue-bootstrap-code").String("spec", "forProvider", "contentBase64"))
	if err != nil {
		return rendering{}, fmt.Errorf("cannot decode the bootstrap code: %w", err)
	}
	bootstrap, err := zip.NewReader(bytes.NewReader(code), int64(len(code)))
	return rendering{
		buildspec: composed("build-project").String("spec", "forProvider", "source", "buildspec"),
		bootstrap: bootstrap,
	}, err
}
