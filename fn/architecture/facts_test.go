package architecture

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

func TestReadFacts(t *testing.T) {
	const status = "status: {accountId: '444444444444', connection: {arn: from-status}, release: {liveVersion: '4'}}"
	topic, role, connection := fntest.Topic("222222222222"), fntest.Role("333333333333"), fntest.ConnectionIn("AVAILABLE")

	type args struct {
		given    string
		account  string
		xr       string
		observed map[resource.Name]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   compose.Known
	}{
		"Nothing": {
			reason: "Before anything exists, nothing should be known.",
			want:   compose.Known{AccountID: "", ConnectionARN: "", liveVersion: ""},
		},
		"Given": {
			reason: "What the platform team and the claim give should win.",
			args: args{
				given: "from-claim", account: "111111111111", xr: status,
				observed: map[resource.Name]string{alarmTopic: topic, Connection: connection},
			},
			want: compose.Known{AccountID: "111111111111", ConnectionARN: "from-claim", liveVersion: "4"},
		},
		"Observed": {
			reason: "What is observed should win over what was remembered.",
			args: args{xr: status, observed: map[resource.Name]string{
				alarmTopic:   topic,
				functionRole: role,
				Connection:   connection,
				LiveAlias:    fntest.AliasAsked("2", "3"),
				blueFunction: fntest.FunctionWith("9"),
			}},
			want: compose.Known{AccountID: "222222222222", ConnectionARN: fntest.Connection, liveVersion: "3"},
		},
		"Remembered": {
			reason: "What was remembered should stand in for a status that is briefly empty.",
			args: args{xr: status, observed: map[resource.Name]string{
				alarmTopic: "{}", functionRole: "{}", Connection: "{}", LiveAlias: "{}", blueFunction: "{}",
			}},
			want: compose.Known{AccountID: "444444444444", ConnectionARN: "from-status", liveVersion: "4"},
		},
		"AccountOfRole": {
			reason: "The role should tell the account when the topic does not.",
			args:   args{xr: status, observed: map[resource.Name]string{alarmTopic: "status: {atProvider: {}}", functionRole: role}},
			want:   compose.Known{AccountID: "333333333333", ConnectionARN: "from-status", liveVersion: "4"},
		},
		"MalformedARNs": {
			reason: "What is not an ARN should tell no account.",
			args: args{observed: map[resource.Name]string{
				alarmTopic:   "status: {atProvider: {arn: 'arn:aws:sns:us-east-1:222222222222'}}",
				functionRole: "status: {atProvider: {arn: 5}}",
			}},
			want: compose.Known{AccountID: "", ConnectionARN: "", liveVersion: ""},
		},
		"AliasDeleted": {
			reason: "An alias that someone deleted should come back on the version it had, not on what was built last.",
			args:   args{xr: status, observed: map[resource.Name]string{blueFunction: fntest.FunctionWith("9")}},
			want:   compose.Known{AccountID: "444444444444", ConnectionARN: "from-status", liveVersion: "4"},
		},
		"AliasJustCreated": {
			reason: "An alias without a status yet should keep the version it was asked for, not follow new versions.",
			args: args{observed: map[resource.Name]string{
				LiveAlias:    fntest.AliasOn("1", standin.Lost),
				blueFunction: fntest.FunctionWith("2"),
			}},
			want: compose.Known{AccountID: "", ConnectionARN: "", liveVersion: "1"},
		},
		"FirstVersion": {
			reason: "The first alias should be on the version that blue was published with.",
			args:   args{observed: map[resource.Name]string{blueFunction: fntest.FunctionWith("1")}},
			want:   compose.Known{AccountID: "", ConnectionARN: "", liveVersion: "1"},
		},
		"Unpublished": {
			reason: "$LATEST is not a published version.",
			args: args{observed: map[resource.Name]string{
				LiveAlias:    fntest.AliasOn("$LATEST"),
				blueFunction: fntest.FunctionWith("$LATEST"),
			}},
			want: compose.Known{AccountID: "", ConnectionARN: "", liveVersion: ""},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) {
				p.Spec.Source.ConnectionARN, p.Platform.AccountID = tc.args.given, tc.args.account
			})
			seen := compose.NewObservation(fntest.State(t, tc.args.xr, tc.args.observed))
			p.Serving = ReadServing(seen)
			got := p.Facts(seen)
			delete(got, nameHeld) // It is about claims, not about AWS.
			// TestSeenSettings is about this one.
			delete(got, settingsSeen)
			// TestWhenThePipelineIsMade is about these.
			delete(got, sourceOpen)
			delete(got, stagesReady)
			// And TestConfiguringTheAlias about these.
			delete(got, liveTraffic)
			delete(got, aliasThere)
			// And TestAttachments of the function about these.
			delete(got, roomForLog)
			delete(got, roomForDenials)
			// And TestOrderOfScaling about these.
			delete(got, provisionedThere)
			delete(got, scalingTargetThere)
			// And TestRulesOfOthers about this.
			delete(got, servingTold)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nFacts(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAccountOf(t *testing.T) {
	cases := map[string]struct {
		reason   string
		observed map[resource.Name]string
		want     string
	}{
		"NothingThere": {reason: "Before AWS has told an ARN, nobody knows.", observed: map[resource.Name]string{alarmTopic: "{}"}},
		"Topic":        {reason: "The topic tells the account.", observed: map[resource.Name]string{alarmTopic: fntest.Topic("222222222222")}, want: "222222222222"},
		"Role":         {reason: "The role tells it too.", observed: map[resource.Name]string{functionRole: fntest.Role("222222222222")}, want: "222222222222"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := AccountOf(compose.NewObservation(fntest.State(t, fntest.XR, tc.observed)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestNeedsAreRead checks that no resource waits for a fact for nothing.
func TestNeedsAreRead(t *testing.T) {
	onlyKnown := []compose.Fact{nameHeld, sourceOpen, stagesReady, aliasThere, provisionedThere, scalingTargetThere, servingTold, roomForLog, roomForDenials}
	for _, r := range newTestPipeline(t, everything).Resources() {
		if strings.HasSuffix(string(r.Name), "-attachment") {
			continue // It waits for its policy.
		}
		for _, need := range r.Needs {
			if need == liveVersion && r.Name != LiveAlias {
				continue // It waits for the alias.
			}
			without := r
			without.Needs = slices.DeleteFunc(slices.Clone(r.Needs), func(f compose.Fact) bool { return f == need })
			if _, err := without.Object(testFacts); err == nil && !slices.Contains(onlyKnown, need) {
				t.Errorf("%s needs %s and does not read it", r.Name, need.ID)
			}
		}
	}
}
