package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// testInput is a platform team's input with room for more.
const testInput = "apiVersion: paymentdelivery.fn.crossplane.io/v1beta1\n" +
	"kind: PlatformSettings\n"

func runFunction(t *testing.T, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	t.Helper()
	rsp, err := NewFunction(logging.NewNopLogger()).RunFunction(t.Context(), req)
	if err != nil {
		t.Fatalf("RunFunction(...): %v", err)
	}
	return rsp
}

// earlierSteps is what earlier steps of a Composition might desire.
func earlierSteps(t *testing.T) *fnv1.State {
	t.Helper()
	return &fnv1.State{
		Composite: &fnv1.Resource{
			Resource: fntest.Struct(t, "metadata: {labels: {a: b}}\nstatus: {cost: 42, accountId: theirs}"),
			Ready:    fnv1.Ready_READY_TRUE,
		},
		Resources: map[string]*fnv1.Resource{"theirs": {Resource: fntest.Struct(t, "kind: Theirs"), Ready: fnv1.Ready_READY_TRUE}},
	}
}

func TestRunFunctionPassesThrough(t *testing.T) {
	pipelineContext := &structpb.Struct{Fields: map[string]*structpb.Value{"k": structpb.NewStringValue("v")}}
	rsp := runFunction(t, &fnv1.RunFunctionRequest{
		Meta:     &fnv1.RequestMeta{Tag: "tag"},
		Input:    fntest.Struct(t, testInput+"accountId: '111122223333'\nresponseTTL: 5s"),
		Observed: fntest.State(t, fntest.XR+fntest.Spec, nil),
		Desired:  earlierSteps(t),
		Context:  pipelineContext,

		RequiredResources: settingsObjects(nil),
	})

	if diff := cmp.Diff(&fnv1.ResponseMeta{Tag: "tag", Ttl: durationpb.New(5 * time.Second)}, rsp.GetMeta(), protocmp.Transform()); diff != "" {
		t.Errorf("meta: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(pipelineContext, rsp.GetContext(), protocmp.Transform()); diff != "" {
		t.Errorf("context: -want, +got:\n%s", diff)
	}
	if len(rsp.GetResults()) > 0 {
		t.Errorf("want no results of a call that went well, got %v", rsp.GetResults())
	}
	if diff := cmp.Diff(earlierSteps(t).GetResources()["theirs"], rsp.GetDesired().GetResources()["theirs"], protocmp.Transform()); diff != "" {
		t.Errorf("resource of an earlier step: -want, +got:\n%s", diff)
	}

	xr := rsp.GetDesired().GetComposite()
	got := xr.GetResource().AsMap()
	status := got["status"].(map[string]any)
	want := map[string]any{
		"apiVersion": "paymentdelivery.io/v1alpha1",
		"kind":       "XPaymentDeliveryPipeline",
		"metadata":   map[string]any{"labels": map[string]any{"a": "b"}},
		"status":     status,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("XR: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]any{42.0, fntest.Account}, []any{status["cost"], status["accountId"]}); diff != "" {
		t.Errorf("status of earlier steps and ours: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(fnv1.Ready_READY_FALSE, xr.GetReady()); diff != "" {
		t.Errorf("ready while resources wait: -want, +got:\n%s", diff)
	}
}

func TestRunFunctionRefuses(t *testing.T) {
	type args struct {
		input    string
		xr       string
		observed map[resource.Name]string
	}
	type want struct {
		reason  string
		message string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"WrongKindOfInput": {
			reason: "Input that is not ours should be refused.",
			args:   args{input: "apiVersion: v1\nkind: PlatformSettings", xr: fntest.XR + fntest.Spec},
			want: want{"InvalidInput", `invalid PlatformSettings: input.apiVersion: Unsupported value: "v1": ` +
				`supported values: "paymentdelivery.fn.crossplane.io/v1beta1"`},
		},
		"InvalidInput": {
			reason: "A mistake of the platform team should be named with its field, its value and what is allowed.",
			args:   args{input: testInput + "accountId: '12'", xr: fntest.XR + fntest.Spec},
			want:   want{"InvalidInput", `invalid PlatformSettings: input.accountId: Invalid value: "12": should match '^([0-9]{12})?$'`},
		},
		"EndlessTTL": {
			reason: "A TTL that no clock can hold should be refused.",
			args:   args{input: testInput + "responseTTL: 9999999999h", xr: fntest.XR + fntest.Spec},
			want:   want{"InvalidInput", `invalid PlatformSettings: input.responseTTL: Invalid value: "9999999999h": should match '^([0-9]{1,4}(\.[0-9]{1,3})?(ms|s|m|h))+$'`},
		},
		"InvalidClaim": {
			reason: "Each mistake of the app team should be named with its field, its value and what is allowed.",
			args: args{input: testInput, xr: fntest.XR + "spec: {environmentSuffix: PR_123, source: {owner: my-org, repository: my-repo}, " +
				"service: {tracing: Always, memorySizeMiB: 64}}"},
			want: want{"InvalidInput", `invalid PaymentDeliveryPipeline: [` +
				`spec.environmentSuffix: Invalid value: "PR_123": must be lower-case letters, digits and hyphens, and begin and end with a letter or a digit: payments-prod, ` +
				`spec.service.memorySizeMiB: Invalid value: 64: should be greater than or equal to 128, ` +
				`spec.service.tracing: Unsupported value: "Always": supported values: "PassThrough", "Active"]`},
		},
		"RefusedByAWS": {
			reason: "What AWS refuses of a claim, of which nothing exists, should be refused.",
			args:   args{input: testInput, xr: fntest.XR + fntest.Spec + "  tags: {department: R&D}"},
			want: want{"InvalidInput", `invalid PaymentDeliveryPipeline: spec.tags[department]: Invalid value: "R&D" ` +
				`is not a tag value that AWS takes: at most 255 letters, digits, spaces and _.:/=+-@; write it with these (rule of AWS)`},
		},
		"SettingsRefusedByAWS": {
			reason: "Should the platform team's tags be refused, that should be told of both.",
			args:   args{input: testInput + "tags: {a: 'b,c'}", xr: fntest.XR + fntest.Spec + "  tags: {department: R&D}"},
			want: want{"InvalidInput", `[invalid PlatformSettings: input.tags[a]: Invalid value: "b,c" ` +
				`is not a tag value that AWS takes: at most 255 letters, digits, spaces and _.:/=+-@; write it with these (rule of AWS), ` +
				`invalid PaymentDeliveryPipeline: spec.tags[department]: Invalid value: "R&D" ` +
				`is not a tag value that AWS takes: at most 255 letters, digits, spaces and _.:/=+-@; write it with these (rule of AWS)]`},
		},
		"RegionNotAllowed": {
			reason: "A region that the platform team does not allow should be refused with those that it does, sorted.",
			args:   args{input: testInput + "allowedRegions: [us-west-2, eu-central-1]", xr: fntest.XR + fntest.Spec},
			want: want{"InvalidInput", `invalid PaymentDeliveryPipeline: spec.region: Unsupported value: "us-east-1": ` +
				`supported values: "eu-central-1", "us-west-2" (platform setting allowedRegions of the Composition's input); the field is immutable: delete this claim if it has made nothing, and file a new one`},
		},
		"WrongAccount": {
			reason: "An account that is not the one where everything is should be refused before it is in any ARN.",
			args: args{
				input: testInput + "accountId: '999999999999'", xr: fntest.XR + fntest.Spec,
				observed: map[resource.Name]string{
					artifactBucket: "{}",
					alarmTopic:     fntest.Topic(fntest.Account),
				},
			},
			want: want{"InvalidInput", `invalid PlatformSettings: input.accountId: Invalid value: "999999999999": ` +
				`the pipeline's resources are in account 111122223333`},
		},
		"PermissionsOfExisting": {
			reason: "A pipeline that is there stays as it is while its claim asks for more than a claim may.",
			args: args{
				input: testInput, xr: fntest.XR + fntest.Spec + "  service: {permissions: {statements: [{actions: ['iam:CreateUser'], resources: ['arn:aws:iam::111122223333:user/a']}]}}",
				observed: map[resource.Name]string{artifactBucket: "{}", alarmTopic: fntest.Topic(fntest.Account)},
			},
			want: want{"InvalidInput", `invalid PaymentDeliveryPipeline: spec.service.permissions.statements[0].actions[0]: Forbidden: "iam:CreateUser": ` +
				`is not among the actions on data that docs/callers.md lists; ask the platform team for allowedActions or a permissions boundary`},
		},
		"PolicyOfAnother": {
			reason: "Nor does it get another pipeline's policy, under a boundary either.",
			args: args{
				input: testInput + "permissionsBoundaryArn: " + fntest.Boundary, xr: fntest.XR + fntest.Spec + "  service: {permissions: {policyArns: ['arn:aws:iam::111122223333:policy/release-policy-prod']}}",
				observed: map[resource.Name]string{artifactBucket: "{}", alarmTopic: fntest.Topic(fntest.Account)},
			},
			want: want{"InvalidInput", `invalid PaymentDeliveryPipeline: spec.service.permissions.policyArns[0]: Invalid value: ` +
				`"arn:aws:iam::111122223333:policy/release-policy-prod": policies of pipelines are only for their own roles; name another policy`},
		},
		"NoUID": {
			reason: "An XR without a UID cannot have a bucket of its own.",
			args:   args{input: testInput, xr: "metadata: {name: payments}\n" + fntest.Spec},
			want:   want{"InvalidInput", `cannot name the artifact bucket: metadata.uid of the composite resource is "", not a UUID`},
		},
		"FactLost": {
			reason: "A resource that exists should never be left out of the desired state.",
			args:   args{input: testInput, xr: fntest.XR + fntest.Spec, observed: map[resource.Name]string{artifactBucket: "{}", deliveryPipeline: "{}"}},
			want: want{"FactLost", `cannot compose "pipeline", which exists, without the AWS account id, which the first ARN from AWS tells: ` +
				`nothing is changed until that is known again`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			want := &fnv1.RunFunctionResponse{
				Meta:       &fnv1.ResponseMeta{Tag: "tag", Ttl: durationpb.New(response.DefaultTTL)},
				Conditions: []*fnv1.Condition{fntest.Condition("Accepted", fnv1.Status_STATUS_CONDITION_FALSE, tc.want.reason, tc.want.message)},
				Results: []*fnv1.Result{{
					Severity: fnv1.Severity_SEVERITY_WARNING,
					Message:  tc.want.message,
					Reason:   &tc.want.reason,
					Target:   fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum(),
				}},
				Requirements: requireSettings(),
			}
			if len(tc.args.observed) > 0 {
				want.Meta.Ttl = durationpb.New(10 * time.Minute)
			}
			got := runFunction(t, &fnv1.RunFunctionRequest{
				Meta:     &fnv1.RequestMeta{Tag: "tag"},
				Input:    fntest.Struct(t, tc.args.input),
				Observed: fntest.State(t, tc.args.xr, tc.args.observed),
				Desired:  earlierSteps(t),

				RequiredResources: settingsObjects(nil),
			})
			if diff := cmp.Diff(want, got, protocmp.Transform(), protocmp.IgnoreFields(want, "desired")); diff != "" {
				t.Errorf("%s\nRunFunction(...): -want, +got:\n%s", tc.reason, diff)
			}
			wantHeld(t, tc.args.observed, got)
		})
	}
}

// wantHeld wants what earlier steps desire, and what exists, and nothing else, of an XR that is not ready.
func wantHeld(t *testing.T, exist map[resource.Name]string, rsp *fnv1.RunFunctionResponse) {
	t.Helper()
	want := earlierSteps(t)
	for name := range exist {
		want.Resources[string(name)] = nil
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want.GetResources())), desiredIn(rsp)); diff != "" {
		t.Errorf("-want desired, +got:\n%s", diff)
	}
	xr := rsp.GetDesired().GetComposite()
	if message := compose.Observe(xr).String("status", "message"); xr.GetReady() != fnv1.Ready_READY_FALSE || !strings.HasPrefix(message, "Refused: ") {
		t.Errorf("want an XR that is refused and not ready, got %v", xr)
	}
}

// TestReasonNotComposed tells what people can wait for from what they must report.
func TestReasonNotComposed(t *testing.T) {
	fact := compose.Fact{ID: "id", Text: "the id"}
	_, lost := compose.Compose(
		[]compose.Resource{{Name: "a", Needs: []compose.Fact{fact}}}, nil, compose.Known{}, map[string]*fnv1.Resource{"a": nil})
	_, broken := compose.Compose([]compose.Resource{{Name: "a", Build: func(f compose.Facts) client.Object {
		f.Get(fact)
		return &corev1.ConfigMap{}
	}}}, nil, compose.Known{}, nil)
	for want, err := range map[string]error{"FactLost": lost, "InternalError": broken} {
		if got := reasonNotComposed(err); got != want {
			t.Errorf("reasonNotComposed(%v): want %s, got %s", err, want, got)
		}
	}
}

// TestRunFunctionTakesAnything sends requests with parts missing. None may panic, and none may be taken for a claim.
func TestRunFunctionTakesAnything(t *testing.T) {
	xr := &fnv1.Resource{Resource: fntest.Struct(t, fntest.XR+fntest.Spec)}
	null := &structpb.Struct{Fields: map[string]*structpb.Value{"spec": structpb.NewNullValue(), "metadata": nil}}

	cases := map[string]struct {
		reason string
		req    *fnv1.RunFunctionRequest
		refuse bool
	}{
		"Nil":         {reason: "There is no claim.", req: nil, refuse: true},
		"Empty":       {reason: "There is no claim.", req: &fnv1.RunFunctionRequest{}, refuse: true},
		"NoComposite": {reason: "There is no claim.", req: &fnv1.RunFunctionRequest{Observed: &fnv1.State{}}, refuse: true},
		"NoResource":  {reason: "There is no claim.", req: &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: &fnv1.Resource{}}}, refuse: true},
		"Nulls":       {reason: "There is no spec.", req: &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: null}}}, refuse: true},
		"EmptyInput":  {reason: "Input has a type.", req: &fnv1.RunFunctionRequest{Input: &structpb.Struct{}, Observed: &fnv1.State{Composite: xr}}, refuse: true},
		"NoInput":     {reason: "Without input, defaults do.", req: &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: xr}}},
		"NilObserved": {
			reason: "An observed resource may be empty.",
			req: &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: xr, Resources: map[string]*fnv1.Resource{
				string(artifactBucket): nil, string(historyTable): {},
			}}},
		},
		"EmptyDesired": {
			reason: "An earlier step may desire an empty XR.",
			req:    &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: xr}, Desired: &fnv1.State{Composite: &fnv1.Resource{Resource: &structpb.Struct{}}}},
		},
		"EmptyStatus": {
			reason: "An earlier step may desire an empty status.",
			req: &fnv1.RunFunctionRequest{
				Observed: &fnv1.State{Composite: xr},
				Desired:  &fnv1.State{Composite: &fnv1.Resource{Resource: fntest.Struct(t, "status: {}")}},
			},
		},
		"NullStatus": {
			reason: "An earlier step may desire a status that is null.",
			req: &fnv1.RunFunctionRequest{
				Observed: &fnv1.State{Composite: xr},
				Desired:  &fnv1.State{Composite: &fnv1.Resource{Resource: fntest.Struct(t, "status: null")}},
			},
		},
		"BareStatus": {
			reason: "An earlier step may have a struct without fields.",
			req: &fnv1.RunFunctionRequest{
				Observed: &fnv1.State{Composite: xr},
				Desired: &fnv1.State{Composite: &fnv1.Resource{Resource: &structpb.Struct{Fields: map[string]*structpb.Value{
					"status": structpb.NewStructValue(&structpb.Struct{}), "spec": nil,
				}}}},
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			runFunction(t, proto.CloneOf(tc.req))
			req := &fnv1.RunFunctionRequest{RequiredResources: settingsObjects(nil)}
			proto.Merge(req, tc.req)
			rsp := runFunction(t, req)
			if diff := cmp.Diff(tc.refuse, whyRefused(rsp) != ""); diff != "" {
				t.Errorf("%s\n-want refused, +got refused:\n%s\n%v", tc.reason, diff, rsp.GetResults())
			}
			if diff := cmp.Diff(tc.refuse, len(rsp.GetDesired().GetResources()) == 0); diff != "" {
				t.Errorf("%s\n-want nothing desired, +got nothing desired:\n%s", tc.reason, diff)
			}
		})
	}
}
