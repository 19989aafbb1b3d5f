package standin

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestCode follows a function's code, which begins with an object in S3.
func TestCode(t *testing.T) {
	aws := &AWS{AccountID: account}
	object := func(content string) *unstructured.Unstructured {
		return managed("s3", "Object", "code", map[string]any{"key": "bootstrap/blue.zip", "bucketRef": map[string]any{"name": "artifacts"}, "contentBase64": content})
	}
	f, memory := blue(), 512.0
	f.Object["spec"].(map[string]any)["initProvider"] = map[string]any{"s3Key": "bootstrap/blue.zip", "s3BucketRef": map[string]any{"name": "artifacts"}}
	// code has the provider look at the function.
	code := func() string {
		f.Object["spec"].(map[string]any)["forProvider"].(map[string]any)["memorySize"] = memory
		if !aws.Observe(f) {
			return "not made: Ready is " + conditions(f)["Ready"]
		}
		return text(f, "status", "atProvider", "codeSha256")
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const (
		bootstrap = "VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs=" // Of "code".
		other     = "2SmKENGwc1g33EvYXaxkGw887yekfl1TpU8vP1svz/o=" // Of "other".
	)
	steps := []struct {
		reason string
		happen func()
		want   string
	}{
		{"Without its object, Lambda makes no function.", func() {}, "not made: Ready is False"},
		{"An object of another bucket is not its code.", func() {
			o := object("b3RoZXI=")
			setExternalName(o, "elsewhere")
			o.Object["spec"].(map[string]any)["forProvider"].(map[string]any)["bucketRef"] = map[string]any{"name": "other"}
			aws.Observe(o)
		}, "not made: Ready is False"},
		{"It has the object's code.", func() { aws.Observe(object("Y29kZQ==")) }, bootstrap},
		{"A changed object changes no function.", func() { aws.Observe(object("b3RoZXI=")) }, bootstrap},
		{"A configuration is published with the same code.", func() { memory = 1024 }, bootstrap},
		{"A release brings its own.", func() { must(aws.Publish(f, "3")) }, hash([]byte("released as version 3"))},
		{"A function that is made again has the object's code again.", func() {
			must(aws.Lose(f))
			must(aws.Publish(f, "4"))
		}, other},
	}
	for _, step := range steps {
		step.happen()
		if diff := cmp.Diff(step.want, code()); diff != "" {
			t.Errorf("%s\n-want, +got:\n%s", step.reason, diff)
		}
	}
}
