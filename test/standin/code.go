package standin

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// hash of code, as Lambda tells it: see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html.
func hash(code []byte) string {
	sum := sha256.Sum256(code)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// load the code that a new function is created with: the object in S3 that its managed resource names. It reports false while there is
// no such object, which Lambda refuses. A managed resource that names none has a function without code.
func (a *AWS) load(function *unstructured.Unstructured, has *thing) bool {
	key := initProvider(function, "s3Key")
	if has.code == "" && key != "" {
		has.code = a.objectHash(initProvider(function, "s3BucketRef", "name"), key)
	}
	return has.code != "" || key == ""
}

// objectHash is the hash of an object in a bucket, which is a managed resource's name, or "".
func (a *AWS) objectHash(bucket, key string) string {
	for id, t := range a.things {
		if !strings.HasPrefix(id, "Object ") || t.forProvider["key"] != key {
			continue
		}
		ref, _, _ := unstructured.NestedString(t.forProvider, "bucketRef", "name")
		content, _ := t.forProvider["contentBase64"].(string)
		if code, err := base64.StdEncoding.DecodeString(content); err == nil && ref == bucket {
			return hash(code)
		}
	}
	return ""
}

// initProvider is the text at a path in the resource's spec.initProvider, or "".
func initProvider(mr *unstructured.Unstructured, path ...string) string {
	text, _, _ := unstructured.NestedString(mr.Object, append([]string{"spec", "initProvider"}, path...)...)
	return text
}
