package fntest

import (
	"encoding/json"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// blue is the ARN of the function whose aliases are made here.
const blue = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"

// The functions here make managed resources that the provider has looked at, in YAML, as test/standin plays it.

// Managed is one of any kind, with changes since.
func Managed(changes ...standin.Change) string {
	return managed(&standin.AWS{AccountID: Account}, "example/Kind", changes...)
}

// Topic is a topic in the supplied account.
func Topic(account string) string {
	return managed(&standin.AWS{AccountID: account}, "sns/Topic")
}

// Role is a role in the supplied account.
func Role(account string) string {
	return managed(&standin.AWS{AccountID: account}, "iam/Role")
}

// ConnectionIn is a connection to GitHub in the supplied status, such as PENDING. Its ARN is Connection.
func ConnectionIn(status string) string {
	return managed(&standin.AWS{AccountID: Account, ConnectionStatus: status}, "codestarconnections/Connection")
}

// FunctionWith is a function whose last published version is the supplied one.
func FunctionWith(version string) string {
	aws, mr := &standin.AWS{AccountID: Account}, newManaged("lambda/Function")
	aws.Observe(mr)
	if err := aws.Publish(mr, version); err != nil {
		panic(err) // It was made a line above.
	}
	aws.Observe(mr)
	return text(mr)
}

// BootstrapCode is the object with the code that FunctionCreated has, in base64.
const BootstrapCode = "Y29kZQ=="

// FunctionCreated is a function whose last published version is the supplied one, and whose code is BootstrapCode: no release has
// uploaded other code.
func FunctionCreated(version string) string {
	return FunctionCoded(version, "VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs=")
}

// FunctionCoded is a function whose last published version is the supplied one, and whose code has the supplied SHA-256 in base64.
func FunctionCoded(version, sha256 string) string {
	mr := newManaged("lambda/Function")
	mr.Object["status"] = map[string]any{"atProvider": map[string]any{"version": version, "codeSha256": sha256}}
	return text(mr)
}

// AliasOn is an alias that was on a version when the provider looked last, with changes since.
func AliasOn(version string, changes ...standin.Change) string {
	return AliasAsked(version, version, changes...)
}

// AliasAsked is an alias that was on a version when the provider looked last, and is asked for on another, with changes
// since.
func AliasAsked(asked, version string, changes ...standin.Change) string {
	mr := newManaged("lambda/Alias")
	ask := func(version string) { mr.Object["spec"] = forProvider("functionVersion", version) }
	ask(version)
	(&standin.AWS{AccountID: Account}).Observe(mr)
	ask(asked)
	standin.All(changes...)(mr)
	return text(mr)
}

// Gone is an alias that cannot be made on the supplied version, as Lambda does not have that.
func Gone(version string) standin.Change {
	return standin.Uncreated(UnknownVersion(version))
}

// UnknownVersion is what Lambda says if the blue function does not have the version.
func UnknownVersion(version string) string {
	return standin.UnknownVersion(blue, version)
}

func managed(aws *standin.AWS, kind string, changes ...standin.Change) string {
	mr := newManaged(kind)
	aws.Observe(mr)
	standin.All(changes...)(mr)
	return text(mr)
}

// newManaged is one of a kind, such as sns/Topic, that nobody has looked at.
func newManaged(kind string) *unstructured.Unstructured {
	group, kind, _ := strings.Cut(kind, "/")
	mr := &unstructured.Unstructured{Object: map[string]any{"spec": forProvider("region", "us-east-1")}}
	mr.SetGroupVersionKind(schema.GroupVersionKind{Group: group + ".aws.upbound.io", Version: "v1beta1", Kind: kind})
	mr.SetName("pr-123." + strings.ToLower(kind) + ".default")
	return mr
}

func forProvider(field, value string) map[string]any {
	return map[string]any{"forProvider": map[string]any{field: value}}
}

// text of an object in JSON, which is YAML too.
func text(mr *unstructured.Unstructured) string {
	b, err := json.Marshal(mr.Object)
	if err != nil {
		panic(err) // It is made of what JSON is made of.
	}
	return string(b)
}
