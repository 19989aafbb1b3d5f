package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/router"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestAdopt takes a stack of the Pulumi program of the original design over, first in a dry run, and leaves it again.
func TestAdopt(t *testing.T) {
	t.Parallel()
	const suffix = "adopt"
	stack, err := createOriginal(t.Context(), suffix)
	claims.Must(t, err)
	routes.Authorise(stack.connectionARN)
	began := time.Now()
	c := environment.New(t, "examples/claims/minimal.yaml", suffix)
	c.Set(stack.connectionARN, "source", "connectionArn")
	c.Set([]any{"ops@example.com"}, "notifications", "emails")
	before, kept := holdings(t, c), keptOf(t, c)

	c.Set(true, "dryRun")
	c.File(t)
	c.Wait(t, "planned", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "DryRun")
		return reason == "Planned"
	})
	t.Logf("planned after %s", time.Since(began).Round(time.Second))
	planned(t, c)
	if writes := routes.WritesAbout(suffix, began); len(writes) > 0 {
		t.Errorf("a dry run has written to AWS:\n%s", lines(writes))
	}
	if diff := cmp.Diff(before.Normal(suffix), holdings(t, c).Normal(suffix)); diff != "" {
		t.Errorf("a dry run has changed AWS: -before, +after:\n%s", diff)
	}

	t.Log("the claim says what it is to keep, and the plan follows")
	c.Set(int64(reserved), "service", "concurrency", "reserved")
	claims.Must(t, c.Apply(t))
	c.Wait(t, "keeping the reservation", func(*unstructured.Unstructured) bool {
		return !slices.ContainsFunc(plannedChanges(t, c)["blue-function"], func(field string) bool { return strings.HasPrefix(field, "reservedConcurrentExecutions") })
	})

	c.Set(false, "dryRun")
	claims.Must(t, c.Apply(t))
	c.Wait(t, "managed", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "DryRun")
		return reason == "Managed"
	})
	c.WaitReady(t)
	t.Logf("taken over after %s", time.Since(began).Round(time.Second))
	if diff := cmp.Diff(kept, keptOf(t, c)); diff != "" {
		t.Errorf("taking it over has changed what must stay: -before, +after:\n%s", diff)
	}
	notDeleted(t, suffix, began)

	c.Set(true, "dryRun")
	claims.Must(t, c.Apply(t))
	c.Until(t, "the provider only looks at all of it", func() bool {
		policies := c.Kubectl(t, "get", "managed", "-l", "crossplane.io/claim-name=payments,crossplane.io/claim-namespace="+c.GetNamespace(),
			"-o", "jsonpath={range .items[*]}{.spec.managementPolicies}{end}")
		return strings.ReplaceAll(policies, `["Observe"]`, "") == "" && policies != ""
	})
	all := holdings(t, c)
	left := time.Now()
	claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy()))
	c.Until(t, "the claim is gone", func() bool { return c.Live(t) == nil && len(c.Resources(t)) == 0 })
	if diff := cmp.Diff(things(all), things(holdings(t, c))); diff != "" {
		t.Errorf("leaving has taken something from AWS: -before, +after:\n%s", diff)
	}
	if diff := cmp.Diff(kept, keptOf(t, c)); diff != "" {
		t.Errorf("leaving has changed what must stay: -before, +after:\n%s", diff)
	}
	if writes := routes.WritesAbout(suffix, left); len(writes) > 0 {
		t.Errorf("leaving has written to AWS:\n%s", lines(writes))
	}
	notDeleted(t, suffix, began)
}

