package upgrade

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// report what has changed, for a person to read: how much in each claim, and everything in the first one. A file has all
// of it.
func report(t *testing.T, before, after []snapshot) {
	t.Helper()
	dir := cache(t, "upgrade")
	claims.Must(t, os.RemoveAll(dir))
	for i, s := range states {
		before[i].write(t, filepath.Join(dir, "before", s.name))
		after[i].write(t, filepath.Join(dir, "after", s.name))
	}
	all := cache(t, "upgrade.diff")
	claims.Must(t, os.WriteFile(all, difference(t, dir, "before", "after"), 0o600))

	first := states[0].name
	fmt.Printf("\n%s", difference(t, dir, filepath.Join("before", first), filepath.Join("after", first)))
	fmt.Println("\nThis is what changes in the claim that is ready. Of all claims:")
	for i, s := range states {
		fmt.Printf("  %-10s %s\n", s.name, summary(before[i], after[i]))
	}
	fmt.Println("All changes:", all)
}

// difference between two directories below a third.
func difference(t *testing.T, dir, from, to string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "diff", "--no-index", "--no-renames", "--no-prefix", from, to)
	cmd.Dir = dir
	out, err := cmd.Output()
	// 1 says that there are differences.
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 {
		return out
	}
	claims.Must(t, err)
	return out
}

// summary of what has changed in a claim.
func summary(before, after snapshot) string {
	changed, added := 0, 0
	for id := range after {
		if was, existed := before[id]; !existed {
			added++
		} else if !reflect.DeepEqual(document(was), document(after[id])) {
			changed++
		}
	}
	return fmt.Sprintf("%d managed resources: %d changed, %d new", len(after), changed, added)
}

// write the snapshot into a directory, a file for each resource.
func (s snapshot) write(t *testing.T, dir string) {
	t.Helper()
	claims.Must(t, os.MkdirAll(dir, 0o755))
	for _, u := range s {
		b, err := yaml.Marshal(document(u))
		claims.Must(t, err)
		claims.Must(t, os.WriteFile(filepath.Join(dir, u.GetAnnotations()[annotationName]+".yaml"), b, 0o600))
	}
}

// document is what a person wants to know of a managed resource.
func document(u unstructured.Unstructured) map[string]any {
	return map[string]any{"kind": u.GetKind(), "awsName": awsName(u), "spec": readable(u.Object["spec"])}
}

// readable is a value in which JSON documents, such as policies, are no longer texts of one line.
func readable(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for key, member := range v {
			m[key] = readable(member)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i := range v {
			l[i] = readable(v[i])
		}
		return l
	case string:
		parsed := map[string]any{}
		if json.Unmarshal([]byte(v), &parsed) == nil {
			return parsed
		}
	}
	return v
}
