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

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// A world is a claim, Crossplane and AWS. All of it goes around in reconciles.
type world struct {
	aws      standin.AWS
	input    *structpb.Struct
	observed *fnv1.State
}

func newWorld(t *testing.T, aws standin.AWS, input, spec string) *world {
	t.Helper()
	return &world{aws: aws, input: structOf(t, testInput+input), observed: stateOf(t, testXR+spec, nil)}
}

// reconcile runs the function, then lets Crossplane apply what is desired and AWS answer.
func (w *world) reconcile(t *testing.T) *fnv1.RunFunctionResponse {
	t.Helper()
	rsp := runFunction(t, &fnv1.RunFunctionRequest{Input: w.input, Observed: proto.CloneOf(w.observed)})
	if len(rsp.GetResults()) > 0 {
		t.Fatalf("RunFunction(...): want no results, got %v", rsp.GetResults())
	}
	for name := range w.observed.GetResources() {
		if rsp.GetDesired().GetResources()[name] == nil {
			t.Errorf("%q exists and is no longer desired, which deletes it", name)
		}
	}
	for name, r := range rsp.GetDesired().GetResources() {
		mr := &unstructured.Unstructured{Object: r.GetResource().AsMap()}
		// AWS and the provider chose this name when they first saw the resource.
		chosen, _, _ := unstructured.NestedString(w.observed.GetResources()[name].GetResource().AsMap(), "metadata", "annotations", annotationExternalName)
		if chosen != "" {
			mr.SetAnnotations(map[string]string{annotationExternalName: chosen})
		}
		w.aws.Observe(mr)
		s, err := structpb.NewStruct(mr.Object)
		if err != nil {
			t.Fatalf("cannot convert %q: %v", name, err)
		}
		w.observed.Resources[name] = &fnv1.Resource{Resource: s}
	}
	w.observed.GetComposite().GetResource().GetFields()["status"] = rsp.GetDesired().GetComposite().GetResource().GetFields()["status"]
	return rsp
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
		all     = testSpec + `
  rollout: {custom: {type: Linear, percentage: 20, intervalMinutes: 15}, hooks: {beforeAllowTraffic: before}}
  notifications: {emails: [a@example.com]}
  retention: {historyDays: 30}
  deletionProtection: true
  tags: {team: payments}
`
		given = "spec: {environmentSuffix: pr-123, source: {owner: my-org, repository: my-repo, connectionArn: '" + testConnection + "'}}"
	)
	available := standin.AWS{AccountID: testAccount, ConnectionStatus: "AVAILABLE", Version: "1"}
	pending := standin.AWS{AccountID: testAccount, ConnectionStatus: "PENDING", Version: "1"}
	settled := func(connected string) map[string]string {
		return map[string]string{
			"Accepted": "Valid", "SourceConnected": connected, "ResourcesWaiting": "NothingWaiting",
			"ResourcesFailing": "NothingFailing", "TrafficShifting": "OneVersion",
		}
	}

	type args struct {
		aws   standin.AWS
		input string
		spec  string
	}
	type want struct {
		Waves      int
		Unready    []string
		Conditions map[string]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"AccountGiven": {
			reason: "The bucket should come first, then all but what AWS must tell, then the rest.",
			args:   args{aws: available, input: account, spec: testSpec},
			want:   want{Waves: 3, Conditions: settled("ConnectionAvailable")},
		},
		"AccountFound": {
			reason: "The account id should come with the same wave as the other facts when AWS is quick.",
			args:   args{aws: available, spec: testSpec},
			want:   want{Waves: 3, Conditions: settled("ConnectionAvailable")},
		},
		"Everything": {
			reason: "Options should not add a wave.",
			args:   args{aws: available, input: account + "kmsKeyArn: " + testKey, spec: all},
			want:   want{Waves: 3, Conditions: settled("ConnectionAvailable")},
		},
		"Pending": {
			reason: "Everything should be made before the handshake, and only the connection wait for it.",
			args:   args{aws: pending, input: account, spec: testSpec},
			want:   want{Waves: 3, Unready: []string{string(connection)}, Conditions: settled("HandshakePending")},
		},
		"ConnectionGiven": {
			reason: "A connection that the claim brings should need no handshake.",
			args:   args{aws: pending, input: account, spec: given},
			want:   want{Waves: 3, Conditions: settled("ExistingConnection")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.args.aws, tc.args.input, tc.args.spec)
			got := want{Waves: 1}
			for rsp := w.reconcile(t); waitingIn(rsp) > 0; rsp = w.reconcile(t) {
				if got.Waves++; got.Waves > 3 {
					t.Fatalf("%s\nwant nothing to wait after three waves, got %v", tc.reason, rsp.GetConditions())
				}
			}
			// What the last wave asked for is there now. Then nothing is left to change.
			w.reconcile(t)
			once, twice := w.reconcile(t), w.reconcile(t)
			got.Unready, got.Conditions = unreadyIn(twice), conditionsOf(twice)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if !bytes.Equal(deterministic(t, once), deterministic(t, twice)) {
				t.Errorf("want the same answer to the same question, got another:\n%s", cmp.Diff(once.String(), twice.String()))
			}
		})
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
	w := newWorld(t, standin.AWS{AccountID: testAccount, ConnectionStatus: "AVAILABLE", Version: "1"}, "", testSpec)
	for range 100 {
		before := proto.CloneOf(w.observed)
		rsp := w.reconcile(t)
		if waitingIn(rsp) == 0 && len(unreadyIn(rsp)) == 0 {
			return
		}
		// Of what is new, only one becomes real. The rest exists without anything AWS would tell.
		told := 0
		for _, name := range slices.Sorted(maps.Keys(w.observed.GetResources())) {
			if before.GetResources()[name].GetResource().GetFields()["status"] != nil {
				continue
			}
			if told++; told > 1 {
				delete(w.observed.GetResources()[name].GetResource().GetFields(), "status")
			}
		}
	}
	t.Error("want everything ready after 100 reconciles")
}

