package attack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource/composed"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	claims "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// suffixes of which each is the beginning or the end of another, or has in it what names of ours have.
var suffixes = []string{"a", "a-prod", "prod", "prod-coverage", "policy-prod", "service-role-prod", "promotion-prod"}

// fullSpec is the claim with every field.
func fullSpec(t *testing.T, suffix string) v1alpha1.PaymentDeliveryPipelineSpec {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "claims", "full.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Spec v1alpha1.PaymentDeliveryPipelineSpec `json:"spec"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	file.Spec.EnvironmentSuffix = suffix
	return file.Spec
}

// promotedSpec is the claim that takes the releases of another pipeline, and has all else that goes with that.
func promotedSpec(t *testing.T, suffix string) v1alpha1.PaymentDeliveryPipelineSpec {
	t.Helper()
	spec := fullSpec(t, suffix)
	spec.Source = v1alpha1.Source{PromotedFrom: &v1alpha1.PromotedFrom{AccountID: "444455556666", BucketName: "pipeline-artifacts-dev-9e93dc1d"}}
	spec.Build = v1alpha1.Build{}
	return spec
}

// renderSpec is what a claim becomes when all facts are known, as Crossplane has it.
func renderSpec(t *testing.T, spec v1alpha1.PaymentDeliveryPipelineSpec) []byte {
	t.Helper()
	xr, err := structpb.NewStruct(map[string]any{"metadata": map[string]any{"uid": "9e93dc1d-0000-4000-8000-000000000000"}})
	if err != nil {
		t.Fatal(err)
	}
	seen := compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr}})
	p, err := architecture.New(claims.Claim{Spec: spec, Platform: v1beta1.PlatformSettings{ProviderConfig: "default", AccountID: ownAccount}}, seen)
	if err != nil {
		t.Fatal(err)
	}
	facts := p.Facts(seen)
	facts[architecture.ConnectionARN] = cmp.Or(facts[architecture.ConnectionARN], "arn:aws:codestar-connections:us-east-1:111122223333:connection/0a1b2c3d-8aad-4d5d-8878-dfcab0bc441f")
	var docs [][]byte
	for _, r := range p.Resources() {
		if r.Retired {
			continue
		}
		for _, need := range r.Needs {
			if facts[need] == "" {
				// A version, or a fact that nothing reads.
				facts[need] = "7"
			}
		}
		o, err := r.Object(facts)
		if err != nil {
			t.Fatal(err)
		}
		u, err := composed.From(o)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := json.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	return bytes.Join(docs, []byte("\n---\n"))
}

// A tenant is what a suffix's pipelines have and allow, with all options on.
type tenant struct {
	suffix     string
	resources  []awsmodel.Managed
	statements []iam.Statement
	attempts   []attempt
}

func newTenant(t *testing.T, suffix string) tenant {
	t.Helper()
	one := tenant{suffix: suffix}
	for _, spec := range []v1alpha1.PaymentDeliveryPipelineSpec{fullSpec(t, suffix), promotedSpec(t, suffix)} {
		resources, err := awsmodel.ReadManaged(renderSpec(t, spec))
		if err != nil {
			t.Fatal(err)
		}
		one.resources = append(one.resources, resources...)
	}
	for _, m := range one.resources {
		text, _ := m.Spec.ForProvider["policy"].(string)
		if text == "" {
			continue
		}
		document, err := iam.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range document.Statement {
			if !slices.ContainsFunc(one.statements, func(s iam.Statement) bool { return reflect.DeepEqual(s, statement) }) {
				one.statements = append(one.statements, statement)
			}
		}
	}
	one.attempts = attempts(t, one.resources)
	return one
}

// everybodys are the statements that are about resources of other pipelines too, and why.
var everybodys = map[string]string{
	"NotWhatBuildsIt": "it denies the service reports of builds, of whatever pipeline",
}

