package architecture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestFunctionURL checks that the URL is the alias's, and that nobody calls it whom AWS does not know.
func TestFunctionURL(t *testing.T) {
	cases := map[string]struct {
		reason string
		url    v1alpha1.FunctionURL
		want   lambdav1beta1.FunctionURLParameters
	}{
		"Buffered": {
			reason: "A URL needs nothing else.",
			url:    v1alpha1.FunctionURL{InvokeMode: v1alpha1.InvokeModeBuffered},
			want:   lambdav1beta1.FunctionURLParameters{InvokeMode: new("BUFFERED")},
		},
		"ResponseStream": {
			reason: "Pages of other origins may call.",
			url: v1alpha1.FunctionURL{InvokeMode: v1alpha1.InvokeModeResponseStream, CORS: &v1alpha1.CORS{
				AllowOrigins: []string{"https://shop.example.com"}, AllowMethods: []string{"POST"}, AllowHeaders: []string{"content-type"},
				ExposeHeaders: []string{"x-payment-id"}, AllowCredentials: true, MaxAgeSeconds: 600,
			}},
			want: lambdav1beta1.FunctionURLParameters{InvokeMode: new("RESPONSE_STREAM"), Cors: []lambdav1beta1.CorsParameters{{
				AllowOrigins: texts([]string{"https://shop.example.com"}), AllowMethods: texts([]string{"POST"}), AllowHeaders: texts([]string{"content-type"}),
				ExposeHeaders: texts([]string{"x-payment-id"}), AllowCredentials: new(true), MaxAge: new(600.0),
			}}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.FunctionURL = &tc.url })
			tc.want.Region, tc.want.Qualifier, tc.want.AuthorizationType = new("us-east-1"), new("live"), new("AWS_IAM")
			tc.want.FunctionNameRef = &xpv2.Reference{Name: "pr-123.blue-function.default"}
			if diff := cmp.Diff(tc.want, buildOne[*lambdav1beta1.FunctionURL](t, p, functionURL).Spec.ForProvider); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestURLInvokers checks who may call the URL: accounts, organizations and CloudFront, each with the right to call the alias too.
func TestURLInvokers(t *testing.T) {
	invokers := []v1alpha1.Invoker{
		{Name: "api", Principal: "apigateway.amazonaws.com", SourceAccount: fntest.Account},
		{Name: "shop", Principal: "cloudfront.amazonaws.com", SourceARN: "arn:aws:cloudfront::111122223333:distribution/E1"},
		{Name: "ledger", Principal: "444455556666"},
		{Name: "all", Principal: "*", OrganizationID: "o-a1b2c3d4e5"},
	}
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Invokers = invokers })
	actions := func() map[string][]string {
		of := map[string][]string{}
		for _, o := range buildOf[*lambdav1beta1.Permission](p) {
			params := o.Spec.ForProvider
			who := *params.Principal
			of[who] = append(of[who], *params.Action)
			if isURL := *params.Action == "lambda:InvokeFunctionUrl"; isURL != (params.FunctionURLAuthType != nil && *params.FunctionURLAuthType == "AWS_IAM") {
				t.Errorf("%s: %s is for URLs with IAM only, got %v", who, *params.Action, params.FunctionURLAuthType)
			}
			slices.Sort(of[who])
		}
		return of
	}
	const invoke, invokeURL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"
	without := map[string][]string{
		"apigateway.amazonaws.com": {invoke}, "cloudfront.amazonaws.com": {invoke}, "arn:aws:iam::444455556666:root": {invoke}, "*": {invoke},
	}
	if diff := cmp.Diff(without, actions()); diff != "" {
		t.Errorf("without a URL: -want, +got:\n%s", diff)
	}
	p.Spec.Service.FunctionURL = &v1alpha1.FunctionURL{}
	with := map[string][]string{
		"apigateway.amazonaws.com": {invoke}, "cloudfront.amazonaws.com": {invoke, invokeURL},
		"arn:aws:iam::444455556666:root": {invoke, invokeURL}, "*": {invoke, invokeURL},
	}
	if diff := cmp.Diff(with, actions()); diff != "" {
		t.Errorf("with a URL: -want, +got:\n%s", diff)
	}
}

// TestFunctionURLIsTold checks that the status has the address only while the claim asks for one.
func TestFunctionURLIsTold(t *testing.T) {
	const address = "https://a1b2c3.lambda-url.us-east-1.on.aws/"
	seen := compose.NewObservation(fntest.State(t, fntest.XR, map[resource.Name]string{functionURL: "status: {atProvider: {functionUrl: '" + address + "'}}"}))
	p := newTestPipeline(t)
	if got := p.FunctionURL(seen); got != "" {
		t.Errorf("the claim asks for none, got %q", got)
	}
	p.Spec.Service.FunctionURL = &v1alpha1.FunctionURL{}
	if diff := cmp.Diff(address, p.FunctionURL(seen)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
