package architecture

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/resource/composed"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// forProvider returns a field of the resource's parameters, and whether its kind has such a field.
func forProvider(o client.Object, field string) (any, bool) {
	f := reflect.ValueOf(o).Elem().FieldByName("Spec").FieldByName("ForProvider").FieldByName(field)
	if !f.IsValid() {
		return nil, false
	}
	return f.Interface(), true
}

func TestResourceNamesAreUnique(t *testing.T) {
	rs := newTestPipeline(t, everything).Resources()
	seen := map[resource.Name]bool{}
	for _, r := range rs {
		if seen[r.Name] {
			t.Errorf("%q: two resources have this name", r.Name)
		}
		seen[r.Name] = true
	}

	type identity struct{ kind, name string }
	owner := map[identity]resource.Name{}
	for name, mr := range desiredOf(t, newTestPipeline(t, everything)) {
		id := identity{mr.GroupVersionKind().GroupKind().String(), mr.GetName()}
		if other, taken := owner[id]; taken {
			t.Errorf("%q and %q are both %v", name, other, id)
		}
		owner[id] = name
	}
}

// TestOptionalPartsLeaveTheRest checks that turning a part on or off does not rename, and so replace, another.
func TestOptionalPartsLeaveTheRest(t *testing.T) {
	all := desiredOf(t, newTestPipeline(t, everything))
	for name, mr := range desiredOf(t, newTestPipeline(t)) {
		if all[name] == nil {
			t.Errorf("%q: gone when options are on", name)
			continue
		}
		if diff := cmp.Diff([]string{mr.GetKind(), mr.GetName(), awsName(mr)}, []string{all[name].GetKind(), all[name].GetName(), awsName(all[name])}); diff != "" {
			t.Errorf("%q: -want with options off, +got with options on:\n%s", name, diff)
		}
	}
}

func TestTags(t *testing.T) {
	cases := map[string]struct {
		reason   string
		claim    v1alpha1.Tags
		platform v1alpha1.Tags
		want     map[string]*string
	}{
		"None":         {reason: "Without tags there should be none."},
		"ClaimOnly":    {reason: "The claim's tags should be on everything.", claim: v1alpha1.Tags{"a": "1"}, want: map[string]*string{"a": new("1")}},
		"PlatformOnly": {reason: "The platform team's tags should be on everything.", platform: v1alpha1.Tags{"a": "1"}, want: map[string]*string{"a": new("1")}},
		"Merged": {
			reason:   "Tags should be merged, and the platform team's win.",
			claim:    v1alpha1.Tags{"team": "payments", "owner": "app"},
			platform: v1alpha1.Tags{"owner": "platform", "cost": "42"},
			want:     map[string]*string{"team": new("payments"), "owner": new("platform"), "cost": new("42")},
		},
		"MergedWithoutCase": {
			reason:   "To IAM, keys that differ in case are the same.",
			claim:    v1alpha1.Tags{"owner": "app", "Team": "payments"},
			platform: v1alpha1.Tags{"Owner": "platform"},
			want:     map[string]*string{"Team": new("payments"), "Owner": new("platform")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, everything, func(p *Pipeline) { p.Spec.Tags, p.Platform.Tags = tc.claim, tc.platform })
			checked := 0
			for name, o := range buildAll(p.Resources()) {
				want := tc.want
				if name == functionRole { // It names its holder besides.
					want = p.roleTags()
				}
				if _, isObject := o.(*s3v1beta2.Object); isObject {
					// S3 allows too few.
					want = nil
				}
				if got, taggable := forProvider(o, "Tags"); taggable {
					checked++
					if diff := cmp.Diff(any(want), got); diff != "" {
						t.Errorf("%s\n%s: -want tags, +got tags:\n%s", tc.reason, name, diff)
					}
				}
			}
			if checked < 30 {
				t.Errorf("only %d resources can have tags", checked)
			}
		})
	}
}

