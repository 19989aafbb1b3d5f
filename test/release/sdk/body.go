package sdk

import (
	"context"
	"io"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// PlainBodies has a client of the SDK send bodies that can only be read. By itself it sends some that can also write
// themselves, and as soon as an answer begins, these say io.EOF where they should say that there is no more. If net/http is
// not done with such a body by then, it takes that for a failure and closes the connection while the answer is being read:
// the SDK repeats a call that was carried out. See smithy-go's transport/http/internal/io/safe.go.
func PlainBodies(stack *middleware.Stack) error {
	return stack.Build.Add(middleware.BuildMiddlewareFunc("PlainBodies", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
		if req, ok := in.Request.(*smithyhttp.Request); ok {
			if body, ok := req.GetStream().(io.ReadSeeker); ok {
				plain, err := req.SetStream(struct{ io.ReadSeeker }{body})
				if err != nil {
					return middleware.BuildOutput{}, middleware.Metadata{}, err
				}
				in.Request = plain
			}
		}
		return next.HandleBuild(ctx, in)
	}), middleware.After)
}
