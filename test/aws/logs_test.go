package aws

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	policies "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// A caller goes on calling a function while its pipeline is deleted. For a call, Lambda creates the function's log group if it is not
// there and the role may: the group of a deleted pipeline would then stay for ever. The emulator writes no logs, so with each call the
// caller looks at what IAM has of the role at that moment.
type caller struct {
	function, role string
}

// callerOf a function.
func callerOf(t *testing.T, function string) *caller {
	t.Helper()
	found, err := cloud.Lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: &function})
	claims.Must(t, err)
	_, role, _ := strings.Cut(*found.Role, ":role/")
	return &caller{function: function, role: role}
}

// call the function, and check that its role may not create its log group. It returns whether both are gone.
func (c *caller) call(t *testing.T) (gone bool) {
	t.Helper()
	_, err := cloud.Lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &c.function, Payload: []byte("{}")})
	var missing *lambdatypes.ResourceNotFoundException
	functionGone := errors.As(err, &missing)
	attached, roleGone, err := attachedTo(t.Context(), c.role)
	claims.Must(t, err)
	decision, err := attached.Decide(access.Request{
		Action:   "logs:CreateLogGroup",
		Resource: "arn:aws:logs:" + region + ":" + accountID + ":log-group:/aws/lambda/" + c.function,
	})
	claims.Must(t, err)
	if decision == access.Allowed {
		t.Errorf("want a role that cannot create its function's log group again, got %+v", attached.Identity)
	}
	return functionGone && roleGone
}

// attachedTo a role are these policies. What is gone allows nothing.
func attachedTo(ctx context.Context, role string) (attached access.Policies, gone bool, err error) {
	list, err := cloud.IAM.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &role})
	if isGone(err) {
		return attached, true, nil
	}
	if err != nil {
		return attached, false, err
	}
	for _, p := range list.AttachedPolicies {
		document, err := documentOf(ctx, *p.PolicyArn)
		if isGone(err) {
			continue
		}
		if err != nil {
			return attached, false, err
		}
		attached.Identity = append(attached.Identity, document)
	}
	return attached, false, nil
}

// documentOf a policy, in its version that counts.
func documentOf(ctx context.Context, arn string) (policies.Document, error) {
	policy, err := cloud.IAM.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	if err != nil {
		return policies.Document{}, err
	}
	version, err := cloud.IAM.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: policy.Policy.DefaultVersionId})
	if err != nil {
		return policies.Document{}, err
	}
	text, err := url.QueryUnescape(aws.ToString(version.PolicyVersion.Document))
	if err != nil {
		return policies.Document{}, err
	}
	return policies.Parse(text)
}

func isGone(err error) bool {
	var missing *iamtypes.NoSuchEntityException
	return errors.As(err, &missing)
}
