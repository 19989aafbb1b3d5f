package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/function-sdk-go/resource/composed"
)

// The rules here are what provider-aws needs of a managed resource beyond what its schema says. Each was broken once, and
// only the real provider told. They hold for everything that any golden case renders, and for generated claims.

// A providerRule returns what a managed resource breaks, in a sentence each.
type providerRule struct {
	reason string
	broken func(s providerSource, mr rendered) []string
}

// rendered is a managed resource and what its type says.
type rendered struct {
	*unstructured.Unstructured

	// terraform is the kind's name in Terraform.
	terraform string

	// parameters is the Go type of its forProvider.
	parameters reflect.Type
}

var providerRules = map[string]providerRule{
	"WhatTheIDIsMadeOf": {
		reason: "The provider makes a resource's Terraform id of these. Without one it has no id, and never makes the resource.",
		broken: missingFromID,
	},
	"WhatTheProviderWouldInject": {
		reason: "Where a field is not set the provider puts a value of its own, which need not fit.",
		broken: leftToInjection,
	},
	"LateInitialize": {
		reason: "LateInitialize lets the provider write a resource's spec and name. A name of ours is not the provider's to write; " +
			"one that AWS gives is kept only with it, and is forgotten, with the resource, when the provider restarts without.",
		broken: wrongLateInitialize,
	},
	"References": {
		reason: "A list has one owner. A reference in one is resolved by the provider, which then owns the list, and taken back by " +
			"Crossplane with each apply. In the provider's storage version a single object below the parameters is a list too.",
		broken: referencesBelow,
	},
	"ObjectTags": {
		reason: "An object in S3 can have 10 tags, and the provider adds 3: those of claims and of the platform team are too many.",
		broken: tagsOfObjects,
	},
}

func missingFromID(s providerSource, mr rendered) []string {
	id, known := s.IDs[mr.terraform]
	if !known {
		return []string{"how the provider makes its id is not known: teach readID"}
	}
	var missing []string
	for _, argument := range id.Arguments {
		// What is no parameter is AWS's to tell.
		if field, ok := fieldOf(mr.parameters, argument); ok && !mr.states(field) {
			missing = append(missing, "its id needs "+field+", or a reference for it")
		}
	}
	return missing
}

func leftToInjection(s providerSource, mr rendered) []string {
	var left []string
	for _, field := range s.Injected[mr.terraform] {
		if !mr.states(field) {
			left = append(left, "the provider chooses "+field+" where it is not stated")
		}
	}
	return left
}

func wrongLateInitialize(s providerSource, mr rendered) []string {
	policies, stated, _ := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
	// A name that we say from the start is not chosen, whatever the provider would do without.
	chosen := s.IDs[mr.terraform].Chosen && mr.GetAnnotations()["crossplane.io/external-name"] == ""
	switch has := slices.Contains(policies, "LateInitialize"); {
	case !stated || slices.Contains(policies, "*"):
		return []string{"its management policies are not listed, which includes LateInitialize"}
	case chosen && !has && !slices.Equal(policies, []string{"Observe"}): // Who only observes makes nothing that could be forgotten.
		return []string{"AWS or the provider chooses its name, which is kept only with LateInitialize"}
	case !chosen && has:
		return []string{"it needs no LateInitialize: its name is ours, or follows from its parameters"}
	default:
		return nil
	}
}

func referencesBelow(_ providerSource, mr rendered) []string {
	var below []string
	for _, section := range []string{"forProvider", "initProvider"} {
		parameters, _, _ := unstructured.NestedMap(mr.Object, "spec", section)
		for field, value := range parameters {
			for _, path := range referencesIn(value) {
				below = append(below, "has a reference below its parameters: "+section+"."+field+path)
			}
		}
	}
	slices.Sort(below)
	return below
}

