package main

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// A world is a claim, Crossplane and AWS. All of it goes around in reconciles.
type world struct {
	aws *standin.AWS
	req *fnv1.RunFunctionRequest
}

func newWorld(t *testing.T, aws *standin.AWS, input, spec string) *world {
	t.Helper()
	return &world{aws: aws, req: &fnv1.RunFunctionRequest{
		Input:    fntest.Struct(t, testInput+input),
		Observed: fntest.State(t, fntest.XR+spec, nil),

		RequiredResources: settingsObjects(nil),
	}}
}

// newReadyWorld is one where the smallest claim is complete, and nothing is left to change.
func newReadyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, &standin.AWS{AccountID: fntest.Account}, "", fntest.Spec)
	for range waves + 1 {
		w.reconcile(t)
	}
	return w
}

// reconcile runs the function, then lets Crossplane apply what is desired and AWS answer. Nothing may have happened that
// is worth an event.
func (w *world) reconcile(t *testing.T) *fnv1.RunFunctionResponse {
	t.Helper()
	rsp := w.reconcileWithEvents(t)
	if len(rsp.GetResults()) > 0 {
		t.Fatalf("RunFunction(...): want no results, got %v", rsp.GetResults())
	}
	return rsp
}

func (w *world) reconcileWithEvents(t *testing.T) *fnv1.RunFunctionResponse {
	t.Helper()
	rsp := runFunction(t, proto.CloneOf(w.req))
	for name := range w.observed() {
		if rsp.GetDesired().GetResources()[name] == nil {
			t.Errorf("%q exists and is no longer desired, which deletes it", name)
		}
	}
	apply(w.aws, w.req, rsp)
	return rsp
}

// observed resources by their names in the composition.
func (w *world) observed() map[string]*fnv1.Resource {
	return w.req.GetObserved().GetResources()
}

// change the observed resource with the supplied name in the composition, until AWS answers again.
func (w *world) change(name string, change standin.Change) {
	mr := object(w.observed()[name])
	change(mr)
	w.observed()[name].Resource = mustStruct(mr.Object)
}

// managed is the observed resource with the supplied name in the composition.
func (w *world) managed(name resource.Name) *unstructured.Unstructured {
	return object(w.observed()[string(name)])
}

// waitingIn is how many resources wait, by the XR's status.
func waitingIn(rsp *fnv1.RunFunctionResponse) int {
	resources := rsp.GetDesired().GetComposite().GetResource().GetFields()["status"].GetStructValue().GetFields()["resources"]
	return len(resources.GetStructValue().GetFields()["waiting"].GetListValue().GetValues())
}

// unreadyIn are the desired resources that are not ready, and the XR if the function says it is not.
func unreadyIn(rsp *fnv1.RunFunctionResponse) []string {
	names := []string(nil)
	if rsp.GetDesired().GetComposite().GetReady() == fnv1.Ready_READY_FALSE {
		names = append(names, "XR")
	}
	for name, r := range rsp.GetDesired().GetResources() {
		if r.GetReady() != fnv1.Ready_READY_TRUE {
			names = append(names, name)
		}
	}
	return names
}

// conditionsOf the response, by type.
func conditionsOf(rsp *fnv1.RunFunctionResponse) map[string]string {
	conditions := map[string]string{}
	for _, c := range rsp.GetConditions() {
		conditions[c.GetType()] = c.GetReason()
	}
	return conditions
}

