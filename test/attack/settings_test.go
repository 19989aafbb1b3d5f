package attack

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apiserver/pkg/authentication/user"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// choosing is a claim of a team's, with more in its spec.
func choosing(t *testing.T, more string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	err := yaml.Unmarshal([]byte(`
apiVersion: paymentdelivery.io/v1alpha1
kind: PaymentDeliveryPipeline
metadata: {name: payments, namespace: payments}
spec:
  environmentSuffix: pr-123
  source: {owner: my-org, repository: my-repo}
  `+more), &u.Object)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestChoiceOfComposition has a team file claims that choose another Composition or revision, one that calls a function without the rules of
// today, say. The admission policy of install.yaml refuses it, and lets everything else pass.
func TestChoiceOfComposition(t *testing.T) {
	t.Parallel()
	const (
		packages = "compositionRef: {name: payment-delivery-pipeline}"
		others   = "compositionRef: {name: payment-delivery-unguarded}"
		selector = "compositionSelector: {matchLabels: {guarded: no}}"
		revision = "compositionRevisionRef: {name: payment-delivery-pipeline-0123456}"
		channel  = "compositionRevisionSelector: {matchLabels: {channel: old}}"
	)
	cases := map[string]struct {
		// before is what the claim says already. None: it is new.
		before []string
		filed  string
		by     string
		want   string
	}{
		"Nothing":            {filed: ""},
		"Manual":             {filed: "compositionUpdatePolicy: Manual", want: "spec.compositionUpdatePolicy: "},
		"Automatic":          {filed: "compositionUpdatePolicy: Automatic"},
		"CompositeResource":  {filed: "resourceRef: {apiVersion: paymentdelivery.io/v1alpha1, kind: XPaymentDeliveryPipeline, name: team-a-x}", want: "spec.resourceRef: "},
		"Packages":           {filed: packages},
		"Others":             {filed: others, want: "spec.compositionRef: only who may update compositions may set this"},
		"Selector":           {filed: selector, want: "spec.compositionSelector: "},
		"Revision":           {filed: revision, want: "spec.compositionRevisionRef: "},
		"RevisionByLabels":   {filed: channel, want: "spec.compositionRevisionSelector: "},
		"All":                {filed: packages + "\n  " + selector + "\n  " + revision, want: "spec.compositionSelector, spec.compositionRevisionRef: "},
		"Changed":            {before: []string{packages}, filed: others, want: "spec.compositionRef: "},
		"ChangedRevision":    {before: []string{packages, revision}, filed: packages + "\n  compositionRevisionRef: {name: older}", want: "spec.compositionRevisionRef: "},
		"KeptFromBefore":     {before: []string{others, revision}, filed: others + "\n  " + revision},
		"BackToPackages":     {before: []string{others}, filed: packages},
		"TakenBack":          {before: []string{others}, filed: ""},
		"AnotherField":       {before: []string{packages, revision}, filed: packages + "\n  " + revision + "\n  deletionProtection: true"},
		"ByPlatform":         {filed: others, by: platformTeam},
		"RevisionByPlatform": {before: []string{packages}, filed: packages + "\n  " + revision, by: platformTeam},
	}
	policy := installed(t, "payment-delivery-pipeline-composition")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var before *unstructured.Unstructured
			if tc.before != nil {
				before = choosing(t, strings.Join(tc.before, "\n  "))
			}
			got := admit(t, policy, before, choosing(t, tc.filed), &user.DefaultInfo{Name: tc.by})
			if refused := got != ""; refused != (tc.want != "") || !strings.Contains(got, tc.want) {
				t.Errorf("want a refusal with %q, got %q", tc.want, got)
			}
		})
	}
}

