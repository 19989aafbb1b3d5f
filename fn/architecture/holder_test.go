package architecture

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	"google.golang.org/protobuf/testing/protocmp"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

const (
	// heldBy has the role of the functions as AWS has it, with a tag.
	heldByUs      = "status: {atProvider: {id: role, tags: {paymentdelivery.io/holder: PaymentDeliveryPipeline/checkout-team/checkout}}}"
	heldByAnother = "status: {atProvider: {id: role, tags: {paymentdelivery.io/holder: PaymentPipeline/team-a/payments}}}"
)

var checkout = claim.Owner{Kind: "PaymentDeliveryPipeline", Namespace: "checkout-team", Name: "checkout"}

func TestHoldsNames(t *testing.T) {
	const given = "status: {holder: PaymentPipeline/team-a/payments}\n"
	cases := map[string]struct {
		reason   string
		dryRun   bool
		xr       string
		observed map[resource.Name]string
		want     bool
	}{
		"Nothing":     {reason: "Who has nothing holds nothing."},
		"Asked":       {reason: "Nobody knows whose the role is before AWS has told.", observed: map[resource.Name]string{functionRole: "{}"}},
		"Ours":        {reason: "The tag says that the role is ours.", observed: map[resource.Name]string{functionRole: heldByUs}, want: true},
		"Another's":   {reason: "The tag says that it is another's.", observed: map[resource.Name]string{functionRole: heldByAnother}},
		"Given":       {reason: "The other one gave the pipeline away, with its memory.", xr: given, observed: map[resource.Name]string{functionRole: heldByAnother}, want: true},
		"WithoutTag":  {reason: "A role of an earlier release has no tag.", observed: map[resource.Name]string{functionRole: "status: {atProvider: {id: role}}"}, want: true},
		"More":        {reason: "Who has made more has held the names since.", observed: map[resource.Name]string{historyTable: "{}"}, want: true},
		"MoreAndTag":  {reason: "A tag that a person has changed takes nothing away.", observed: map[resource.Name]string{historyTable: "{}", functionRole: heldByAnother}, want: true},
		"Looks":       {reason: "A dry run has made nothing.", observed: map[resource.Name]string{historyTable: "spec: {managementPolicies: [Observe]}", functionRole: "{}"}},
		"DryRun":      {reason: "A dry run looks at what there is.", dryRun: true, observed: map[resource.Name]string{functionRole: "{}"}, want: true},
		"DryRunOther": {reason: "It does not look at what is another's.", dryRun: true, observed: map[resource.Name]string{functionRole: heldByAnother}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := claim.Claim{Owner: checkout}
			c.Spec.DryRun = tc.dryRun
			if got := holdsNames(c, compose.NewObservation(fntest.State(t, fntest.XR+tc.xr, tc.observed))); got != tc.want {
				t.Errorf("%s\nholdsNames(...): want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}

func TestRequired(t *testing.T) {
	match := &fnv1.ResourceSelector_MatchName{MatchName: "pr-123.function-role.default"}
	cluster := &fnv1.ResourceSelector{ApiVersion: "iam.aws.upbound.io/v1beta1", Kind: "Role", Match: match}
	namespaced := &fnv1.ResourceSelector{ApiVersion: "iam.aws.m.upbound.io/v1beta1", Kind: "Role", Match: match, Namespace: new("team-a")}
	cases := map[string]struct {
		reason   string
		owner    claim.Owner
		held     bool
		xr       string
		observed map[resource.Name]string
		want     map[string]*fnv1.ResourceSelector
	}{
		"Nothing": {reason: "The function should look for who has the role.", owner: checkout, want: map[string]*fnv1.ResourceSelector{"claim": cluster}},
		"Given": {
			reason: "Who gave the pipeline away may still be there.", owner: checkout, xr: "status: {holder: PaymentPipeline/team-a/payments}",
			want: map[string]*fnv1.ResourceSelector{"claim": cluster, "giver": namespaced},
		},
		"GivenEarly": {
			reason: "Also if the tag says by now that it is given.", owner: checkout, held: true, xr: "status: {holder: PaymentPipeline/team-a/payments}",
			observed: map[resource.Name]string{functionRole: heldByAnother},
			want:     map[string]*fnv1.ResourceSelector{"claim": cluster, "giver": namespaced},
		},
		"TakenOver": {reason: "Who has taken over need not.", owner: checkout, held: true, xr: "status: {holder: PaymentDeliveryPipeline/checkout-team/checkout}"},
		"GivenByClaim": {
			reason: "Claims are looked for in any case.", owner: checkout, xr: "status: {holder: PaymentDeliveryPipeline/team-a/payments}",
			want: map[string]*fnv1.ResourceSelector{"claim": cluster},
		},
		"Namespaced": {
			reason: "A claim may have it too.", owner: claim.Owner{Kind: "PaymentPipeline", Namespace: "team-a", Name: "payments", Namespaced: true},
			want: map[string]*fnv1.ResourceSelector{"holder": namespaced, "claim": cluster},
		},
		"Held": {reason: "Who holds the names need not look.", owner: checkout, held: true},
		"Role": {reason: "Who has the role need not.", owner: checkout, observed: map[resource.Name]string{functionRole: "{}"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t)
			p.Owner, p.Held = tc.owner, tc.held
			got := p.Required(compose.NewObservation(fntest.State(t, fntest.XR+tc.xr, tc.observed)))
			if diff := cmp.Diff(tc.want, got, protocmp.Transform()); diff != "" {
				t.Errorf("%s\nRequired(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckHolder(t *testing.T) {
	const labels = "labels: {crossplane.io/claim-namespace: checkout-team, crossplane.io/claim-name: checkout, crossplane.io/composite: checkout-x}"
	role := func(metadata string) *fnv1.Resource {
		return &fnv1.Resource{Resource: fntest.Struct(t, "metadata: {"+metadata+"}")}
	}
	const (
		us   = "ownerReferences: [{uid: 0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11, controller: true}], "
		them = "ownerReferences: [{uid: 8f2d1c35-0b1e-4c3d-9a7f-2f1f0e6d5c4b, controller: true}], "
	)
	ours, theirs, nobodys := role(us+labels), role(them+labels), role(labels)

	cases := map[string]struct {
		reason   string
		owner    claim.Owner
		held     bool
		xr       string
		found    []*fnv1.Resource
		observed map[resource.Name]string
		want     string
	}{
		"None":    {reason: "Names that nobody has are free."},
		"Ours":    {reason: "What is ours is not taken.", found: []*fnv1.Resource{ours}},
		"Nobodys": {reason: "Crossplane may take a resource that nobody controls.", found: []*fnv1.Resource{nobodys}},
		"GivenEarly": {
			reason: "Who gives the pipeline away has it as long as it is there.", held: true, xr: "status: {holder: PaymentPipeline/team-a/payments}",
			found: []*fnv1.Resource{theirs},
			want: `spec.environmentSuffix: Invalid value: "pr-123": held by the PaymentDeliveryPipeline checkout-team/checkout ` +
				`(XR checkout-x); choose one that no other claim in this AWS account has`,
		},
		"Given": {reason: "Then it is the other's.", held: true, xr: "status: {holder: PaymentPipeline/team-a/payments}"},
		"Held":  {reason: "What is held is not given up.", held: true, observed: map[resource.Name]string{functionRole: heldByAnother}},
		"Theirs": {
			reason: "Who has it should be named, also beside what does not count.",
			found:  []*fnv1.Resource{nobodys, ours, theirs},
			want: `spec.environmentSuffix: Invalid value: "pr-123": held by the PaymentDeliveryPipeline checkout-team/checkout ` +
				`(XR checkout-x); choose one that no other claim in this AWS account has`,
		},
		"Namespaced": {
			reason: "A namespaced one is its composite resource's.",
			owner:  claim.Owner{Kind: "PaymentPipeline", Namespace: "team-a", Name: "other", Namespaced: true},
			found:  []*fnv1.Resource{role(them + "namespace: team-a, labels: {crossplane.io/composite: payments}")},
			want: `spec.environmentSuffix: Invalid value: "pr-123": held by the PaymentPipeline team-a/payments; ` +
				`choose one that no other claim in this AWS account has`,
		},
		"Tagged": {
			reason:   "The tag names who is in another namespace, cluster or API.",
			observed: map[resource.Name]string{functionRole: heldByAnother},
			want: `spec.environmentSuffix: Invalid value: "pr-123": held by PaymentPipeline/team-a/payments, as the tag paymentdelivery.io/holder of the IAM role ` +
				`lambda-execution-role-pr-123 says; choose one that no other pipeline in this AWS account has; to take over what a pipeline that is gone has left, remove the tag`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t)
			p.Owner, p.Held = tc.owner, tc.held
			got := ""
			err := p.CheckHolder(compose.NewObservation(fntest.State(t, fntest.XR+tc.xr, tc.observed)), map[string]*fnv1.Resources{"holder": {Items: tc.found}})
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nCheckHolder(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAllWaitForTheRole checks that nothing is made before the role, which keeps the names from others, and that its provider may neither
// change nor delete a role that may be another's.
func TestAllWaitForTheRole(t *testing.T) {
	p := newTestPipeline(t, everything)
	p.Held = false
	state, err := compose.Compose(p.Resources(), nil, compose.Known{AccountID: fntest.Account, ConnectionARN: fntest.Connection, liveVersion: "1"}, nil)
	if err != nil {
		t.Fatalf("Compose(...): %v", err)
	}
	if state.Desired[functionRole] == nil || len(state.Desired) != 1 {
		t.Errorf("want the role alone, got %d resources", len(state.Desired))
	}
	for _, w := range state.Waiting {
		if w.For != nameHeld {
			t.Errorf("%s: want it to wait for the role, got %s", w.Name, w.For.Text)
		}
	}
	role := buildOne[*iamv1beta1.Role](t, p, functionRole)
	if diff := cmp.Diff(xpv2.ManagementPolicies{"Observe", "Create"}, role.Spec.ManagementPolicies); diff != "" {
		t.Errorf("the provider may: -want, +got:\n%s", diff)
	}
}

// TestRoleTags checks that the role names its holder, also where a claim has such a tag, and not where AWS would take no more tags.
func TestRoleTags(t *testing.T) {
	p := newTestPipeline(t)
	p.Owner = checkout
	if got := *p.roleTags()[tagHolder]; got != checkout.String() {
		t.Errorf("the role's holder: want %s, got %s", checkout, got)
	}
	p.Spec.Tags, p.Platform.Tags = map[string]v1alpha1.TagValue{}, map[string]v1alpha1.TagValue{}
	for i := range p.Owner.MaxTags() {
		p.Spec.Tags[strconv.Itoa(i)] = "x"
	}
	if got, most := len(p.roleTags()), p.Owner.MaxTags(); got != most {
		t.Errorf("want no more than %d tags, got %d", most, got)
	}
}