func TestWaves(t *testing.T) {
	const (
		account = "accountId: '111122223333'\n"
		all     = fntest.Spec + `
  rollout: {custom: {type: Linear, percentage: 20, intervalMinutes: 15}, hooks: {beforeAllowTraffic: before}}
  notifications: {emails: [a@example.com]}
  retention: {historyDays: 30}
  deletionProtection: true
  tags: {team: payments}
`
		given = "spec: {environmentSuffix: pr-123, source: {owner: my-org, repository: my-repo, connectionArn: '" + fntest.Connection + "'}}"
	)
	conditions := func(connected, waiting string) map[string]string {
		return map[string]string{
			"Accepted": "Valid", "SettingsApplied": "SettingsRead", "SourceConnected": connected, "ResourcesWaiting": waiting,
			"TrafficShifting": "BootstrapLive",
		}
	}
	settled := func(connected string) map[string]string { return conditions(connected, "NothingWaiting") }

	type args struct {
		connection string
		input      string
		spec       string
	}
	type want struct {
		Waves      int
		Waiting    int
		Unready    []string
		Conditions map[string]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"AccountGiven": {
			reason: "The bucket should come first, then all but what AWS must tell, then the rest, and the pipeline last.",
			args:   args{input: account, spec: fntest.Spec},
			want:   want{Waves: 4, Conditions: settled("ConnectionAvailable")},
		},
		"AccountFound": {
			reason: "The account id should come with the same wave as the other facts when AWS is quick.",
			args:   args{spec: fntest.Spec},
			want:   want{Waves: 4, Conditions: settled("ConnectionAvailable")},
		},
		"Everything": {
			reason: "Options should not add a wave.",
			args:   args{input: account + "kmsKeyArn: " + fntest.Key, spec: all},
			want:   want{Waves: 4, Conditions: settled("ConnectionAvailable")},
		},
		"Pending": {
			reason: "Everything should be made before the handshake but the pipeline, whose first run would fail.",
			args:   args{connection: "PENDING", input: account, spec: fntest.Spec},
			want: want{
				Waves: 3, Waiting: 1, Unready: []string{"XR", string(connection)},
				Conditions: conditions("HandshakePending", "FactsMissing"),
			},
		},
		"ConnectionGiven": {
			reason: "A connection that the claim brings should need no handshake.",
			args:   args{connection: "PENDING", input: account, spec: given},
			want:   want{Waves: 4, Conditions: settled("ExistingConnection")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, &standin.AWS{AccountID: fntest.Account, ConnectionStatus: tc.args.connection}, tc.args.input, tc.args.spec)
			got := want{Waves: 1}
			for rsp := w.reconcile(t); waitingIn(rsp) > tc.want.Waiting; rsp = w.reconcile(t) {
				if got.Waves++; got.Waves > 4 {
					t.Fatalf("%s\nwant no more to wait after four waves, got %v", tc.reason, rsp.GetConditions())
				}
			}
			// What the last wave asked for is there now. Then nothing is left to change.
			w.reconcile(t)
			once, twice := w.reconcile(t), w.reconcile(t)
			got.Waiting, got.Unready, got.Conditions = waitingIn(twice), unreadyIn(twice), conditionsOf(twice)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if !bytes.Equal(deterministic(t, once), deterministic(t, twice)) {
				t.Errorf("want the same answer to the same question, got another:\n%s", cmp.Diff(once.String(), twice.String()))
			}
		})
	}
}

// TestHandshake lets a person authorise the connection, and then has it lost again. The pipeline comes with the first, and
// stays.
func TestHandshake(t *testing.T) {
	w := newWorld(t, &standin.AWS{AccountID: fntest.Account, ConnectionStatus: "PENDING"}, "", fntest.Spec)
	for range 10 {
		if rsp := w.reconcile(t); rsp.GetDesired().GetResources()[string(deliveryPipeline)] != nil {
			t.Fatal("want no pipeline before the connection is authorised: its first run would fail")
		}
	}
	w.aws.ConnectionStatus = "AVAILABLE"
	w.reconcile(t) // AWS answers after this one.
	w.reconcile(t)
	if rsp := w.reconcile(t); waitingIn(rsp) > 0 || len(unreadyIn(rsp)) > 0 || rsp.GetDesired().GetResources()[string(deliveryPipeline)] == nil {
		t.Errorf("want the pipeline, and everything ready after the handshake, got %v", rsp.GetConditions())
	}
	// reconcile checks that nothing which exists is dropped, or refused.
	w.aws.ConnectionStatus = "ERROR"
	w.reconcile(t)
	if diff := cmp.Diff([]string{string(connection)}, unreadyIn(w.reconcile(t))); diff != "" {
		t.Errorf("with a connection that is lost: -want unready, +got:\n%s", diff)
	}
}

func deterministic(t *testing.T, m proto.Message) []byte {
	t.Helper()
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatalf("cannot marshal: %v", err)
	}
	return b
}

