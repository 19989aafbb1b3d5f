package claim

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestReadDefaults(t *testing.T) {
	type want struct {
		settings v1beta1.PlatformSettings
		errs     []string
	}
	cases := map[string]struct {
		reason string
		in     *structpb.Struct
		want   want
	}{
		"None": {
			reason: "A Composition need not give an input.",
			want:   want{settings: v1beta1.PlatformSettings{ProviderConfig: "default", ProviderConfigKind: "ClusterProviderConfig", ResponseTTL: metav1.Duration{Duration: 10 * time.Minute}}},
		},
		"Full": {
			reason: "Every field is read.",
			in: fntest.Struct(t, `
apiVersion: paymentdelivery.fn.crossplane.io/v1beta1
kind: PlatformSettings
metadata: {name: ignored}
providerConfig: payments
accountId: "111122223333"
allowedRegions: [us-east-1]
permissionsBoundaryArn: arn:aws:iam::111122223333:policy/boundary
tags: {cost-center: payments}
kmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/1234abcd
responseTTL: 5m
`),
			want: want{settings: v1beta1.PlatformSettings{
				ProviderConfig:         "payments",
				ProviderConfigKind:     "ClusterProviderConfig",
				AccountID:              "111122223333",
				AllowedRegions:         []string{"us-east-1"},
				PermissionsBoundaryARN: "arn:aws:iam::111122223333:policy/boundary",
				Tags:                   v1alpha1.Tags{"cost-center": "payments"},
				KMSKeyARN:              "arn:aws:kms:us-east-1:111122223333:key/1234abcd",
				ResponseTTL:            metav1.Duration{Duration: 5 * time.Minute},
			}},
		},
		"FormerKind": {
			reason: "Compositions that were written before the kind got its name are still read.",
			in:     fntest.Struct(t, `{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformDefaults, providerConfig: payments}`),
			want:   want{settings: v1beta1.PlatformSettings{ProviderConfig: "payments", ProviderConfigKind: "ClusterProviderConfig", ResponseTTL: metav1.Duration{Duration: 10 * time.Minute}}},
		},
		"OtherKind": {
			reason: "An input that is meant for another function is a mistake.",
			in:     fntest.Struct(t, `{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: Resources}`),
			want:   want{errs: []string{`input.kind: Unsupported value: "Resources": supported values: "PlatformSettings", "PlatformDefaults"`}},
		},
		"WrongValues": {
			reason: "Mistakes are reported as those of a claim are.",
			in: fntest.Struct(t, `
apiVersion: paymentdelivery.fn.crossplane.io/v1beta1
kind: PlatformSettings
accountId: 111122223333
allowedRegion: us-east-1
kmsKeyArn: alias/payments
responseTTL: "60"
`),
			want: want{errs: []string{
				`input.accountId: Invalid value: 111122223333: must be of type string: "number"; write it in quotes`,
				`input.allowedRegion: Invalid value: unknown field, known are: accountId, allowCalendarBypass, allowedActions, allowedAlarms, allowedBranches, allowedBuildImages, allowedCodeArtifactAccounts, allowedCodeArtifactRepositories, allowedComputeTypes, allowedConnectionArns, allowedDestinationArns, allowedEmails, allowedEnvironmentSuffixes, allowedEventBusNames, allowedEventSourceArns, allowedHookFunctions, allowedInvokerAccounts, allowedInvokerOrganizations, allowedInvokerPrincipals, allowedInvokerSourceArns, allowedKmsKeyArns, allowedLayerArns, allowedPolicyArns, allowedPromotions, allowedRegions, allowedRepositories, allowedResourceArns, allowedRuntimes, allowedSecretArns, allowedSecurityGroupIds, allowedSourceAccounts, allowedSourceBuckets, allowedSubnetIds, allowedTagKeys, allowedTopicArns, allowedVpcIds, apiVersion, changeWindows, connectionArn, freezes, kind, kmsKeyArn, match, metadata, permissionsBoundaryArn, providerConfig, providerConfigKind, require, responseTTL, separateTeams, tags, topicArn`,
				`input.kmsKeyArn: Invalid value: "alias/payments": should match '^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+)?$'`,
				`input.responseTTL: Invalid value: "60": should match '^([0-9]{1,4}(\.[0-9]{1,3})?(ms|s|m|h))+$'`,
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			settings, errs := ReadSettings(tc.in)
			if diff := cmp.Diff(tc.want.errs, messages(errs)); diff != "" {
				t.Errorf("\n%s\nReadSettings(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want.settings, settings); diff != "" {
				t.Errorf("\n%s\nReadSettings(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCheckTags counts the tags that a resource would have.
func TestCheckTags(t *testing.T) {
	numbered := func(prefix string, n int) v1alpha1.Tags {
		tags := v1alpha1.Tags{}
		for i := range n {
			tags[fmt.Sprint(prefix, i)] = "x"
		}
		return tags
	}
	cases := map[string]struct {
		reason          string
		claim, platform v1alpha1.Tags
		want            []string
	}{
		"Most":  {reason: "AWS takes 50, of which 3 are the provider's.", claim: numbered("a", 40), platform: numbered("b", 7)},
		"Alike": {reason: "A tag that both have is one.", claim: numbered("a", 40), platform: numbered("a", 40)},
		"TooMany": {
			reason: "AWS would refuse every resource.", claim: numbered("a", 40), platform: numbered("b", 8),
			want: []string{`spec.tags: Invalid value: 40 tags: with those of the platform team there are 48 tags, and may be at most 47`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Tags = tc.claim
			if diff := cmp.Diff(tc.want, messages(checkGuardrails(judged{spec: &spec, settings: &v1beta1.PlatformSettings{Tags: tc.platform}}))); diff != "" {
				t.Errorf("\n%s\ncheckGuardrails(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckAccount(t *testing.T) {
	cases := map[string]struct {
		reason        string
		given, actual string
		want          []string
	}{
		"NotGiven": {reason: "What the platform team does not say cannot be wrong.", actual: "222222222222"},
		"Unknown":  {reason: "Before AWS has told an ARN, what is given is believed.", given: fntest.Account},
		"Same":     {reason: "The account is the one where everything is.", given: "222222222222", actual: "222222222222"},
		"Elsewhere": {
			reason: "Every ARN of ours would name the wrong account.",
			given:  fntest.Account,
			actual: "222222222222",
			want:   []string{`input.accountId: Invalid value: "111122223333": the pipeline's resources are in account 222222222222`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := messages(checkAccount(field.NewPath("input", "accountId"), v1beta1.PlatformSettings{AccountID: tc.given}, tc.actual))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\ncheckAccount(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
