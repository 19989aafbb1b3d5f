package sdk

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// TestPlainBodies sends a body that can write itself, and can be read again from its beginning.
func TestPlainBodies(t *testing.T) {
	stack := middleware.NewStack("test", smithyhttp.NewStackRequest)
	if err := PlainBodies(stack); err != nil {
		t.Fatal(err)
	}
	req, err := smithyhttp.NewStackRequest().(*smithyhttp.Request).SetStream(bytes.NewReader([]byte("body")))
	if err != nil {
		t.Fatal(err)
	}
	sent := middleware.BuildHandlerFunc(func(ctx context.Context, in middleware.BuildInput) (middleware.BuildOutput, middleware.Metadata, error) {
		req := in.Request.(*smithyhttp.Request)
		if body := req.Build(ctx).Body; !readOnly(body) {
			t.Errorf("want a body that can only be read, got %T", body)
		}
		for range 2 {
			if err := req.RewindStream(); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(req.GetStream()); err != nil || string(got) != "body" {
				t.Errorf("want the body, got %q, %v", got, err)
			}
		}
		return middleware.BuildOutput{}, middleware.Metadata{}, nil
	})
	if _, _, err := stack.Build.HandleMiddleware(t.Context(), req, middleware.HandlerFunc(func(ctx context.Context, in any) (any, middleware.Metadata, error) {
		_, m, err := sent(ctx, middleware.BuildInput{Request: in})
		return nil, m, err
	})); err != nil {
		t.Fatal(err)
	}
}

func readOnly(body io.Reader) bool {
	_, writes := body.(io.WriterTo)
	return !writes
}