// TestLettingGo has a team let go of what its claim is bound to, or only look at it from now on, so that no rule that comes later reaches its
// pipeline. Before a version is live it may look.
func TestLettingGo(t *testing.T) {
	t.Parallel()
	const bound, looks = "resourceRef: {apiVersion: paymentdelivery.io/v1alpha1, kind: XPaymentDeliveryPipeline, name: payments-x}", "dryRun: true"
	live := choosing(t, bound)
	live.Object["status"] = map[string]any{"release": map[string]any{"liveVersion": "1"}}
	cases := map[string]struct {
		before, filed *unstructured.Unstructured
		by, want      string
	}{
		"Unbound":           {before: live, filed: choosing(t, ""), want: "spec.resourceRef: "},
		"LooksOnly":         {before: live, filed: choosing(t, bound+"\n  "+looks), want: "spec.dryRun: "},
		"LooksFirst":        {filed: choosing(t, looks)},
		"LooksBeforeItIs":   {before: choosing(t, bound), filed: choosing(t, bound+"\n  "+looks)},
		"Unchanged":         {before: live, filed: choosing(t, bound)},
		"ByPlatform":        {before: live, filed: choosing(t, bound+"\n  "+looks), by: platformTeam},
		"UnboundByPlatform": {before: live, filed: choosing(t, ""), by: platformTeam},
	}
	policy := installed(t, "payment-delivery-pipeline-composition")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := admit(t, policy, tc.before, tc.filed, &user.DefaultInfo{Name: tc.by})
			if refused := got != ""; refused != (tc.want != "") || !strings.Contains(got, tc.want) {
				t.Errorf("want a refusal with %q, got %q", tc.want, got)
			}
		})
	}
}

// TestOrphans has a team take Crossplane's finalizer off its claim, so that the claim goes and its pipeline stays.
func TestOrphans(t *testing.T) {
	t.Parallel()
	const crossplanes, others = "finalizer.apiextensions.crossplane.io", "example.org/others"
	held := func(finalizers ...string) *unstructured.Unstructured {
		u := choosing(t, "")
		u.SetFinalizers(finalizers)
		return u
	}
	cases := map[string]struct {
		before, filed *unstructured.Unstructured
		by            string
		refused       bool
	}{
		"New":          {filed: held()},
		"NotYet":       {before: held(), filed: held(crossplanes)},
		"Kept":         {before: held(crossplanes), filed: held(others, crossplanes)},
		"Removed":      {before: held(crossplanes), filed: held(), refused: true},
		"OneOfTwo":     {before: held(crossplanes, others), filed: held(others), refused: true},
		"Others":       {before: held(crossplanes, others), filed: held(crossplanes)},
		"ByCrossplane": {before: held(crossplanes), filed: held(), by: platformTeam},
	}
	policy := installed(t, "payment-delivery-pipeline-composition")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := admit(t, policy, tc.before, tc.filed, &user.DefaultInfo{Name: tc.by})
			if refused := strings.Contains(got, "may remove "+crossplanes); refused != tc.refused || got != "" && !refused {
				t.Errorf("want refused: %t, got %q", tc.refused, got)
			}
		})
	}
}

// TestLeaving has a team delete a claim whose pipeline would stay in AWS, so that no rule that comes later reaches it.
func TestLeaving(t *testing.T) {
	t.Parallel()
	const protected, looks = "deletionProtection: true", "dryRun: true"
	filed := func(more, live string, kept bool) *unstructured.Unstructured {
		u := choosing(t, more)
		u.SetAnnotations(map[string]string{"paymentdelivery.io/allow-deletion": "true"})
		u.Object["status"] = map[string]any{"keptOnDeletion": kept, "release": map[string]any{"liveVersion": live}}
		return u
	}
	cases := map[string]struct {
		deleted *unstructured.Unstructured
		by      string
		refused bool
	}{
		"Protected":            {deleted: filed(protected, "1", true), refused: true},
		"ProtectedNow":         {deleted: filed(protected, "1", false), refused: true},
		"ProtectedBeforeItIs":  {deleted: filed(protected, "", true), refused: true},
		"NoLongerAndStillKept": {deleted: filed("", "1", true), refused: true},
		"LooksOnly":            {deleted: filed(looks, "1", false)},
		"NoLonger":             {deleted: filed("", "1", false)},
		"OfAnOlderFunction":    {deleted: choosing(t, "")},
		"ProtectedByPlatform":  {deleted: filed(protected, "1", true), by: platformTeam},
	}
	policy := installed(t, "payment-delivery-pipeline-deletion")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := admit(t, policy, tc.deleted, nil, &user.DefaultInfo{Name: tc.by})
			if refused := strings.Contains(got, "its pipeline would stay in AWS"); refused != tc.refused || got != "" && !refused {
				t.Errorf("want refused: %t, got %q", tc.refused, got)
			}
		})
	}
}

