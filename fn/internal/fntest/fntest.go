// Package fntest has what the tests of the function's packages share.
package fntest

import (
	"os"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// What AWS, the API server and the platform team tell in the tests.
const (
	Account          = "111122223333"
	Connection       = "arn:aws:codestar-connections:us-east-1:111122223333:connection/00000000-1111-2222-3333-444444444444"
	SharedConnection = "arn:aws:codeconnections:eu-west-1:444455556666:connection/99999999-8888-7777-6666-555555555555"
	Key              = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	Boundary         = "arn:aws:iam::111122223333:policy/payments-boundary"
	XR               = "apiVersion: paymentdelivery.io/v1alpha1\n" +
		"kind: XPaymentDeliveryPipeline\n" +
		"metadata: {name: payments, uid: 0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11}\n"
)

// Spec is the spec of the smallest claim, with room for more.
const Spec = "spec:\n" +
	"  environmentSuffix: pr-123\n" +
	"  source: {owner: my-org, repository: my-repo}\n"

// Condition of claim and XR, as the response carries it.
func Condition(kind string, status fnv1.Status, reason, message string) *fnv1.Condition {
	c := &fnv1.Condition{Type: kind, Status: status, Reason: reason, Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum()}
	if message != "" {
		c.Message = new(message)
	}
	return c
}

// Struct is YAML as a protobuf Struct, which is how Crossplane sends it.
func Struct(tb testing.TB, y string) *structpb.Struct {
	tb.Helper()
	obj := map[string]any{}
	if err := yaml.Unmarshal([]byte(y), &obj); err != nil {
		tb.Fatalf("cannot parse YAML: %v", err)
	}
	s, err := structpb.NewStruct(obj)
	if err != nil {
		tb.Fatalf("cannot make struct: %v", err)
	}
	return s
}

// File returns the text of a file.
func File(tb testing.TB, path string) string {
	tb.Helper()
	b, err := os.ReadFile(path) //nolint:gosec // Tests name their files.
	if err != nil {
		tb.Fatalf("cannot read file: %v", err)
	}
	return string(b)
}

// State returns a state of YAML objects.
func State(tb testing.TB, xr string, resources map[resource.Name]string) *fnv1.State {
	tb.Helper()
	s := &fnv1.State{Composite: &fnv1.Resource{Resource: Struct(tb, xr)}, Resources: map[string]*fnv1.Resource{}}
	for name, y := range resources {
		s.Resources[string(name)] = &fnv1.Resource{Resource: Struct(tb, y)}
	}
	return s
}

// MinimalSpec is the spec of a claim that says as little as possible, with its defaults.
func MinimalSpec() v1alpha1.PaymentDeliveryPipelineSpec {
	return v1alpha1.PaymentDeliveryPipelineSpec{
		EnvironmentSuffix: "pr-123",
		Region:            "us-east-1",
		Source:            v1alpha1.Source{Owner: "my-org", Repository: "my-repo", Branch: "main"},
		Service: v1alpha1.Service{
			Runtime:             "nodejs24.x",
			Architecture:        v1alpha1.ArchitectureX86,
			MemorySizeMiB:       512,
			TimeoutSeconds:      30,
			EphemeralStorageMiB: 512,
			Tracing:             v1alpha1.TracingPassThrough,
			Logging:             v1alpha1.Logging{Format: v1alpha1.LogFormatText},
			SnapStart:           v1alpha1.SnapStartNone,
			Concurrency:         v1alpha1.Concurrency{Reserved: -1},
		},
		Build: v1alpha1.Build{
			ComputeType:    "BUILD_GENERAL1_SMALL",
			HandlerCheck:   v1alpha1.HandlerCheckEnabled,
			TimeoutMinutes: 60,
			Cache:          v1alpha1.BuildCacheNone,
		},
		Rollout: v1alpha1.Rollout{
			DeploymentConfig: "LambdaLinear10PercentEvery10Minutes",
			Analysis: v1alpha1.Analysis{
				Enabled: true, BakeMinutes: 10, MinInvocations: 5, TooFewInvocations: v1alpha1.TooFewPass, MaxErrorPercent: 1, MaxThrottlePercent: 5,
			},
			OnConfigurationChange: v1alpha1.ConfigurationWait,
		},
		Alarm:     v1alpha1.Alarm{ErrorRatePercent: 5, EvaluationPeriods: 2, PeriodSeconds: 300},
		SmokeTest: v1alpha1.SmokeTest{ExpectStatusBelow: 400},
		Approval:  v1alpha1.Approval{Required: true, TimeoutMinutes: 10080},
		Retention: v1alpha1.Retention{LogDays: 7, ArtifactDays: 30, Versions: 20},
	}
}
