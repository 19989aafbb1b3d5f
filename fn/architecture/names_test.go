package architecture

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// awsName of a managed resource: its external name, or the name it asks for where AWS chooses the external name.
func awsName(mr *unstructured.Unstructured) string {
	if name := mr.GetAnnotations()[annotationExternalName]; name != "" {
		return name
	}
	name, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "name")
	return name
}

// TestAWSNames guards the names that the reference design gives. A name that changes is another thing in AWS.
func TestAWSNames(t *testing.T) {
	desired := desiredOf(t, newTestPipeline(t))

	for name, want := range map[resource.Name]string{
		artifactBucket:       "pipeline-artifacts-pr-123-0b7a2c9e",
		historyTable:         "deployment-history-pr-123",
		alarmTopic:           "deployment-alarms-pr-123",
		functionRole:         "lambda-execution-role-pr-123",
		functionPolicy:       "lambda-dynamodb-policy-pr-123",
		blueLogGroup:         "/aws/lambda/payment-processor-blue-pr-123",
		greenLogGroup:        "/aws/lambda/payment-processor-green-pr-123",
		blueFunction:         "payment-processor-blue-pr-123",
		greenFunction:        "payment-processor-green-pr-123",
		LiveAlias:            "live",
		errorAlarm:           "lambda-errors-pr-123",
		deployApp:            "payment-processor-app-pr-123",
		deployRole:           "codedeploy-service-role-pr-123",
		deploymentGroup:      "payment-processor-dg-pr-123",
		buildRole:            "codebuild-service-role-pr-123",
		buildPolicy:          "codebuild-policy-pr-123",
		buildProject:         "payment-processor-build-pr-123",
		buildLogGroup:        "/aws/codebuild/payment-processor-build-pr-123",
		releaseRole:          "release-service-role-pr-123",
		releasePolicy:        "release-policy-pr-123",
		releaseMachine:       "payment-processor-release-pr-123",
		rollbackRole:         "rollback-service-role-pr-123",
		rollbackPolicy:       "rollback-policy-pr-123",
		rollbackMachine:      "payment-processor-rollback-pr-123",
		watchRole:            "watch-service-role-pr-123",
		watchPolicy:          "watch-policy-pr-123",
		watchMachine:         "payment-processor-watch-pr-123",
		watchEventsRole:      "watch-events-role-pr-123",
		watchEventsPolicy:    "watch-events-policy-pr-123",
		watchDeploymentsRule: "payment-processor-watch-deployments-pr-123",
		deliveryRole:         "pipeline-service-role-pr-123",
		deliveryPolicy:       "pipeline-policy-pr-123",
		Connection:           "github-connection-pr-123",
		deliveryPipeline:     "payment-processor-pipeline-pr-123",
		dashboard:            "payment-processor-pr-123",
	} {
		mr := desired[name]
		if mr == nil {
			t.Errorf("%q: not in the architecture", name)
			continue
		}
		if diff := cmp.Diff(want, awsName(mr)); diff != "" {
			t.Errorf("%q: -want AWS name, +got AWS name:\n%s", name, diff)
		}
	}

	if got := desired[Connection].GetAnnotations()[annotationExternalName]; got != "" {
		t.Errorf("Connection: AWS chooses its external name, but it is set to %q", got)
	}
}

// TestNamesBelongToOneSuffix looks for two resources of one kind that two pipelines could give the same name: one whose base begins
// with that of another, as payment-processor-a would with payment-processor-a-b. So it is of retired resources, which others may still
// have, and of what is there now. Of retired ones alone it was.
func TestNamesBelongToOneSuffix(t *testing.T) {
	bases := basesOf(t)
	retired := map[string]map[string]bool{}
	for name, r := range readIdentities(t, retiredFile) {
		base, suffixed := strings.CutSuffix(r.ExternalName, "pr-123")
		kind, _, _ := strings.Cut(r.Kind, ".")
		if !suffixed {
			continue
		}
		if retired[kind] == nil {
			retired[kind] = map[string]bool{}
		}
		retired[kind][base], bases[kind][base] = true, name
	}
	for kind, all := range bases {
		for a, first := range all {
			for b, second := range all {
				bothRetired := retired[kind][a] && retired[kind][b]
				if a != b && strings.HasPrefix(b, a) && !bothRetired {
					t.Errorf("%s: %q of %s begins with %q of %s: the suffix %s... of one pipeline could be confused with that of another", kind, b, second, a, first, strings.TrimPrefix(b, a))
				}
			}
		}
	}
}