// TestSlowAWS lets one resource after another become real, in the order of their names. Nothing may ever be lost.
func TestSlowAWS(t *testing.T) {
	w := newWorld(t, &standin.AWS{AccountID: fntest.Account}, "", fntest.Spec)
	for range 100 {
		before := proto.CloneOf(w.req.GetObserved())
		rsp := w.reconcile(t)
		if waitingIn(rsp) == 0 && len(unreadyIn(rsp)) == 0 {
			if rsp.GetDesired().GetResources()[string(deliveryPipeline)] == nil {
				t.Error("want a pipeline when nothing waits, got none")
			}
			return
		}
		// Of what is new, only one becomes real. The rest exists without anything AWS would tell.
		told := 0
		for _, name := range slices.Sorted(maps.Keys(w.observed())) {
			if before.GetResources()[name].GetResource().GetFields()["status"] != nil {
				continue
			}
			if told++; told > 1 {
				w.change(name, standin.Lost)
			}
		}
	}
	t.Error("want everything ready after 100 reconciles")
}

// TestStatusLost takes what AWS told away again, as a provider that restarts might. What was remembered has to do.
func TestStatusLost(t *testing.T) {
	w := newReadyWorld(t)
	want := w.reconcile(t)
	for name := range w.observed() {
		w.change(name, standin.Lost)
	}
	got := w.reconcile(t)
	if want.GetDesired().GetResources()[string(deliveryPipeline)] == nil {
		t.Fatal("want a pipeline before anything is lost, got none")
	}
	if diff := cmp.Diff(objectsOf(want), objectsOf(got)); diff != "" {
		t.Errorf("-want, +got without status:\n%s", diff)
	}
	if diff := cmp.Diff(conditionsOf(want), conditionsOf(got)); diff != "" {
		t.Errorf("conditions: -want, +got without status:\n%s", diff)
	}
}

// objectsOf a response are the desired resources, whether they are ready or not.
func objectsOf(rsp *fnv1.RunFunctionResponse) map[string]any {
	objects := map[string]any{}
	for name, r := range rsp.GetDesired().GetResources() {
		objects[name] = r.GetResource().AsMap()
	}
	return objects
}

