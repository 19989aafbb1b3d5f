package sdk

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// TestNames gives members whose names differ between the SDKs to a state machine and takes them from it.
func TestNames(t *testing.T) {
	text := "x"
	cases := map[string]struct {
		reason  string
		names   names
		members any
		want    map[string]any

		// other name of one of the members, which a state machine cannot use.
		other string
	}{
		"Alike": {
			reason: "What begins with a capital in both is the same.",
			names:  objects.names, members: &s3.HeadObjectOutput{ChecksumSHA256: &text, ETag: &text},
			want: map[string]any{"ChecksumSHA256": "x", "ETag": "x"}, other: "ChecksumSha256",
		},
		"Acronym": {
			reason: "Java has fewer capitals.",
			names:  plainLambda.names, members: &lambda.GetFunctionConfigurationOutput{KMSKeyArn: &text},
			want: map[string]any{"KmsKeyArn": "x"}, other: "KMSKeyArn",
		},
		"Input": {
			reason: "So it is in what is sent.",
			names:  objects.names, members: &s3.CopyObjectInput{SSEKMSKeyId: &text},
			want: map[string]any{"SsekmsKeyId": "x"}, other: "SSEKMSKeyId",
		},
		"Taken": {
			reason: "Go has a method of this name.",
			//nolint:staticcheck // Nothing of ours sends it. It is the one member that Go names otherwise.
			names: deploy.names, members: &types.RevisionLocation{String_: &types.RawString{Content: &text}},
			want: map[string]any{"String": map[string]any{"Content": "x"}}, other: "String_",
		},
		"Optimised": {
			reason: "An optimised integration has the API's names.",
			names:  table.names, members: &dynamodb.UpdateItemInput{TableName: &text},
			want: map[string]any{"TableName": "x"}, other: "Tablename",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := tc.names.encode(tc.members)
			if err != nil {
				t.Fatal(err)
			}
			given, _ := got.(map[string]any)
			maps.DeleteFunc(given, func(member string, _ any) bool { return tc.want[member] == nil })
			if diff := cmp.Diff(tc.want, given); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			back := reflect.New(reflect.TypeOf(tc.members).Elem()).Interface()
			if err := tc.names.decode(tc.want, back); err != nil {
				t.Errorf("%s\n%v", tc.reason, err)
			}
			if err := tc.names.decode(map[string]any{tc.other: "x"}, back); err == nil || !strings.Contains(err.Error(), "has no member") {
				t.Errorf("%s\nwant %q to be refused, got %v", tc.reason, tc.other, err)
			}
		})
	}
}

// TestEveryNameIsKnown checks that the names of AWS's SDK for Java are there for each call that it makes.
func TestEveryNameIsKnown(t *testing.T) {
	calls := 0
	for _, resource := range New("", "").Resources() {
		call, ok := strings.CutPrefix(resource, plain)
		if !ok {
			continue
		}
		calls++
		service, operation, _ := strings.Cut(call, ":")
		java, err := awsmodel.LoadJava(service)
		if err != nil {
			t.Fatal(err)
		}
		for _, shape := range []string{"Request", "Response"} {
			name := strings.ToUpper(operation[:1]) + operation[1:] + shape
			if _, ok := java.Shapes[name]; !ok {
				t.Errorf("%s has no %s: name it in tools/awsmodels/wanted.go, and run make aws-models", service, name)
			}
		}
	}
	if calls < 10 {
		t.Errorf("want at least 10 calls, got %d", calls)
	}
}
