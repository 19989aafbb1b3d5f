package attack

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
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
		"GoneAtOnce":         {filed: "compositeDeletePolicy: Background", want: "spec.compositeDeletePolicy: "},
		"GoneAtOnceLater":    {before: []string{"compositeDeletePolicy: Foreground"}, filed: "compositeDeletePolicy: Background", want: "spec.compositeDeletePolicy: "},
		"GoneLast":           {before: []string{"compositeDeletePolicy: Background"}, filed: "compositeDeletePolicy: Foreground"},
		"GoneAtOnceBefore":   {before: []string{"compositeDeletePolicy: Background"}, filed: "compositeDeletePolicy: Background"},
		"CompositeResource":  {filed: "resourceRef: {apiVersion: paymentdelivery.io/v1alpha1, kind: XPaymentDeliveryPipeline, name: team-a-x}", want: "spec.resourceRef: "},
		"Packages":           {filed: packages},
		"Namespaced":         {filed: "crossplane: {compositionRef: {name: payment-pipeline}, compositionUpdatePolicy: Automatic}"},
		"NamespacedOthers":   {filed: "crossplane: {compositionRef: {name: other}}", want: "spec.crossplane.compositionRef: "},
		"NamespacedChanged":  {before: []string{"crossplane: {resourceRefs: [{kind: Role}]}"}, filed: "crossplane: {resourceRefs: []}", want: "spec.crossplane.resourceRefs: "},
		"NamespacedTaken":    {before: []string{"crossplane: {resourceRefs: [{kind: Role}]}"}, filed: "", want: "spec.crossplane.resourceRefs: "},
		"NamespacedKept":     {before: []string{"crossplane: {resourceRefs: [{kind: Role}]}"}, filed: "crossplane: {resourceRefs: [{kind: Role}]}"},
		"Others":             {filed: others, want: "spec.compositionRef: only who may create compositions may set this"},
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
// pipeline. Whether a version is live does not count: a team can keep Crossplane from saying so in the status.
func TestLettingGo(t *testing.T) {
	t.Parallel()
	const bound = "resourceRef: {apiVersion: paymentdelivery.io/v1alpha1, kind: XPaymentDeliveryPipeline, name: payments-x}"
	live := choosing(t, bound)
	live.Object["status"] = map[string]any{"release": map[string]any{"liveVersion": "1"}}
	cases := map[string]struct {
		before, filed *unstructured.Unstructured
		by, want      string
	}{
		"Unbound":             {before: live, filed: choosing(t, ""), want: "spec.resourceRef: "},
		"LooksOnly":           {before: live, filed: choosing(t, bound+"\n  "+looks), want: "spec.dryRun: "},
		"LooksFirst":          {filed: choosing(t, looks)},
		"LooksWithoutAStatus": {before: choosing(t, bound), filed: choosing(t, bound+"\n  "+looks), want: "spec.dryRun: "},
		"LooksAgain":          {before: choosing(t, bound+"\n  dryRun: false"), filed: choosing(t, bound+"\n  "+looks), want: "spec.dryRun: "},
		"LooksStill":          {before: choosing(t, bound+"\n  "+looks), filed: choosing(t, bound+"\n  "+looks+"\n  region: eu-central-1")},
		"LooksNoLonger":       {before: choosing(t, bound+"\n  "+looks), filed: choosing(t, bound)},
		"Unchanged":           {before: live, filed: choosing(t, bound)},
		"ByPlatform":          {before: live, filed: choosing(t, bound+"\n  "+looks), by: platformTeam},
		"UnboundByPlatform":   {before: live, filed: choosing(t, ""), by: platformTeam},
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

// TestOrphanedResources has a team delete its namespaced pipeline without what it owns, which no rule would reach any more.
func TestOrphanedResources(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind, by string
		options  metav1.DeleteOptions
		refused  bool
	}{
		"Orphan":      {kind: "PaymentPipeline", options: metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationOrphan)}, refused: true},
		"OldWord":     {kind: "PaymentPipeline", options: metav1.DeleteOptions{OrphanDependents: new(true)}, refused: true}, //nolint:staticcheck // It is still taken.
		"Foreground":  {kind: "PaymentPipeline", options: metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationForeground)}},
		"Background":  {kind: "PaymentPipeline"},
		"ByPlatform":  {kind: "PaymentPipeline", options: metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationOrphan)}, by: platformTeam},
		"ClaimOwnsNo": {kind: "PaymentDeliveryPipeline", options: metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationOrphan)}},
	}
	policy := installed(t, "payment-delivery-pipeline-deletion")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			u := choosing(t, "")
			u.SetKind(tc.kind)
			got := admitWith(t, policy, u, nil, &user.DefaultInfo{Name: tc.by}, &tc.options)
			if refused := strings.Contains(got, "--cascade=foreground"); refused != tc.refused || got != "" && !refused {
				t.Errorf("want refused: %t, got %q", tc.refused, got)
			}
		})
	}
}

