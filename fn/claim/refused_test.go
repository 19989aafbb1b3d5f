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
	cases := map[string]struct {
		reason string
		fields string
		want   []string
	}{
		"TagCharacters": {reason: "All of these pass every service.", fields: `tags: {"Größe 1_.:/=+-@": "Größe 1_.:/=+-@"}`},
		"LongestTag":    {reason: "CodeBuild takes no longer ones.", fields: `tags: {` + long(127) + `: ` + long(255) + `}`},
		"EmptyTagValue": {reason: "A tag needs no value.", fields: `tags: {a: ""}`},
		"TooLongTagKey": {reason: "CodeBuild takes 127 characters.", fields: `tags: {` + long(128) + `: a}`, want: []string{`spec.tags: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" cannot be a tag key in AWS; write 1 to 127 letters, digits, spaces and _.:/=+-@, and no aws: first (rule of AWS)`}},
		"TooLongTagValue": {
			reason: "CodeBuild takes 255 characters.", fields: `tags: {a: ` + long(256) + `}`, want: []string{`spec.tags[a]: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is not a tag value that AWS takes: at most 255 letters, digits, spaces and _.:/=+-@; write it with these (rule of AWS)`},
		},
		"EmptyTagKey":       {reason: "A tag has a key.", fields: `tags: {"": a}`, want: []string{`spec.tags: Invalid value: "" cannot be a tag key in AWS; write 1 to 127 letters, digits, spaces and _.:/=+-@, and no aws: first (rule of AWS)`}},
		"TagKeyCharacters":  {reason: "IAM takes no ampersand.", fields: `tags: {"R&D": a, "ok": b}`, want: []string{`spec.tags: Invalid value: "R&D" cannot be a tag key in AWS; write 1 to 127 letters, digits, spaces and _.:/=+-@, and no aws: first (rule of AWS)`}},
		"TagValueCharacter": {reason: "CloudWatch Logs takes no comma.", fields: `tags: {a: "b,c", d: e}`, want: []string{`spec.tags[a]: Invalid value: "b,c" is not a tag value that AWS takes: at most 255 letters, digits, spaces and _.:/=+-@; write it with these (rule of AWS)`}},
		"TagKeyOfAWS":       {reason: "The prefix is AWS's in any case.", fields: `tags: {"AWS:a": b}`, want: []string{`spec.tags: Invalid value: "AWS:a" cannot be a tag key in AWS; write 1 to 127 letters, digits, spaces and _.:/=+-@, and no aws: first (rule of AWS)`}},
		"TagKeysInCase": {
			reason: "To IAM they are one key.", fields: `tags: {Team: a, team: b}`,
			want: []string{`spec.tags: Invalid value: "Team" cannot differ from another key in case only, as to IAM they are the same; keep one of them (rule of AWS)`},
		},
		"TagOfTheProvider": {
			reason: "The provider sets it.", fields: `tags: {Crossplane-Name: a}`,
			want: []string{`spec.tags: Invalid value: "Crossplane-Name" cannot be set, as the pipeline or provider-aws sets it; choose another key (rule of AWS)`},
		},
		"ImageForARM": {
			reason: "The functions run on x86_64.", fields: `build: {image: "aws/codebuild/amazonlinux-aarch64-standard:3.0"}`,
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/amazonlinux-aarch64-standard:3.0" is not for x86_64, which code is built on; leave image empty, or choose one such as aws/codebuild/amazonlinux-x86_64-standard:6.0 (rule of AWS)`},
		},
		"ImageForX86": {
			reason: "The functions run on ARM.", fields: "service: {architecture: arm64}\n  build: {image: 'aws/codebuild/standard:8.0'}",
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/standard:8.0" is not for arm64, which code is built on; leave image empty, or choose one such as aws/codebuild/amazonlinux-aarch64-standard:4.0 (rule of AWS)`},
		},
		"ARM": {reason: "The image follows.", fields: `service: {architecture: arm64}`},
		"ARMWithImage": {
			reason: "Both are for ARM.", fields: "service: {architecture: arm64}\n  build: {image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0'}",
		},
		"OldImageForARM": {
			reason: "It is of Amazon Linux 2.", fields: "service: {architecture: arm64}\n  build: {image: 'aws/codebuild/amazonlinux-aarch64-standard:2.0'}",
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/amazonlinux-aarch64-standard:2.0" does not have the language of service.runtime, which the generated buildspec needs; leave image empty, or choose aws/codebuild/amazonlinux-x86_64-standard:5.0, aws/codebuild/amazonlinux-aarch64-standard:3.0, aws/codebuild/standard:7.0 or later (rule of AWS)`},
		},
		"ImageForWindows": {
			reason: "The build container is another.", fields: `build: {image: "aws/codebuild/windows-base:2022-1.0"}`,
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/windows-base:2022-1.0" is not an image for Linux, and builds run in Linux containers; choose one such as aws/codebuild/amazonlinux-x86_64-standard:6.0 (rule of AWS)`},
		},
		"ImageWithoutTheLanguage": {
			reason: "It has no language in a version that Lambda takes.", fields: `build: {image: "aws/codebuild/standard:6.0"}`,
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/standard:6.0" does not have the language of service.runtime, which the generated buildspec needs; leave image empty, or choose aws/codebuild/amazonlinux-x86_64-standard:5.0, aws/codebuild/amazonlinux-aarch64-standard:3.0, aws/codebuild/standard:7.0 or later (rule of AWS)`},
		},
		"ImageOfAmazonLinux2": {
			reason: "It is as old.", fields: `build: {image: "aws/codebuild/amazonlinux2-x86_64-standard:4.0"}`,
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/amazonlinux2-x86_64-standard:4.0" does not have the language of service.runtime, which the generated buildspec needs; leave image empty, or choose aws/codebuild/amazonlinux-x86_64-standard:5.0, aws/codebuild/amazonlinux-aarch64-standard:3.0, aws/codebuild/standard:7.0 or later (rule of AWS)`},
		},
		"OldImageOfItsOwn": {
			reason: "A buildspec of the claim's own may bring its language.", fields: `build: {image: "aws/codebuild/standard:6.0", buildspec: ci.yml}`,
		},
		"LongestBuildVariable": {reason: "CodeBuild takes 4096 characters.", fields: `build: {environment: {a: ` + long(4096) + `}}`},
		"TooLongBuildVariable": {
			reason: "One more.", fields: `build: {environment: {a: ` + long(4097) + `}}`,
			want: []string{"spec.build.environment[a]: Invalid value: the value has 4097 characters, and AWS CodeBuild takes at most 4096; put a longer one in a file of the repository (rule of AWS)"},
		},
		"ImageOfUbuntu": {reason: "It is for x86_64.", fields: `build: {image: "aws/codebuild/standard:7.0"}`},
		"BlankAlarm": {
			reason: "No alarm has a blank name.", fields: `alarm: {additionalAlarms: [a, " "]}`,
			want: []string{`spec.alarm.additionalAlarms[1]: Invalid value: " " is not the name of an alarm, by which CodeDeploy finds it; of an ARN write what comes after :alarm: (rule of AWS)`},
		},
		"AlarmARN": {
			reason: "CodeDeploy would look for an alarm of that name.", fields: `alarm: {additionalAlarms: ["arn:aws:cloudwatch:us-east-1:1:alarm:a"]}`,
			want: []string{`spec.alarm.additionalAlarms[0]: Invalid value: "arn:aws:cloudwatch:us-east-1:1:alarm:a" is not the name of an alarm, by which CodeDeploy finds it; of an ARN write what comes after :alarm: (rule of AWS)`},
		},
		"FIFOTopic": {
			reason: "EventBridge's rules have no message group for it.", fields: `notifications: {topicArn: "arn:aws:sns:us-east-1:111122223333:team.fifo"}`,
			want: []string{`spec.notifications.topicArn: Invalid value: "arn:aws:sns:us-east-1:111122223333:team.fifo" is a FIFO topic, which takes nothing of EventBridge, CloudWatch and CodePipeline, as they name no message group; choose a standard topic (rule of AWS)`},
		},
		"FIFOTopicForApprovals": {
			reason: "Nor has CodePipeline.", fields: `notifications: {approvalTopicArn: "arn:aws:sns:us-east-1:111122223333:team.fifo"}`,
			want: []string{`spec.notifications.approvalTopicArn: Invalid value: "arn:aws:sns:us-east-1:111122223333:team.fifo" is a FIFO topic, which takes nothing of CodePipeline, as that names no message group; choose a standard topic (rule of AWS)`},
		},
		"ReservedVariable": {
			reason: "Lambda sets it.", fields: `service: {environment: {LAMBDA_TASK_ROOT: /}}`,
			want: []string{`spec.service.environment: Invalid value: ["LAMBDA_TASK_ROOT"] is reserved by AWS Lambda; choose another name (rule of AWS)`},
		},
		"UnreservedVariable": {reason: "Lambda takes it.", fields: `service: {environment: {AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper, TZ: UTC}}`},
		"MostVariables":      {reason: "4096 bytes, with those of the pipeline.", fields: `service: {environment: {ab: ` + long(4022-8) + `}}`},
		"TooManyVariables": {
			reason: "One byte more.", fields: `service: {environment: {ab: ` + long(4022-7) + `}}`,
			want: []string{"spec.service.environment: Invalid value: the variables have 4097 bytes as JSON, 74 of the pipeline's own included, and AWS Lambda takes 4096; shorten them, or read them from elsewhere (rule of AWS)"},
		},
		"MostSecrets": {
			reason: "ARNs of secrets count as the variables that they are.",
			fields: `service: {environment: {ab: ` + long(4022-8-8-len(secret)) + `}, secrets: {cd: ` + secret + `}}`,
		},
		"TooManySecrets": {
			reason: "One byte more.", fields: `service: {environment: {ab: ` + long(4022-8-7-len(secret)) + `}, secrets: {cd: ` + secret + `}}`,
			want: []string{"spec.service.secrets: Invalid value: AWS Lambda takes 4096 bytes of environment variables, measured as JSON, the ARNs of secrets and 74 of the pipeline's own included (rule of AWS)"},
		},
		"ReservedSecret": {
			reason: "Lambda sets it.", fields: `service: {secrets: {AWS_REGION: ` + secret + `}}`,
			want: []string{`spec.service.secrets: Invalid value: ["AWS_REGION"] is reserved by AWS Lambda; choose another name (rule of AWS)`},
		},
		"EscapedVariables": {
			reason: "JSON escapes what it quotes with.", fields: `service: {environment: {ab: "` + long(4022-10) + `\\"}}`,
		},
		"TooManyEscaped": {
			reason: "Bytes count, not characters.", fields: `service: {environment: {ab: "` + long(4022-10) + `\"ß"}}`,
			want: []string{"spec.service.environment: Invalid value: the variables have 4098 bytes as JSON, 74 of the pipeline's own included, and AWS Lambda takes 4096; shorten them, or read them from elsewhere (rule of AWS)"},
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
