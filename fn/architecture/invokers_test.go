package architecture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestInvokers checks what Lambda is told of each kind of invoker: always of the alias of blue, and of nothing else.
func TestInvokers(t *testing.T) {
	const api = "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/POST/payments"
	cases := map[string]struct {
		reason  string
		invoker v1alpha1.Invoker
		want    lambdav1beta1.PermissionParameters
	}{
		"Service": {
			reason:  "A service calls for something.",
			invoker: v1alpha1.Invoker{Name: "api", Principal: "apigateway.amazonaws.com", SourceARN: api, SourceAccount: fntest.Account},
			want:    lambdav1beta1.PermissionParameters{Principal: new("apigateway.amazonaws.com"), SourceArn: new(api), SourceAccount: new(fntest.Account)},
		},
		"Account": {
			reason:  "Lambda tells an account by its ARN.",
			invoker: v1alpha1.Invoker{Name: "ledger", Principal: "444455556666"},
			want:    lambdav1beta1.PermissionParameters{Principal: new("arn:aws:iam::444455556666:root")},
		},
		"Organization": {
			reason:  "All accounts of an organization, and no others.",
			invoker: v1alpha1.Invoker{Name: "all", Principal: "*", OrganizationID: "o-a1b2c3d4e5"},
			want:    lambdav1beta1.PermissionParameters{Principal: new("*"), PrincipalOrgID: new("o-a1b2c3d4e5")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Invokers = []v1alpha1.Invoker{tc.invoker} })
			r := p.invoker(tc.invoker)
			got := buildOne[*lambdav1beta1.Permission](t, p, r.Name)
			tc.want.Region, tc.want.Action = new("us-east-1"), new("lambda:InvokeFunction")
			tc.want.FunctionNameRef = &xpv2.Reference{Name: "pr-123.blue-function.default"}
			tc.want.QualifierRef = &xpv2.Reference{Name: "pr-123.live-alias.default"}
			tc.want.StatementID = new(got.GetAnnotations()[annotationExternalName])
			if diff := cmp.Diff(tc.want, got.Spec.ForProvider); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if !slices.Contains(r.Needs, liveVersion) {
				t.Errorf("there is no alias to call before there is a version, and it needs %v", r.Needs)
			}
		})
	}
}

// TestInvokerNames checks that what is changed of an invoker makes another resource of it, and another statement, as nothing changes
// a permission, and that the others stay what they are.
func TestInvokerNames(t *testing.T) {
	p := newTestPipeline(t)
	api := v1alpha1.Invoker{Name: "api", Principal: "apigateway.amazonaws.com", SourceAccount: fntest.Account}
	before := p.invoker(api)
	if diff := cmp.Diff("live-invoker-api-25306f6c", string(before.Name)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	statement := func(r compose.Resource) string {
		o, err := r.Object(testFacts)
		if err != nil {
			t.Fatal(err)
		}
		return *o.(*lambdav1beta1.Permission).Spec.ForProvider.StatementID
	}
	for _, change := range []func(*v1alpha1.Invoker){
		func(i *v1alpha1.Invoker) { i.Name = "api-2" },
		func(i *v1alpha1.Invoker) { i.Principal = "events.amazonaws.com" },
		func(i *v1alpha1.Invoker) { i.SourceAccount = "444455556666" },
		func(i *v1alpha1.Invoker) { i.SourceARN = "arn:aws:events:us-east-1:111122223333:rule/a" },
		func(i *v1alpha1.Invoker) { i.OrganizationID = "o-a1b2c3d4e5" },
	} {
		changed := api
		change(&changed)
		if after := p.invoker(changed); after.Name == before.Name || statement(after) == statement(before) {
			t.Errorf("%+v is %s too, with the statement %s", changed, after.Name, statement(after))
		}
	}
}
