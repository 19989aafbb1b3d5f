package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

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

// TestDeletion deletes a pipeline that has been used. Nothing of it is left.
func TestDeletion(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "deletion")
	use(t, c)
	claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy()))
	gone(t, c)
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
	c.Kubectl(t, "delete", "pdp", c.GetName())
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