// basesOf all names that end in the suffix, by kinds.
func basesOf(t *testing.T) map[string]map[string]resource.Name {
	t.Helper()
	bases := map[string]map[string]resource.Name{}
	for _, p := range []Pipeline{newTestPipeline(t, everything, releasesConfiguration), newTestPipeline(t, everything, promotedFromDev)} {
		for name, mr := range desiredOf(t, p) {
			base, suffixed := strings.CutSuffix(awsName(mr), p.Names.suffix)
			if !suffixed {
				continue
			}
			if bases[mr.GetKind()] == nil {
				bases[mr.GetKind()] = map[string]resource.Name{}
			}
			bases[mr.GetKind()][base] = name
		}
	}
	return bases
}

// limits of the lengths of names in AWS, by kind.
var limits = map[string]int{
	"Alias":            128,
	"App":              100,
	"Bucket":           63,
	"Codepipeline":     100,
	"Connection":       32,
	"Dashboard":        255,
	"DeploymentConfig": 100,
	"DeploymentGroup":  100,
	"Function":         64,
	"Group":            512,
	"MetricAlarm":      255,
	"Permission":       100,
	"Policy":           128,
	"Project":          150,
	"Role":             64,
	"Rule":             64,
	"StateMachine":     80,
	"Table":            255,
	"Target":           1600,
	"Topic":            256,
}

