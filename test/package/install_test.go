package package_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
)

const (
	installFile        = "examples/install/install.yaml"
	providerConfigFile = "examples/install/provider-config.yaml"
	teamFile           = "examples/install/team.yaml"
)

// TestManifests checks that an API server would accept the manifests, with the definitions that it has of their kinds.
func TestManifests(t *testing.T) {
	builtin := map[string]func() any{
		"ClusterRole":         func() any { return &rbacv1.ClusterRole{} },
		"Namespace":           func() any { return &corev1.Namespace{} },
		"PodDisruptionBudget": func() any { return &policyv1.PodDisruptionBudget{} },
		"RoleBinding":         func() any { return &rbacv1.RoleBinding{} },
		"ServiceAccount":      func() any { return &corev1.ServiceAccount{} },

		"ValidatingAdmissionPolicy":        func() any { return &admissionv1.ValidatingAdmissionPolicy{} },
		"ValidatingAdmissionPolicyBinding": func() any { return &admissionv1.ValidatingAdmissionPolicyBinding{} },
	}

	for _, file := range append(glob(t, "examples/install/*.yaml"), glob(t, "examples/upgrade/*.yaml")...) {
		for _, o := range objectsIn(t, file) {
			t.Run(filepath.Base(file)+"/"+o.GetKind()+"/"+o.GetName(), func(t *testing.T) {
				if typed, ok := builtin[o.GetKind()]; ok {
					if err := yaml.UnmarshalStrict(o.yaml, typed()); err != nil {
						t.Errorf("cannot parse: %v", err)
					}
					return
				}
				if errs := invalid(t, o); len(errs) > 0 {
					t.Error(errs)
				}
			})
		}
	}
}

// invalid is what is wrong with an object by its CRD.
func invalid(t *testing.T, o object) refusal.List {
	t.Helper()

	gvk := o.GroupVersionKind()
	for _, v := range crdOf(t, gvk.GroupKind()).Spec.Versions {
		if v.Name != gvk.Version || !v.Served {
			continue
		}
		s, err := schema.New(v.Schema.OpenAPIV3Schema)
		if err != nil {
			t.Fatal(err)
		}
		// The schema of a CRD leaves the metadata to the API server.
		unstructured.RemoveNestedField(o.Object, "metadata")
		return s.Apply(o.Object, nil)
	}
	return refusal.List{{Field: "apiVersion", Value: gvk.GroupVersion().String(), Allowed: "no CRD has such a version"}}
}

// A runtime is what the tests read of a DeploymentRuntimeConfig.
type runtime struct {
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		DeploymentTemplate struct {
			Spec appsv1.DeploymentSpec `json:"spec"`
		} `json:"deploymentTemplate"`
	} `json:"spec"`
}

func TestFunctionRuntime(t *testing.T) {
	rt := runtime{}
	into(t, named(t, installFile, "DeploymentRuntimeConfig", nameOf(t, installFile, "Function")), &rt)
	deployment := rt.Spec.DeploymentTemplate.Spec
	pod := deployment.Template.Spec

	if r := deployment.Replicas; r == nil || *r < 2 {
		t.Error("want at least two replicas")
	}
	if len(pod.Containers) != 1 || pod.Containers[0].Name != "package-runtime" {
		t.Fatalf("want one container, package-runtime, got %v", pod.Containers)
	}
	container := pod.Containers[0]
	if len(container.Resources.Requests) != 2 || container.Resources.Limits.Memory().IsZero() {
		t.Errorf("want requests and a limit of memory, got %v", container.Resources)
	}

	want := &corev1.SecurityContext{
		AllowPrivilegeEscalation: new(false),
		Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		Privileged:               new(false),
		ReadOnlyRootFilesystem:   new(true),
		RunAsNonRoot:             new(true),
		RunAsUser:                new(int64(65532)),
		RunAsGroup:               new(int64(65532)),
	}
	if diff := cmp.Diff(want, container.SecurityContext); diff != "" {
		t.Errorf("container: -want, +got:\n%s", diff)
	}

	// Crossplane labels the pods so.
	pods := map[string]string{"pkg.crossplane.io/function": nameOf(t, installFile, "Function")}
	budget := policyv1.PodDisruptionBudget{}
	into(t, one(t, installFile, "PodDisruptionBudget"), &budget)
	if diff := cmp.Diff(pods, budget.Spec.Selector.MatchLabels); diff != "" {
		t.Errorf("disruption budget: -want pods, +got pods:\n%s", diff)
	}
	if len(pod.TopologySpreadConstraints) != 2 {
		t.Errorf("want to spread over nodes and zones, got %v", pod.TopologySpreadConstraints)
	}
	for _, c := range pod.TopologySpreadConstraints {
		if diff := cmp.Diff(pods, c.LabelSelector.MatchLabels); diff != "" {
			t.Errorf("spread over %s: -want pods, +got pods:\n%s", c.TopologyKey, diff)
		}
	}
}

// A reference by name.
type reference struct {
	Name string `json:"name"`
}

func nameOf(t *testing.T, file, kind string) string {
	t.Helper()

	o := struct {
		Metadata reference `json:"metadata"`
	}{}
	into(t, one(t, file, kind), &o)
	return o.Metadata.Name
}

