package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestOptionalParameters checks which parameters the functions get that few need, blue and green alike.
func TestOptionalParameters(t *testing.T) {
	levels := func(c lambdav1beta1.LoggingConfigParameters) []*string {
		return []*string{c.LogFormat, c.ApplicationLogLevel, c.SystemLogLevel}
	}
	cases := map[string]struct {
		reason string
		change func(*v1alpha1.Service)
		get    func(lambdav1beta1.FunctionParameters) any
		want   any
	}{
		"Storage": {
			reason: "The function's /tmp should have the claim's size.",
			change: func(s *v1alpha1.Service) { s.EphemeralStorageMiB = 10240 },
			get:    func(p lambdav1beta1.FunctionParameters) any { return p.EphemeralStorage },
			want:   []lambdav1beta1.EphemeralStorageParameters{{Size: new(10240.0)}},
		},
		"Tracing": {
			reason: "The function should trace.",
			change: func(s *v1alpha1.Service) { s.Tracing = v1alpha1.TracingActive },
			get:    func(p lambdav1beta1.FunctionParameters) any { return p.TracingConfig },
			want:   []lambdav1beta1.TracingConfigParameters{{Mode: new("Active")}},
		},
		"JSON": {
			reason: "Levels that the claim does not say are stated: the provider would leave those from before.",
			change: func(s *v1alpha1.Service) { s.Logging.Format = v1alpha1.LogFormatJSON },
			get:    func(p lambdav1beta1.FunctionParameters) any { return levels(p.LoggingConfig[0]) },
			want:   []*string{new("JSON"), new("INFO"), new("INFO")},
		},
		"Levels": {
			reason: "Levels should be the claim's.",
			change: func(s *v1alpha1.Service) {
				s.Logging = v1alpha1.Logging{Format: v1alpha1.LogFormatJSON, ApplicationLevel: "ERROR", SystemLevel: "WARN"}
			},
			get:  func(p lambdav1beta1.FunctionParameters) any { return levels(p.LoggingConfig[0]) },
			want: []*string{new("JSON"), new("ERROR"), new("WARN")},
		},
		"Layers": {
			reason: "Layers should keep their order: a later one lies over an earlier one.",
			change: func(s *v1alpha1.Service) { s.Layers = []string{"b", "a"} },
			get:    func(p lambdav1beta1.FunctionParameters) any { return p.Layers },
			want:   []*string{new("b"), new("a")},
		},
		"Key": {
			reason: "The claim's key should encrypt the variables.",
			change: func(s *v1alpha1.Service) { s.KMSKeyARN = fntest.Key },
			get:    func(p lambdav1beta1.FunctionParameters) any { return p.KMSKeyArn },
			want:   new(fntest.Key),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { tc.change(&p.Spec.Service) })
			for _, function := range []resource.Name{blueFunction, greenFunction} {
				got := tc.get(buildOne[*lambdav1beta1.Function](t, p, function).Spec.ForProvider)
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s\n%s: -want, +got:\n%s", tc.reason, function, diff)
				}
			}
		})
	}
}

// TestPlatformKeyStaysOut checks that variables are not encrypted with the platform team's key by themselves: that would change
// the functions that exist.
func TestPlatformKeyStaysOut(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key })
	if key := buildOne[*lambdav1beta1.Function](t, p, blueFunction).Spec.ForProvider.KMSKeyArn; key != nil {
		t.Errorf("want no key, got %s", *key)
	}
}

func TestTracingAccess(t *testing.T) {
	for tracing, want := range map[v1alpha1.Tracing]bool{v1alpha1.TracingPassThrough: false, v1alpha1.TracingActive: true} {
		p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Tracing = tracing })
		policy := *buildOne[*iamv1beta1.Policy](t, p, functionLogPolicy).Spec.ForProvider.Policy
		if got := strings.Contains(policy, `"xray:PutTraceSegments"`); got != want {
			t.Errorf("%s: want the permission: %t, got it: %t", tracing, want, got)
		}
	}
}
