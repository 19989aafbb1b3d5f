package architecture

import (
	"fmt"

	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

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

// role that the supplied AWS service may assume.
func (p Pipeline) role(name resource.Name, awsName, service string) compose.Resource {
	return compose.Resource{
		Name:  name,
		Build: func(compose.Facts) client.Object { return p.roleOf(name, awsName, service) },
	}
}

func (p Pipeline) roleOf(name resource.Name, awsName, service string) *iamv1beta1.Role {
	return &iamv1beta1.Role{
		ObjectMeta: p.meta(name, awsName),
		Spec: iamv1beta1.RoleSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: iamv1beta1.RoleParameters{
				AssumeRolePolicy: new(iam.Trust(service).JSON()),
				// A policy that someone attached by hand must not block the role's deletion.
				ForceDetachPolicies: new(true),
				PermissionsBoundary: optionalText(p.Platform.PermissionsBoundaryARN),
				Tags:                p.tags(),
			},
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
				Spec:       iamv1beta1.RolePolicyAttachmentSpec{ClusterManagedResourceSpec: p.managedAsNamedByAWS(), ForProvider: params},
			}
		},
	}
}

// useKey lets a role read and write what S3 and SNS encrypt with the platform team's key. None: no statement.
func (p Pipeline) useKey() []iam.Statement {
	return p.withKey("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*")
}

// useTableKey lets a role read and write the history table, for which DynamoDB asks more.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html.
func (p Pipeline) useTableKey() []iam.Statement {
	return p.withKey("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
}

// decryptEnvironment lets a function start whose variables are encrypted with a key of the claim's.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html.
func (p Pipeline) decryptEnvironment() []iam.Statement {
	key := p.Spec.Service.KMSKeyARN
	if key == "" {
		return nil
	}
	return []iam.Statement{iam.Allow("DecryptEnvironment", "kms:Decrypt").On(key)}
}

// configureWithKey lets a role publish versions whose variables are encrypted with a key of the claim's. Lambda creates a grant on the key
// in the name of the role. AWS documents no call but those that configure a function; others were refused on UpdateFunctionCode.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html.
func (p Pipeline) configureWithKey() []iam.Statement {
	key := p.Spec.Service.KMSKeyARN
	if key == "" {
		return nil
	}
	return []iam.Statement{
		iam.Allow("EncryptEnvironment", "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt").On(key).
			If(iam.StringEquals, "kms:ViaService", "lambda."+p.Spec.Region+".amazonaws.com"),
	}
}

func (p Pipeline) withKey(actions ...string) []iam.Statement {
	if p.Platform.KMSKeyARN == "" {
		return nil
	}
	return []iam.Statement{iam.Allow("UseKey", actions...).On(p.Platform.KMSKeyARN)}
}
