package aws

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// use the pipeline: leave versions in its bucket, and items in its table.
func use(t *testing.T, c claims.Claim) {
	t.Helper()
	bucket := claims.Text(c.Live(t), "status", "artifactBucketName")
	for _, content := range []string{"one", "two"} {
		_, err := cloud.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("source/artifact.zip"), Body: strings.NewReader(content)})
		claims.Must(t, err)
	}
	_, err := cloud.DynamoDB.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String(claims.Text(c.Live(t), "status", "deploymentTableName")),
		Item:      map[string]dynamodbtypes.AttributeValue{"deploymentId": &dynamodbtypes.AttributeValueMemberS{Value: "d-1"}},
	})
	claims.Must(t, err)
}

// build writes into the pipeline's bucket once more, as a build does that still runs, and says whether there is a bucket.
func build(t *testing.T, bucket string) bool {
	t.Helper()
	_, err := cloud.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("build/artifact.zip"), Body: strings.NewReader("late")})
	if refusal := smithy.APIError(nil); errors.As(err, &refusal) && refusal.ErrorCode() == "NoSuchBucket" {
		return false
	}
	claims.Must(t, err)
	return true
}

// TestDeletion deletes a pipeline that has been used, whose function is called meanwhile, and whose build writes as long as there is a bucket.
// Nothing of it is left, and nothing comes back.
// The function is held back until its log group is gone: that is when a call could bring the group back.
func TestDeletion(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "deletion")
	use(t, c)
	bucket := claims.Text(c.Live(t), "status", "artifactBucketName")
	users := callerOf(t, "payment-processor-blue-deletion")
	pause(t, c, "Function", "blue-function", true)
	claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy()))
	c.Until(t, "the function's log group is gone", func() bool {
		users.call(t)
		build(t, bucket)
		return c.Resource(t, "Group", "blue-log-group") == nil
	})
	c.Until(t, "the bucket is gone, though a build writes into it", func() bool { return !build(t, bucket) })
	if users.call(t) {
		t.Fatal("want the function there until it is let go")
	}
	pause(t, c, "Function", "blue-function", false)
	c.Until(t, "the function and its role are gone", func() bool { return users.call(t) })
	gone(t, c)
}

// pause what the provider does with a resource, or let it go on.
func pause(t *testing.T, c claims.Claim, kind, name string, paused bool) {
	t.Helper()
	object := c.Resource(t, kind, name)
	value := "null"
	if paused {
		value = `"true"`
	}
	patch := fmt.Appendf(nil, `{"metadata": {"annotations": {"crossplane.io/paused": %s}}}`, value)
	claims.Must(t, shared.Client.Patch(t.Context(), object, client.RawPatch(types.MergePatchType, patch)))
}

// TestDeletionProtection deletes a protected one. All of it is left, but for the email subscriptions.
func TestDeletionProtection(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "protected", func(c claims.Claim) {
		c.Set(true, "deletionProtection")
		c.Set([]any{"a@example.com"}, "notifications", "emails")
	})
	use(t, c)
	before := holdings(t, c)
	c.Kubectl(t, "delete", c.Plural(), c.GetName())
	c.Until(t, "its resources are gone", func() bool { return len(c.Resources(t)) == 0 })

	after := holdings(t, c)
	if diff := cmp.Diff(things(before), things(after)); diff != "" {
		t.Errorf("AWS has lost something: -before, +after:\n%s", diff)
	}
	topic := "Topic deployment-alarms-protected"
	if got := after.At(topic, "Endpoints"); strings.Contains(got, "@") {
		t.Errorf("mails are still sent to %s", got)
	}
	bucket := slices.IndexFunc(things(after), func(name string) bool { return strings.HasSuffix(name, "/source/artifact.zip") })
	if bucket < 0 {
		t.Error("the artifact is gone")
	}
}