// planned checks what the claim says that it would do.
func planned(t *testing.T, c claims.Claim) {
	t.Helper()
	t.Log(c.Kubectl(t, "get", c.Plural(), "payments", "-o", "yaml"))
	plan, _, _ := unstructured.NestedMap(c.Live(t).Object, "status", "plan")
	create, _, _ := unstructured.NestedStringSlice(plan, "create")
	for _, name := range []string{
		"history-table", "alarm-topic", "function-role", "blue-log-group", "green-log-group", "blue-function", "green-function", "live-alias", "error-alarm",
		"deploy-application", "deployment-group", "build-role", "build-policy", "build-project", "pipeline-role", "pipeline-policy", "pipeline",
	} {
		if slices.Contains(create, name) {
			t.Errorf("%s exists, and the plan is to create it", name)
		}
	}
	for _, name := range []string{"artifact-bucket", "release-role", "dashboard", "build-log-group"} {
		if !slices.Contains(create, name) {
			t.Errorf("%s does not exist, and the plan is not to create it: %v", name, create)
		}
	}
	fields := plannedChanges(t, c)
	for _, field := range []string{
		"runtime: nodejs18.x -> nodejs24.x", "timeout: 3 -> 30", "tags.project: tap -> none", fmt.Sprintf("reservedConcurrentExecutions: %d -> none", reserved),
	} {
		if got := fields["blue-function"]; !slices.Contains(got, field) {
			t.Errorf("the plan does not say of the blue function %s: %v", field, got)
		}
	}
	for name, differing := range fields {
		if slices.Contains(differing, "region: none -> "+region) {
			t.Errorf("the provider has not looked at %s: %v", name, differing)
		}
	}
	if got := fields["live-alias"]; got != nil {
		t.Errorf("the alias is never changed, and the plan says: %v", got)
	}
}

// plannedChanges are the fields that the claim says that it would change, by resource.
func plannedChanges(t *testing.T, c claims.Claim) map[string][]string {
	t.Helper()
	changes, _, _ := unstructured.NestedSlice(c.Live(t).Object, "status", "plan", "change")
	fields := map[string][]string{}
	for _, change := range changes {
		fields[claims.Text(&unstructured.Unstructured{Object: change.(map[string]any)}, "name")], _, _ = unstructured.NestedStringSlice(change.(map[string]any), "fields")
	}
	return fields
}

// keptOf the stack is what must be the same before and after. Times and ids of it say that it was not made anew.
func keptOf(t *testing.T, c claims.Claim) map[string]string {
	t.Helper()
	h, of := holdings(t, c), map[string]string{}
	keep := func(thing string, paths ...[]any) {
		for _, path := range paths {
			of[thing+" "+strings.Join(asTexts(path), ".")] = h.At(thing, path...)
		}
	}
	keep("Table deployment-history-"+c.Suffix, []any{"Table", "TableId"}, []any{"Table", "CreationDateTime"}, []any{"Table", "ItemCount"})
	keep("Topic deployment-alarms-"+c.Suffix, []any{"Attributes", "TopicArn"}, []any{"Endpoints"})
	keep("Role lambda-execution-role-"+c.Suffix, []any{"Role", "RoleId"})
	keep("Connection github-connection-"+c.Suffix, []any{"ConnectionArn"})
	keep("Object pipeline-artifacts-"+c.Suffix+"/old/artifact.zip", []any{"ETag"})
	keep("ReservedConcurrency payment-processor-blue-"+c.Suffix, nil)
	of["alias"] = h.At("Alias payment-processor-blue-"+c.Suffix+":live", "FunctionVersion")
	for _, color := range []string{"blue", "green"} {
		code, err := versions(t.Context(), "payment-processor-"+color+"-"+c.Suffix)
		claims.Must(t, err)
		for _, version := range []string{"1", "2", "$LATEST"} {
			of[color+" "+version] = code[version]
		}
	}
	inline, err := inlinePolicies(t.Context(), "lambda-execution-role-"+c.Suffix)
	claims.Must(t, err)
	of["inline policies"] = inline
	for what, is := range of {
		if is == "" {
			t.Errorf("AWS has no %s: %v", what, slices.Sorted(maps.Keys(h)))
		}
	}
	return of
}

func asTexts(path []any) []string {
	texts := make([]string, 0, len(path))
	for _, step := range path {
		texts = append(texts, step.(string))
	}
	return texts
}

// notDeleted checks that nobody has asked AWS to delete anything of the stack, but tags.
func notDeleted(t *testing.T, suffix string, since time.Time) {
	t.Helper()
	deletions := slices.DeleteFunc(routes.WritesAbout(suffix, since), func(c router.Call) bool {
		return !strings.Contains(strings.ToUpper(c.Action), "DELETE") && !strings.Contains(c.Action, "Remove") && !strings.Contains(c.Action, "Detach") ||
			strings.HasPrefix(c.Action, "DELETE /2017-03-31/tags/")
	})
	if len(deletions) > 0 {
		t.Errorf("deleted:\n%s", lines(deletions))
	}
}
