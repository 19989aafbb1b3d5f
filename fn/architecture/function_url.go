package architecture

import (
	"strings"

	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const functionURL resource.Name = "live-function-url"

// invokerOfURL is what names of permissions to call the URL begin with.
const invokerOfURL resource.Name = "live-url-invoker-"

// authByIAM lets nobody call whom AWS does not know. There is no other way to have a URL here.
const authByIAM = "AWS_IAM"

// functionURL is the address of the alias, and who may call it. Whoever is in the account needs no permission here.
func (p Pipeline) functionURL() []compose.Resource {
	if p.Spec.Service.FunctionURL == nil {
		return nil
	}
	rs := []compose.Resource{p.onceReleased(compose.Resource{Name: functionURL, Needs: []compose.Fact{liveVersion}, Build: p.buildFunctionURL})}
	for _, i := range p.Spec.Service.Invokers {
		if callsURL(i) {
			rs = append(rs, p.onceReleased(p.urlInvoker(i)))
		}
	}
	return rs
}

func (p Pipeline) buildFunctionURL(compose.Facts) client.Object {
	url := p.Spec.Service.FunctionURL
	return &lambdav1beta1.FunctionURL{
		// The provider makes its name of the function's and the alias's.
		ObjectMeta: p.meta(functionURL, ""),
		Spec: lambdav1beta1.FunctionURLSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: lambdav1beta1.FunctionURLParameters{
				Region:            p.region(),
				FunctionNameRef:   p.ref(blueFunction),
				Qualifier:         new(aliasName),
				AuthorizationType: new(authByIAM),
				InvokeMode:        new(invokeMode(url.InvokeMode)),
				Cors:              corsParameters(url.CORS),
			},
		},
	}
}

func invokeMode(m v1alpha1.InvokeMode) string {
	if m == v1alpha1.InvokeModeResponseStream {
		return "RESPONSE_STREAM"
	}
	return "BUFFERED"
}

func corsParameters(c *v1alpha1.CORS) []lambdav1beta1.CorsParameters {
	if c == nil {
		return nil
	}
	return []lambdav1beta1.CorsParameters{{
		AllowOrigins:     texts(c.AllowOrigins),
		AllowMethods:     texts(c.AllowMethods),
		AllowHeaders:     texts(c.AllowHeaders),
		ExposeHeaders:    texts(c.ExposeHeaders),
		AllowCredentials: new(c.AllowCredentials),
		MaxAge:           new(float64(c.MaxAgeSeconds)),
	}}
}

// callsURL reports whether an invoker can call a URL at all. Of AWS's services only CloudFront does: the others call the alias.
// See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html.
func callsURL(i v1alpha1.Invoker) bool {
	return !strings.Contains(i.Principal, ".amazonaws.com") || i.Principal == "cloudfront.amazonaws.com"
}

// urlInvoker lets an invoker call the URL. That takes the right to call the alias too, which the invoker has without it.
// See https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html.
func (p Pipeline) urlInvoker(i v1alpha1.Invoker) compose.Resource {
	name := invokerOfURL + resource.Name(invokerStatement(i))
	return compose.Resource{
		Name:  name,
		Needs: []compose.Fact{liveVersion},
		Build: func(compose.Facts) client.Object {
			params := p.invokerParameters(i)
			params.Action, params.StatementID = new("lambda:InvokeFunctionUrl"), new("url_"+invokerStatement(i))
			params.FunctionURLAuthType = new(authByIAM)
			return p.permission(name, params)
		},
	}
}

// FunctionURL is the address that AWS has given the alias, or "".
func (p Pipeline) FunctionURL(seen compose.Observation) string {
	if p.Spec.Service.FunctionURL == nil {
		return ""
	}
	return seen.Composed(functionURL).String("status", "atProvider", "functionUrl")
}