// referencesIn are the paths of references within a value. A map of texts may have keys that look like one.
func referencesIn(value any) []string {
	var paths []string
	switch v := value.(type) {
	case map[string]any:
		for field, member := range v {
			_, isText := member.(string)
			if !isText && (strings.HasSuffix(field, "Ref") || strings.HasSuffix(field, "Refs") || strings.HasSuffix(field, "Selector")) {
				paths = append(paths, "."+field)
				continue
			}
			for _, path := range referencesIn(member) {
				paths = append(paths, "."+field+path)
			}
		}
	case []any:
		for i, item := range v {
			for _, path := range referencesIn(item) {
				paths = append(paths, fmt.Sprintf("[%d]%s", i, path))
			}
		}
	}
	return paths
}

func tagsOfObjects(_ providerSource, mr rendered) []string {
	if mr.terraform != "aws_s3_object" || !mr.states("tags") {
		return nil
	}
	return []string{"is an object in S3, and has tags"}
}

// states reports whether the parameters have a value for the field, or a reference that gets one.
func (mr rendered) states(field string) bool {
	parameters, _, _ := unstructured.NestedMap(mr.Object, "spec", "forProvider")
	return parameters[field] != nil || parameters[field+"Ref"] != nil || parameters[field+"Selector"] != nil
}

// fieldOf returns the field that carries an argument of Terraform's. The types say so in their tags.
func fieldOf(parameters reflect.Type, argument string) (string, bool) {
	for f := range parameters.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("tf"), ","); name == argument {
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			return field, true
		}
	}
	return "", false
}

// newRendered looks the managed resource's type up.
func newRendered(mr *unstructured.Unstructured) (rendered, error) {
	o, err := composed.Scheme.New(mr.GroupVersionKind())
	if err != nil {
		return rendered{}, err
	}
	typed, ok := o.(interface{ GetTerraformResourceType() string })
	if !ok {
		return rendered{}, fmt.Errorf("%T has no Terraform type", o)
	}
	parameters := reflect.TypeOf(o).Elem()
	for _, name := range []string{"Spec", "ForProvider"} {
		f, _ := parameters.FieldByName(name)
		parameters = f.Type
	}
	return rendered{Unstructured: mr, terraform: typed.GetTerraformResourceType(), parameters: parameters}, nil
}

// checkProviderRules checks one managed resource by every rule.
func checkProviderRules(t rapid.TB, mr *unstructured.Unstructured) {
	t.Helper()
	source, err := readProviderSource()
	if err != nil {
		t.Fatalf("cannot read the provider's source: %v", err)
	}
	r, err := newRendered(mr)
	if err != nil {
		t.Fatalf("%s %q: %v", mr.GetKind(), mr.GetName(), err)
	}
	for name, rule := range providerRules {
		for _, what := range rule.broken(source, r) {
			t.Errorf("%s %q breaks %s: %s.\n%s", mr.GetKind(), mr.GetName(), name, what, rule.reason)
		}
	}
}

// TestProviderRules checks what every golden case renders.
func TestProviderRules(t *testing.T) {
	t.Parallel()
	for _, c := range goldenCases(t) {
		t.Run(c.Name(), func(t *testing.T) {
			mrs, err := c.Managed()
			if err != nil {
				t.Fatal(err)
			}
			for _, mr := range mrs {
				if mr.GetNamespace() == "" { // TestGoldenNamespaced compares the others with these.
					checkProviderRules(t, mr)
				}
			}
			if want := !isRefused(t, c); want != (len(mrs) > 0) {
				t.Errorf("want managed resources: %t, got %d", want, len(mrs))
			}
		})
	}
}

// TestProviderRulesOfAnyClaim checks what generated claims come to.
func TestProviderRulesOfAnyClaim(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req := drawReadyClaim(t)
		for _, r := range runAny(t, req).GetDesired().GetResources() {
			checkProviderRules(t, &unstructured.Unstructured{Object: r.GetResource().AsMap()})
		}
	})
}