// TestReservedLabels has a team write labels that Crossplane copies, and reads as its own.
func TestReservedLabels(t *testing.T) {
	t.Parallel()
	filed := choosing(t, "")
	filed.SetLabels(map[string]string{"crossplane.io/composite": "team-a-x", "team": "b"})
	filed.SetAnnotations(map[string]string{"crossplane.io/poll-interval": "87600h", "example.org/a": "b"})
	policy := installed(t, "payment-delivery-pipeline-composition")
	got := admit(t, policy, nil, filed, &user.DefaultInfo{})
	if want := "may set crossplane.io/composite, crossplane.io/poll-interval. "; !strings.Contains(got, want) {
		t.Errorf("want a refusal with %q, got %q", want, got)
	}
	if got := admit(t, policy, filed, filed, &user.DefaultInfo{}); got != "" {
		t.Errorf("want what is there to stay, got %q", got)
	}
}

// TestPausedClaim has a team pause its claim, so that no rule that comes later reaches its pipeline.
func TestPausedClaim(t *testing.T) {
	t.Parallel()
	paused := func(value string) *unstructured.Unstructured {
		u := choosing(t, "")
		u.SetAnnotations(map[string]string{"crossplane.io/paused": value})
		return u
	}
	cases := map[string]struct {
		before, filed *unstructured.Unstructured
		by            string
		refused       bool
	}{
		"New":         {filed: paused("true"), refused: true},
		"Changed":     {before: choosing(t, ""), filed: paused("true"), refused: true},
		"GoesOn":      {before: paused("true"), filed: paused("false")},
		"WasPaused":   {before: paused("true"), filed: paused("true")},
		"ByPlatform":  {before: choosing(t, ""), filed: paused("true"), by: platformTeam},
		"NeverPaused": {before: choosing(t, ""), filed: paused("")},
	}
	policy := installed(t, "payment-delivery-pipeline-composition")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := admit(t, policy, tc.before, tc.filed, &user.DefaultInfo{Name: tc.by})
			if refused := strings.Contains(got, "may set crossplane.io/paused"); refused != tc.refused || got != "" && !refused {
				t.Errorf("want refused: %t, got %q", tc.refused, got)
			}
		})
	}
}

// TestWithoutRequirements has a team's claim choose a Composition that does not ask for the platform team's settings. What the real Crossplane
// makes of it is in golden cases, which TestRender compares.
func TestWithoutRequirements(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		attack, want string
	}{
		"52-unasked-guardrails": {"a new claim in a region that is not allowed", "platform setting allowedRegions of EnvironmentConfig payments"},
		"52-unasked-settings":   {"a pipeline that exists gets rid of its boundary", "permissionsBoundaryArn: arn:aws:iam::111122223333:policy/payments-boundary"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := golden.Case("../render/" + name)
			if c.Optional("composition.yaml") == "" {
				t.Fatalf("%s: the case has no Composition of its own", tc.attack)
			}
			got, err := c.Expected()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(got), tc.want) {
				t.Errorf("%s: want %q, got\n%s", tc.attack, tc.want, got)
			}
		})
	}
}
