package architecture

import (
	"encoding/json"
	"fmt"
	"strings"

	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// A policyDocument is an IAM policy.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type policyDocument struct {
	Version   string      `json:"Version"`
	Statement []statement `json:"Statement"`
}

// A statement allows or denies actions on resources.
type statement struct {
	Sid       string              `json:"Sid"`
	Effect    string              `json:"Effect"`
	Principal map[string]string   `json:"Principal,omitempty"`
	Action    []string            `json:"Action,omitempty"`
	NotAction []string            `json:"NotAction,omitempty"`
	Resource  []string            `json:"Resource,omitempty"`
	Condition map[string]operands `json:"Condition,omitempty"`
}

// operands are the condition keys that one condition operator compares, and with what.
type operands map[string]string

func newPolicy(statements ...statement) policyDocument {
	return policyDocument{Version: "2012-10-17", Statement: statements}
}

// allow the supplied actions on resources that are added by on.
func allow(sid string, actions ...string) statement {
	return statement{Sid: sid, Effect: "Allow", Action: actions}
}

// deny the supplied actions on resources that are added by on, whatever allows them.
func deny(sid string, actions ...string) statement {
	return statement{Sid: sid, Effect: "Deny", Action: actions}
}

func (s statement) on(resources ...string) statement {
	s.Resource = resources
	return s
}

// JSON returns the document as the provider wants it.
func (d policyDocument) JSON() *string {
	return jsonText(d)
}

// jsonText marshals documents that are only text, numbers, lists and maps. These always marshal.
func jsonText(v any) *string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	// People read these in the AWS console.
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return new(strings.TrimSpace(b.String()))
}

// arn of a resource of this pipeline's account and region.
func (p Pipeline) arn(f compose.Facts, service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", p.Partition(), service, p.Spec.Region, f.Get(AccountID), resource)
}

// awsPolicyARN of a policy that AWS manages.
func (p Pipeline) awsPolicyARN(path string) string {
	return fmt.Sprintf("arn:%s:iam::aws:policy/%s", p.Partition(), path)
}

// roleARN has no region, as nothing of IAM has.
func (p Pipeline) roleARN(f compose.Facts, awsName string) string {
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", p.Partition(), f.Get(AccountID), awsName)
}

// roles are the names of a pipeline's roles.
func (n Names) roles() []string {
	return []string{
		n.functionRole(),
		n.aws("codebuild-service-role"),
		n.aws("codedeploy-service-role"),
		n.aws("pipeline-service-role"),
		n.aws("release-events-role"),
		releaseRoleName(n.suffix),
	}
}

// role that the supplied AWS service may assume.
func (p Pipeline) role(name resource.Name, awsName, service string) compose.Resource {
	trust := allow("AssumeRole", "sts:AssumeRole")
	trust.Principal = map[string]string{"Service": service}
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &iamv1beta1.Role{
				ObjectMeta: p.meta(name, awsName),
				Spec: iamv1beta1.RoleSpec{
					ResourceSpec: p.managed(),
					ForProvider: iamv1beta1.RoleParameters{
						AssumeRolePolicy: newPolicy(trust).JSON(),
						// A policy that someone attached by hand must not block the role's deletion.
						ForceDetachPolicies: new(true),
						PermissionsBoundary: optionalText(p.Platform.PermissionsBoundaryARN),
						Tags:                p.tags(),
					},
				},
			}
		},
	}
}

// policy with the statements that are built from the facts. All our policies name ARNs with the account in them.
func (p Pipeline) policy(name resource.Name, awsName string, statements func(compose.Facts) []statement, needs ...compose.Fact) compose.Resource {
	return compose.Resource{
		Name:  name,
		Needs: append([]compose.Fact{AccountID}, needs...),
		Build: func(f compose.Facts) client.Object {
			return &iamv1beta1.Policy{
				ObjectMeta: p.meta(name, awsName),
				Spec: iamv1beta1.PolicySpec{
					ResourceSpec: p.managed(),
					ForProvider: iamv1beta1.PolicyParameters{
						Policy: newPolicy(statements(f)...).JSON(),
						Tags:   p.tags(),
					},
				},
			}
		},
	}
}

// attach one of this pipeline's policies to one of its roles. It waits for the same facts as the policy, so that it
// never refers to a policy that is not there yet.
func (p Pipeline) attach(name, role resource.Name, policy compose.Resource) compose.Resource {
	return p.attachment(name, policy.Needs, iamv1beta1.RolePolicyAttachmentParameters{
		RoleRef:      p.ref(role),
		PolicyArnRef: p.ref(policy.Name),
	})
}

// attachAWS attaches a policy that AWS manages.
func (p Pipeline) attachAWS(name, role resource.Name, path string) compose.Resource {
	return p.attachment(name, nil, iamv1beta1.RolePolicyAttachmentParameters{
		RoleRef:   p.ref(role),
		PolicyArn: new(p.awsPolicyARN(path)),
	})
}

func (p Pipeline) attachment(name resource.Name, needs []compose.Fact, params iamv1beta1.RolePolicyAttachmentParameters) compose.Resource {
	return compose.Resource{
		Name:  name,
		Needs: needs,
		Build: func(compose.Facts) client.Object {
			return &iamv1beta1.RolePolicyAttachment{
				ObjectMeta: p.meta(name, ""),
				Spec:       iamv1beta1.RolePolicyAttachmentSpec{ResourceSpec: p.managedAsNamedByAWS(), ForProvider: params},
			}
		},
	}
}

// useKey lets a role read and write what S3 and SNS encrypt with the platform team's key. None: no statement.
func (p Pipeline) useKey() []statement {
	return p.withKey("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*")
}

// useTableKey lets a role read and write the history table, for which DynamoDB asks more.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html.
func (p Pipeline) useTableKey() []statement {
	return p.withKey("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
}

// decryptEnvironment lets a function start whose variables are encrypted with a key of the claim's.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html.
func (p Pipeline) decryptEnvironment() []statement {
	key := p.Spec.Service.KMSKeyARN
	if key == "" {
		return nil
	}
	return []statement{allow("DecryptEnvironment", "kms:Decrypt").on(key)}
}

func (p Pipeline) withKey(actions ...string) []statement {
	if p.Platform.KMSKeyARN == "" {
		return nil
	}
	return []statement{allow("UseKey", actions...).on(p.Platform.KMSKeyARN)}
}
