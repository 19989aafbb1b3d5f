package claim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestReleaseRules checks the rules of what makes a release, which span more than one field or are about text.
func TestReleaseRules(t *testing.T) {
	cases := map[string]struct {
		reason string
		fields string
		want   []string
	}{
		"LinearTooLong": {
			reason: "Three times 961 minutes from the first of four steps to the last are too long.",
			fields: "rollout: {custom: {type: Linear, percentage: 33, intervalMinutes: 961}}",
			want:   []string{"spec.rollout.custom: Invalid value: steps of percentage 33 each 961 minutes put the last one 2883 minutes after the first, and CodeDeploy takes at most 2880 (2 days); choose a larger percentage or a shorter intervalMinutes"},
		},
		"LinearLongest": {
			reason: "Of a hundred steps the last is 99 times 29 minutes after the first.",
			fields: "rollout: {custom: {type: Linear, percentage: 1, intervalMinutes: 29}}",
		},
		"LinearOfTwo": {
			reason: "Of two steps the last is one interval after the first.",
			fields: "rollout: {custom: {type: Linear, percentage: 50, intervalMinutes: 2880}}",
		},
		"CanaryLongest": {
			reason: "A canary has one interval, whatever its percentage.",
			fields: "rollout: {custom: {type: Canary, percentage: 1, intervalMinutes: 2880}}",
		},
		"NoPercentage": {
			reason: "A percentage of zero is one mistake, and divides nothing.",
			fields: "rollout: {custom: {type: Linear, percentage: 0, intervalMinutes: 5}}",
			want:   []string{`spec.rollout.custom.percentage: Invalid value: 0: should be greater than or equal to 1`},
		},
		"AlarmTooLong": {
			reason: "CloudWatch looks back a day.",
			fields: "alarm: {evaluationPeriods: 49, periodSeconds: 1800}",
			want:   []string{"spec.alarm: Invalid value: evaluationPeriods 49 of periodSeconds 1800 are 88200 seconds together, and CloudWatch takes at most 86400 (a day) of periods shorter than 3600 (an hour); lower one of them"},
		},
		"AlarmOfHours": {
			reason: "It looks back a week for periods of an hour.",
			fields: "alarm: {evaluationPeriods: 100, periodSeconds: 3600}",
		},
		"AlarmLongest": {
			reason: "A day is not too long.",
			fields: "alarm: {evaluationPeriods: 96, periodSeconds: 900}",
		},
		"AlarmDefaults": {
			reason: "What the claim does not say counts with its default.",
			fields: "alarm: {evaluationPeriods: 288}",
		},
		"AlarmOfMinutes": {
			reason: "A day has 1440 periods of a minute.",
			fields: "alarm: {evaluationPeriods: 1440, periodSeconds: 60}",
		},
		"AlarmOfWeeks": {
			reason: "A week has 168 hours.",
			fields: "alarm: {evaluationPeriods: 169, periodSeconds: 3600}",
			want:   []string{"spec.alarm: Invalid value: evaluationPeriods 169 of periodSeconds 3600 are 608400 seconds together, and CloudWatch takes at most 604800 (a week); lower one of them"},
		},
		"AlarmOfAWeek": {
			reason: "A week is not too long.",
			fields: "alarm: {evaluationPeriods: 1, periodSeconds: 604800}",
		},
		"AlarmSeconds": {
			reason: "Lambda reports once a minute.",
			fields: "alarm: {periodSeconds: 90}",
			want:   []string{`spec.alarm.periodSeconds: Invalid value: 90: should be a multiple of 60`},
		},
		"ErrorRateBelowOne": {
			reason: "A service may fail less than once in a hundred times.",
			fields: "alarm: {errorRatePercent: 0.05}",
		},
		"ErrorRateTooHigh": {
			reason: "An alarm above all invocations never fires.",
			fields: "alarm: {errorRatePercent: 99.5}",
			want:   []string{`spec.alarm.errorRatePercent: Invalid value: 99.5: should be less than or equal to 99`},
		},
		"ShortCommit": {
			reason: "A commit that is cut short would never be the one that is released.",
			fields: "rollout: {bypassAlarmsForCommit: 3f1c0de}",
			want:   []string{`spec.rollout.bypassAlarmsForCommit: Invalid value: "3f1c0de": must be the full SHA of a commit, which has 40 digits from 0 to f in lower case; git rev-parse prints it`},
		},
		"EventAsText": {
			reason: "An event is an object, not JSON in a string.",
			fields: `smokeTest: {event: '{"path": "/health"}'}`,
			want:   []string{`spec.smokeTest.event: Invalid value: "{\"path\": \"/health\"}": must be of type object: "string"`},
		},
		"StatusTooHigh": {
			reason: "There is no status above 599 to be below.",
			fields: "smokeTest: {expectStatusBelow: 601}",
			want:   []string{`spec.smokeTest.expectStatusBelow: Invalid value: 601: should be less than or equal to 600`},
		},
		"EmailsOfAGivenTopic": {
			reason: "A topic of the team's is not the pipeline's to subscribe to.",
			fields: "notifications: {emails: [a@example.com], topicArn: 'arn:aws:sns:us-east-1:111122223333:team'}",
			want:   []string{`spec.notifications.emails: Invalid value: "a@example.com" would be subscribed to the pipeline's own topic, which it does not make beside topicArn; leave emails or topicArn out`},
		},
		"EmailsAndApprovals": {
			reason: "A topic for approvals leaves the pipeline its own.",
			fields: "notifications: {emails: [a@example.com], topicArn: '', approvalTopicArn: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Team_1'}",
		},
		"NoEmailsOfAGivenTopic": {
			reason: "An empty list subscribes nobody.",
			fields: "notifications: {emails: [], topicArn: 'arn:aws:sns:us-east-1:111122223333:team'}",
		},
		"NoTopic": {
			reason: "A topic is named by its ARN.",
			fields: "notifications: {topicArn: team}",
			want:   []string{`spec.notifications.topicArn: Invalid value: "team": must be the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:payments`},
		},
		"RepeatedAlarm": {
			reason: "A list of alarms is a set.",
			fields: "alarm: {additionalAlarms: [a, b, a]}",
			want:   []string{`spec.alarm.additionalAlarms[2]: Duplicate value: "a"`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  "+tc.fields))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("\n%s\nReadSpec(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestServiceRules checks the rules of the functions' settings.
func TestServiceRules(t *testing.T) {
	ids := func(prefix string, count int) string {
		var list []string
		for i := range count {
			list = append(list, fmt.Sprintf("%s-%d", prefix, i))
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	cases := map[string]struct {
		reason string
		fields string
		want   []string
	}{
		"LargestVPC": {
			reason: "Lambda takes 16 subnets and 5 security groups.",
			fields: "service: {vpc: {subnetIds: " + ids("subnet", 16) + ", securityGroupIds: " + ids("sg", 5) + "}}",
		},
		"TooManySubnets": {
			reason: "One more.",
			fields: "service: {vpc: {subnetIds: " + ids("subnet", 17) + ", securityGroupIds: [sg-1]}}",
			want:   []string{"spec.service.vpc.subnetIds: Too many: 17: must have at most 16 items"},
		},
		"TooManySecurityGroups": {
			reason: "One more.",
			fields: "service: {vpc: {subnetIds: [subnet-1], securityGroupIds: " + ids("sg", 6) + "}}",
			want:   []string{"spec.service.vpc.securityGroupIds: Too many: 6: must have at most 5 items"},
		},
		"LevelsOfJSON": {
			reason: "Lambda filters JSON by level.",
			fields: "service: {logging: {format: JSON, applicationLevel: TRACE, systemLevel: WARN}}",
		},
		"LevelOfText": {
			reason: "Of text it knows no levels.",
			fields: "service: {logging: {systemLevel: WARN}}",
			want:   []string{`spec.service.logging: Invalid value: format "Text" has no levels; write format: JSON, or leave applicationLevel and systemLevel out`},
		},
		"UnversionedLayer": {
			reason: "A function has a version of a layer.",
			fields: `service: {layers: ["arn:aws:lambda:us-east-1:111122223333:layer:a"]}`,
			want:   []string{`spec.service.layers[0]: Invalid value: "arn:aws:lambda:us-east-1:111122223333:layer:a": must be the ARN of a version of a layer, with the version's number at its end, such as arn:aws:lambda:us-east-1:111122223333:layer:insights:3`},
		},
		"NoSecurityGroups": {
			reason: "Lambda takes both or neither.",
			fields: "service: {vpc: {subnetIds: [subnet-1]}}",
			want:   []string{"spec.service.vpc.securityGroupIds: Required value"},
		},
		"NoSubnets": {
			reason: "Lambda takes both or neither.",
			fields: "service: {vpc: {subnetIds: [], securityGroupIds: [sg-1]}}",
			want:   []string{"spec.service.vpc.subnetIds: Invalid value: []: should have at least 1 items"},
		},
		"Mixed": {
			reason: "A security group is no subnet.",
			fields: "service: {vpc: {subnetIds: [sg-1], securityGroupIds: [sg-1]}}",
			want:   []string{`spec.service.vpc.subnetIds[0]: Invalid value: "sg-1": must be the id of a subnet, such as subnet-0a1b2c3d`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  "+tc.fields))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\nReadSpec(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
		})
	}
}
