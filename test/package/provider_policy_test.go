package package_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// TestProviderPolicyFiles checks that IAM would take the policies, and that people can read what each statement is for.
func TestProviderPolicyFiles(t *testing.T) {
	docs := string(read(t, filepath.Join(root, "docs/provider-policy.md")))
	sids := map[string]bool{}

	for name, p := range providerPolicies(t) {
		if p.Version != iam.Version {
			t.Errorf("%s: version is %q", name, p.Version)
		}
		if size := iam.Size(string(read(t, filepath.Join(root, "examples/install/provider-policy", name)))); size > iam.MaxPolicySize {
			t.Errorf("%s has %d characters, IAM takes %d", name, size, iam.MaxPolicySize)
		}
		if !strings.Contains(docs, "`"+name+"`") {
			t.Errorf("docs/provider-policy.md does not say what %s is for", name)
		}

		for _, s := range p.Statement {
			if sids[s.Sid] || !regexp.MustCompile(`^[0-9A-Za-z]+$`).MatchString(s.Sid) {
				t.Errorf("%s: Sid %q must be letters and digits, and there must be one of it", name, s.Sid)
			}
			sids[s.Sid] = true
			if (s.Effect == iam.EffectDeny) != (name == boundaryPolicy) || len(s.Action) == 0 || len(s.NotAction) > 0 {
				t.Errorf("%s: want %s to name actions, and to allow them unless the file is %s, got %+v", name, s.Sid, boundaryPolicy, s)
			}
			if !slices.IsSorted(s.Action) {
				t.Errorf("%s: the actions of %s are not in order", name, s.Sid)
			}
			if !strings.Contains(docs, "| `"+s.Sid+"` |") {
				t.Errorf("docs/provider-policy.md does not say what %s is for", s.Sid)
			}
		}
	}
}

// TestProviderPolicyNeeds checks that the provider may create, read, update and delete each resource of the golden cases,
// under the name that it has there.
func TestProviderPolicyNeeds(t *testing.T) {
	policies := unbounded(providerPolicies(t))

	want := []string{}
	for _, gk := range composed(t) {
		want = append(want, needsKey(gk))
	}
	for kind := range needs {
		if !slices.Contains(want, kind) {
			t.Errorf("no golden case has a %s", kind)
		}
	}

	for _, p := range renderedPipelines(t) {
		for _, o := range p.managed {
			needed, ok := needs[needsKey(o.GroupVersionKind().GroupKind())]
			if !ok {
				t.Fatalf("nothing is known of what the provider needs for a %s", o.GroupVersionKind().GroupKind())
			}
			context := map[string]string{
				"application-autoscaling:scalable-dimension": p.value(o, "scalableDimension"),
				"application-autoscaling:service-namespace":  p.value(o, "serviceNamespace"),
				"iam:AWSServiceName":                         "lambda.application-autoscaling.amazonaws.com",
				"aws:ResourceTag/crossplane-kind":            strings.ToLower(o.GroupVersionKind().GroupKind().String()),
				"codestar-connections:ProviderType":          p.value(o, "providerType"),
				"iam:PolicyARN":                              p.policyARN(o),
				"lambda:FunctionArn":                         p.value(o, "functionName"),
				"lambda:FunctionUrlAuthType":                 p.value(o, "authorizationType"),
			}
			for _, n := range needed {
				for _, action := range n.actions {
					r := request{action: action, resource: p.expand(t, o, n.on), context: context}
					if !allowed(t, policies, r) {
						t.Errorf("%s: %s needs %s on %s", p.name, o.GetName(), r.action, r.resource)
					}
				}
			}
		}
	}
}

