package cloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// Identify the person, who must be in the pipeline's account: another account may have a pipeline of the same name.
func (c *Cloud) Identify(ctx context.Context) error {
	out, err := c.identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if api := smithy.APIError(nil); err != nil && !errors.As(err, &api) {
		return fmt.Errorf("AWS does not know who you are: log in to AWS, or name a profile with --aws-profile: %w", err)
	}
	if err != nil {
		return failed(err, "ask AWS who you are")
	}
	if got := aws.ToString(out.Account); got != c.Names.Account {
		return fmt.Errorf("your AWS credentials are of account %s, and the pipeline is in account %s; use credentials of that account, such as with --aws-profile", got, c.Names.Account)
	}
	c.Person = aws.ToString(out.Arn)
	return nil
}