// TestNames checks that what the files call each other is what they are called.
func TestNames(t *testing.T) {
	composition := struct {
		Spec struct {
			Pipeline []struct {
				FunctionRef reference `json:"functionRef"`
				Input       struct {
					ProviderConfig string `json:"providerConfig"`
				} `json:"input"`
			} `json:"pipeline"`
		} `json:"spec"`
	}{}
	into(t, one(t, "apis/composition.yaml", "Composition"), &composition)
	step := composition.Spec.Pipeline[0]

	function, config := installed{}, installed{}
	into(t, one(t, installFile, "Function"), &function)
	into(t, one(t, installFile, "Configuration"), &config)
	source, version, _ := strings.Cut(function.Spec.Package, ":")
	_, configVersion, _ := strings.Cut(config.Spec.Package, ":")

	meta := configuration{}
	into(t, one(t, "crossplane.yaml", "Configuration"), &meta)
	_, path, _ := strings.Cut(meta.Spec.DependsOn[0].Package, "/")

	cases := map[string]struct {
		reason    string
		want, got string
	}{
		"Function": {
			reason: "The Composition finds the function by its name.",
			want:   step.FunctionRef.Name,
			got:    nameOf(t, installFile, "Function"),
		},
		"FunctionDependency": {
			reason: "Dependency resolution names the function after the path of its package, so nothing depends on who installs it first.",
			want:   strings.ReplaceAll(path, "/", "-"),
			got:    nameOf(t, installFile, "Function"),
		},
		"FunctionRendered": {
			reason: "What make render runs is what is installed.",
			want:   nameOf(t, installFile, "Function"),
			got:    nameOf(t, "examples/functions.yaml", "Function"),
		},
		"FunctionPackage": {
			reason: "By its source Crossplane sees that the Configuration's dependency is installed.",
			want:   meta.Spec.DependsOn[0].Package,
			got:    source,
		},
		"Versions": {
			reason: "Both packages are built from one commit.",
			want:   version,
			got:    configVersion,
		},
		"FunctionRuntime": {
			reason: "The function's DeploymentRuntimeConfig is called as the function is.",
			want:   nameOf(t, installFile, "Function"),
			got:    function.Spec.RuntimeConfigRef.Name,
		},
		"ProviderConfig": {
			reason: "The managed resources find the ProviderConfig by its name.",
			want:   step.Input.ProviderConfig,
			got:    nameOf(t, providerConfigFile, "ProviderConfig"),
		},
		"ClusterProviderConfig": {
			reason: "So do those of namespaced pipelines.",
			want:   step.Input.ProviderConfig,
			got:    nameOf(t, providerConfigFile, "ClusterProviderConfig"),
		},
		"Claims": {
			reason: "The role is about the resources that claims and namespaced pipelines are.",
			want:   strings.Replace(claims(t), ".", ",paymentpipelines.", 1),
			got:    editable(t),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.got); diff != "" || tc.want == "" {
				t.Errorf("%s: want a name; -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// An installed package is what the tests read of a Function or a Configuration.
type installed struct {
	Spec struct {
		Package          string    `json:"package"`
		RuntimeConfigRef reference `json:"runtimeConfigRef"`
	} `json:"spec"`
}

// claims is the resource of claims, with its group.
func claims(t *testing.T) string {
	t.Helper()

	definition := struct {
		Spec struct {
			Group      string `json:"group"`
			ClaimNames struct {
				Plural string `json:"plural"`
			} `json:"claimNames"`
		} `json:"spec"`
	}{}
	into(t, one(t, "apis/definition.yaml", "CompositeResourceDefinition"), &definition)
	return definition.Spec.ClaimNames.Plural + "." + definition.Spec.Group
}

// editable is the resource that app teams may edit, with its group.
func editable(t *testing.T) string {
	t.Helper()

	for _, o := range objectsIn(t, filepath.Join(root, teamFile)) {
		role := rbacv1.ClusterRole{}
		if o.GetName() != "payment-delivery-edit" || o.GetKind() != "ClusterRole" {
			continue
		}
		into(t, o.yaml, &role)
		return strings.Join(role.Rules[0].Resources, ",") + "." + strings.Join(role.Rules[0].APIGroups, ",")
	}
	return ""
}

// TestProviders checks that each provider that the Configuration brings runs as the service account with the AWS role.
func TestProviders(t *testing.T) {
	image := struct {
		Spec struct {
			MatchImages []struct {
				Prefix string `json:"prefix"`
			} `json:"matchImages"`
			Runtime struct {
				ConfigRef reference `json:"configRef"`
			} `json:"runtime"`
		} `json:"spec"`
	}{}
	into(t, one(t, installFile, "ImageConfig"), &image)
	rt := runtime{}
	into(t, named(t, installFile, "DeploymentRuntimeConfig", image.Spec.Runtime.ConfigRef.Name), &rt)

	for name, got := range map[string]string{
		"DeploymentRuntimeConfig": rt.Metadata.Name,
		"its reference":           image.Spec.Runtime.ConfigRef.Name,
		"ServiceAccount":          nameOf(t, installFile, "ServiceAccount"),
		"the pods' account":       rt.Spec.DeploymentTemplate.Spec.Template.Spec.ServiceAccountName,
	} {
		if got != "provider-aws" {
			t.Errorf("%s: want provider-aws, got %q", name, got)
		}
	}
	if diff := cmp.Diff("xpkg.upbound.io/upbound/provider-aws-", image.Spec.MatchImages[0].Prefix); diff != "" {
		t.Errorf("images of the providers: -want prefix, +got:\n%s", diff)
	}

	// TestDependencies lists the providers.
	meta := configuration{}
	into(t, one(t, "crossplane.yaml", "Configuration"), &meta)
	for _, d := range meta.Spec.DependsOn {
		if d.Kind == "Provider" && !strings.HasPrefix(d.Package, image.Spec.MatchImages[0].Prefix) {
			t.Errorf("provider %s does not run as the service account", d.Package)
		}
	}
}
