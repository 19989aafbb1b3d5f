package controlplane

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// inProduction expects a claim's pipeline in the second account.
func (c claim) inProduction(namespace string) claim {
	c.SetNamespace(namespace)
	c.ProviderConfig = "production"
	return c
}

// TestTwoAccounts files three claims with one suffix in three namespaces: one in an account, and two in another. Each account has
// one holder, and they know nothing of each other.
func TestTwoAccounts(t *testing.T) {
	t.Parallel()
	settings(t, "production", map[string]any{"providerConfig": "production"}, "team-accounts-there", "team-accounts-late")
	here, there, late := newClaim(t, "accounts"), newClaim(t, "accounts").inProduction("team-accounts-there"), newClaim(t, "accounts").inProduction("team-accounts-late")
	here.File(t)
	there.File(t)
	here.WaitReady(t)
	there.WaitReady(t)

	for _, c := range []claim{here, there} {
		owners(t, c)
	}
	accounts := []string{claims.Text(here.Live(t), "status", "accountId"), claims.Text(there.Live(t), "status", "accountId")}
	if diff := cmp.Diff([]string{accountID, productionID}, accounts); diff != "" {
		t.Errorf("accounts of the pipelines: -want, +got:\n%s", diff)
	}
	before, made := here.Resources(t), there.Resources(t)
	if diff := cmp.Diff(parts(before), parts(made)); diff != "" {
		t.Errorf("resources in the two accounts: -first, +second:\n%s", diff)
	}
	if a, b := here.things(), production.Things("accounts."); len(a) != len(before) || len(b) != len(made) {
		t.Errorf("want all of a pipeline in each account, got %v and %v", a, b)
	}

	late.File(t)
	late.Wait(t, "refused", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "Accepted")
		return reason == "NameTaken"
	})
	_, _, message := claims.Condition(late.Live(t), "Accepted")
	if !strings.Contains(message, there.GetNamespace()+"/"+there.GetName()+" ") {
		t.Errorf("Accepted of the third claim: %s: want it to name the one that is in the same account", message)
	}
	t.Logf("the third claim:\n%s", late.Describe(t))

	t.Log("the holder goes, and what is in the other account stays")
	there.Kubectl(t, "delete", there.Plural(), there.GetName(), "--timeout=2m")
	there.Until(t, "its resources are gone", func() bool { return len(gone(made, there.Resources(t))) == len(made) })
	if lost := gone(before, here.Resources(t)); len(lost) > 0 {
		t.Errorf("deleting a pipeline deleted in another account: %v", lost)
	}
	late.WaitReady(t)
	owners(t, late)
}

// parts are the names in the composition of resources, in order.
func parts(resources map[string]string) []string {
	names := []string{}
	for name := range maps.Keys(resources) {
		kind, object, _ := strings.Cut(name, " ")
		names = append(names, kind+" "+strings.Split(object, ".")[1])
	}
	slices.Sort(names)
	return names
}

// TestSharedConnection has the platform team give a connection, then another one, and then none any more.
func TestSharedConnection(t *testing.T) {
	t.Parallel()
	const first, second = "arn:aws:codeconnections:us-east-1:111122223333:connection/1", "arn:aws:codeconnections:eu-west-1:444455556666:connection/2"
	own, sharing, refused := newClaim(t, "own-connection"), newClaim(t, "orders-staging-of-team-a"), newClaim(t, "refunds-staging")
	give := func(data map[string]any) {
		settings(t, "shared-connection", data, own.GetNamespace(), sharing.GetNamespace(), refused.GetNamespace())
	}
	// under waits until a claim is composed with the connection that is given.
	under := func(c claim, connection string) {
		c.reconcile(t, "under-"+strings.ReplaceAll(connection, "/", "-"))
		c.Wait(t, "under settings with connection "+connection, func(live *unstructured.Unstructured) bool {
			return claims.Text(live, "status", "settings", "values", "connectionArn") == connection
		})
	}
	uses := func(c claim) []string {
		_, reason, _ := claims.Condition(c.Live(t), "SourceConnected")
		return []string{reason, claims.Text(c.Live(t), "status", "connection", "arn")}
	}

	give(map[string]any{})
	own.File(t)
	own.WaitReady(t)
	before, ownUses := own.Resources(t), uses(own)

	give(map[string]any{"connectionArn": first})
	sharing.File(t)
	sharing.WaitReady(t)
	if diff := cmp.Diff([]string{"SharedConnection", first}, uses(sharing)); diff != "" {
		t.Errorf("-want the connection that is given, +got:\n%s", diff)
	}
	if made := sharing.Resource(t, "Connection", "github-connection"); made != nil {
		t.Error("a connection is made all the same")
	}
	under(own, first)

	give(map[string]any{"connectionArn": second})
	under(sharing, second)
	if diff := cmp.Diff([]string{"SharedConnection", second}, uses(sharing)); diff != "" {
		t.Errorf("-want the other connection, +got:\n%s", diff)
	}
	made := sharing.Resources(t)

	give(map[string]any{})
	under(own, "")
	under(sharing, "")
	refused.File(t)
	refused.Wait(t, "refused", func(live *unstructured.Unstructured) bool {
		_, reason, message := claims.Condition(live, "Accepted")
		return reason == "InvalidInput" && strings.Contains(message, "spec.environmentSuffix: Invalid value: \"refunds-staging\": may not be more than 14 characters")
	})
	if diff := cmp.Diff([]string{"SharedConnection", second}, uses(sharing)); diff != "" {
		t.Errorf("-want to go on with the connection, +got:\n%s", diff)
	}
	if diff := cmp.Diff(made, sharing.Resources(t)); diff != "" {
		t.Errorf("resources of the pipeline that shares: -before, +after:\n%s", diff)
	}
	if diff := cmp.Diff(ownUses, uses(own)); diff != "" {
		t.Errorf("-want its own connection, +got:\n%s", diff)
	}
	if diff := cmp.Diff(before, own.Resources(t)); diff != "" {
		t.Errorf("resources of the pipeline with its own connection: -before, +after:\n%s", diff)
	}
}