// TestStatusLost takes what AWS told away again, as a provider that restarts might. What was remembered has to do.
func TestStatusLost(t *testing.T) {
	w := newWorld(t, standin.AWS{AccountID: testAccount, ConnectionStatus: "AVAILABLE", Version: "1"}, "", testSpec)
	for range 3 {
		w.reconcile(t)
	}
	want := w.reconcile(t)
	for _, r := range w.observed.GetResources() {
		delete(r.GetResource().GetFields(), "status")
	}
	got := w.reconcile(t)
	for name, r := range want.GetDesired().GetResources() {
		if diff := cmp.Diff(r.GetResource().AsMap(), got.GetDesired().GetResources()[name].GetResource().AsMap()); diff != "" {
			t.Errorf("%q: -want, +got without status:\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(conditionsOf(want), conditionsOf(got)); diff != "" {
		t.Errorf("conditions: -want, +got without status:\n%s", diff)
	}
}

// TestTrafficMovesOn lets CodeDeploy shift the alias and the pipeline publish versions. Neither is fought.
func TestTrafficMovesOn(t *testing.T) {
	w := newWorld(t, standin.AWS{AccountID: testAccount, ConnectionStatus: "AVAILABLE", Version: "1"}, "", testSpec)
	for range 3 {
		w.reconcile(t)
	}
	alias := w.observed.GetResources()[string(liveTraffic)].GetResource().GetFields()
	alias["status"] = structpb.NewStructValue(structOf(t, "atProvider: {functionVersion: '1', routingConfig: {additionalVersionWeights: {'2': 0.1}}}"))
	w.aws.Version = "2"

	rsp := runFunction(t, &fnv1.RunFunctionRequest{Input: w.input, Observed: proto.CloneOf(w.observed)})
	if diff := cmp.Diff("TwoVersions", conditionsOf(rsp)["TrafficShifting"]); diff != "" {
		t.Errorf("while traffic shifts: -want, +got:\n%s", diff)
	}

	alias["status"] = structpb.NewStructValue(structOf(t, "atProvider: {functionVersion: '2'}"))
	rsp = runFunction(t, &fnv1.RunFunctionRequest{Input: w.input, Observed: proto.CloneOf(w.observed)})
	version, _, _ := unstructured.NestedString(rsp.GetDesired().GetResources()[string(liveTraffic)].GetResource().AsMap(), "spec", "forProvider", "functionVersion")
	if diff := cmp.Diff("2", version); diff != "" {
		t.Errorf("after the shift: -want version, +got version:\n%s", diff)
	}
}
