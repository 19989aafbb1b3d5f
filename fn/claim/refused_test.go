package claim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// TestRefusedByAWS checks the rules about what AWS refuses, at their limits. The claim can be read all the same.
func TestRefusedByAWS(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a", n) }
	const (
		secret    = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-b1C2d3"
		variables = "spec.service.environment"
		names     = "AWS Lambda takes other names than AWS_REGION, AWS_DEFAULT_REGION, AWS_EXECUTION_ENV, those of its credentials, and some that begin with AWS_LAMBDA_ and LAMBDA_"
	)
	tagKeys := func(value string) string {
		return ofAWS("spec.tags", value, "AWS takes tag keys of 1 to 127 letters, digits, spaces and _.:/=+-@ that do not begin with aws:")
	}
	tagValue := func(value string) string {
		return ofAWS("spec.tags[a]", value, "AWS takes tag values of at most 255 letters, digits, spaces and _.:/=+-@")
	}
	image := func(value string) string {
		return ofAWS("spec.build.image", value, "code is built on service.architecture, and CodeBuild takes images for it: "+
			"aws/codebuild/amazonlinux-aarch64-standard:4.0 for arm64, say, aws/codebuild/amazonlinux-x86_64-standard:6.0 for x86_64, "+
			"or none, and it follows")
	}
	language := func(value string) string {
		return ofAWS("spec.build.image", value, "the generated buildspec needs the language of service.runtime, which AWS has in "+
			"aws/codebuild/amazonlinux-x86_64-standard:5.0, aws/codebuild/amazonlinux-aarch64-standard:3.0 and aws/codebuild/standard:7.0 and later")
	}
	alarms := func(value string) string {
		return ofAWS("spec.alarm.additionalAlarms", value, "CodeDeploy finds alarms by their names, which are neither blank nor ARNs")
	}
	bytes := ofAWS(variables, `{"ab":"`+long(121)+"...", "AWS Lambda takes 4096 bytes of environment variables, measured as JSON, of which the pipeline's own have 74")
	cases := map[string]struct {
		reason string
		fields string
		want   []string
	}{
		"TagCharacters": {reason: "All of these pass every service.", fields: `tags: {"Größe 1_.:/=+-@": "Größe 1_.:/=+-@"}`},
		"LongestTag":    {reason: "CodeBuild takes no longer ones.", fields: `tags: {` + long(127) + `: ` + long(255) + `}`},
		"EmptyTagValue": {reason: "A tag needs no value.", fields: `tags: {a: ""}`},
		"TooLongTagKey": {reason: "CodeBuild takes 127 characters.", fields: `tags: {` + long(128) + `: a}`, want: []string{tagKeys(`{"` + long(126) + "...")}},
		"TooLongTagValue": {
			reason: "CodeBuild takes 255 characters.", fields: `tags: {a: ` + long(256) + `}`, want: []string{tagValue(`"` + long(128) + `..."`)},
		},
		"EmptyTagKey":       {reason: "A tag has a key.", fields: `tags: {"": a}`, want: []string{tagKeys(`{"":"a"}`)}},
		"TagKeyCharacters":  {reason: "IAM takes no ampersand.", fields: `tags: {"R&D": a, "ok": b}`, want: []string{tagKeys(`{"R&D":"a"}`)}},
		"TagValueCharacter": {reason: "CloudWatch Logs takes no comma.", fields: `tags: {a: "b,c", d: e}`, want: []string{tagValue(`"b,c"`)}},
		"TagKeyOfAWS":       {reason: "The prefix is AWS's in any case.", fields: `tags: {"AWS:a": b}`, want: []string{tagKeys(`{"AWS:a":"b"}`)}},
		"TagKeysInCase": {
			reason: "To IAM they are one key.", fields: `tags: {Team: a, team: b}`,
			want: []string{ofAWS("spec.tags", `{"Team":"a","team":"b"}`, "to IAM tag keys that differ in case are the same")},
		},
		"TagOfTheProvider": {
			reason: "The provider sets it.", fields: `tags: {Crossplane-Name: a}`,
			want: []string{ofAWS("spec.tags", `{"Crossplane-Name":"a"}`, "provider-aws sets the tags crossplane-kind, crossplane-name and crossplane-providerconfig; choose other keys")},
		},
		"ImageForARM": {
			reason: "The functions run on x86_64.", fields: `build: {image: "aws/codebuild/amazonlinux-aarch64-standard:3.0"}`,
			want: []string{image(`"aws/codebuild/amazonlinux-aarch64-standard:3.0"`)},
		},
		"ImageForX86": {
			reason: "The functions run on ARM.", fields: "service: {architecture: arm64}\n  build: {image: 'aws/codebuild/standard:8.0'}",
			want: []string{image(`"aws/codebuild/standard:8.0"`)},
		},
		"ARM": {reason: "The image follows.", fields: `service: {architecture: arm64}`},
		"ARMWithImage": {
			reason: "Both are for ARM.", fields: "service: {architecture: arm64}\n  build: {image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0'}",
		},
		"OldImageForARM": {
			reason: "It is of Amazon Linux 2.", fields: "service: {architecture: arm64}\n  build: {image: 'aws/codebuild/amazonlinux-aarch64-standard:2.0'}",
			want: []string{language(`"aws/codebuild/amazonlinux-aarch64-standard:2.0"`)},
		},
		"ImageForWindows": {
			reason: "The build container is another.", fields: `build: {image: "aws/codebuild/windows-base:2022-1.0"}`,
			want: []string{ofAWS("spec.build.image", `"aws/codebuild/windows-base:2022-1.0"`, "builds run in Linux containers, and CodeBuild takes images for these")},
		},
		"ImageWithoutTheLanguage": {
			reason: "It has no language in a version that Lambda takes.", fields: `build: {image: "aws/codebuild/standard:6.0"}`,
			want: []string{language(`"aws/codebuild/standard:6.0"`)},
		},
		"ImageOfAmazonLinux2": {
			reason: "It is as old.", fields: `build: {image: "aws/codebuild/amazonlinux2-x86_64-standard:4.0"}`,
			want: []string{language(`"aws/codebuild/amazonlinux2-x86_64-standard:4.0"`)},
		},
		"OldImageOfItsOwn": {
			reason: "A buildspec of the claim's own may bring its language.", fields: `build: {image: "aws/codebuild/standard:6.0", buildspec: ci.yml}`,
		},
		"LongestBuildVariable": {reason: "CodeBuild takes 4096 characters.", fields: `build: {environment: {a: ` + long(4096) + `}}`},
		"TooLongBuildVariable": {
			reason: "One more.", fields: `build: {environment: {a: ` + long(4097) + `}}`,
			want: []string{ofAWS("spec.build.environment[a]", `"`+long(128)+`..."`, "AWS CodeBuild takes values of at most 4096 characters")},
		},
		"ImageOfUbuntu": {reason: "It is for x86_64.", fields: `build: {image: "aws/codebuild/standard:7.0"}`},
		"BlankAlarm": {
			reason: "No alarm has a blank name.", fields: `alarm: {additionalAlarms: [a, " "]}`,
			want: []string{alarms(`["a"," "]`)},
		},
		"AlarmARN": {
			reason: "CodeDeploy would look for an alarm of that name.", fields: `alarm: {additionalAlarms: ["arn:aws:cloudwatch:us-east-1:1:alarm:a"]}`,
			want: []string{alarms(`["arn:aws:cloudwatch:us-east-1:1:alarm:a"]`)},
		},
		"FIFOTopic": {
			reason: "EventBridge's rules have no message group for it.", fields: `notifications: {topicArn: "arn:aws:sns:us-east-1:111122223333:team.fifo"}`,
			want: []string{ofAWS("spec.notifications.topicArn", `"arn:aws:sns:us-east-1:111122223333:team.fifo"`,
				"EventBridge, CloudWatch and CodePipeline name no message group, without which a FIFO topic takes nothing, so it takes a standard topic")},
		},
		"FIFOTopicForApprovals": {
			reason: "Nor has CodePipeline.", fields: `notifications: {approvalTopicArn: "arn:aws:sns:us-east-1:111122223333:team.fifo"}`,
			want: []string{ofAWS("spec.notifications.approvalTopicArn", `"arn:aws:sns:us-east-1:111122223333:team.fifo"`,
				"CodePipeline names no message group, without which a FIFO topic takes nothing, so it takes a standard topic")},
		},
		"ReservedVariable": {
			reason: "Lambda sets it.", fields: `service: {environment: {LAMBDA_TASK_ROOT: /}}`,
			want: []string{ofAWS(variables, `{"LAMBDA_TASK_ROOT":"/"}`, names)},
		},
		"UnreservedVariable": {reason: "Lambda takes it.", fields: `service: {environment: {AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper, TZ: UTC}}`},
		"MostVariables":      {reason: "4096 bytes, with those of the pipeline.", fields: `service: {environment: {ab: ` + long(4022-8) + `}}`},
		"TooManyVariables": {
			reason: "One byte more.", fields: `service: {environment: {ab: ` + long(4022-7) + `}}`,
			want: []string{bytes},
		},
		"MostSecrets": {
			reason: "ARNs of secrets count as the variables that they are.",
			fields: `service: {environment: {ab: ` + long(4022-8-8-len(secret)) + `}, secrets: {cd: ` + secret + `}}`,
		},
		"TooManySecrets": {
			reason: "One byte more.", fields: `service: {environment: {ab: ` + long(4022-8-7-len(secret)) + `}, secrets: {cd: ` + secret + `}}`,
			want: []string{ofAWS("spec.service.secrets", `{"cd":"`+secret+`"}`, "AWS Lambda takes 4096 bytes of environment variables, measured as JSON, "+
				"the ARNs of secrets and 74 of the pipeline's own included")},
		},
		"ReservedSecret": {
			reason: "Lambda sets it.", fields: `service: {secrets: {AWS_REGION: ` + secret + `}}`,
			want: []string{ofAWS("spec.service.secrets", `{"AWS_REGION":"`+secret+`"}`, names)},
		},
		"EscapedVariables": {
			reason: "JSON escapes what it quotes with.", fields: `service: {environment: {ab: "` + long(4022-10) + `\\"}}`,
		},
		"TooManyEscaped": {
			reason: "Bytes count, not characters.", fields: `service: {environment: {ab: "` + long(4022-10) + `\"ß"}}`,
			want: []string{bytes},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  "+tc.fields))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("\n%s\nReadSpec(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
			if spec.EnvironmentSuffix == "" {
				t.Errorf("\n%s\nReadSpec(...): the claim was not read", tc.reason)
			}
		})
	}
}

