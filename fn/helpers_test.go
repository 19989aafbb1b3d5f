package main

import (
	"encoding/json"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// What AWS, the API server and the platform team tell in the tests.
const (
	testAccount    = "111122223333"
	testConnection = "arn:aws:codestar-connections:us-east-1:111122223333:connection/00000000-1111-2222-3333-444444444444"
	testKey        = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	testBoundary   = "arn:aws:iam::111122223333:policy/payments-boundary"
	testXR         = "apiVersion: paymentdelivery.io/v1alpha1\n" +
		"kind: XPaymentDeliveryPipeline\n" +
		"metadata: {name: payments, uid: 0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11}\n"
)

// testFacts are all facts.
var testFacts = compose.Facts{nameHeld: "payments", accountID: testAccount, connectionARN: testConnection, liveVersion: "1"}

// newTestPipeline returns the smallest pipeline, with the supplied changes to its claim and the platform team's defaults.
func newTestPipeline(t *testing.T, changes ...func(*pipeline)) pipeline {
	t.Helper()
	p := pipeline{spec: minimalSpec(), platform: v1beta1.PlatformDefaults{ProviderConfig: "default"}}
	for _, change := range changes {
		if change != nil {
			change(&p)
		}
	}
	n, err := newNames(p.spec.EnvironmentSuffix, p.platform.ProviderConfig, newObservation(stateOf(t, testXR, nil)))
	if err != nil {
		t.Fatalf("newNames(...): %v", err)
	}
	p.names = n
	return p
}

// everything turns on all optional parts.
func everything(p *pipeline) {
	p.spec.Rollout.Custom = &v1alpha1.CustomRollout{Type: v1alpha1.RolloutCanary, Percentage: 99, IntervalMinutes: 2880}
	p.spec.Rollout.Hooks = v1alpha1.Hooks{BeforeAllowTraffic: "before", AfterAllowTraffic: "after"}
	p.spec.Notifications.Emails = []string{"a@example.com", "b@example.com"}
	p.spec.Retention.HistoryDays = 400
	p.spec.Tags = map[string]string{"team": "payments", "owner": "app"}
	p.platform.Tags = map[string]string{"owner": "platform"}
	p.platform.KMSKeyARN = testKey
	p.platform.PermissionsBoundaryARN = testBoundary
}

// stateOf returns a state of YAML objects.
func stateOf(t *testing.T, xr string, resources map[resource.Name]string) *fnv1.State {
	t.Helper()
	s := &fnv1.State{Composite: &fnv1.Resource{Resource: structOf(t, xr)}, Resources: map[string]*fnv1.Resource{}}
	for name, y := range resources {
		s.Resources[string(name)] = &fnv1.Resource{Resource: structOf(t, y)}
	}
	return s
}

// buildAll builds the supplied resources with all facts known.
func buildAll(rs []compose.Resource) map[resource.Name]client.Object {
	built := map[resource.Name]client.Object{}
	for _, r := range rs {
		built[r.Name] = r.Build(testFacts)
	}
	return built
}

// buildOne builds the named resource of the pipeline.
func buildOne[T client.Object](t *testing.T, p pipeline, name resource.Name) T {
	t.Helper()
	o, ok := buildAll(architecture(p))[name].(T)
	if !ok {
		t.Fatalf("%q: want a %T, got none", name, o)
	}
	return o
}

// buildOf builds all resources of one type.
func buildOf[T client.Object](p pipeline) map[resource.Name]T {
	built := map[resource.Name]T{}
	for name, o := range buildAll(architecture(p)) {
		if typed, ok := o.(T); ok {
			built[name] = typed
		}
	}
	return built
}

// desiredOf returns the pipeline's resources as the response carries them.
func desiredOf(t *testing.T, p pipeline) map[resource.Name]*unstructured.Unstructured {
	t.Helper()
	state, err := compose.Compose(architecture(p), testFacts, nil)
	if err != nil {
		t.Fatalf("Compose(...): %v", err)
	}
	desired := map[resource.Name]*unstructured.Unstructured{}
	for name, r := range state.Desired {
		desired[name] = &unstructured.Unstructured{Object: r.GetResource().AsMap()}
	}
	return desired
}

// statementsOf returns the statements of a policy document by their Sid.
func statementsOf(t *testing.T, document *string) map[string]statement {
	t.Helper()
	d := policyDocument{}
	if err := json.Unmarshal([]byte(*document), &d); err != nil {
		t.Fatalf("cannot parse policy %q: %v", *document, err)
	}
	if d.Version != "2012-10-17" {
		t.Errorf("policy: want version 2012-10-17, got %q", d.Version)
	}
	statements := map[string]statement{}
	for _, s := range d.Statement {
		statements[s.Sid] = s
	}
	if len(statements) != len(d.Statement) {
		t.Errorf("policy: want unique statement ids, got %s", *document)
	}
	return statements
}
