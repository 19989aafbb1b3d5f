package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestCheckAllowed checks each list of the platform team's with a claim that it allows and one that it refuses.
func TestCheckAllowed(t *testing.T) {
	const (
		ours      = "arn:aws:iam::111122223333:policy/payment-service-a"
		team      = "arn:aws:sns:us-east-1:111122223333:payments-team"
		approvers = "arn:aws:sns:us-east-1:111122223333:approvers"
		standard  = "aws/codebuild/amazonlinux-x86_64-standard:6.0"
		inVPCs    = "  service: {vpc: {subnetIds: [subnet-a, subnet-b], securityGroupIds: [sg-a]}}\n" +
			"  build: {vpc: {vpcId: vpc-a, subnetIds: [subnet-c], securityGroupIds: [sg-a, sg-b]}}"
		topics      = "  notifications: {topicArn: '" + team + "', approvalTopicArn: '" + approvers + "'}"
		permissions = "  service: {permissions: {statements: [{actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:us-east-1:111122223333:a']}, " +
			"{actions: ['s3:GetObject', 's3:PUTObject'], resources: ['arn:aws:s3:::a/*']}], " +
			"policyArns: ['" + ours + "', 'arn:aws:iam::aws:policy/AdministratorAccess']}}"
	)
	type settings = v1beta1.PlatformSettings
	cases := map[string]struct {
		reason   string
		fields   string
		settings settings
		want     []string
	}{
		"Nothing": {reason: "Who says nothing allows all.", fields: inVPCs},
		"Region":  {reason: "The region is in the list.", settings: settings{AllowedRegions: []string{"eu-west-1", "us-east-1"}}},
		"OtherRegion": {
			reason: "The region is not in the list, which is given in order.", settings: settings{AllowedRegions: []string{"eu-west-1", "eu-central-1"}},
			want: []string{`spec.region: Unsupported value: "us-east-1": supported values: "eu-central-1", "eu-west-1" (platform setting allowedRegions of EnvironmentConfig payments); the field is immutable: delete this claim if it has made nothing, and file a new one`},
		},
		"Suffix": {reason: "One pattern of two fits.", settings: settings{AllowedEnvironmentSuffixes: []string{"pay-*", "pr-*"}}},
		"OtherSuffix": {
			reason: "None fits.", settings: settings{AllowedEnvironmentSuffixes: []string{"pay-*"}},
			want: []string{`spec.environmentSuffix: Unsupported value: "pr-123": supported values: "pay-*" (platform setting allowedEnvironmentSuffixes of the Composition's input); the field is immutable: delete this claim if it has made nothing, and file a new one`},
		},
		"Repository": {reason: "To GitHub it is the same in any case.", settings: settings{AllowedRepositories: []string{"My-Org/*"}}},
		"OtherRepository": {
			reason: "An owner's name is not the beginning of another's.", settings: settings{AllowedRepositories: []string{"my/*", "my-org/pay*"}},
			want: []string{`spec.source.repository: Unsupported value: "my-org/my-repo": supported values: "my-org/pay*", "my/*" (platform setting allowedRepositories of the Composition's input)`},
		},
		"Runtime": {reason: "The default is one too.", settings: settings{AllowedRuntimes: []string{"nodejs*"}}},
		"OtherRuntime": {
			reason: "Each is named.", fields: "  service: {runtime: python3.14}", settings: settings{AllowedRuntimes: []string{"nodejs*", "java25"}},
			want: []string{`spec.service.runtime: Unsupported value: "python3.14": supported values: "java25", "nodejs*" (platform setting allowedRuntimes of the Composition's input)`},
		},
		"ComputeType": {reason: "The default is one too.", settings: settings{AllowedComputeTypes: []string{"BUILD_GENERAL1_SMALL"}}},
		"OtherComputeType": {
			reason: "It is not in the list.", fields: "  build: {computeType: BUILD_GENERAL1_2XLARGE}", settings: settings{AllowedComputeTypes: []string{"BUILD_*_SMALL"}},
			want: []string{`spec.build.computeType: Unsupported value: "BUILD_GENERAL1_2XLARGE": supported values: "BUILD_*_SMALL" (platform setting allowedComputeTypes of the Composition's input)`},
		},
		"Image": {reason: "A claim without an image has AWS's.", settings: settings{AllowedBuildImages: []string{"aws/codebuild/*"}}},
		"NoImage": {
			reason: "AWS's is an image like others.", settings: settings{AllowedBuildImages: []string{"111122223333.dkr.ecr.*/base/*"}},
			want: []string{`spec.build.image: Unsupported value: "` + standard + `": supported values: "111122223333.dkr.ecr.*/base/*" (platform setting allowedBuildImages of the Composition's input)`},
		},
		"LambdaImage": {
			reason: "Nor is that of Lambda compute a way around.", fields: "  service: {architecture: arm64}\n  build: {computeType: BUILD_LAMBDA_1GB}", settings: settings{AllowedBuildImages: []string{standard}},
			want: []string{`spec.build.image: Unsupported value: "aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs24": supported values: "` + standard + `" (platform setting allowedBuildImages of the Composition's input)`},
		},
		"Networks": {
			reason: "All are in the lists.", fields: inVPCs,
			settings: settings{AllowedSubnetIDs: []string{"subnet-a", "subnet-b", "subnet-c"}, AllowedSecurityGroupIDs: []string{"sg-a", "sg-b"}},
		},
		"NoNetworks": {reason: "A claim need not be in a VPC.", settings: settings{AllowedSubnetIDs: []string{"subnet-a"}, AllowedSecurityGroupIDs: []string{"sg-a"}}},
		"OtherNetworks": {
			reason: "Functions and builds are both looked at.", fields: inVPCs,
			settings: settings{AllowedSubnetIDs: []string{"subnet-a"}, AllowedSecurityGroupIDs: []string{"sg-b"}},
			want: []string{
				`spec.service.vpc.subnetIds[1]: Unsupported value: "subnet-b": supported values: "subnet-a" (platform setting allowedSubnetIds of the Composition's input)`,
				`spec.build.vpc.subnetIds[0]: Unsupported value: "subnet-c": supported values: "subnet-a" (platform setting allowedSubnetIds of the Composition's input)`,
				`spec.service.vpc.securityGroupIds[0]: Unsupported value: "sg-a": supported values: "sg-b" (platform setting allowedSecurityGroupIds of the Composition's input)`,
				`spec.build.vpc.securityGroupIds[0]: Unsupported value: "sg-a": supported values: "sg-b" (platform setting allowedSecurityGroupIds of the Composition's input)`,
			},
		},
		"Topics":   {reason: "Each matches.", fields: topics, settings: settings{AllowedTopicARNs: []string{"arn:aws:sns:*:111122223333:payments-*", approvers}}},
		"NoTopics": {reason: "The pipeline's own topic needs nobody's leave.", settings: settings{AllowedTopicARNs: []string{team}}},
		"OtherTopics": {
			reason: "To SNS another case is another topic.", fields: topics, settings: settings{AllowedTopicARNs: []string{"arn:aws:sns:us-east-1:111122223333:Payments-*"}},
			want: []string{
				`spec.notifications.topicArn: Unsupported value: "` + team + `": supported values: "arn:aws:sns:us-east-1:111122223333:Payments-*" (platform setting allowedTopicArns of the Composition's input)`,
				`spec.notifications.approvalTopicArn: Unsupported value: "` + approvers + `": supported values: "arn:aws:sns:us-east-1:111122223333:Payments-*" (platform setting allowedTopicArns of the Composition's input)`,
			},
		},
		"Permissions": {
			reason: "Each is named, or matched in whatever case.", fields: permissions,
			settings: settings{AllowedActions: []string{"sqs:*", "s3:GetObject", "s3:Put*"}, AllowedPolicyARNs: []string{ours, "arn:aws:iam::aws:policy/Admin*"}},
		},
		"OtherPermissions": {
			reason: "What is not named is refused.", fields: permissions,
			settings: settings{AllowedActions: []string{"sqs:*", "dynamodb:Get*", "s3:Put*"}, AllowedPolicyARNs: []string{ours}},
			want: []string{
				`spec.service.permissions.statements[1].actions[0]: Unsupported value: "s3:GetObject": supported values: "dynamodb:Get*", "s3:Put*", "sqs:*" (platform setting allowedActions of the Composition's input)`,
				`spec.service.permissions.policyArns[1]: Unsupported value: "arn:aws:iam::aws:policy/AdministratorAccess": supported values: "` + ours + `" (platform setting allowedPolicyArns of the Composition's input)`,
			},
		},
	}
	from := Origins{"allowedRegions": "EnvironmentConfig payments"}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := messages(checkGuardrails(judged{spec: new(specWith(t, tc.fields)), settings: &tc.settings, from: from}))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\ncheckGuardrails(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCheckAllowedSource checks a claim that takes what another pipeline has built.
func TestCheckAllowedSource(t *testing.T) {
	spec := fntest.MinimalSpec()
	spec.Source = v1alpha1.Source{PromotedFrom: &v1alpha1.PromotedFrom{AccountID: "444455556666", BucketName: "pipeline-artifacts-dev-1a2b3c4d"}}
	settings := v1beta1.PlatformSettings{AllowedRepositories: []string{"my/*"}, AllowedBuildImages: []string{"none"}, AllowedComputeTypes: []string{"none"}}
	for account, want := range map[string][]string{
		"444455556666": nil,
		"111122223333": {`spec.source.promotedFrom.accountId: Unsupported value: "444455556666": supported values: "111122223333" (platform setting allowedSourceAccounts of the Composition's input)`},
	} {
		settings.AllowedSourceAccounts = []string{account}
		if diff := cmp.Diff(want, messages(checkGuardrails(judged{spec: &spec, settings: &settings}))); diff != "" {
			t.Errorf("with %s allowed: -want, +got:\n%s", account, diff)
		}
	}
}

// specWith is that of the smallest claim with other fields too, and with defaults.
func specWith(t *testing.T, fields string) v1alpha1.PaymentDeliveryPipelineSpec {
	t.Helper()
	spec, errs := ReadSpec(fntest.Struct(t, fntest.Spec+fields))
	if len(errs) > 0 {
		t.Fatalf("cannot read the claim: %v", errs)
	}
	return spec
}
