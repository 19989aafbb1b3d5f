package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// from is a pipeline whose releases are taken.
const from = `promotedFrom: {accountId: "444455556666", bucketName: pipeline-artifacts-dev-1a2b3c4d}`

// TestPromotionRules checks what a claim may say of where its code comes from.
func TestPromotionRules(t *testing.T) {
	const (
		needOwner = "spec.source.owner: Required value: name the GitHub organisation or user whose repository is built, or in promotedFrom a pipeline whose releases are taken"
		needRepo  = "spec.source.repository: Required value: name the GitHub repository that is built, or in promotedFrom a pipeline whose releases are taken"
		noBuild   = "nothing is built here: the code is what the pipeline of source.promotedFrom has built; leave build out"
	)
	noGitHub := func(field string) string {
		return `a pipeline that takes the releases of another reads nothing from GitHub; leave out ["` + field + `"]`
	}
	cases := map[string]struct {
		reason string
		fields string
		field  string
		want   string
	}{
		"Promoted":     {reason: "Nothing of GitHub is needed.", fields: "source: {" + from + "}"},
		"SaysDefaults": {reason: "Defaults that are written out say nothing.", fields: "source: {" + from + ", branch: main, owner: ''}\n  build: {timeoutMinutes: 60, cache: None}"},
		"NoRepository": {reason: "What is built is in a repository.", fields: "source: {owner: my-org}", field: "spec.source.repository", want: needRepo},
		"NoOwner":      {reason: "Whose repository?", fields: "source: {owner: '', repository: my-repo}", field: "spec.source.owner", want: needOwner},
		"Owner":        {reason: "Nothing is read from a repository.", fields: "source: {" + from + ", owner: my-org}", field: "spec.source.promotedFrom", want: noGitHub("owner")},
		"Repository":   {reason: "Nothing is read from a repository.", fields: "source: {" + from + ", repository: my-repo}", field: "spec.source.promotedFrom", want: noGitHub("repository")},
		"Branch":       {reason: "Nothing is read from a branch.", fields: "source: {" + from + ", branch: release}", field: "spec.source.promotedFrom", want: noGitHub("branch")},
		"Connection":   {reason: "Nothing is read by a connection.", fields: "source: {" + from + ", connectionArn: '" + fntest.Connection + "'}", field: "spec.source.promotedFrom", want: noGitHub("connectionArn")},
		"Directory":    {reason: "There is no repository.", fields: "source: {" + from + ", directory: services/a}", field: "spec.source.promotedFrom", want: noGitHub("directory")},
		"Paths":        {reason: "No push starts it.", fields: "source: {" + from + ", paths: {}}", field: "spec.source.promotedFrom", want: noGitHub("paths")},
		"Checks":       {reason: "There are no pull requests.", fields: "source: {" + from + ", checks: {}}", field: "spec.source.promotedFrom", want: noGitHub("checks")},
		"Image":        {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {image: 'aws/codebuild/standard:8.0'}", field: "spec.build", want: noBuild},
		"Buildspec":    {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {buildspec: b.yml}", field: "spec.build", want: noBuild},
		"Variables":    {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {environment: {AA: b}}", field: "spec.build", want: noBuild},
		"ComputeType":  {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {computeType: BUILD_GENERAL1_LARGE}", field: "spec.build", want: noBuild},
		"BuildTimeout": {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {timeoutMinutes: 30}", field: "spec.build", want: noBuild},
		"Cache":        {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {cache: S3}", field: "spec.build", want: noBuild},
		"Privileged":   {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {privileged: true}", field: "spec.build", want: noBuild},
		"Reports":      {reason: "Nothing is built.", fields: "source: {" + from + "}\n  build: {reports: {}}", field: "spec.build", want: noBuild},
		"OtherBucket": {
			reason: "Only pipelines of ours keep what they have released.", fields: `source: {promotedFrom: {accountId: "444455556666", bucketName: my-bucket}}`,
			field: "spec.source.promotedFrom.bucketName",
			want:  `spec.source.promotedFrom.bucketName: Invalid value: "my-bucket": must be the status.artifactBucketName of the other pipeline, such as pipeline-artifacts-stage-0a1b2c3d`,
		},
		"Twice": {
			reason: "A pipeline is named once.",
			fields: `source: {` + from + `}` + "\n" + `  promoteTo: [{accountId: "444455556666", environmentSuffix: a}, {accountId: "444455556666", environmentSuffix: a}]`,
			field:  "spec.promoteTo[1]", want: `spec.promoteTo[1]: Duplicate value: {"accountId":"444455556666","environmentSuffix":"a"}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, "spec:\n  environmentSuffix: prod\n  "+tc.fields))
			if tc.want == "" {
				if len(errs) > 0 {
					t.Errorf("%s\nwant no errors, got %v", tc.reason, errs)
				}
				return
			}
			if len(errs) != 1 || errs[0].Field != tc.field || errs[0].Error() != tc.want && errs[0].Allowed != tc.want {
				t.Errorf("%s\nwant %s, got %v", tc.reason, tc.want, errs)
			}
		})
	}
}

// TestPromotionRefused checks what only AWS, or a look at the account, can refuse.
func TestPromotionRefused(t *testing.T) {
	cases := map[string]struct {
		reason  string
		source  string
		account string
		want    []string
	}{
		"Other":        {reason: "Another pipeline of the account may be taken from.", source: `{accountId: "111122223333", bucketName: pipeline-artifacts-dev-1a2b3c4d}`, account: "111122223333"},
		"OtherAccount": {reason: "In another account the suffix may be the same.", source: `{accountId: "444455556666", bucketName: pipeline-artifacts-prod-1a2b3c4d}`, account: "111122223333"},
		"Unknown":      {reason: "An account that is not known is no account.", source: `{accountId: "111122223333", bucketName: pipeline-artifacts-prod-1a2b3c4d}`},
		"Itself": {
			reason: "Nobody takes from itself.", source: `{accountId: "111122223333", bucketName: pipeline-artifacts-prod-1a2b3c4d}`, account: "111122223333",
			want: []string{ofAWS("spec.source.promotedFrom.bucketName", `"pipeline-artifacts-prod-1a2b3c4d"`, "a pipeline takes the releases of another one, and this is the bucket of its own")},
		},
		"KeyOfAnotherRegion": {
			reason: "The other pipeline may be in another region.",
			source: `{accountId: "444455556666", bucketName: pipeline-artifacts-dev-1a2b3c4d, kmsKeyArn: "arn:aws:kms:eu-west-1:444455556666:key/1234"}`,
		},
		"KeyOfAnotherPartition": {
			reason: "It cannot be in another partition.",
			source: `{accountId: "444455556666", bucketName: pipeline-artifacts-dev-1a2b3c4d, kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/1234"}`,
			want:   []string{notHere("spec.source.promotedFrom.kmsKeyArn", "arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/1234", "partition aws")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec, errs := ReadSpec(fntest.Struct(t, "spec: {environmentSuffix: prod, source: {promotedFrom: "+tc.source+"}}"))
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if diff := cmp.Diff(tc.want, messages(checkPromotion(spec, tc.account))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
