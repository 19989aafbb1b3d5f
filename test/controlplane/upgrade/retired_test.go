package upgrade

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// retired are the names in the composition of what this release of the package retires: an upgrade takes it from pipelines that have
// it, once others do its work.
func retired(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "fn", "testdata", "retired.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	locked := map[string]any{}
	if err := yaml.Unmarshal(raw, &locked); err != nil {
		t.Fatalf("cannot parse what is retired: %v", err)
	}
	var names []string
	for name := range locked {
		names = append(names, name)
	}
	return names
}

// without returns the snapshot without the resources of some names in the composition, and their things in AWS.
func (s snapshot) without(names []string) (rest snapshot, things []string) {
	rest = snapshot{}
	for id, u := range s {
		if slices.Contains(names, u.GetAnnotations()[annotationName]) {
			things = append(things, thingOf(u))
			continue
		}
		rest[id] = u
	}
	return rest, things
}

// thingOf a managed resource in AWS, as the account names it.
func thingOf(u unstructured.Unstructured) string {
	return u.GetKind() + " " + awsName(u)
}

// pipelinesChanged are the pipelines of which an upgrade has changed what is asked for. CodePipeline ends the runs of a pipeline that
// is updated.
func pipelinesChanged(before, after snapshot) []string {
	var changed []string
	for id, is := range after {
		was, existed := before[id]
		if existed && strings.HasPrefix(id, "Codepipeline ") && is.GetGeneration() != was.GetGeneration() {
			changed = append(changed, id)
		}
	}
	return changed
}