// TestNoStatementReachesAnotherSuffix checks that no statement of a pipeline's policies, neither of a role's nor of a bucket's nor of a topic's, is about a resource
// of another pipeline of the account, however alike their suffixes are. What a statement denies counts as what it allows.
func TestNoStatementReachesAnotherSuffix(t *testing.T) {
	var tenants []tenant
	for _, suffix := range suffixes {
		tenants = append(tenants, newTenant(t, suffix))
	}
	used := map[string]bool{}
	for _, one := range tenants {
		for _, other := range tenants {
			if one.suffix == other.suffix {
				continue
			}
			for sid, request := range one.reaches(t, other) {
				if everybodys[sid] == "" {
					t.Errorf("statement %q of %s is about %s of %s", sid, one.suffix, request, other.suffix)
				}
				used[sid] = true
			}
		}
		if got := one.reaches(t, one); len(got) < 20 {
			t.Errorf("want at least 20 statements of %s about its own resources, got %d", one.suffix, len(got))
		}
	}
	for sid := range everybodys {
		if !used[sid] {
			t.Errorf("%s is about no other pipeline: it needs no reason", sid)
		}
	}
}

// reaches are the statements about resources of another tenant, with one of these.
func (one tenant) reaches(t *testing.T, other tenant) map[string]access.Request {
	t.Helper()
	found := map[string]access.Request{}
	for _, s := range one.statements {
		// Whom it is about and whether it allows does not count here.
		s.Effect, s.Principal = iam.EffectAllow, iam.Principal{}
		policies := access.Policies{Identity: []iam.Document{iam.New(s)}}
		for _, a := range other.attempts {
			decision, err := policies.Decide(madeBy(roleARN("release-service-role", one.suffix), a.Request))
			if err != nil {
				t.Fatal(err)
			}
			if decision == access.Allowed {
				found[s.Sid] = a.Request
				break
			}
		}
	}
	return found
}

// TestEventPatterns checks that the rules of a pipeline name what they are about whole, and nothing of another pipeline's.
func TestEventPatterns(t *testing.T) {
	names := map[string]string{}
	var all []tenant
	for _, suffix := range suffixes {
		one := newTenant(t, suffix)
		all = append(all, one)
		for _, m := range one.resources {
			if m.AWSName() != "" && m.AWSName() != "live" {
				names[m.AWSName()] = suffix
			}
		}
	}
	checked := 0
	for _, one := range all {
		for _, m := range one.resources {
			text, _ := m.Spec.ForProvider["eventPattern"].(string)
			// Those of event sources are the claim's.
			if text == "" || strings.HasPrefix(m.AWSName(), "payment-event-") {
				continue
			}
			named := namesIn(t, text)
			if !slices.ContainsFunc(named, func(name string) bool { return names[name] == one.suffix }) {
				t.Errorf("%s: want a name of its pipeline's in %s", m.AWSName(), text)
			}
			if i := slices.IndexFunc(named, func(name string) bool { return names[name] != "" && names[name] != one.suffix }); i >= 0 {
				t.Errorf("%s names %s of another pipeline", m.AWSName(), named[i])
			}
			checked++
		}
	}
	if checked < 3*len(suffixes) {
		t.Errorf("want at least 3 rules of each pipeline, got %d", checked)
	}
}

// namesIn an event pattern are what it says of an event's details, each as a whole: the end of an ARN must begin with a colon.
func namesIn(t *testing.T, text string) []string {
	t.Helper()
	var pattern struct {
		Detail any `json:"detail"`
	}
	if err := json.Unmarshal([]byte(text), &pattern); err != nil {
		t.Fatalf("cannot read the pattern %s: %v", text, err)
	}
	var names []string
	var look func(value any)
	look = func(value any) {
		switch v := value.(type) {
		case string:
			names = append(names, v)
		case []any:
			for _, one := range v {
				look(one)
			}
		case map[string]any:
			if end, ok := v["suffix"].(string); ok {
				if !strings.HasPrefix(end, ":") {
					t.Errorf("%q is the end of other names too, in %s", end, text)
				}
				names = append(names, end[strings.LastIndex(end, ":")+1:])
				return
			}
			for _, one := range v {
				look(one)
			}
		}
	}
	look(pattern.Detail)
	return names
}
