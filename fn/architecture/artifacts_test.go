package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	s3v1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// testBucket is how everything in the bucket refers to it.
var testBucket = &xpv2.Reference{Name: "pr-123.artifact-bucket.default"}

func TestArtifactBucket(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   s3v1beta2.BucketParameters
	}{
		"Destroyable": {
			reason: "A bucket should be deletable with artifacts in it.",
			want:   s3v1beta2.BucketParameters{Region: new("us-east-1"), ForceDestroy: new(true)},
		},
		"Protected": {
			reason: "A protected bucket should not.",
			change: func(p *Pipeline) { p.Spec.DeletionProtection = true },
			want:   s3v1beta2.BucketParameters{Region: new("us-east-1"), ForceDestroy: new(false)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := buildOne[*s3v1beta2.Bucket](t, newTestPipeline(t, tc.change), artifactBucket).Spec.ForProvider
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestArtifactBucketIsVersionedAndPrivate(t *testing.T) {
	p := newTestPipeline(t)

	versioning := s3v1beta2.BucketVersioningParameters{
		Region:                  new("us-east-1"),
		BucketRef:               testBucket,
		VersioningConfiguration: &s3v1beta2.VersioningConfigurationParameters{Status: new("Enabled")},
	}
	if diff := cmp.Diff(versioning, buildOne[*s3v1beta2.BucketVersioning](t, p, artifactBucketVersioning).Spec.ForProvider); diff != "" {
		t.Errorf("versioning: -want, +got:\n%s", diff)
	}
	access := s3v1beta1.BucketPublicAccessBlockParameters{
		Region:                new("us-east-1"),
		BucketRef:             testBucket,
		BlockPublicAcls:       new(true),
		BlockPublicPolicy:     new(true),
		IgnorePublicAcls:      new(true),
		RestrictPublicBuckets: new(true),
	}
	if diff := cmp.Diff(access, buildOne[*s3v1beta1.BucketPublicAccessBlock](t, p, artifactBucketPublicAccess).Spec.ForProvider); diff != "" {
		t.Errorf("public access: -want, +got:\n%s", diff)
	}
	ownership := s3v1beta2.BucketOwnershipControlsParameters{
		Region:    new("us-east-1"),
		BucketRef: testBucket,
		Rule:      &s3v1beta2.BucketOwnershipControlsRuleParameters{ObjectOwnership: new("BucketOwnerEnforced")},
	}
	if diff := cmp.Diff(ownership, buildOne[*s3v1beta2.BucketOwnershipControls](t, p, artifactBucketOwnership).Spec.ForProvider); diff != "" {
		t.Errorf("ownership: -want, +got:\n%s", diff)
	}
}

func TestArtifactBucketEncryption(t *testing.T) {
	rule := func(algorithm string, key *string, bucketKey bool) []s3v1beta2.BucketServerSideEncryptionConfigurationRuleParameters {
		return []s3v1beta2.BucketServerSideEncryptionConfigurationRuleParameters{{
			ApplyServerSideEncryptionByDefault: &s3v1beta2.RuleApplyServerSideEncryptionByDefaultParameters{
				SseAlgorithm:   new(algorithm),
				KMSMasterKeyID: key,
			},
			BucketKeyEnabled: new(bucketKey),
		}}
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   []s3v1beta2.BucketServerSideEncryptionConfigurationRuleParameters
	}{
		"WithoutKey": {reason: "S3's own key should encrypt.", want: rule("AES256", nil, false)},
		"WithKey":    {reason: "The platform team's key should encrypt.", change: everything, want: rule("aws:kms", new(fntest.Key), true)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := buildOne[*s3v1beta2.BucketServerSideEncryptionConfiguration](t, newTestPipeline(t, tc.change), artifactBucketEncryption).Spec.ForProvider
			if diff := cmp.Diff(tc.want, got.Rule); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestArtifactBucketLifecycle(t *testing.T) {
	replaced := func(days *float64) s3v1beta2.BucketLifecycleConfigurationRuleParameters {
		rule := s3v1beta2.BucketLifecycleConfigurationRuleParameters{
			ID:     new("expire-replaced-artifacts"),
			Status: new("Enabled"),
			Filter: []s3v1beta2.RuleFilterParameters{{}},
			AbortIncompleteMultipartUpload: []s3v1beta2.AbortIncompleteMultipartUploadParameters{{
				DaysAfterInitiation: new(7.0),
			}},
		}
		if days != nil {
			rule.NoncurrentVersionExpiration = []s3v1beta2.RuleNoncurrentVersionExpirationParameters{{NoncurrentDays: days}}
		}
		return rule
	}
	ofRuns := func(days float64) s3v1beta2.BucketLifecycleConfigurationRuleParameters {
		return s3v1beta2.BucketLifecycleConfigurationRuleParameters{
			ID:         new("expire-artifacts-of-runs"),
			Status:     new("Enabled"),
			Filter:     []s3v1beta2.RuleFilterParameters{{Prefix: new("payment-processor-")}},
			Expiration: []s3v1beta2.RuleExpirationParameters{{Days: new(days)}},
		}
	}
	cases := map[string]struct {
		reason string
		days   int32
		change func(*Pipeline)
		want   []s3v1beta2.BucketLifecycleConfigurationRuleParameters
	}{
		"Default": {
			reason: "Artifacts should go, and so should replaced versions.", days: 30,
			want: []s3v1beta2.BucketLifecycleConfigurationRuleParameters{replaced(new(30.0)), ofRuns(30)},
		},
		"Shortest": {
			reason: "A run should keep what it reads, and what tells that somebody has replaced it, until its approval, which takes 7 days at most, has timed out.", days: 1,
			want: []s3v1beta2.BucketLifecycleConfigurationRuleParameters{replaced(new(10.0)), ofRuns(10)},
		},
		"PartOfADay": {
			reason: "So should it if that is a part of a day later.", days: 1,
			change: func(p *Pipeline) { p.Spec.Approval.TimeoutMinutes++ },
			want:   []s3v1beta2.BucketLifecycleConfigurationRuleParameters{replaced(new(11.0)), ofRuns(11)},
		},
		"NoApproval": {
			reason: "Nobody waits for an approval.", days: 1,
			change: func(p *Pipeline) { p.Spec.Approval.Required = false },
			want:   []s3v1beta2.BucketLifecycleConfigurationRuleParameters{replaced(new(3.0)), ofRuns(3)},
		},
		"ForEver": {
			reason: "0 should keep them for ever.", days: 0,
			want: []s3v1beta2.BucketLifecycleConfigurationRuleParameters{replaced(nil)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change, func(p *Pipeline) { p.Spec.Retention.ArtifactDays = tc.days })
			rules := buildOne[*s3v1beta2.BucketLifecycleConfiguration](t, p, artifactBucketLifecycle).Spec.ForProvider.Rule
			if diff := cmp.Diff(tc.want, rules); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestWhatExpires checks that the rule for runs is for what CodePipeline uploads, and not for what the functions begin with, nor for
// what was released last.
func TestWhatExpires(t *testing.T) {
	if name := newTestPipeline(t).Names.DeliveryPipeline(); !strings.HasPrefix(name[:20], runPrefix) {
		t.Errorf("artifacts of %s do not expire", name)
	}
	for _, key := range []string{bootstrapKey(blue), bootstrapKey(green), release.ReleasedKey, release.PromotedKey} {
		if strings.HasPrefix(key, runPrefix) {
			t.Errorf("%s expires", key)
		}
	}
}

// TestRunFolders checks where CodePipeline puts artifacts, as AWS's examples have it. A name may be shorter than what it takes of one.
func TestRunFolders(t *testing.T) {
	for artifact, want := range map[string]string{
		sourceOutput: "payment-processor-pi/source_out/", buildOutput: "payment-processor-pi/build_outp/", "code": "payment-processor-pi/code/",
	} {
		if diff := cmp.Diff(want, runFolder(newTestPipeline(t).Names.DeliveryPipeline(), artifact)); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", artifact, diff)
		}
	}
}

func TestArtifactBucketPolicy(t *testing.T) {
	policy := buildOne[*s3v1beta1.BucketPolicy](t, newTestPipeline(t), artifactBucketPolicy).Spec.ForProvider

	bucket := "arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e"
	all := iam.Deny("DenyWithoutTLS", "s3:*").To(iam.Anyone()).On(bucket, bucket+"/*")
	around := all
	around.Sid = "DenyAccessPoints"
	want := map[string]iam.Statement{
		"DenyWithoutTLS":   all.If(iam.Bool, "aws:SecureTransport", "false"),
		"DenyAccessPoints": around.If(iam.StringLike, "s3:DataAccessPointArn", "*"),
	}
	got := statementsOf(t, policy.Policy)
	delete(got, "OnlyTakers") // TestPromotionBucketPolicy checks it.
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
