package release

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access/examples"
)

// A simulation is what simulate.js takes of a request.
type simulation struct {
	Role     string         `json:"role"`
	Account  string         `json:"account"`
	Request  access.Request `json:"request"`
	Identity []iam.Document `json:"identity"`
	Resource *iam.Document  `json:"resource,omitempty"`
}

// simulated is what it makes of it.
type simulated struct {
	Decision string `json:"decision"`
	Error    string `json:"error"`
}

// decisions of simulate.js, by ours.
var decisions = map[access.Decision]string{
	access.Allowed:      "Allowed",
	access.ImplicitDeny: "ImplicitlyDenied",
	access.ExplicitDeny: "ExplicitlyDenied",
}

// keyPolicy lets IAM decide who may use a key, as the keys of pipelines must.
var keyPolicy = iam.New(iam.Allow("IAM", "kms:*").To(iam.AWS("arn:aws:iam::" + accountID + ":root")).On("*"))

func simulationOf(role string, p access.Policies, r access.Request) simulation {
	s := simulation{Role: role, Account: accountID, Request: r, Identity: append([]iam.Document{}, p.Identity...)}
	switch {
	case len(p.Resource) > 0:
		s.Resource = &p.Resource[0]
	case strings.HasPrefix(r.Action, "kms:"):
		s.Resource = &keyPolicy
	}
	return s
}

func simulate(t *testing.T, all []simulation) (results []simulated) {
	t.Helper()
	runNode(t, "simulate/simulate.js", all, &results)
	if len(results) != len(all) {
		t.Fatalf("want %d decisions, got %d", len(all), len(results))
	}
	return results
}

// TestExamples decides each example of our own evaluator with the simulator of others.
func TestExamples(t *testing.T) {
	all := examples.All()
	names := slices.Sorted(maps.Keys(all))
	var simulations []simulation
	for _, name := range names {
		simulations = append(simulations, simulationOf(examples.Role, all[name].Policies, all[name].Request))
	}
	for i, got := range simulate(t, simulations) {
		t.Run(names[i], func(t *testing.T) {
			if e := all[names[i]]; got.Error != "" || got.Decision != decisions[e.Want] {
				t.Errorf("%s\n%s: want %s, got %s%s", e.Reason, e.Request, decisions[e.Want], got.Decision, got.Error)
			}
		})
	}
}

// TestRoles runs a release and a rollback, and decides what IAM was asked for them with the simulator of others: under the policies as they
// are rendered, and without each of their statements. Both must decide alike, and what a statement is for is denied without it.
func TestRoles(t *testing.T) {
	b := newBench(t, ready, allAtOnce)
	b.blue("2")
	b.smoke("1")
	b.shift("2")
	b.recordNew()
	b.rollback(`{"requestedBy": "ada", "reason": "payments are charged twice"}`)
	for _, name := range []string{"pipeline-role", "release-role", "rollback-role", "watch-role", "watch-events-role"} {
		t.Run(name, func(t *testing.T) {
			role := b.role(name)
			requests := distinct(b.asked[role])
			var simulations []simulation
			var want []access.Decision
			add := func(a *access.Account) (denied bool) {
				for _, r := range requests {
					decision, err := a.Decide(role, r)
					if err != nil {
						t.Fatal(err)
					}
					simulations, want = append(simulations, simulationOf(role, a.Policies(role, r), r)), append(want, decision)
					denied = denied || decision != access.Allowed
				}
				return denied
			}
			add(b.account)
			needed := 0
			for _, s := range b.account.Statements(role) {
				if add(b.account.Without(role, s.Sid)) {
					needed++
				}
			}
			if needed == 0 {
				t.Errorf("want that a statement is needed for %v", requests)
			}
			for i, got := range simulate(t, simulations) {
				if got.Error != "" || got.Decision != decisions[want[i]] {
					t.Errorf("%s: want %s, got %s%s", simulations[i].Request, decisions[want[i]], got.Decision, got.Error)
				}
			}
			t.Logf("%d requests, %d statements needed, %d decisions", len(requests), needed, len(want))
		})
	}
}

// distinct requests.
func distinct(all []access.Request) (first []access.Request) {
	for _, r := range all {
		if !slices.ContainsFunc(first, func(other access.Request) bool { return cmp.Equal(r, other) }) {
			first = append(first, r)
		}
	}
	return first
}
