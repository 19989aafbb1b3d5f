package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

func TestReadDefaults(t *testing.T) {
	type want struct {
		defaults v1beta1.PlatformDefaults
		errs     []string
	}
	cases := map[string]struct {
		reason string
		in     *structpb.Struct
		want   want
	}{
		"None": {
			reason: "A Composition need not give an input.",
			want:   want{defaults: v1beta1.PlatformDefaults{ProviderConfig: "default", ResponseTTL: metav1.Duration{Duration: 10 * time.Minute}}},
		},
		"Full": {
			reason: "Every field is read.",
			in: structOf(t, `
apiVersion: paymentdelivery.fn.crossplane.io/v1beta1
kind: PlatformDefaults
metadata: {name: ignored}
providerConfig: payments
accountId: "111122223333"
allowedRegions: [us-east-1]
permissionsBoundaryArn: arn:aws:iam::111122223333:policy/boundary
tags: {cost-center: payments}
kmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/1234abcd
responseTTL: 5m
`),
			want: want{defaults: v1beta1.PlatformDefaults{
				ProviderConfig:         "payments",
				AccountID:              "111122223333",
				AllowedRegions:         []string{"us-east-1"},
				PermissionsBoundaryARN: "arn:aws:iam::111122223333:policy/boundary",
				Tags:                   map[string]string{"cost-center": "payments"},
				KMSKeyARN:              "arn:aws:kms:us-east-1:111122223333:key/1234abcd",
				ResponseTTL:            metav1.Duration{Duration: 5 * time.Minute},
			}},
		},
		"OtherKind": {
			reason: "An input that is meant for another function is a mistake.",
			in:     structOf(t, `{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: Resources}`),
			want:   want{errs: []string{`input.kind: Unsupported value: "Resources": supported values: "PlatformDefaults"`}},
		},
		"WrongValues": {
			reason: "Mistakes are reported as those of a claim are.",
			in: structOf(t, `
apiVersion: paymentdelivery.fn.crossplane.io/v1beta1
kind: PlatformDefaults
accountId: 111122223333
allowedRegion: us-east-1
kmsKeyArn: alias/payments
responseTTL: "60"
`),
			want: want{errs: []string{
				`input.accountId: Invalid value: 1.11122223333e+11: must be of type string: "number"`,
				`input.allowedRegion: Invalid value: unknown field, known are: accountId, allowedRegions, apiVersion, kind, kmsKeyArn, metadata, permissionsBoundaryArn, providerConfig, responseTTL, tags`,
				`input.kmsKeyArn: Invalid value: "alias/payments": should match '^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+)?$'`,
				`input.responseTTL: Invalid value: "60": should match '^([0-9]{1,4}(\.[0-9]{1,3})?(ms|s|m|h))+$'`,
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			defaults, errs := readDefaults(tc.in)
			if diff := cmp.Diff(tc.want.errs, messages(errs)); diff != "" {
				t.Errorf("\n%s\nreadDefaults(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want.defaults, defaults); diff != "" {
				t.Errorf("\n%s\nreadDefaults(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckGuardrails(t *testing.T) {
	cases := map[string]struct {
		reason  string
		allowed []string
		want    []string
	}{
		"NoLimits": {reason: "An empty list allows every region."},
		"Allowed":  {reason: "The region is in the list.", allowed: []string{"eu-west-1", "us-east-1"}},
		"Refused": {
			reason:  "The region is not in the list, which is given in order.",
			allowed: []string{"eu-west-1", "eu-central-1"},
			want:    []string{`spec.region: Unsupported value: "us-east-1": supported values: "eu-central-1", "eu-west-1"`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := messages(checkGuardrails(minimalSpec(), v1beta1.PlatformDefaults{AllowedRegions: tc.allowed}))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\ncheckGuardrails(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckAccount(t *testing.T) {
	const (
		topic = "status: {atProvider: {arn: 'arn:aws:sns:us-east-1:222222222222:deployment-alarms-pr-123'}}"
		role  = "status: {atProvider: {arn: 'arn:aws:iam::222222222222:role/lambda-execution-role-pr-123'}}"
	)
	elsewhere := []string{`input.accountId: Invalid value: "111122223333": the pipeline's resources are in account 222222222222`}

	type args struct {
		given    string
		observed map[resource.Name]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   []string
	}{
		"NotGiven": {
			reason: "What the platform team does not say cannot be wrong.",
			args:   args{observed: map[resource.Name]string{alarmTopic: topic}},
		},
		"NothingThere": {
			reason: "Before AWS has told an ARN, what is given is believed.",
			args:   args{given: testAccount, observed: map[resource.Name]string{alarmTopic: "{}"}},
		},
		"Same": {
			reason: "The account is the one where everything is.",
			args:   args{given: "222222222222", observed: map[resource.Name]string{alarmTopic: topic, functionRole: role}},
		},
		"TopicElsewhere": {
			reason: "Every ARN of ours would name the wrong account.",
			args:   args{given: testAccount, observed: map[resource.Name]string{alarmTopic: topic}},
			want:   elsewhere,
		},
		"RoleElsewhere": {
			reason: "The role tells the account too.",
			args:   args{given: testAccount, observed: map[resource.Name]string{functionRole: role}},
			want:   elsewhere,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := messages(checkAccount(v1beta1.PlatformDefaults{AccountID: tc.args.given}, newObservation(stateOf(t, testXR, tc.args.observed))))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\ncheckAccount(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