// TestAWSLimits checks the longest names there can be, and that a suffix may be as long as they allow.
func TestAWSLimits(t *testing.T) {
	const longest = 24 // As the schema says: TestReadSpec of package claim.
	cases := map[string]struct {
		reason string
		suffix int
		change func(*Pipeline)
		want   []resource.Name
	}{
		"OwnConnection": {
			reason: "The longest suffix of a pipeline that makes its connection should leave room for all names.",
			suffix: maxOwnSuffix,
			want:   []resource.Name{},
		},
		"GivenConnection": {
			reason: "So should the longest of all, if it makes none.",
			suffix: longest,
			change: givenConnection,
			want:   []resource.Name{},
		},
		"Longer": {
			reason: "There is room for two characters more, and not for three.",
			suffix: longest + 3,
			change: givenConnection,
			want:   []resource.Name{watchConfigurationRule},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, everything, tc.change, func(p *Pipeline) {
				p.Spec.EnvironmentSuffix = strings.Repeat("x", tc.suffix)
				p.Platform.ProviderConfig = strings.Repeat("p", 63)
			})
			if diff := cmp.Diff(tc.want, tooLong(t, desiredOf(t, p))); diff != "" {
				t.Errorf("%s\n-want names that are too long, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// givenConnection has the pipeline make none.
func givenConnection(p *Pipeline) {
	p.Spec.Source.ConnectionARN = fntest.Connection
}

// tooLong are the resources whose names AWS or Kubernetes refuses, in order.
func tooLong(t *testing.T, desired map[resource.Name]*unstructured.Unstructured) []resource.Name {
	t.Helper()
	long := []resource.Name{}
	for _, name := range slices.Sorted(maps.Keys(desired)) {
		mr := desired[name]
		limit, known := limits[mr.GetKind()]
		if awsName(mr) != "" && !known {
			t.Errorf("%q: how long may the name of a %s be?", name, mr.GetKind())
		}
		if len(mr.GetName()) > 253 || known && len(awsName(mr)) > limit {
			long = append(long, name)
		}
	}
	return long
}

// TestOwnConnectionsName checks that a suffix is refused that the name of a connection has no room for, before anything is
// named after it.
func TestOwnConnectionsName(t *testing.T) {
	c := claim.Claim{Spec: fntest.MinimalSpec()}
	c.Spec.EnvironmentSuffix = "refunds-staging"
	_, err := New(c, compose.NewObservation(fntest.State(t, fntest.XR, nil)))
	if err == nil || !strings.HasPrefix(err.Error(), `spec.environmentSuffix: Invalid value: "refunds-staging": may not be more than 14 characters`) {
		t.Errorf("New(...): want an error that names the field and its limit, got %v", err)
	}
}

func TestBucketName(t *testing.T) {
	bucket := "metadata: {annotations: {crossplane.io/external-name: from-observed}}"

	type args struct {
		xr       string
		observed map[resource.Name]string
	}
	type want struct {
		bucket string
		err    string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"FromUID": {
			reason: "A new bucket's name should carry the first 8 digits of the XR's UID.",
			args:   args{xr: fntest.XR},
			want:   want{bucket: "pipeline-artifacts-pr-123-0b7a2c9e"},
		},
		"FrozenToObserved": {
			reason: "A bucket that exists should keep its name, whatever the UID and the status say.",
			args:   args{xr: fntest.XR + "status: {artifactBucketName: from-status}", observed: map[resource.Name]string{artifactBucket: bucket}},
			want:   want{bucket: "from-observed"},
		},
		"FrozenToStatus": {
			reason: "A bucket that is briefly not observed should keep the name in the XR's status.",
			args:   args{xr: fntest.XR + "status: {artifactBucketName: from-status}"},
			want:   want{bucket: "from-status"},
		},
		"ObservedWithoutExternalName": {
			reason: "A bucket without an external name says nothing of its name.",
			args:   args{xr: fntest.XR, observed: map[resource.Name]string{artifactBucket: "metadata: {name: b}"}},
			want:   want{bucket: "pipeline-artifacts-pr-123-0b7a2c9e"},
		},
		"UIDNotNeeded": {
			reason: "A bucket whose name is known should not need a UID.",
			args:   args{xr: "status: {artifactBucketName: from-status}"},
			want:   want{bucket: "from-status"},
		},
		"NoUID": {
			reason: "Without a UID there should be no name to be shared with other pipelines.",
			args:   args{xr: "metadata: {name: payments}"},
			want:   want{err: `cannot name the artifact bucket: metadata.uid of the composite resource is "", not a UUID`},
		},
		"NotAUUID": {
			reason: "A UID that is no UUID should be an error, since it might not be allowed in a bucket's name.",
			args:   args{xr: "metadata: {uid: Payments-1}"},
			want:   want{err: `cannot name the artifact bucket: metadata.uid of the composite resource is "Payments-1", not a UUID`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			n, err := newNames("pr-123", "default", compose.NewObservation(fntest.State(t, tc.args.xr, tc.args.observed)))
			got := want{bucket: n.Bucket}
			if err != nil {
				got.err = err.Error()
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("%s\nnewNames(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestObjectName(t *testing.T) {
	type args struct {
		suffix         string
		providerConfig string
		observed       map[resource.Name]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   string
	}{
		"New": {
			reason: "The name should follow from suffix, resource and provider config alone.",
			args:   args{suffix: "pr-123", providerConfig: "default"},
			want:   "pr-123.history-table.default",
		},
		"OtherSuffix": {
			reason: "Pipelines with other suffixes have other names in AWS, and so should they in the cluster.",
			args:   args{suffix: "prod", providerConfig: "default"},
			want:   "prod.history-table.default",
		},
		"OtherProviderConfig": {
			reason: "The same suffix in another account should not collide.",
			args:   args{suffix: "pr-123", providerConfig: "eu.accounts"},
			want:   "pr-123.history-table.eu.accounts",
		},
		"Observed": {
			reason: "A resource that exists should keep its name.",
			args: args{suffix: "pr-123", providerConfig: "renamed", observed: map[resource.Name]string{
				historyTable: "metadata: {name: pr-123.history-table.default}",
				alarmTopic:   "metadata: {name: other}",
			}},
			want: "pr-123.history-table.default",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			n, err := newNames(tc.args.suffix, tc.args.providerConfig, compose.NewObservation(fntest.State(t, fntest.XR, tc.args.observed)))
			if err != nil {
				t.Fatalf("%s\nnewNames(...): %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, n.object(historyTable)); diff != "" {
				t.Errorf("%s\nobject(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestObjectNamesAreLocks checks that two claims that want the same thing in AWS want the same object in the cluster.
func TestObjectNamesAreLocks(t *testing.T) {
	one := desiredOf(t, newTestPipeline(t))
	other := desiredOf(t, newTestPipeline(t, func(p *Pipeline) {
		p.Spec.Region = "eu-central-1"
		p.Spec.Source = v1alpha1.Source{Owner: "other", Repository: "other", Branch: "other"}
	}))
	for name := range one {
		if diff := cmp.Diff(one[name].GetName(), other[name].GetName()); diff != "" {
			t.Errorf("%q in another region: -want name, +got name:\n%s", name, diff)
		}
	}
}
