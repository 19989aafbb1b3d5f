package package_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// providerPolicies are the policies of the providers' role, by their file's name.
func providerPolicies(t *testing.T) map[string]iam.Document {
	t.Helper()

	policies := map[string]iam.Document{}
	for _, file := range glob(t, "examples/install/provider-policy/*.json") {
		p, err := iam.Parse(string(read(t, file)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		policies[filepath.Base(file)] = p
	}
	return policies
}

// boundaryPolicy is the one file that denies. Who goes without a permissions boundary leaves it out.
const boundaryPolicy = "boundary.json"

// unbounded policies are those of who goes without a boundary.
func unbounded(policies map[string]iam.Document) map[string]iam.Document {
	rest := maps.Clone(policies)
	delete(rest, boundaryPolicy)
	return rest
}

// A request as IAM sees it: what is done to what, and what else is known.
type request struct {
	action, resource string
	context          map[string]string
}

// allowed reports whether IAM would allow a request to who has the policies.
func allowed(t *testing.T, policies map[string]iam.Document, r request) bool {
	t.Helper()

	context := map[string][]string{}
	for key, value := range r.context {
		// Other kinds of resources do not have the key.
		if value != "" {
			context[key] = []string{value}
		}
	}
	decision, err := access.Policies{Identity: slices.Collect(maps.Values(policies))}.Decide(
		access.Request{Action: r.action, Resource: r.resource, Context: context})
	if err != nil {
		t.Fatal(err)
	}
	return decision == access.Allowed
}
