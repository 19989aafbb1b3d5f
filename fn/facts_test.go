package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

func TestReadFacts(t *testing.T) {
	const (
		topic  = "status: {atProvider: {arn: 'arn:aws:sns:us-east-1:222222222222:deployment-alarms-pr-123'}}"
		role   = "status: {atProvider: {arn: 'arn:aws:iam::333333333333:role/lambda-execution-role-pr-123'}}"
		status = "status: {accountId: '444444444444', connection: {arn: from-status}, release: {liveVersion: '4'}}"
	)

	type args struct {
		given    string
		account  string
		xr       string
		observed map[resource.Name]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   compose.Facts
	}{
		"Nothing": {
			reason: "Before anything exists, nothing should be known.",
			want:   compose.Facts{accountID: "", connectionARN: "", liveVersion: ""},
		},
		"Given": {
			reason: "What the platform team and the claim give should win.",
			args: args{
				given: "from-claim", account: "111111111111", xr: status,
				observed: map[resource.Name]string{alarmTopic: topic, connection: "status: {atProvider: {arn: observed}}"},
			},
			want: compose.Facts{accountID: "111111111111", connectionARN: "from-claim", liveVersion: "4"},
		},
		"Observed": {
			reason: "What is observed should win over what was remembered.",
			args: args{xr: status, observed: map[resource.Name]string{
				alarmTopic:   topic,
				functionRole: role,
				connection:   "status: {atProvider: {arn: observed}}",
				liveTraffic:  "{spec: {forProvider: {functionVersion: '2'}}, status: {atProvider: {functionVersion: '3'}}}",
				blueFunction: "status: {atProvider: {version: '9'}}",
			}},
			want: compose.Facts{accountID: "222222222222", connectionARN: "observed", liveVersion: "3"},
		},
		"Remembered": {
			reason: "What was remembered should stand in for a status that is briefly empty.",
			args: args{xr: status, observed: map[resource.Name]string{
				alarmTopic: "{}", functionRole: "{}", connection: "{}", liveTraffic: "{}", blueFunction: "{}",
			}},
			want: compose.Facts{accountID: "444444444444", connectionARN: "from-status", liveVersion: "4"},
		},
		"AccountOfRole": {
			reason: "The role should tell the account when the topic does not.",
			args:   args{xr: status, observed: map[resource.Name]string{alarmTopic: "status: {atProvider: {}}", functionRole: role}},
			want:   compose.Facts{accountID: "333333333333", connectionARN: "from-status", liveVersion: "4"},
		},
		"MalformedARNs": {
			reason: "What is not an ARN should tell no account.",
			args: args{observed: map[resource.Name]string{
				alarmTopic:   "status: {atProvider: {arn: 'arn:aws:sns:us-east-1:222222222222'}}",
				functionRole: "status: {atProvider: {arn: 5}}",
			}},
			want: compose.Facts{accountID: "", connectionARN: "", liveVersion: ""},
		},
		"AliasDeleted": {
			reason: "An alias that someone deleted should come back on the version it had, not on what was built last.",
			args:   args{xr: status, observed: map[resource.Name]string{blueFunction: "status: {atProvider: {version: '9'}}"}},
			want:   compose.Facts{accountID: "444444444444", connectionARN: "from-status", liveVersion: "4"},
		},
		"AliasJustCreated": {
			reason: "An alias without a status yet should keep the version it was asked for, not follow new versions.",
			args: args{observed: map[resource.Name]string{
				liveTraffic:  "spec: {forProvider: {functionVersion: '1'}}",
				blueFunction: "status: {atProvider: {version: '2'}}",
			}},
			want: compose.Facts{accountID: "", connectionARN: "", liveVersion: "1"},
		},
		"FirstVersion": {
			reason: "The first alias should be on the version that blue was published with.",
			args:   args{observed: map[resource.Name]string{blueFunction: "status: {atProvider: {version: '1'}}"}},
			want:   compose.Facts{accountID: "", connectionARN: "", liveVersion: "1"},
		},
		"Unpublished": {
			reason: "$LATEST is not a published version.",
			args: args{observed: map[resource.Name]string{
				liveTraffic:  "status: {atProvider: {functionVersion: $LATEST}}",
				blueFunction: "status: {atProvider: {version: $LATEST}}",
			}},
			want: compose.Facts{accountID: "", connectionARN: "", liveVersion: ""},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := v1alpha1.PaymentDeliveryPipelineSpec{Source: v1alpha1.Source{ConnectionARN: tc.args.given}}
			platform := v1beta1.PlatformDefaults{AccountID: tc.args.account}

			got := readFacts(spec, platform, newObservation(stateOf(t, tc.args.xr, tc.args.observed)))
			delete(got, nameHeld) // It is about claims, not about AWS.
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nreadFacts(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
