package architecture

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatchlogsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchlogs/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

func TestFunctions(t *testing.T) {
	// ownCode asks for all management but late initialization, which would read the pipeline's code back.
	ownCode := xpv2.ClusterManagedResourceSpec{
		ProviderConfigReference: &xpv2.Reference{Name: "default"},
		ManagementPolicies: xpv2.ManagementPolicies{
			xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate, xpv2.ManagementActionDelete,
		},
	}
	function := func(color string) lambdav1beta1.FunctionSpec {
		return lambdav1beta1.FunctionSpec{
			ClusterManagedResourceSpec: ownCode,
			ForProvider: lambdav1beta1.FunctionParameters{
				Region:           new("us-east-1"),
				RoleRef:          &xpv2.Reference{Name: "pr-123.function-role.default"},
				Runtime:          new("nodejs24.x"),
				Handler:          new("index.handler"),
				PackageType:      new("Zip"),
				MemorySize:       new(512.0),
				Timeout:          new(30.0),
				Publish:          new(true),
				EphemeralStorage: []lambdav1beta1.EphemeralStorageParameters{{Size: new(512.0)}},
				TracingConfig:    []lambdav1beta1.TracingConfigParameters{{Mode: new("PassThrough")}},
				LoggingConfig:    []lambdav1beta1.LoggingConfigParameters{{LogFormat: new("Text"), LogGroup: new("/aws/lambda/payment-processor-" + color + "-pr-123")}},
				Environment: []lambdav1beta1.EnvironmentParameters{{Variables: map[string]*string{
					"DEPLOYMENT_TABLE": new("deployment-history-pr-123"),
					"VERSION":          new(color),
					"CURRENCY":         new("EUR"),
					"KEY_ARN":          new(testSecret),
				}}},
			},
			InitProvider: lambdav1beta1.FunctionInitParameters{S3BucketRef: testBucket, S3Key: new("bootstrap/" + color + ".zip")},
		}
	}
	p := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.Service.Environment = v1alpha1.FunctionVariables{"CURRENCY": "EUR"}
		p.Spec.Service.Secrets = v1alpha1.FunctionSecrets{"KEY_ARN": testSecret}
	})

	for name, want := range map[resource.Name]lambdav1beta1.FunctionSpec{
		blueFunction:  function("blue"),
		greenFunction: function("green"),
	} {
		if diff := cmp.Diff(want, buildOne[*lambdav1beta1.Function](t, p, name).Spec); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

// TestArchitecture checks that functions on ARM say so, and that others do not: pipelines that exist never have.
func TestArchitecture(t *testing.T) {
	for architecture, want := range map[v1alpha1.Architecture][]*string{
		v1alpha1.ArchitectureX86: nil,
		v1alpha1.ArchitectureARM: {new("arm64")},
	} {
		p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Architecture = architecture })
		for _, name := range []resource.Name{blueFunction, greenFunction} {
			if diff := cmp.Diff(want, buildOne[*lambdav1beta1.Function](t, p, name).Spec.ForProvider.Architectures); diff != "" {
				t.Errorf("%s on %s: -want, +got:\n%s", name, architecture, diff)
			}
		}
	}
}

func TestFunctionPolicy(t *testing.T) {
	policy := buildOne[*iamv1beta1.Policy](t, newTestPipeline(t), functionPolicy).Spec.ForProvider

	history := iam.Allow("History", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query").
		On("arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123").
		If(iam.ForAllValuesStringLike, "dynamodb:LeadingKeys", "service/*")
	got := statementsOf(t, policy.Policy)
	maps.DeleteFunc(got, func(_ string, s iam.Statement) bool { return s.Effect == "Deny" })
	if diff := cmp.Diff(map[string]iam.Statement{"History": history}, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestLogGroups(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Retention.LogDays = 90 })
	groups := buildOf[*cloudwatchlogsv1beta1.Group](p)
	for _, name := range []resource.Name{blueLogGroup, greenLogGroup, buildLogGroup} {
		if groups[name] == nil {
			t.Errorf("%s: not in the architecture", name)
		}
	}
	for name, group := range groups {
		want := cloudwatchlogsv1beta1.GroupParameters{Region: new("us-east-1"), RetentionInDays: new(90.0)}
		if diff := cmp.Diff(want, group.Spec.ForProvider); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

func TestBootstrapCode(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Handler = "dist/app.main" })

	for name, key := range map[resource.Name]string{blueBootstrap: "bootstrap/blue.zip", greenBootstrap: "bootstrap/green.zip"} {
		want := s3v1beta2.ObjectParameters{
			Region:        new("us-east-1"),
			BucketRef:     testBucket,
			Key:           new(key),
			ContentBase64: new(runtime.Of("nodejs24.x").Bootstrap("dist/app.main")),
			ContentType:   new("application/zip"),
			ACL:           new("bucket-owner-full-control"),
		}
		if diff := cmp.Diff(want, buildOne[*s3v1beta2.Object](t, p, name).Spec.ForProvider); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

// TestHandlers checks that functions are called by the handler that their bootstrap code has.
func TestHandlers(t *testing.T) {
	cases := map[string]struct {
		reason           string
		runtime, handler string
		want             string
	}{
		"Node":         {reason: "It was so when there was nothing else.", runtime: "nodejs24.x", want: "index.handler"},
		"Python":       {reason: "Lambda's documents call it so.", runtime: "python3.14", want: "app.handler"},
		"Ruby":         {reason: "It is as in Python.", runtime: "ruby3.4", want: "app.handler"},
		"Provided":     {reason: "The program is called so.", runtime: "provided.al2023", want: "bootstrap"},
		"OfTheClaim":   {reason: "The claim's should win.", runtime: "python3.14", handler: "pay.main", want: "pay.main"},
		"ClassOfClaim": {reason: "Java's is the claim's.", runtime: "java25", handler: "com.example.Payment::handle", want: "com.example.Payment::handle"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Runtime, p.Spec.Service.Handler = tc.runtime, tc.handler })
			function := buildOne[*lambdav1beta1.Function](t, p, blueFunction).Spec.ForProvider
			code := buildOne[*s3v1beta2.Object](t, p, blueBootstrap).Spec.ForProvider
			got := []string{*function.Runtime, *function.Handler, *code.ContentBase64}
			if diff := cmp.Diff([]string{tc.runtime, tc.want, runtime.Of(tc.runtime).Bootstrap(tc.want)}, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
