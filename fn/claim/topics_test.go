package claim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestCheckTopics(t *testing.T) {
	const (
		here        = "arn:aws:sns:us-east-1:111122223333:team"
		elsewhere   = "arn:aws:sns:us-east-2:111122223333:team"
		ofOthers    = "arn:aws:sns:us-east-1:222222222222:team"
		government  = "arn:aws-us-gov:sns:us-gov-west-1:111122223333:team"
		region      = "region us-east-1"
		account     = "account 111122223333"
		topic       = "spec.notifications.topicArn"
		forApproval = "spec.notifications.approvalTopicArn"
	)
	cases := map[string]struct {
		reason                   string
		region, topic, approvals string
		account                  string
		want                     []string
	}{
		"None":           {reason: "The pipeline's own topic is where it is.", account: fntest.Account},
		"Here":           {reason: "Topics of the pipeline's account and region should do.", topic: here, approvals: here, account: fntest.Account},
		"Government":     {reason: "Another partition has its own.", region: "us-gov-west-1", topic: government, account: fntest.Account},
		"UnknownAccount": {reason: "As long as the account is not known, any may be it.", topic: ofOthers},
		"OtherRegion": {
			reason: "No service publishes to another region.", topic: elsewhere, approvals: elsewhere,
			want: []string{notHere(topic, elsewhere, region), notHere(forApproval, elsewhere, region)},
		},
		"OtherPartition": {reason: "Partitions share nothing.", topic: strings.Replace(here, "aws", "aws-cn", 1), want: []string{notHere(topic, strings.Replace(here, "aws", "aws-cn", 1), region)}},
		"OtherAccount": {
			reason: "EventBridge publishes to other accounts only in a role's name.", topic: ofOthers, approvals: ofOthers, account: fntest.Account,
			want: []string{notHere(topic, ofOthers, account), notHere(forApproval, ofOthers, account)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			if tc.region != "" {
				spec.Region = tc.region
			}
			spec.Notifications.TopicARN, spec.Notifications.ApprovalTopicARN = tc.topic, tc.approvals
			if diff := cmp.Diff(tc.want, messages(checkTopics(spec, tc.account))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPlatformTopicElsewhere checks that the platform team's topic is where the pipeline is, too.
func TestPlatformTopicElsewhere(t *testing.T) {
	const settings = "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, topicArn: '%s'}"
	for arn, where := range map[string]string{
		"arn:aws:sns:us-east-1:111122223333:platform": "",
		"arn:aws:sns:eu-west-1:111122223333:platform": "region us-east-1",
		"arn:aws:sns:us-east-1:222222222222:platform": "account 111122223333",
	} {
		c, err := Read(Sources{Input: fntest.Struct(t, fmt.Sprintf(settings, arn))}, fntest.Struct(t, fntest.Spec), Existing{Account: fntest.Account})
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if where != "" {
			want = "invalid PlatformSettings: " + notHere("input.topicArn", arn, where)
		}
		got := ""
		if c.Refused != nil {
			got = c.Refused.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", arn, diff)
		}
	}
}

// TestReadKnowsTheAccount checks that a topic of another account is refused, whoever tells which account the pipeline is in.
func TestReadKnowsTheAccount(t *testing.T) {
	xr := fntest.Struct(t, fntest.Spec+"  notifications: {topicArn: 'arn:aws:sns:us-east-1:222222222222:team'}")
	settings := fntest.Struct(t, "{apiVersion: paymentdelivery.fn.crossplane.io/v1beta1, kind: PlatformSettings, accountId: '"+fntest.Account+"'}")
	for name, read := range map[string]func() (Claim, error){
		"Nobody":   func() (Claim, error) { return Read(Sources{}, xr, Existing{}) },
		"Settings": func() (Claim, error) { return Read(Sources{Input: settings}, xr, Existing{}) },
		"AWS":      func() (Claim, error) { return Read(Sources{}, xr, Existing{Account: fntest.Account}) },
	} {
		t.Run(name, func(t *testing.T) {
			c, err := read()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(name != "Nobody", c.Refused != nil); diff != "" {
				t.Errorf("-want it to be refused, +got: %v\n%s", c.Refused, diff)
			}
		})
	}
}
