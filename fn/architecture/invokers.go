package architecture

import (
	"fmt"
	"regexp"

	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
)

// invokers are who may call the alias. Nothing lets anybody call green, or a version.
func (p Pipeline) invokers() []compose.Resource {
	var rs []compose.Resource
	for _, i := range p.Spec.Service.Invokers {
		rs = append(rs, p.onceReleased(p.invoker(i)))
	}
	return rs
}

// invokerOfAlias is what names of permissions to call the alias begin with.
const invokerOfAlias resource.Name = "live-invoker-"

const invokeFunction = "lambda:InvokeFunction"

// invoker is named after all that it says: neither AWS nor the provider changes a permission, so another one is another
// resource. Its statement's name is ours, so that one that exists is found again, and not added twice.
func (p Pipeline) invoker(i v1alpha1.Invoker) compose.Resource {
	statement := invokerStatement(i)
	name := invokerOfAlias + resource.Name(statement)
	return compose.Resource{
		Name:  name,
		Needs: []compose.Fact{liveVersion},
		Build: func(compose.Facts) client.Object {
			params := p.invokerParameters(i)
			params.Action, params.StatementID = new(invokeFunction), new(statement)
			return p.permission(name, params)
		},
	}
}

func invokerStatement(i v1alpha1.Invoker) string {
	return i.Name + "-" + shortHash([]byte(document.JSON(i)), 8)
}

// invokerParameters say who calls, and for whom.
func (p Pipeline) invokerParameters(i v1alpha1.Invoker) lambdav1beta1.PermissionParameters {
	return lambdav1beta1.PermissionParameters{
		Principal:      new(p.principal(i.Principal)),
		SourceArn:      optionalText(i.SourceARN),
		SourceAccount:  optionalText(i.SourceAccount),
		PrincipalOrgID: optionalText(i.OrganizationID),
	}
}

// permission of the alias, with what all of them have in common. Its external name is its statement's.
func (p Pipeline) permission(name resource.Name, params lambdav1beta1.PermissionParameters) client.Object {
	params.Region = p.region()
	params.FunctionNameRef, params.QualifierRef = p.ref(blueFunction), p.ref(LiveAlias)
	return &lambdav1beta1.Permission{
		ObjectMeta: p.meta(name, *params.StatementID),
		Spec:       lambdav1beta1.PermissionSpec{ClusterManagedResourceSpec: p.managed(), ForProvider: params},
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