// TestProviderPolicyStrangers checks that what the provider may do to a pipeline's resources, it may not do to others of
// their kind, in this account or in another.
func TestProviderPolicyStrangers(t *testing.T) {
	policies := unbounded(providerPolicies(t))

	for kind, needed := range needs {
		for _, n := range needed {
			if n.on == "*" {
				continue
			}
			stranger := placeholder.ReplaceAllString(n.on, "ledger-prod")
			if stranger == n.on {
				// A connection: one is like the other, but not one of another account.
				stranger = strings.ReplaceAll(n.on, "111122223333", "444455556666")
			}
			for _, action := range n.actions {
				r := request{action: action, resource: stranger, context: map[string]string{
					"aws:ResourceTag/crossplane-kind": "connection.codestarconnections.aws.upbound.io",
					"iam:PolicyARN":                   "arn:aws:iam::111122223333:policy/pipeline-policy-prod",
				}}
				if allowed(t, policies, r) {
					t.Errorf("%s: the provider may do %s to %s", kind, r.action, r.resource)
				}
			}
		}
	}
}

// TestProviderPolicyOfCallers checks that the provider may have nothing read for green or for somebody else's function, may make no
// URL that anybody can call, and may make rules of event sources on any bus.
func TestProviderPolicyOfCallers(t *testing.T) {
	policies := providerPolicies(t)
	const function = "arn:aws:lambda:us-east-1:111122223333:function:"
	for r, want := range map[*request]bool{
		{action: "lambda:CreateEventSourceMapping", resource: "*", context: map[string]string{"lambda:FunctionArn": function + "payment-processor-blue-prod:live"}}: true,
		{action: "lambda:CreateEventSourceMapping", resource: "*", context: map[string]string{"lambda:FunctionArn": function + "payment-processor-green-prod"}}:     false,
		{action: "lambda:CreateEventSourceMapping", resource: "*", context: map[string]string{"lambda:FunctionArn": function + "ledger-prod"}}:                      false,
		{action: "lambda:CreateEventSourceMapping", resource: "*"}:                                                                                                           false,
		{action: "lambda:UpdateFunctionUrlConfig", resource: function + "payment-processor-blue-prod"}:                                                                       true,
		{action: "lambda:UpdateFunctionUrlConfig", resource: function + "payment-processor-blue-prod", context: map[string]string{"lambda:FunctionUrlAuthType": "NONE"}}:     false,
		{action: "lambda:CreateFunctionUrlConfig", resource: function + "payment-processor-green-prod", context: map[string]string{"lambda:FunctionUrlAuthType": "AWS_IAM"}}: false,
		{action: "events:PutRule", resource: "arn:aws:events:us-east-1:111122223333:rule/disputes/payment-event-disputes.prod"}:                                              true,
		{action: "events:PutRule", resource: "arn:aws:events:us-east-1:111122223333:rule/disputes/ledger-prod"}:                                                              false,
	} {
		if got := allowed(t, policies, *r); got != want {
			t.Errorf("%+v is allowed: %v", *r, got)
		}
	}
}

// needsKey is a kind with its group, such as Bucket.s3.
func needsKey(gk schema.GroupKind) string {
	return strings.TrimSuffix(strings.Replace(gk.String(), ".aws.m.", ".aws.", 1), ".aws.upbound.io")
}

// A renderedPipeline is what a golden case makes of a claim.
type renderedPipeline struct {
	name    string
	managed []*unstructured.Unstructured
}

