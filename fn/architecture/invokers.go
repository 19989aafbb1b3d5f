package architecture

import (
	"fmt"
	"regexp"

	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// invokers are who may call the alias. Nothing lets anybody call green, or a version.
func (p Pipeline) invokers() []compose.Resource {
	var rs []compose.Resource
	for _, i := range p.Spec.Service.Invokers {
		rs = append(rs, p.invoker(i))
	}
	return rs
}

// invoker is named after all that it says: neither AWS nor the provider changes a permission, so another one is another
// resource. Its statement's name is ours, so that one that exists is found again, and not added twice.
func (p Pipeline) invoker(i v1alpha1.Invoker) compose.Resource {
	statement := i.Name + "-" + shortHash([]byte(*jsonText(i)), 8)
	name := resource.Name("live-invoker-" + statement)
	return compose.Resource{
		Name:  name,
		Needs: []compose.Fact{liveVersion},
		Build: func(compose.Facts) client.Object {
			return &lambdav1beta1.Permission{
				ObjectMeta: p.meta(name, statement),
				Spec: lambdav1beta1.PermissionSpec{
					ResourceSpec: p.managed(),
					ForProvider: lambdav1beta1.PermissionParameters{
						Region:          p.region(),
						FunctionNameRef: p.ref(blueFunction),
						QualifierRef:    p.ref(LiveAlias),
						Action:          new("lambda:InvokeFunction"),
						StatementID:     new(statement),
						Principal:       new(p.principal(i.Principal)),
						SourceArn:       optionalText(i.SourceARN),
						SourceAccount:   optionalText(i.SourceAccount),
						PrincipalOrgID:  optionalText(i.OrganizationID),
					},
				},
			}
		},
	}
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// principal as Lambda tells it again: an account by its ARN. The provider would take the difference for a change, which it does not
// make.
func (p Pipeline) principal(principal string) string {
	if accountID.MatchString(principal) {
		return fmt.Sprintf("arn:%s:iam::%s:root", p.Partition(), principal)
	}
	return principal
}