// TestOrphans has a team take Crossplane's finalizer off its claim, so that the claim goes and its pipeline stays.
func TestOrphans(t *testing.T) {
	t.Parallel()
	const crossplanes, others = finalizerOfClaims, "example.org/others"
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
		"Namespaced":   {before: held(finalizerOfNamespaced), filed: held(), refused: true},
		"Orphaning":    {before: held(crossplanes), filed: held(crossplanes, "orphan"), refused: true},
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

// observing is a claim of a team's with a status: whether it was made for a protected claim, or for a dry run, and whether something would stay.
func observing(t *testing.T, more string, protected, looked, kept bool) *unstructured.Unstructured {
	t.Helper()
	u := choosing(t, more)
	u.SetAnnotations(map[string]string{"paymentdelivery.io/allow-deletion": "true"})
	u.Object["status"] = map[string]any{
		"keptOnDeletion": kept,
		"observedSpec":   map[string]any{"deletionProtection": protected, "dryRun": looked},
		"release":        map[string]any{"liveVersion": "1"},
	}
	return u
}

const (
	protects = "deletionProtection: true"
	looks    = "dryRun: true"
)

// Crossplane's finalizers, which it sets before it makes anything.
const (
	finalizerOfClaims     = "finalizer.apiextensions.crossplane.io"
	finalizerOfNamespaced = "composite.apiextensions.crossplane.io"
)

// begun is a claim that Crossplane has begun with, and whose status nobody has written.
func begun(t *testing.T, more, finalizer string) *unstructured.Unstructured {
	t.Helper()
	u := choosing(t, more)
	u.SetFinalizers([]string{finalizer})
	return u
}

// TestLeaving has a team delete a claim whose pipeline would stay in AWS, so that no rule that comes later reaches it.
func TestLeaving(t *testing.T) {
	t.Parallel()
	older := choosing(t, "")
	older.Object["status"] = map[string]any{"keptOnDeletion": true}
	refused := func(more string, protected, looked bool) *unstructured.Unstructured {
		u := begun(t, more, finalizerOfClaims)
		u.Object["status"] = map[string]any{"observedSpec": map[string]any{"deletionProtection": protected, "dryRun": looked}}
		return u
	}
	cases := map[string]struct {
		deleted *unstructured.Unstructured
		by      string
		refused bool
	}{
		"Protected":             {deleted: observing(t, protects, true, false, true), refused: true},
		"ProtectedNow":          {deleted: observing(t, protects, false, false, false), refused: true},
		"NoLonger":              {deleted: observing(t, "", false, false, false)},
		"NoLongerAndStillKept":  {deleted: observing(t, "", false, false, true), refused: true},
		"NotYetTold":            {deleted: observing(t, "", true, false, false), refused: true},
		"LooksOnly":             {deleted: observing(t, looks, false, true, false)},
		"LooksAndProtects":      {deleted: observing(t, looks+"\n  "+protects, true, true, false)},
		"LooksNow":              {deleted: observing(t, looks, false, false, false), refused: true},
		"LooksNoLonger":         {deleted: observing(t, "", false, true, false), refused: true},
		"LooksAtWhatItMade":     {deleted: observing(t, looks, false, true, true), refused: true},
		"NotBegun":              {deleted: choosing(t, "")},
		"NoStatusYet":           {deleted: begun(t, "", finalizerOfClaims), refused: true},
		"NoStatusYetNamespaced": {deleted: begun(t, "", finalizerOfNamespaced), refused: true},
		"NoStatusByPlatform":    {deleted: begun(t, "", finalizerOfClaims), by: platformTeam},
		"Refused":               {deleted: refused("", false, false)},
		"RefusedBefore":         {deleted: refused(looks, false, false), refused: true},
		"RefusedAndProtected":   {deleted: refused(protects, true, false)},
		"OfAnOlderFunction":     {deleted: older, refused: true},
		"ProtectedByCollector":  {deleted: observing(t, protects, true, false, true), by: garbageCollector, refused: true},
		"ProtectedByNamespace":  {deleted: observing(t, protects, true, false, true), by: namespaceController, refused: true},
		"ByCollector":           {deleted: observing(t, "", false, false, false), by: garbageCollector},
		"ProtectedByPlatform":   {deleted: observing(t, protects, true, false, true), by: platformTeam},
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

// TestHastyChanges has a team protect its claim and take that back before the status says so. The status would then be from before, when the
// spec was as it is now, and a deletion would leave in AWS what is protected by now.
func TestHastyChanges(t *testing.T) {
	t.Parallel()
	required := observing(t, "", true, false, true)
	required.Object["status"].(map[string]any)["settings"] = map[string]any{"values": map[string]any{"require": map[string]any{"deletionProtection": true}}}
	notLive := func(more string, looked bool) *unstructured.Unstructured {
		u := observing(t, more, false, looked, false)
		delete(u.Object["status"].(map[string]any), "release")
		return u
	}
	cases := map[string]struct {
		before *unstructured.Unstructured
		filed  string
		by     string
		want   string
	}{
		"Protects":             {before: observing(t, "", false, false, false), filed: protects},
		"TakenBackAtOnce":      {before: observing(t, protects, false, false, false), filed: "", want: "spec.deletionProtection: Crossplane is still at work"},
		"SaidFalseAtOnce":      {before: observing(t, protects, false, false, false), filed: "deletionProtection: false", want: "spec.deletionProtection: "},
		"TakenBack":            {before: observing(t, protects, true, false, true), filed: ""},
		"ProtectsAgainAtOnce":  {before: observing(t, "", true, false, true), filed: protects, want: "spec.deletionProtection: "},
		"ProtectsAsIsRequired": {before: required, filed: protects},
		"LooksNoLongerAtOnce":  {before: notLive(looks, false), filed: "", want: "spec.dryRun: "},
		"LooksNoLonger":        {before: notLive(looks, true), filed: ""},
		"OtherAtOnce":          {before: notLive(looks+"\n  "+protects, false), filed: protects, want: "spec.dryRun: "},
		"OtherFields":          {before: observing(t, protects, false, false, false), filed: protects + "\n  region: eu-central-1"},
		"NotBegun":             {before: choosing(t, protects), filed: ""},
		"NoStatusYet":          {before: begun(t, protects, finalizerOfClaims), filed: "", want: "spec.deletionProtection: "},
		"NoStatusLooks":        {before: begun(t, looks, finalizerOfClaims), filed: "", want: "spec.dryRun: "},
		"NoStatusYetProtects":  {before: begun(t, "", finalizerOfClaims), filed: protects},
		"NoStatusNamespaced":   {before: begun(t, protects, finalizerOfNamespaced), filed: "", want: "spec.deletionProtection: "},
		"ByPlatform":           {before: observing(t, protects, false, false, false), filed: "", by: platformTeam},
	}
	policy := installed(t, "payment-delivery-pipeline-composition")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			filed := choosing(t, tc.filed)
			filed.SetFinalizers(tc.before.GetFinalizers())
			got := admit(t, policy, tc.before, filed, &user.DefaultInfo{Name: tc.by})
			if refused := got != ""; refused != (tc.want != "") || !strings.Contains(got, tc.want) {
				t.Errorf("want a refusal with %q, got %q", tc.want, got)
			}
		})
	}
}

