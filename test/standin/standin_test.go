package standin

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const account = "111122223333"

// managed is a managed resource as it is desired.
func managed(group, kind, name string, forProvider map[string]any) *unstructured.Unstructured {
	mr := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"forProvider": forProvider}}}
	mr.SetGroupVersionKind(schema.GroupVersionKind{Group: group + ".aws.upbound.io", Version: "v1beta1", Kind: kind})
	mr.SetName(name)
	return mr
}

func blue() *unstructured.Unstructured {
	return managed("lambda", "Function", "blue", map[string]any{"region": "us-east-1"})
}

// live is an alias of blue's, of which only CodeDeploy moves the version.
func live(version string) *unstructured.Unstructured {
	mr := managed("lambda", "Alias", "live", map[string]any{"functionNameRef": map[string]any{"name": "blue"}, "functionVersion": version})
	mr.Object["spec"].(map[string]any)["managementPolicies"] = []any{"Observe", "Create", "Delete"}
	return mr
}

func text(mr *unstructured.Unstructured, path ...string) string {
	s, _, _ := unstructured.NestedString(mr.Object, path...)
	return s
}

// conditions of the resource: status by type.
func conditions(mr *unstructured.Unstructured) map[string]string {
	out := map[string]string{}
	list, _, _ := unstructured.NestedSlice(mr.Object, "status", "conditions")
	for _, c := range list {
		out[c.(map[string]any)["type"].(string)] = c.(map[string]any)["status"].(string)
	}
	return out
}

var ready = map[string]string{"Ready": "True", "Synced": "True"}