// TestWhereEverythingIs checks that nothing lands in another account or region.
func TestWhereEverythingIs(t *testing.T) {
	p := newTestPipeline(t, everything, func(p *Pipeline) {
		p.Spec.Region = "eu-central-1"
		p.Platform.ProviderConfig = "payments"
	})
	checked := 0
	for name, o := range buildAll(p.Resources()) {
		if got, regional := forProvider(o, "Region"); regional {
			checked++
			if diff := cmp.Diff(any(new("eu-central-1")), got); diff != "" {
				t.Errorf("%s: -want region, +got region:\n%s", name, diff)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d resources have a region", checked)
	}
	for name, mr := range desiredOf(t, p) {
		got, _, _ := unstructured.NestedMap(mr.Object, "spec", "providerConfigRef")
		if diff := cmp.Diff(map[string]any{"name": "payments"}, got); diff != "" {
			t.Errorf("%s: -want provider config, +got:\n%s", name, diff)
		}
	}
}

// TestDesiredStateSaysNoMoreThanItMeans checks what an API server would own otherwise.
func TestDesiredStateSaysNoMoreThanItMeans(t *testing.T) {
	for name, mr := range desiredOf(t, newTestPipeline(t, everything)) {
		if !strings.HasSuffix(mr.GroupVersionKind().Group, ".aws.upbound.io") || mr.GroupVersionKind().Version == "" || mr.GetKind() == "" {
			t.Errorf("%s: want a type of provider-aws, got %s", name, mr.GroupVersionKind())
		}
		for field := range mr.Object["metadata"].(map[string]any) {
			if field != "name" && field != "annotations" {
				t.Errorf("%s: metadata.%s is not ours to set", name, field)
			}
		}
		if diff := cmp.Diff([]string{"apiVersion", "kind", "metadata", "spec"}, slices.Sorted(maps.Keys(mr.Object))); diff != "" {
			t.Errorf("%s: -want fields, +got fields:\n%s", name, diff)
		}
		if initial, found, _ := unstructured.NestedMap(mr.Object, "spec", "initProvider"); found && len(initial) == 0 {
			t.Errorf("%s: spec.initProvider is empty", name)
		}
	}
}

func TestDeletionProtection(t *testing.T) {
	cases := map[string]struct {
		reason    string
		protected bool
		deleted   func(resource.Name) bool
	}{
		"Off": {
			reason:  "Everything should be destroyable, as the reference design asks.",
			deleted: func(resource.Name) bool { return true },
		},
		"On": {
			reason:    "Everything should stay in AWS but subscriptions, which people want to be rid of, and what starts releases.",
			protected: true,
			deleted: func(name resource.Name) bool {
				return strings.HasPrefix(string(name), "alarm-topic-subscription-") || name == watchConfigurationRule || name == watchConfigurationTarget
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, everything, func(p *Pipeline) { p.Spec.DeletionProtection = tc.protected })
			for name, mr := range desiredOf(t, p) {
				policies, limited, _ := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
				if diff := cmp.Diff(tc.deleted(name), !limited || slices.Contains(policies, "Delete")); diff != "" {
					t.Errorf("%s\n%s: -want deleted, +got deleted:\n%s", tc.reason, name, diff)
				}
				if limited && (!slices.Contains(policies, "Observe") || !slices.Contains(policies, "Create")) {
					t.Errorf("%s: want it observed and created, got %v", name, policies)
				}
			}
		})
	}
}

// TestKeyArrivesEverywhere lists all that is encrypted with the platform team's key, and all that must be let to use it.
func TestKeyArrivesEverywhere(t *testing.T) {
	users := func(p Pipeline) []resource.Name {
		var names []resource.Name
		for name, mr := range desiredOf(t, p) {
			if strings.Contains(fmt.Sprint(mr.Object), fntest.Key) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return names
	}

	want := []resource.Name{
		alarmTopic,
		artifactBucketEncryption,
		blueLogGroup,
		buildLogGroup,
		buildPolicy,
		buildProject,
		checksLogGroup,
		checksPipeline,
		checksPolicy,
		checksProject,
		deliveryPipeline,
		deliveryPolicy,
		deployPolicy,
		functionPolicy,
		greenLogGroup,
		historyTable,
		releasePolicy,
		rollbackPolicy,
		watchPolicy,
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, users(newTestPipeline(t, everything))); diff != "" {
		t.Errorf("-want the key in, +got it in:\n%s", diff)
	}
	if got := users(newTestPipeline(t)); len(got) > 0 {
		t.Errorf("want no key where none is given, got it in %v", got)
	}
}

// TestObjectsKeepTheirFields compares the smallest claim with the fullest. A field within an object must be in both, or
// neither: the provider works on a version of its types where objects are lists of one, and the API server then keeps what
// is no longer applied. Maps are no such objects, and lists are applied whole.
func TestObjectsKeepTheirFields(t *testing.T) {
	full := examplePipeline(t, "full.yaml").Spec
	small := objectFields(t, newTestPipeline(t))
	large := objectFields(t, newTestPipeline(t, everything, func(p *Pipeline) {
		full.EnvironmentSuffix, full.DeletionProtection = p.Spec.EnvironmentSuffix, false
		p.Spec = full
	}))
	compared := 0
	for name, fields := range small {
		if other, both := large[name]; both {
			compared++
			if diff := cmp.Diff(fields, other); diff != "" {
				t.Errorf("%s: use the version of this kind that the provider works on, v1beta1: -smallest, +fullest:\n%s", name, diff)
			}
		}
	}
	if compared == 0 {
		t.Error("no resource has an object in its parameters")
	}
}

// objectFields are the paths and list lengths within the objects of each resource's parameters.
func objectFields(t *testing.T, p Pipeline) map[resource.Name][]string {
	t.Helper()
	fields := map[resource.Name][]string{}
	for name, o := range buildAll(p.Resources()) {
		gvks, _, err := composed.Scheme.ObjectKinds(o)
		if err != nil {
			t.Fatal(err)
		}
		if gvks[0].Version == "v1beta1" {
			continue
		}
		parameters := reflect.ValueOf(o).Elem().FieldByName("Spec").FieldByName("ForProvider")
		for i := range parameters.NumField() {
			f := parameters.Field(i)
			_, isReference := reflect.TypeAssert[*xpv2.Reference](f)
			if isReference || f.Kind() != reflect.Pointer || f.IsNil() || f.Elem().Kind() != reflect.Struct {
				continue
			}
			object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(f.Interface())
			if err != nil {
				t.Fatal(err)
			}
			fields[name] = append(fields[name], pathsIn(parameters.Type().Field(i).Name, object)...)
		}
		slices.Sort(fields[name])
	}
	return fields
}

func pathsIn(path string, value any) []string {
	switch v := value.(type) {
	case map[string]any:
		var paths []string
		for name, member := range v {
			paths = append(paths, pathsIn(path+"."+name, member)...)
		}
		return paths
	case []any:
		return []string{fmt.Sprintf("%s has %d", path, len(v))}
	default:
		return []string{path}
	}
}
