package aws

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// productionID of a second account.
const productionID = "444455556666"

// openProduction has the provider reach the second account by a ProviderConfig of its own, and returns what a person sees of it.
var openProduction = sync.OnceValues(func() (*account.Account, error) {
	ctx := context.Background()
	admin, err := emulated.CreateAdmin(ctx, productionID, providerUser)
	if err != nil {
		return nil, err
	}
	if err := configureProvider(ctx, "production", accessKey{id: admin.AccessKeyID, secret: admin.SecretAccessKey}); err != nil {
		return nil, err
	}
	ca, err := shared.CAFile()
	if err != nil {
		return nil, err
	}
	return account.Open(ctx, routes.URL(), ca, region, admin.AccessKeyID, admin.SecretAccessKey)
})

// TestTwoAccounts files two claims with one suffix, each for an account of its own. Each account has its pipeline and nothing of the
// other's, and the deletion of one leaves the other.
func TestTwoAccounts(t *testing.T) {
	t.Parallel()
	production, err := openProduction()
	claims.Must(t, err)
	here := environment.New(t, "examples/claims/minimal.yaml", "accounts")
	there := environment.New(t, "examples/claims/minimal.yaml", "accounts")
	there.SetNamespace("team-accounts-there")
	there.ProviderConfig = "production"
	claims.Must(t, shared.Settle(t.Context(), "production", map[string]any{"providerConfig": "production"}, there.GetNamespace()))

	here.File(t)
	there.File(t)
	authorise(t, here)
	authorise(t, there)
	here.WaitReady(t)
	there.WaitReady(t)

	held := holdings(t, here).Normal(here.Suffix)
	inProduction := func() account.Holdings {
		t.Helper()
		h, err := production.Holdings(t.Context(), there.Suffix)
		claims.Must(t, err)
		return h
	}
	got := inProduction().Normal(there.Suffix)
	if strings.Contains(held, productionID) || strings.Contains(got, accountID) {
		t.Error("a pipeline names the other's account")
	}
	// The provider has the ProviderConfig in its tags, and in that of the managed resource's name. The holder's tag has the claim's namespace.
	asHere := strings.NewReplacer(productionID, accountID, `.production"`, `.default"`, `"production"`, `"default"`, "/team-SUFFIX-there/", "/team-SUFFIX/")
	if diff := cmp.Diff(strings.Split(held, "\n"), strings.Split(asHere.Replace(got), "\n")); diff != "" {
		t.Errorf("the second account has another pipeline: -first, +second:\n%s", diff)
	}

	claims.Must(t, shared.Client.Delete(t.Context(), there.DeepCopy()))
	there.WaitFor(t, "the claim is gone", func() bool { return there.Live(t) == nil && len(there.Resources(t)) == 0 },
		func() string { return there.Describe(t) })
	if left := inProduction(); len(left) > 0 {
		t.Errorf("the second account still has %v", things(left))
	}
	after := holdings(t, here).Normal(here.Suffix)
	if diff := cmp.Diff(strings.Split(held, "\n"), strings.Split(after, "\n")); diff != "" {
		t.Errorf("deleting a pipeline has changed the other account: -before, +after:\n%s", diff)
	}
}
