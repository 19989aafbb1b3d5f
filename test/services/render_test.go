package services

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"

	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

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

// codeOf a claim with these fields in its spec, beside the required ones.
func codeOf(spec map[string]any) (rendering, error) {
	p, err := pipelineOf(spec)
	if err != nil {
		return rendering{}, err
	}
	var code rendering
	for _, r := range p.Resources() {
		if r.Name != "build-project" && r.Name != "blue-bootstrap-code" {
			continue
		}
		// Neither reads a fact.
		o, err := r.Object(nil)
		if err != nil {
			return rendering{}, err
		}
		switch o := o.(type) {
		case *codebuildv1beta1.Project:
			code.buildspec = *o.Spec.ForProvider.Source.Buildspec
		case *s3v1beta2.Object:
			code.bootstrap, err = unpack(*o.Spec.ForProvider.ContentBase64)
			if err != nil {
				return rendering{}, err
			}
		}
	}
	if code.buildspec == "" || code.bootstrap == nil {
		return rendering{}, fmt.Errorf("no buildspec and no bootstrap code are rendered of %v", spec)
	}
	return code, nil
}

// pipelineOf a claim that the function does not refuse.
func pipelineOf(spec map[string]any) (architecture.Pipeline, error) {
	all := map[string]any{"environmentSuffix": "test"}
	maps.Copy(all, spec)
	source := map[string]any{"owner": "my-org", "repository": "my-repo"}
	if asked, ok := spec["source"].(map[string]any); ok {
		maps.Copy(source, asked)
	}
	all["source"] = source
	xr, err := structpb.NewStruct(map[string]any{
		"metadata": map[string]any{"name": "payments", "uid": "0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11"},
		"spec":     all,
	})
	if err != nil {
		return architecture.Pipeline{}, err
	}
	c, err := claim.Read(claim.Sources{}, xr, claim.Existing{})
	if err != nil {
		return architecture.Pipeline{}, err
	}
	if c.Refused != nil {
		return architecture.Pipeline{}, c.Refused
	}
	return architecture.New(c, compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr}}))
}

func unpack(encoded string) (*zip.Reader, error) {
	code, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("cannot decode the bootstrap code: %w", err)
	}
	return zip.NewReader(bytes.NewReader(code), int64(len(code)))
}