// TestProviderRulesFindFaults breaks each rule.
func TestProviderRulesFindFaults(t *testing.T) {
	const all = "managementPolicies: [Observe, Create, Update, Delete, LateInitialize]"
	cases := map[string]struct {
		rule string
		mr   string
		want []string
	}{
		"BusOfRule": {
			rule: "WhatTheIDIsMadeOf",
			mr:   "{apiVersion: cloudwatchevents.aws.upbound.io/v1beta1, kind: Rule, spec: {forProvider: {region: us-east-1}}}",
			want: []string{"its id needs eventBusName, or a reference for it"},
		},
		"Resolved": {
			rule: "WhatTheIDIsMadeOf",
			mr:   "{apiVersion: lambda.aws.upbound.io/v1beta2, kind: Alias, spec: {forProvider: {functionNameRef: {name: f}}}}",
		},
		"ToldByAWS": {
			rule: "WhatTheIDIsMadeOf",
			mr:   "{apiVersion: deploy.aws.upbound.io/v1beta1, kind: App, spec: {forProvider: {region: us-east-1}}}",
		},
		"Injected": {
			rule: "WhatTheProviderWouldInject",
			mr:   "{apiVersion: s3.aws.upbound.io/v1beta2, kind: Object, spec: {forProvider: {region: us-east-1}}}",
			want: []string{"the provider chooses acl where it is not stated"},
		},
		"Renamed": {
			rule: "LateInitialize",
			mr:   "{apiVersion: deploy.aws.upbound.io/v1beta2, kind: DeploymentGroup, spec: {" + all + "}}",
			want: []string{"it needs no LateInitialize: its name is ours, or follows from its parameters"},
		},
		"Forgotten": {
			rule: "LateInitialize",
			mr:   "{apiVersion: codestarconnections.aws.upbound.io/v1beta1, kind: Connection, spec: {managementPolicies: [Observe, Create]}}",
			want: []string{"AWS or the provider chooses its name, which is kept only with LateInitialize"},
		},
		"NamedByUs": {
			rule: "LateInitialize",
			mr: "{apiVersion: lambda.aws.upbound.io/v1beta1, kind: Permission, metadata: {annotations: {crossplane.io/external-name: api}}, " +
				"spec: {managementPolicies: [Observe, Create]}}",
		},
		"NotListed": {
			rule: "LateInitialize",
			mr:   "{apiVersion: codestarconnections.aws.upbound.io/v1beta1, kind: Connection, spec: {}}",
			want: []string{"its management policies are not listed, which includes LateInitialize"},
		},
		"ReferenceInList": {
			rule: "References",
			mr: "{apiVersion: codepipeline.aws.upbound.io/v1beta2, kind: Codepipeline, spec: {forProvider: " +
				"{roleArnRef: {name: r}, artifactStore: [{locationRef: {name: b}}]}, initProvider: {stage: [{action: [{roleArnSelector: {}}]}]}}}",
			want: []string{
				"has a reference below its parameters: forProvider.artifactStore[0].locationRef",
				"has a reference below its parameters: initProvider.stage[0].action[0].roleArnSelector",
			},
		},
		"LooksLikeAReference": {
			rule: "References",
			mr:   "{apiVersion: lambda.aws.upbound.io/v1beta2, kind: Function, spec: {forProvider: {environment: {variables: {MyRef: x}}}}}",
		},
		"Tags": {
			rule: "ObjectTags",
			mr:   "{apiVersion: s3.aws.upbound.io/v1beta2, kind: Object, spec: {forProvider: {tags: {a: b}}}}",
			want: []string{"is an object in S3, and has tags"},
		},
	}
	source, err := readProviderSource()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			mr := &unstructured.Unstructured{}
			if err := yaml.Unmarshal([]byte(tc.mr), &mr.Object); err != nil {
				t.Fatal(err)
			}
			r, err := newRendered(mr)
			if err != nil {
				t.Fatal(err)
			}
			if got := providerRules[tc.rule].broken(source, r); !slices.Equal(tc.want, got) {
				t.Errorf("%s: want %q, got %q", tc.rule, tc.want, got)
			}
		})
	}
}