// TestTrafficMovesOn lets CodeDeploy shift the alias and the pipeline publish versions. Neither is fought.
func TestTrafficMovesOn(t *testing.T) {
	w := newReadyWorld(t)
	alias := w.managed(liveAlias)
	must(t, w.aws.Publish(w.managed(blueFunction), "2"))
	w.aws.Set(alias.GetName(), standin.Shifting("2", 0.1))
	w.reconcile(t) // AWS answers after this one.
	rsp := w.reconcile(t)
	if diff := cmp.Diff("TwoVersions", conditionsOf(rsp)["TrafficShifting"]); diff != "" {
		t.Errorf("while traffic shifts: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff("1", aliasVersion(rsp)); diff != "" {
		t.Errorf("while traffic shifts: -want version, +got version:\n%s", diff)
	}

	w.aws.Set(alias.GetName(), nil)
	must(t, w.aws.Release(alias, "2"))
	must(t, w.aws.Publish(w.managed(blueFunction), "3"))
	w.reconcile(t)
	if diff := cmp.Diff("2", aliasVersion(w.reconcile(t))); diff != "" {
		t.Errorf("after the shift: -want version, +got version:\n%s", diff)
	}
}

// TestFunctionRecreated deletes the blue function in AWS, its versions and its alias with it. The provider makes it again.
func TestFunctionRecreated(t *testing.T) {
	w := newReadyWorld(t)
	alias, function := w.managed(liveAlias), w.managed(blueFunction)
	must(t, w.aws.Release(alias, "7"))
	w.reconcile(t)
	w.reconcile(t)

	// Version 9 was published and never released. It is gone too, but the provider does not know that yet.
	must(t, w.aws.Publish(function, "9"))
	must(t, w.aws.Lose(function))
	w.reconcile(t)
	events, versions := 0, []string{}
	var last *fnv1.RunFunctionResponse
	for i := range 6 {
		if i == 1 {
			// The provider finds out, and tells after this reconcile.
			must(t, w.aws.Publish(function, "10"))
		}
		rsp := w.reconcileWithEvents(t)
		events += len(rsp.GetResults())
		versions = append(versions, aliasVersion(rsp))
		if diff := cmp.Diff("FunctionRecreated", conditionsOf(rsp)["LiveVersionLost"]); diff != "" {
			t.Errorf("reconcile %d: -want LiveVersionLost, +got:\n%s", i, diff)
		}
		if i == 5 && !bytes.Equal(deterministic(t, last), deterministic(t, rsp)) {
			t.Errorf("want the same answer once the alias is back, got another:\n%s", cmp.Diff(last.String(), rsp.String()))
		}
		last = rsp
	}
	if diff := cmp.Diff([]string{"9", "9", "10", "10", "10", "10"}, versions); diff != "" {
		t.Errorf("the alias should come to the version that the function has: -want, +got:\n%s", diff)
	}
	if events != 1 {
		t.Errorf("want one event, when the loss is found, got %d", events)
	}
	lost, told := fntest.Struct(t, "{live: {version: none}, liveVersion: '10', lostVersion: '7', bootstrapVersion: '10'}").AsMap(), releaseIn(w.req.GetObserved())
	delete(told, "versions")
	if diff := cmp.Diff(lost, told); diff != "" {
		t.Errorf("status.release until the next release: -want, +got:\n%s", diff)
	}

	must(t, w.aws.Release(alias, "11"))
	w.reconcile(t)
	rsp := w.reconcile(t)
	if diff := cmp.Diff("NothingLost", conditionsOf(rsp)["LiveVersionLost"]); diff != "" {
		t.Errorf("after the next release: -want LiveVersionLost, +got:\n%s", diff)
	}
	if diff := cmp.Diff("11", aliasVersion(rsp)); diff != "" {
		t.Errorf("after the next release: -want version, +got version:\n%s", diff)
	}
}

// TestConfigurationWaitsForARelease changes what only a new version carries. The condition follows it to the release, and
// back to the version before.
func TestConfigurationWaitsForARelease(t *testing.T) {
	w := newReadyWorld(t)
	alias := w.managed(liveAlias)
	spec := w.req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue().GetFields()
	steps := []struct {
		reason string
		happen func()
		want   string
	}{
		{"The first version has the claim's configuration, of which a claim is told nothing.", func() {}, ""},
		{
			"A change is a version that nobody serves.",
			func() { spec["service"] = structpb.NewStructValue(fntest.Struct(t, "{memorySizeMiB: 1024}")) },
			"SettingsNotLive",
		},
		{"The pipeline publishes another one, which waits for approval.", func() { must(t, w.aws.Publish(w.managed(blueFunction), "3")) }, "SettingsNotLive"},
		{"It goes live.", func() { must(t, w.aws.Release(alias, "3")) }, "SettingsLive"},
		{"Somebody takes production back.", func() { must(t, w.aws.Release(alias, "1")) }, "SettingsNotLive"},
		{"And the claim as well.", func() { delete(spec, "service") }, "SettingsLive"},
		{"A version that was never the newest when anyone looked.", func() {
			must(t, w.aws.Publish(w.managed(blueFunction), "5"))
			must(t, w.aws.Publish(w.managed(blueFunction), "6"))
			must(t, w.aws.Release(alias, "5"))
		}, "SettingsUnknown"},
	}
	for _, step := range steps {
		step.happen()
		w.reconcile(t)
		w.reconcile(t)
		if diff := cmp.Diff(step.want, conditionsOf(w.reconcile(t))["ConfigurationPending"]); diff != "" {
			t.Errorf("%s\n-want, +got:\n%s", step.reason, diff)
		}
	}
}

// must not fail.
func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// aliasVersion is the version that the alias is asked for with.
func aliasVersion(rsp *fnv1.RunFunctionResponse) string {
	version, _, _ := unstructured.NestedString(object(rsp.GetDesired().GetResources()[string(liveAlias)]).Object, "spec", "forProvider", "functionVersion")
	return version
}

// releaseIn is the release in the status of the XR.
func releaseIn(s *fnv1.State) map[string]any {
	release, _, _ := unstructured.NestedMap(s.GetComposite().GetResource().AsMap(), "status", "release")
	return release
}
