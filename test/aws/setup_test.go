package aws

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// providerUser is who the provider is in AWS. Its policies are those of examples/install.
const providerUser = "crossplane-provider-aws"

// exampleKey is the key that kms.json has before a platform team writes its own into it.
const exampleKey = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

// An accessKey is what a program signs its requests with.
type accessKey struct{ id, secret string }

// createProviderUser with the policies that platform teams are told to give the provider, and with the given KMS key.
func createProviderUser(ctx context.Context, keyARN string) (accessKey, error) {
	name := providerUser
	if _, err := cloud.IAM.CreateUser(ctx, &iam.CreateUserInput{UserName: &name}); err != nil {
		return accessKey{}, err
	}
	files, err := policyFiles()
	if err != nil {
		return accessKey{}, err
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return accessKey{}, err
		}
		document := withoutPolicyARN(asOperations(strings.ReplaceAll(string(b), exampleKey, keyARN)))
		if err := attachPolicy(ctx, strings.TrimSuffix(filepath.Base(file), ".json"), document); err != nil {
			return accessKey{}, errors.Wrapf(err, "cannot attach %q", file)
		}
	}
	if err := attachPolicy(ctx, "emulator", unknownToEmulator); err != nil {
		return accessKey{}, err
	}
	created, err := cloud.IAM.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		return accessKey{}, err
	}
	return accessKey{id: *created.AccessKey.AccessKeyId, secret: *created.AccessKey.SecretAccessKey}, nil
}

// policyFiles that platform teams attach to the provider's role, as who goes without a permissions boundary does. The emulator does not know
// iam:PermissionsBoundary: under boundary.json no role could be made.
func policyFiles() ([]string, error) {
	files, err := filepath.Glob(filepath.Join(shared.Root, "examples", "install", "provider-policy", "*.json"))
	if err == nil && len(files) == 0 {
		err = errors.New("examples/install/provider-policy has no policies")
	}
	return slices.DeleteFunc(files, func(file string) bool { return filepath.Base(file) == "boundary.json" }), err
}

// operations of S3 by the action that allows them, where they are not called alike. The emulator takes the operation for the
// action. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var operations = map[string][]string{
	"s3:GetAccelerateConfiguration":       {"s3:GetBucketAccelerateConfiguration"},
	"s3:GetBucketObjectLockConfiguration": {"s3:GetObjectLockConfiguration"},
	"s3:GetBucketPublicAccessBlock":       {"s3:GetPublicAccessBlock"},
	"s3:GetEncryptionConfiguration":       {"s3:GetBucketEncryption"},
	"s3:GetLifecycleConfiguration":        {"s3:GetBucketLifecycleConfiguration"},
	"s3:GetObject":                        {"s3:GetObject", "s3:HeadObject"},
	"s3:GetReplicationConfiguration":      {"s3:GetBucketReplication"},
	"s3:ListBucket":                       {"s3:HeadBucket", "s3:ListObjects", "s3:ListObjectsV2"},
	"s3:ListBucketVersions":               {"s3:ListObjectVersions"},
	"s3:PutBucketOwnershipControls":       {"s3:PutBucketOwnershipControls", "s3:DeleteBucketOwnershipControls"},
	"s3:PutBucketPublicAccessBlock":       {"s3:PutPublicAccessBlock", "s3:DeletePublicAccessBlock"},
	"s3:PutEncryptionConfiguration":       {"s3:PutBucketEncryption", "s3:DeleteBucketEncryption"},
	"s3:PutLifecycleConfiguration":        {"s3:PutBucketLifecycleConfiguration", "s3:DeleteBucketLifecycle"},
}

// asOperations names actions in a policy as the emulator does.
func asOperations(policy string) string {
	for action, called := range operations {
		policy = strings.ReplaceAll(policy, `"`+action+`"`, `"`+strings.Join(called, `", "`)+`"`)
	}
	return policy
}

// policyARN is the condition under which roles get policies. The emulator knows no iam:PolicyARN, so there the provider may attach any policy, but
// to the roles of the documented policy only. What the condition allows is tested by TestProviderPolicyAttaches of test/package.
var policyARN = regexp.MustCompile(`,\s*"Condition": \{\s*"ArnLike": \{\s*"iam:PolicyARN": (\[[^\]]*\]|"[^"]*")\s*\}\s*\}`)

func withoutPolicyARN(policy string) string {
	return policyARN.ReplaceAllString(policy, "")
}

// unknownToEmulator are permissions that the provider has on AWS and would not have in the emulator. There it may ask who it
// is without any; what is reserved for a function is told whom the function is told; the tags of a function need the permission on that function; many objects are deleted with the permission
// for each of them, not with one on their bucket; and event source mappings are
// made under one on the function that they call, and read by their own ARNs.
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const unknownToEmulator = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"},
	{"Effect": "Allow", "Action": ["lambda:GetFunctionConcurrency", "lambda:TagResource", "lambda:UntagResource"], "Resource": "*"},
	{"Effect": "Allow", "Action": "s3:DeleteObjects", "Resource": "arn:aws:s3:::pipeline-artifacts-*"},
	{"Effect": "Allow", "Action": ["lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:GetEventSourceMapping"], "Resource": "*"}
]}`

func attachPolicy(ctx context.Context, part, document string) error {
	user := providerUser
	name := user + "-" + part
	policy, err := cloud.IAM.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document})
	if err != nil {
		return err
	}
	_, err = cloud.IAM.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: &user, PolicyArn: policy.Policy.Arn})
	return err
}

// createKey of a platform team.
func createKey(ctx context.Context) (arn string, err error) {
	key, err := cloud.KMS.CreateKey(ctx, &kms.CreateKeyInput{})
	if err != nil {
		return "", err
	}
	return *key.KeyMetadata.Arn, nil
}