// TestOwners checks that every kind of GitHub's owners is taken. The users that an enterprise manages have an underscore.
func TestOwners(t *testing.T) {
	for _, owner := range []string{"a", "my-org", "Old-", "octo_corp"} {
		xr := "spec: {environmentSuffix: pr-123, source: {owner: " + owner + ", repository: my-repo}}"
		if _, errs := ReadSpec(fntest.Struct(t, xr)); len(errs) > 0 {
			t.Errorf("owner %q: %v", owner, errs)
		}
	}
}

func TestCheckEvent(t *testing.T) {
	cases := map[string]struct {
		reason string
		event  string
		want   []string
	}{
		"None":  {reason: "Nothing has no mistake."},
		"Exact": {reason: "This is the largest number below which all whole numbers are told apart.", event: `{"a":[{"b":-9007199254740991}],"c":1.5}`},
		"Inexact": {
			reason: "Above it, digits are lost before the function sees them.", event: `{"a":[{"b":9007199254740992}]}`,
			want: []string{ofAWS("spec.smokeTest.event", "9.007199254740992e+15", "numbers beyond 9007199254740991 lose digits on the way") + "; write it as text"},
		},
		"Longest": {reason: "Step Functions passes on no more.", event: `{"a":"` + strings.Repeat("x", 262144-8) + `"}`},
		"TooLong": {
			reason: "One byte more.", event: `{"a":"` + strings.Repeat("x", 262144-7) + `"}`,
			want: []string{ofAWS("spec.smokeTest.event", "262145", "Step Functions takes at most 262144 bytes")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			if tc.event != "" {
				spec.SmokeTest.Event = &extv1.JSON{Raw: []byte(tc.event)}
			}
			if diff := cmp.Diff(tc.want, messages(checkEvent(spec))); diff != "" {
				t.Errorf("\n%s\ncheckEvent(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRegions checks that a claim may name the regions in which AWS has all services of a pipeline, and no others.
func TestRegions(t *testing.T) {
	offered, others, err := awsmodel.Regions()
	if err != nil || len(offered) == 0 || len(others) == 0 {
		t.Fatalf("cannot read the regions: %v", err)
	}
	refused := func(region string) bool {
		_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  region: "+region))
		return len(errs) > 0
	}
	for _, region := range offered {
		if refused(region) {
			t.Errorf("%s is refused, and AWS has all services there", region)
		}
	}
	for _, region := range append(others, "us-east-9") {
		if !refused(region) {
			t.Errorf("%s is accepted, and AWS does not have all services there", region)
		}
	}
}

func TestCheckRegion(t *testing.T) {
	cases := map[string]struct {
		reason        string
		region        string
		key, boundary string
		want          []string
	}{
		"Nothing": {reason: "What is not given is nowhere.", region: "us-east-1"},
		"Here": {
			reason: "A key of the region, and what its partition has.", region: "us-gov-west-1",
			key:      "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1",
			boundary: "arn:aws-us-gov:iam::111122223333:policy/boundary",
		},
		"OtherRegion": {
			reason: "A key may not be of another region.", region: "us-east-1",
			key:  "arn:aws:kms:us-east-2:111122223333:key/1",
			want: []string{notHere("input.kmsKeyArn", "arn:aws:kms:us-east-2:111122223333:key/1", "region us-east-1")},
		},
		"OtherPartition": {
			reason: "Partitions share nothing.", region: "us-gov-west-1",
			boundary: "arn:aws:iam::aws:policy/PowerUserAccess",
			want: []string{
				notHere("input.permissionsBoundaryArn", "arn:aws:iam::aws:policy/PowerUserAccess", "partition aws-us-gov"),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Region = tc.region
			got := checkRegion(spec, v1beta1.PlatformSettings{KMSKeyARN: tc.key, PermissionsBoundaryARN: tc.boundary}, "input")
			if diff := cmp.Diff(tc.want, messages(got)); diff != "" {
				t.Errorf("\n%s\ncheckRegion(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
