package architecture

import (
	"maps"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestMain(m *testing.M) {
	fntest.Main(m)
}

// testFacts are all facts.
var testFacts = compose.Known{nameHeld: "payments", AccountID: fntest.Account, ConnectionARN: fntest.Connection, liveVersion: "1", servingTold: known, sourceOpen: known, stagesReady: known, liveTraffic: trafficStays, aliasThere: known, provisionedThere: known, scalingTargetThere: known, roomForLog: known, roomForDenials: known, settingsSeen: "settings-seen"}

// allFacts can be read by what is built outside of a resource.
func allFacts() compose.Facts {
	return testFacts.Only(slices.Collect(maps.Keys(testFacts)))
}

// newTestPipeline returns the smallest pipeline that has released, with the supplied changes to its claim and the platform team's
// settings.
func newTestPipeline(t *testing.T, changes ...func(*Pipeline)) Pipeline {
	t.Helper()
	p := Pipeline{Claim: claim.Claim{Spec: fntest.MinimalSpec(), Platform: v1beta1.PlatformSettings{ProviderConfig: "default"}}}
	for _, change := range changes {
		if change != nil {
			change(&p)
		}
	}
	p, err := New(p.Claim, compose.NewObservation(fntest.State(t, fntest.XR, nil)))
	if err != nil {
		t.Fatalf("New(...): %v", err)
	}
	p.Held = true
	// A release has made it live.
	p.Serving.Version = testFacts[liveVersion]
	return p
}

// everything turns on all optional parts.
func everything(p *Pipeline) {
	p.Spec.Rollout.Custom = &v1alpha1.CustomRollout{Type: v1alpha1.RolloutCanary, Percentage: 99, IntervalMinutes: 2880}
	p.Spec.Rollout.Hooks = v1alpha1.Hooks{BeforeAllowTraffic: "before", AfterAllowTraffic: "after"}
	p.Spec.Rollout.OnConfigurationChange = v1alpha1.ConfigurationRelease
	p.Spec.Service.Architecture = v1alpha1.ArchitectureARM
	inVPC(p)
	p.Spec.Service.EphemeralStorageMiB = 1024
	p.Spec.Service.Tracing = v1alpha1.TracingActive
	p.Spec.Service.Logging = v1alpha1.Logging{Format: v1alpha1.LogFormatJSON, ApplicationLevel: "WARN"}
	p.Spec.Service.Layers = []string{"arn:aws:lambda:us-east-1:111122223333:layer:b:1", "arn:aws:lambda:us-east-1:111122223333:layer:a:2"}
	p.Spec.Service.KMSKeyARN = "arn:aws:kms:us-east-1:111122223333:key/service"
	p.Spec.Service.Secrets = v1alpha1.FunctionSecrets{"KEY_ARN": testSecret, "LIMITS_ARN": testParameter}
	p.Spec.Service.Permissions = v1alpha1.Permissions{
		Statements: []v1alpha1.PermissionStatement{{Actions: []string{"sqs:SendMessage"}, Resources: []string{testQueue}}},
		PolicyARNs: []string{testPolicy},
	}
	p.Spec.Service.SnapStart = v1alpha1.SnapStartPublishedVersions
	p.Spec.Service.Concurrency = v1alpha1.Concurrency{Reserved: 50, Provisioned: &v1alpha1.ProvisionedConcurrency{Min: 5, Max: 20, TargetUtilizationPercent: 70}}
	p.Spec.Service.Async = &v1alpha1.Async{MaximumAgeSeconds: 60, Retries: 0, OnFailure: testQueue, OnSuccess: testQueue}
	p.Spec.Service.Invokers = []v1alpha1.Invoker{{Name: "api", Principal: "apigateway.amazonaws.com", SourceAccount: fntest.Account}}
	builtWithEverything(p)
	calledByItself(p)
	p.Spec.PromoteTo = []v1alpha1.PromotionTarget{{AccountID: "444455556666", EnvironmentSuffix: "prod"}}
	p.Spec.Notifications.Emails = []string{"a@example.com", "b@example.com"}
	p.Spec.Retention.HistoryDays = 400
	p.Spec.Tags = v1alpha1.Tags{"team": "payments", "owner": "app"}
	p.Platform.Tags = v1alpha1.Tags{"owner": "platform"}
	p.Platform.KMSKeyARN = fntest.Key
	p.Platform.PermissionsBoundaryARN = fntest.Boundary
	p.Platform.TopicARN = platformTopic
}

// promotedFromDev turns a pipeline that builds into one that takes the releases of another.
func promotedFromDev(p *Pipeline) {
	p.Spec.Source = v1alpha1.Source{PromotedFrom: &v1alpha1.PromotedFrom{
		AccountID: "444455556666", BucketName: "pipeline-artifacts-dev-1a2b3c4d", KMSKeyARN: "arn:aws:kms:us-east-1:444455556666:key/dev",
	}}
}

// buildAll builds the supplied resources with all facts known.
func buildAll(rs []compose.Resource) map[resource.Name]client.Object {
	built := map[resource.Name]client.Object{}
	for _, r := range rs {
		if r.Retired {
			continue
		}
		o, err := r.Object(testFacts)
		if err != nil {
			panic(err)
		}
		built[r.Name] = o
	}
	return built
}

// buildOne builds the named resource of the pipeline.
func buildOne[T client.Object](t *testing.T, p Pipeline, name resource.Name) T {
	t.Helper()
	o, ok := buildAll(p.Resources())[name].(T)
	if !ok {
		t.Fatalf("%q: want a %T, got none", name, o)
	}
	return o
}

// buildOf builds all resources of one type.
func buildOf[T client.Object](p Pipeline) map[resource.Name]T {
	built := map[resource.Name]T{}
	for name, o := range buildAll(p.Resources()) {
		if typed, ok := o.(T); ok {
			built[name] = typed
		}
	}
	return built
}

// desiredOf returns the pipeline's resources as the response carries them.
func desiredOf(t *testing.T, p Pipeline) map[resource.Name]*unstructured.Unstructured {
	t.Helper()
	state, err := compose.Compose(p.Resources(), nil, testFacts, nil)
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
func statementsOf(t *testing.T, document *string) map[string]iam.Statement {
	t.Helper()
	d, err := iam.Parse(*document)
	if err != nil {
		t.Fatalf("cannot parse policy %q: %v", *document, err)
	}
	if d.Version != "2012-10-17" {
		t.Errorf("policy: want version 2012-10-17, got %q", d.Version)
	}
	statements := map[string]iam.Statement{}
	for _, s := range d.Statement {
		statements[s.Sid] = s
	}
	if len(statements) != len(d.Statement) {
		t.Errorf("policy: want unique statement ids, got %s", *document)
	}
	return statements
}
