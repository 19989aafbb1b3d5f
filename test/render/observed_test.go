package render

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadObserved reads what kubectl prints of two resources, in each way.
func TestReadObserved(t *testing.T) {
	const (
		bucket = "apiVersion: s3.aws.upbound.io/v1beta2\nkind: Bucket\nmetadata:\n  name: a\n"
		topic  = "apiVersion: sns.aws.upbound.io/v1beta1\nkind: Topic\nmetadata:\n  name: b\n"
		owners = "  ownerReferences:\n  - apiVersion: paymentdelivery.io/v1alpha1\n    controller: true\n    kind: XPaymentDeliveryPipeline\n    name: x\n    uid: y\n"
		listed = `{"apiVersion": "v1", "kind": "List", "items": [
			{"apiVersion": "s3.aws.upbound.io/v1beta2", "kind": "Bucket", "metadata": {"name": "a", "ownerReferences": [{"name": "x", "controller": true}]}},
			{"apiVersion": "sns.aws.upbound.io/v1beta1", "kind": "Topic", "metadata": {"name": "b"}}]}`
	)
	for name, files := range map[string]map[string]string{
		"Documents": {"one.yaml": "---\n" + bucket + owners + "---\n" + topic + owners},
		"List":      {"one.yaml": listed},
		"Files":     {"one.yaml": bucket + owners, "two.yaml": topic},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, content := range files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			path := dir
			if len(files) == 1 {
				path = filepath.Join(dir, "one.yaml")
			}
			observed, err := ReadObserved(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Print(observed)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("---\n"+bucket+"---\n"+topic, string(got)); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}