// renderedPipelines are all golden cases, which are not to be changed.
func renderedPipelines(t *testing.T) []renderedPipeline {
	t.Helper()
	all, err := readRendered()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// readRendered once: it takes longer than any test of what is rendered.
var readRendered = sync.OnceValues(func() ([]renderedPipeline, error) {
	cases, err := golden.Cases(root)
	if err != nil {
		return nil, err
	}
	all := []renderedPipeline{}
	for _, c := range cases {
		managed, err := c.Managed()
		if err != nil {
			return nil, err
		}
		all = append(all, renderedPipeline{name: c.Name(), managed: managed})
	}
	return all, nil
})

// placeholder in the resource of a need.
var placeholder = regexp.MustCompile(`\{\w+\}`)

// expand the placeholders of a need.
func (p renderedPipeline) expand(t *testing.T, o *unstructured.Unstructured, on string) string {
	t.Helper()

	return placeholder.ReplaceAllStringFunc(on, func(name string) string {
		key := strings.Trim(name, "{}")
		if key == "name" {
			return externalName(o)
		}
		value := p.value(o, key)
		if value == "" {
			t.Fatalf("%s: %s has no %s", p.name, o.GetName(), key)
		}
		// Of an ARN, the name.
		return value[strings.LastIndex(value, ":")+1:]
	})
}

// value of a parameter, which may be a reference. None: empty.
func (p renderedPipeline) value(o *unstructured.Unstructured, key string) string {
	if value, _, _ := unstructured.NestedString(o.Object, "spec", "forProvider", key); value != "" {
		return value
	}
	ref, _, _ := unstructured.NestedString(o.Object, "spec", "forProvider", key+"Ref", "name")
	for _, other := range p.managed {
		if ref != "" && other.GetName() == ref {
			return externalName(other)
		}
	}
	return ""
}

// policyARN that an attachment attaches. Other kinds: empty.
func (p renderedPipeline) policyARN(o *unstructured.Unstructured) string {
	value := p.value(o, "policyArn")
	if value == "" || strings.HasPrefix(value, "arn:") {
		return value
	}
	return "arn:aws:iam::111122223333:policy/" + value
}

func externalName(o *unstructured.Unstructured) string {
	return o.GetAnnotations()["crossplane.io/external-name"]
}

// printed as YAML.
func printed(t *testing.T, o *unstructured.Unstructured) string {
	t.Helper()
	b, err := yaml.Marshal(o.Object)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProviderPolicyPassesRoles checks that each role can be handed to the service that it trusts, and to no other.
func TestProviderPolicyPassesRoles(t *testing.T) {
	policies := providerPolicies(t)
	trust := map[string]string{}

	for _, p := range renderedPipelines(t) {
		for _, o := range p.managed {
			if o.GetKind() != "Role" {
				continue
			}
			document, err := iam.Parse(p.value(o, "assumeRolePolicy"))
			if err != nil || len(document.Statement) != 1 || len(document.Statement[0].Principal.Service) != 1 {
				t.Fatalf("%s: %s is trusted to %v, want one service: %v", p.name, o.GetName(), document.Statement, err)
			}
			trust[externalName(o)] = document.Statement[0].Principal.Service[0]
		}
	}
	if len(trust) == 0 {
		t.Fatal("no golden case has a role")
	}

	services := map[string]bool{"ec2.amazonaws.com": true}
	for _, service := range trust {
		services[service] = true
	}
	for role, trusted := range trust {
		for service := range services {
			r := request{
				action:   "iam:PassRole",
				resource: "arn:aws:iam::111122223333:role/" + role,
				context:  map[string]string{"iam:PassedToService": service},
			}
			if got := allowed(t, policies, r); got != (service == trusted) {
				t.Errorf("%s, which trusts %s, may be passed to %s: %v", role, trusted, service, got)
			}
		}
	}
}

// TestProviderPolicyPassesConnections checks that each pipeline may be given its connection, of either name.
func TestProviderPolicyPassesConnections(t *testing.T) {
	policies := providerPolicies(t)
	services := map[string]bool{}

	for _, p := range renderedPipelines(t) {
		for _, o := range p.managed {
			if o.GetKind() != "Codepipeline" {
				continue
			}
			for _, arn := range regexp.MustCompile(`ConnectionArn: (arn:aws:([a-z-]+):\S+)`).FindAllStringSubmatch(printed(t, o), -1) {
				services[arn[2]] = true
				for service, want := range map[string]bool{"codepipeline.amazonaws.com": true, "codebuild.amazonaws.com": false} {
					r := request{
						action:   arn[2] + ":PassConnection",
						resource: arn[1],
						context:  map[string]string{arn[2] + ":PassedToService": service},
					}
					if got := allowed(t, policies, r); got != want {
						t.Errorf("%s: %s may be passed to %s: %v", p.name, arn[1], service, got)
					}
				}
			}
		}
	}
	if len(services) != 2 {
		t.Errorf("golden cases have connections of %v, want both names of the service", services)
	}
}
