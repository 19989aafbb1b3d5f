package architecture

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatchlogsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchlogs/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	"github.com/crossplane/crossplane-runtime/v2/apis/common"
	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

func TestFunctions(t *testing.T) {
	// ownCode asks for all management but late initialization, which would read the pipeline's code back.
	ownCode := xpv1.ResourceSpec{
		ProviderConfigReference: &xpv1.Reference{Name: "default"},
		ManagementPolicies: common.ManagementPolicies{
			common.ManagementActionObserve, common.ManagementActionCreate, common.ManagementActionUpdate, common.ManagementActionDelete,
		},
	}
	function := func(color string) lambdav1beta1.FunctionSpec {
		return lambdav1beta1.FunctionSpec{
			ResourceSpec: ownCode,
			ForProvider: lambdav1beta1.FunctionParameters{
				Region:           new("us-east-1"),
				RoleRef:          &xpv1.Reference{Name: "pr-123.function-role.default"},
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

	history := allow("History", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query").
		on("arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123")
	history.Condition = map[string]operands{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "service/*"}}
	got := statementsOf(t, policy.Policy)
	maps.DeleteFunc(got, func(_ string, s statement) bool { return s.Effect == "Deny" })
	if diff := cmp.Diff(map[string]statement{"History": history}, got); diff != "" {
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
			ContentBase64: new(bootstrapZip("dist/app.main")),
			ContentType:   new("application/zip"),
			ACL:           new("bucket-owner-full-control"),
		}
		if diff := cmp.Diff(want, buildOne[*s3v1beta2.Object](t, p, name).Spec.ForProvider); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

func unzip(t *testing.T, encoded string) map[string]string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatalf("cannot decode: %v", err)
	}
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("cannot open zip: %v", err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatalf("cannot open %q: %v", f.Name, err)
		}
		// Reading to the end checks the checksum.
		content, err := io.ReadAll(rc)
		if err != nil {
			t.Fatalf("cannot read %q: %v", f.Name, err)
		}
		files[f.Name] = string(content)
	}
	return files
}

func TestBootstrapZip(t *testing.T) {
	module := func(export string) string {
		return "exports." + export + ` = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ version: process.env.VERSION, bootstrap: true }),
});
`
	}
	cases := map[string]struct {
		reason  string
		handler string
		want    map[string]string
	}{
		"Default": {
			reason:  "File and export should follow the handler.",
			handler: "index.handler",
			want:    map[string]string{"index.js": module("handler")},
		},
		"InAFolder": {
			reason:  "A handler may lie in a folder.",
			handler: "dist/src/app_1.main",
			want:    map[string]string{"dist/src/app_1.js": module("main")},
		},
		"InAnObject": {
			reason:  "A handler may be in an object that is exported, and in a folder with a dot.",
			handler: ".build/v1.2/app.api.v1.$main",
			want: map[string]string{
				".build/v1.2/app.js": "exports.api = {};\nexports.api.v1 = {};\n" + module("api.v1.$main"),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, unzip(t, bootstrapZip(tc.handler))); diff != "" {
				t.Errorf("%s\nbootstrapZip(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBootstrapZipIsStable guards the bytes: other bytes are another object, on every pipeline at once. No clock, Go
// version or machine may have a say in them.
func TestBootstrapZipIsStable(t *testing.T) {
	sum := sha256.Sum256([]byte(bootstrapZip("index.handler")))
	if diff := cmp.Diff("8f4e200ff40288156bff95a155d96d93e630ca0f288977c77be3d32301c344a2", hex.EncodeToString(sum[:])); diff != "" {
		t.Errorf("bootstrapZip(...): -want sha256, +got sha256:\n%s", diff)
	}
}