// TestOwners has a team give its protected claim an owner that does not exist, so that Kubernetes' garbage collector deletes the claim.
func TestOwners(t *testing.T) {
	t.Parallel()
	owned := func(uids ...string) *unstructured.Unstructured {
		u := choosing(t, "deletionProtection: true")
		var owners []metav1.OwnerReference
		for _, uid := range uids {
			owners = append(owners, metav1.OwnerReference{APIVersion: "v1", Kind: "ConfigMap", Name: "gone", UID: types.UID(uid)})
		}
		u.SetOwnerReferences(owners)
		return u
	}
	renamed := owned("a")
	renamed.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "another", UID: "a"}})
	cases := map[string]struct {
		before, filed *unstructured.Unstructured
		by            string
		refused       bool
	}{
		"New":        {filed: owned("a"), refused: true},
		"Added":      {before: owned(), filed: owned("a"), refused: true},
		"Another":    {before: owned("a"), filed: owned("b"), refused: true},
		"Kept":       {before: owned("a", "b"), filed: owned("a", "b")},
		"TakenAway":  {before: owned("a"), filed: owned()},
		"Renamed":    {before: owned("a"), filed: renamed, refused: true},
		"ByPlatform": {before: owned(), filed: owned("a"), by: platformTeam},
	}
	policy := installed(t, "payment-delivery-pipeline-composition")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := admit(t, policy, tc.before, tc.filed, &user.DefaultInfo{Name: tc.by})
			if refused := strings.Contains(got, "metadata.ownerReferences: only who may"); refused != tc.refused || got != "" && !refused {
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
