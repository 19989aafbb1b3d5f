package attack

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	apiservercel "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// installed is an admission policy of install.yaml, as the API server evaluates it.
func installed(t *testing.T, name string) validating.Validator {
	t.Helper()
	stream, err := os.ReadFile(filepath.Join("..", "..", "examples", "install", "install.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for doc := range render.Documents(stream) {
		policy := admissionv1.ValidatingAdmissionPolicy{}
		if err := yaml.Unmarshal([]byte(doc), &policy); err == nil && policy.Kind == "ValidatingAdmissionPolicy" && policy.Name == name {
			return validatorOf(t, policy)
		}
	}
	t.Fatalf("install.yaml has no policy %q", name)
	return nil
}

func validatorOf(t *testing.T, policy admissionv1.ValidatingAdmissionPolicy) validating.Validator {
	t.Helper()
	compiler, err := plugincel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		t.Fatal(err)
	}
	with := plugincel.OptionalVariableDeclarations{HasAuthorizer: true}
	for _, v := range policy.Spec.Variables {
		variable := &validating.Variable{Name: v.Name, Expression: v.Expression}
		if result := compiler.CompileAndStoreVariable(variable, with, environment.NewExpressions); result.Error != nil {
			t.Fatalf("variable %s: %v", v.Name, result.Error)
		}
	}
	var conditions, messages []plugincel.ExpressionAccessor
	for _, v := range policy.Spec.Validations {
		conditions = append(conditions, &validating.ValidationCondition{Expression: v.Expression, Message: v.Message})
		messages = append(messages, &validating.MessageExpressionCondition{MessageExpression: v.MessageExpression})
	}
	return validating.NewValidator(
		compiler.CompileCondition(conditions, with, environment.NewExpressions), nil,
		compiler.CompileCondition(nil, with, environment.NewExpressions),
		compiler.CompileCondition(messages, plugincel.OptionalVariableDeclarations{}, environment.NewExpressions),
		policy.Spec.FailurePolicy,
	)
}

// admit what a person asks the API server for: without an object before it is new, and without one after it is deleted. The message says why it is refused, and is empty if it is not.
func admit(t *testing.T, policy validating.Validator, before, after *unstructured.Unstructured, person user.Info) string {
	t.Helper()
	return admitWith(t, policy, before, after, person, nil)
}

// admitWith these options of the request.
func admitWith(t *testing.T, policy validating.Validator, before, after *unstructured.Unstructured, person user.Info, options runtime.Object) string {
	t.Helper()
	named, operation := after, admission.Create
	var old, object runtime.Object
	switch {
	case after == nil:
		named, old, operation = before, before, admission.Delete
	case before == nil:
		object = after
	default:
		old, object, operation = before, after, admission.Update
	}
	kind := named.GroupVersionKind()
	resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: strings.ToLower(kind.Kind) + "s"}
	attributes := &admission.VersionedAttributes{
		Attributes:    admission.NewAttributesRecord(object, old, kind, named.GetNamespace(), named.GetName(), resource, "", operation, options, false, person),
		VersionedKind: kind, VersionedObject: object, VersionedOldObject: old,
	}
	result := policy.Validate(t.Context(), resource, attributes, nil, nil, apiservercel.RuntimeCELCostBudget, authorizer.AuthorizerFunc(mayDo))
	for _, decision := range result.Decisions {
		if decision.Action != validating.ActionAdmit {
			return decision.Message
		}
	}
	return ""
}

// Who may do something with all of the cluster's objects, Compositions included. Nobody else may.
const (
	platformTeam = "platform-team"

	// Controllers of Kubernetes' own, as its API server lets them. A real one is asked in test/controlplane.
	garbageCollector    = "system:serviceaccount:kube-system:generic-garbage-collector"
	namespaceController = "system:serviceaccount:kube-system:namespace-controller"
)

// verbs that each of them has.
var verbs = map[string][]string{
	platformTeam:        {"create", "delete", "get", "list", "patch", "update", "watch"},
	garbageCollector:    {"delete", "get", "list", "patch", "update", "watch"},
	namespaceController: {"delete", "deletecollection", "get", "list"},
}

func mayDo(_ context.Context, a authorizer.Attributes) (authorizer.Decision, string, error) {
	if slices.Contains(verbs[a.GetUser().GetName()], a.GetVerb()) && a.GetAPIGroup() == "apiextensions.crossplane.io" && a.GetResource() == "compositions" {
		return authorizer.DecisionAllow, "", nil
	}
	return authorizer.DecisionNoOpinion, "", nil
}