func TestObserveNames(t *testing.T) {
	region := map[string]any{"region": "eu-central-1"}
	named := func(mr *unstructured.Unstructured, name string) *unstructured.Unstructured {
		setExternalName(mr, name)
		return mr
	}
	withUID := managed("codestarconnections", "Connection", "c", region)
	withUID.SetUID("0b7a2c9e")
	type want struct{ ExternalName, ARN string }
	cases := map[string]struct {
		reason string
		mr     *unstructured.Unstructured
		want   want
	}{
		"Ours": {
			reason: "A name that we chose should stay.",
			mr:     named(managed("sns", "Topic", "t", region), "alarms"),
			want:   want{"alarms", "arn:aws:sns:eu-central-1:111122223333:alarms"},
		},
		"Theirs": {
			reason: "What has no name should get one.",
			mr:     managed("iam", "RolePolicyAttachment", "a", region),
			want:   want{ExternalName: "a"},
		},
		"Connection": {
			reason: "A connection's name is its ARN.",
			mr:     managed("codestarconnections", "Connection", "c", region),
			want: want{
				"arn:aws:codestar-connections:eu-central-1:111122223333:connection/00000000-1111-2222-3333-444444444444",
				"arn:aws:codestar-connections:eu-central-1:111122223333:connection/00000000-1111-2222-3333-444444444444",
			},
		},
		"AnotherConnection": {
			reason: "Two connections should not have the same ARN.",
			mr:     withUID,
			want: want{
				"arn:aws:codestar-connections:eu-central-1:111122223333:connection/0b7a2c9e",
				"arn:aws:codestar-connections:eu-central-1:111122223333:connection/0b7a2c9e",
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			(&AWS{AccountID: account}).Observe(tc.mr)
			got := want{externalName(tc.mr), text(tc.mr, "status", "atProvider", "arn")}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nObserve(...): -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(ready, conditions(tc.mr)); diff != "" {
				t.Errorf("%s\nObserve(...): -want conditions, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestApplyKeeps checks that what Crossplane applies does not take away what AWS and the provider have written before.
func TestApplyKeeps(t *testing.T) {
	aws := &AWS{AccountID: account}
	before := managed("codestarconnections", "Connection", "c", map[string]any{"region": "us-east-1"})
	setExternalName(before, "arn:chosen")
	before.SetUID("0b7a2c9e")
	after := managed("codestarconnections", "Connection", "c", map[string]any{"region": "us-east-1"})
	after.SetAnnotations(map[string]string{"a": "b"})
	aws.Apply(after, before)
	if diff := cmp.Diff(map[string]string{"a": "b", annotationExternalName: "arn:chosen"}, after.GetAnnotations()); diff != "" {
		t.Errorf("Apply(...): -want annotations, +got:\n%s", diff)
	}
	if after.GetUID() != before.GetUID() {
		t.Errorf("Apply(...): want UID %q, got %q", before.GetUID(), after.GetUID())
	}
}

func TestVersions(t *testing.T) {
	aws := &AWS{AccountID: account}
	asked, function, alias, memory := "1", blue(), live("1"), 512.0
	// look has Crossplane apply both and the provider look at them, and tells the function's version and the alias's, and the
	// alias's conditions.
	look := func() [3]string {
		f, l := blue(), live(asked)
		f.Object["spec"].(map[string]any)["forProvider"].(map[string]any)["memorySize"] = memory
		aws.Apply(f, function)
		aws.Apply(l, alias)
		function, alias = f, l
		synced := conditions(alias)
		return [3]string{
			text(function, "status", "atProvider", "version"),
			text(alias, "status", "atProvider", "functionVersion"),
			synced["Ready"] + synced["Synced"] + synced["LastAsyncOperation"],
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		reason string
		happen func()
		want   [3]string
	}{
		{"The first version should be 1.", func() {}, [3]string{"1", "1", "TrueTrue"}},
		{"A version that is only published should move nothing.", func() { must(aws.Publish(function, "2")) }, [3]string{"2", "1", "TrueTrue"}},
		{"A release should move the alias.", func() { must(aws.Release(alias, "3")) }, [3]string{"3", "3", "TrueTrue"}},
		{"What asks for another version may not update.", func() { asked = "2" }, [3]string{"3", "3", "TrueTrue"}},
		{"A function that is gone takes its alias with it, and its versions.", func() { must(aws.Lose(function)) }, [3]string{"3", "3", "FalseFalseFalse"}},
		{"Made again, it has other versions.", func() { must(aws.Publish(function, "10")) }, [3]string{"10", "3", "FalseFalseFalse"}},
		{"A configuration that changes should be published.", func() { memory = 1024 }, [3]string{"11", "3", "FalseFalseFalse"}},
		{"The alias should come back on one of them.", func() { asked = "10" }, [3]string{"11", "10", "TrueTrue"}},
	}
	for _, step := range steps {
		step.happen()
		if diff := cmp.Diff(step.want, look()); diff != "" {
			t.Errorf("%s\n-want function's and alias's versions, and alias's conditions, +got:\n%s", step.reason, diff)
		}
	}
	if err := aws.Release(managed("lambda", "Alias", "other", nil), "1"); err == nil {
		t.Error("Release(...) of what AWS does not have: want an error, got none")
	}
}

// TestShapes looks at a function as another API version has it, with objects for lists of one. To AWS nothing has changed.
func TestShapes(t *testing.T) {
	aws := &AWS{AccountID: account}
	of := func(environment, layers any) *unstructured.Unstructured {
		return managed("lambda", "Function", "blue", map[string]any{"region": "us-east-1", "environment": environment, "layers": layers})
	}
	variables := func(value string) map[string]any { return map[string]any{"variables": map[string]any{"A": value}} }
	for _, step := range []struct {
		reason string
		mr     *unstructured.Unstructured
		want   string
	}{
		{"The first version should be 1.", of([]any{variables("a")}, []any{"one"}), "1"},
		{"An object is the list of one.", of(variables("a"), []any{"one"}), "1"},
		{"Another value in it is another configuration.", of(variables("b"), []any{"one"}), "2"},
		{"A list of texts is a list.", of([]any{variables("b")}, "one"), "3"},
	} {
		aws.Observe(step.mr)
		if diff := cmp.Diff(step.want, text(step.mr, "status", "atProvider", "version")); diff != "" {
			t.Errorf("%s\nObserve(...): -want version, +got:\n%s", step.reason, diff)
		}
	}
}

func TestSet(t *testing.T) {
	aws := &AWS{AccountID: account}
	mr := managed("dynamodb", "Table", "t", map[string]any{"region": "us-east-1"})
	const arn = "arn:aws:dynamodb:us-east-1:111122223333:table/t"
	cases := map[string]struct {
		change     Change
		arn        string
		conditions map[string]string
	}{
		"Nothing":     {arn: arn, conditions: ready},
		"Refused":     {change: Refused("no"), arn: arn, conditions: map[string]string{"Ready": "False", "Synced": "False"}},
		"Uncreated":   {change: Uncreated("no"), arn: arn, conditions: map[string]string{"Ready": "False", "Synced": "False", "LastAsyncOperation": "False"}},
		"Unavailable": {change: Unavailable, arn: arn, conditions: map[string]string{"Ready": "False", "Synced": "True"}},
		"Stuck":       {change: Stuck, conditions: map[string]string{"Ready": "False", "Synced": "True"}},
		"Lost":        {change: Lost, conditions: map[string]string{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			aws.Set("t", tc.change)
			aws.Observe(mr)
			if diff := cmp.Diff(tc.conditions, conditions(mr)); diff != "" {
				t.Errorf("-want conditions, +got:\n%s", diff)
			}
			if got := text(mr, "status", "atProvider", "arn"); got != tc.arn {
				t.Errorf("want ARN %q, got %q", tc.arn, got)
			}
			aws.Set("t", nil)
			aws.Observe(mr)
			if diff := cmp.Diff(ready, conditions(mr)); diff != "" {
				t.Errorf("once all is well again: -want conditions, +got:\n%s", diff)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	aws := &AWS{AccountID: account}
	config := managed("deploy", "DeploymentConfig", "one.config", nil)
	group := managed("deploy", "DeploymentGroup", "one.group", map[string]any{"deploymentConfigName": "one.config"})
	aws.Observe(config)
	aws.Observe(group)
	if diff := cmp.Diff([]string{"DeploymentConfig one.config", "DeploymentGroup one.group"}, aws.Things("one.")); diff != "" {
		t.Errorf("Things(...): -want, +got:\n%s", diff)
	}
	if aws.Delete(config) {
		t.Error("Delete(...): want a configuration kept that a group uses")
	}
	if !aws.Delete(group) || !aws.Delete(config) {
		t.Error("Delete(...): want the group gone, and then its configuration")
	}
	if left := aws.Things(""); len(left) > 0 {
		t.Errorf("Things(...): want none left, got %v", left)
	}
}

// TestOnlyLooks has a provider look that may do nothing else: it finds what another resource has made, and makes nothing.
func TestOnlyLooks(t *testing.T) {
	looking := func(teeth int64) *unstructured.Unstructured {
		mr := managed("sns", "Topic", "looking", map[string]any{"region": "us-east-1", "teeth": teeth})
		setExternalName(mr, "alarms")
		mr.Object["spec"].(map[string]any)["managementPolicies"] = []any{"Observe"}
		return mr
	}
	aws := &AWS{AccountID: account}
	mr := looking(2)
	aws.Observe(mr)
	if diff := cmp.Diff(map[string]string{"Synced": "False"}, conditions(mr)); diff != "" {
		t.Errorf("nothing there: -want conditions, +got:\n%s", diff)
	}
	if things := aws.Things(""); len(things) > 0 {
		t.Errorf("looking has made %v", things)
	}

	maker := managed("sns", "Topic", "maker", map[string]any{"region": "us-east-1", "teeth": int64(1)})
	setExternalName(maker, "alarms")
	aws.Observe(maker)
	aws.Observe(mr)
	if diff := cmp.Diff(map[string]string{"Ready": "True", "Synced": "True"}, conditions(mr)); diff != "" {
		t.Errorf("found: -want conditions, +got:\n%s", diff)
	}
	if teeth, _, _ := unstructured.NestedInt64(mr.Object, "status", "atProvider", "teeth"); teeth != 1 {
		t.Errorf("want what AWS has, 1, got %d", teeth)
	}
}

// TestCopy lets things happen in an account and in its copy. Each has what it had before, and what has happened in it.
func TestCopy(t *testing.T) {
	original, alias := &AWS{AccountID: account}, live("1")
	original.Observe(blue())
	original.Observe(alias)
	original.Set("blue", Unavailable)
	copied := original.Copy()

	for _, in := range []struct {
		aws     *AWS
		version string
	}{{original, "2"}, {copied, "3"}} {
		if err := in.aws.Release(alias, in.version); err != nil {
			t.Fatal(err)
		}
	}
	copied.Set("blue", nil)
	for _, in := range []struct {
		aws     *AWS
		version string
		ready   string
	}{{original, "2", "False"}, {copied, "3", "True"}} {
		function := blue()
		in.aws.Observe(function)
		in.aws.Observe(alias)
		want := []string{in.version, in.version, in.ready}
		got := []string{text(function, "status", "atProvider", "version"), text(alias, "status", "atProvider", "functionVersion"), conditions(function)["Ready"]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want function's version, alias's, and readiness, +got:\n%s", diff)
		}
	}
}
