package claim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestBuildRules checks what a claim may say of its build and its source, and that the fields that do not go together are named.
func TestBuildRules(t *testing.T) {
	const (
		parameter = "arn:aws:ssm:us-east-1:111122223333:parameter/a"
		names     = "names of build variables are letters, digits and underscores, do not begin with a digit, and do not begin with CODEBUILD_"
	)
	lambda := func(more string) string { return "build: {computeType: BUILD_LAMBDA_1GB" + more + "}" }
	cases := map[string]struct {
		reason string
		fields string
		want   []string
	}{
		"Lambda":           {reason: "Alone it is all right.", fields: lambda("")},
		"LambdaDefaults":   {reason: "So are the defaults.", fields: lambda(", cache: None, privileged: false, timeoutMinutes: 60")},
		"LambdaVPC":        {reason: "It reaches no VPC.", fields: lambda(", vpc: {vpcId: vpc-a, subnetIds: [subnet-a], securityGroupIds: [sg-a]}"), want: []string{`spec.build.computeType: Invalid value: "BUILD_LAMBDA_1GB" is Lambda compute, which does not have ["vpc"]; leave that out, or choose a computeType of BUILD_GENERAL1_ (rule of AWS)`}},
		"LambdaCache":      {reason: "It has no cache.", fields: lambda(", cache: S3"), want: []string{`spec.build.computeType: Invalid value: "BUILD_LAMBDA_1GB" is Lambda compute, which does not have ["cache"]; leave that out, or choose a computeType of BUILD_GENERAL1_ (rule of AWS)`}},
		"LambdaDocker":     {reason: "It runs no Docker.", fields: lambda(", privileged: true"), want: []string{`spec.build.computeType: Invalid value: "BUILD_LAMBDA_1GB" is Lambda compute, which does not have ["privileged"]; leave that out, or choose a computeType of BUILD_GENERAL1_ (rule of AWS)`}},
		"LambdaTimeout":    {reason: "It takes no timeout.", fields: lambda(", timeoutMinutes: 10"), want: []string{`spec.build.computeType: Invalid value: "BUILD_LAMBDA_1GB" is Lambda compute, which does not have ["timeoutMinutes"]; leave that out, or choose a computeType of BUILD_GENERAL1_ (rule of AWS)`}},
		"LambdaImage":      {reason: "It has images of its own.", fields: lambda(", image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24'")},
		"LambdaForPython":  {reason: "Unless the claim builds otherwise.", fields: lambda(", buildspec: a, image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:python3.13'")},
		"LambdaOtherImage": {reason: "And takes no others.", fields: lambda(", image: 'aws/codebuild/standard:8.0'"), want: []string{`spec.build.image: Invalid value: "aws/codebuild/standard:8.0" is not an image of Lambda compute; choose one such as aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24, or leave image empty (rule of AWS)`}},
		"LambdaOwnImage":   {reason: "But those of the team.", fields: lambda(", image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1'")},
		"ImageForLambda": {
			reason: "A container takes none of its images.", fields: "build: {image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24'}",
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24" is an image of Lambda compute; choose a computeType of BUILD_LAMBDA_, or leave image empty (rule of AWS)`},
		},
		"LambdaAnotherLanguage": {
			reason: "An image has one language.",
			fields: "service: {runtime: python3.13}\n  " + lambda(", image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24'"),
			want:   []string{`spec.build.image: Invalid value: "aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs24" does not have the language of python3.13, which the generated buildspec needs; leave image empty, and the right one is taken (rule of AWS)`},
		},
		"LambdaAnotherVersion": {
			reason: "And one version of it.", fields: lambda(", image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22'"),
			want: []string{`spec.build.image: Invalid value: "aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22" does not have the language of nodejs24.x, which the generated buildspec needs; leave image empty, and the right one is taken (rule of AWS)`},
		},
		"LambdaJava": {
			reason: "Java is called Corretto there.",
			fields: "service: {runtime: java21, handler: 'a.B::c'}\n  " + lambda(", image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:corretto21'"),
		},
		"LambdaNoImage": {
			reason: "Of some runtimes there is none.", fields: "service: {runtime: ruby3.3}\n  " + lambda(""),
			want: []string{`spec.build.computeType: Invalid value: "BUILD_LAMBDA_1GB" is Lambda compute, for which CodeBuild has no image with ruby3.3; choose a computeType of BUILD_GENERAL1_, or name an image of yours (rule of AWS)`},
		},
		"LambdaGo": {
			reason: "What a program is built by the claim says.",
			fields: "service: {runtime: provided.al2023}\n  " + lambda(", image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:go1.25'"),
		},
		"OwnImageForARM": {reason: "What is in an image of the team's only the team knows.", fields: "service: {architecture: arm64}\n  build: {image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1'}"},
		"InBoth": {
			reason: "A variable has one value.", fields: "build: {environment: {A: a}, secrets: {A: '" + parameter + "'}}",
			want: []string{`spec.build.secrets: Invalid value: "A" cannot be in build.environment too, as a variable has one value; leave it out of one of them`},
		},
		"NoName":      {reason: "A shell has no such variable.", fields: "build: {secrets: {1A: '" + parameter + "'}}", want: []string{`spec.build.secrets: Invalid value: "1A": ` + names}},
		"OfCodeBuild": {reason: "CodeBuild sets it.", fields: "build: {secrets: {CODEBUILD_A: '" + parameter + "'}}", want: []string{`spec.build.secrets: Invalid value: "CODEBUILD_A": ` + names}},
		"Underscore":  {reason: "A shell has such a variable.", fields: "build: {secrets: {_A1: '" + parameter + "'}}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  "+tc.fields))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\n-want errors, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBuildTexts checks what images, secrets and directories may look like.
func TestBuildTexts(t *testing.T) {
	const (
		image     = "build: {image: '%s'}"
		secret    = "build: {secrets: {A: '%s'}}"
		directory = "source: {owner: my-org, repository: my-repo, directory: '%s'}"
		ecr       = "111122223333.dkr.ecr.us-east-1.amazonaws.com/"
		ofSecret  = "arn:aws:secretsmanager:us-east-1:111122223333:secret:"
	)
	cases := map[string]struct {
		reason, field, text string
		taken               bool
	}{
		"Tag":             {reason: "An image has a tag.", field: image, text: ecr + "build/node:24", taken: true},
		"Digest":          {reason: "Or a digest.", field: image, text: ecr + "node@sha256:" + strings.Repeat("0a", 32), taken: true},
		"NoTag":           {reason: "What is latest is nobody's to guess.", field: image, text: ecr + "node"},
		"DockerHub":       {reason: "It would need credentials of its own, and has limits.", field: image, text: "node:24"},
		"Windows":         {reason: "Builds run in Linux.", field: image, text: "aws/codebuild/windows-base:2022-1.0"},
		"Whole":           {reason: "A secret may be the value.", field: secret, text: ofSecret + "a-b1C2d3", taken: true},
		"Key":             {reason: "Or one of its keys.", field: secret, text: ofSecret + "a-b1C2d3:npm.token", taken: true},
		"Stage":           {reason: "The current version is the one.", field: secret, text: ofSecret + "a-b1C2d3:token:AWSCURRENT"},
		"Parameter":       {reason: "A parameter has no keys.", field: secret, text: "arn:aws:ssm:us-east-1:111122223333:parameter/a:token"},
		"Value":           {reason: "A value would be in the claim, for all to read.", field: secret, text: "hunter2"},
		"Directory":       {reason: "A directory is below the root.", field: directory, text: "services/payments-eu.v2", taken: true},
		"Root":            {reason: "An empty one is the root.", field: directory, text: "", taken: true},
		"Absolute":        {reason: "It begins at the root.", field: directory, text: "/services"},
		"Parent":          {reason: "It is in the repository.", field: directory, text: "services/../.."},
		"SlashAtTheEnd":   {reason: "The pattern would have two.", field: directory, text: "services/"},
		"Glob":            {reason: "It is one directory.", field: directory, text: "services/*"},
		"CommandInATitle": {reason: "A shell reads it.", field: directory, text: "a$(b)"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := "spec:\n  environmentSuffix: pr-123\n  source: {owner: my-org, repository: my-repo}\n  "
			if tc.field == directory {
				spec = "spec:\n  environmentSuffix: pr-123\n  "
			}
			_, errs := ReadSpec(fntest.Struct(t, spec+fmt.Sprintf(tc.field, tc.text)))
			if diff := cmp.Diff(tc.taken, len(errs) == 0); diff != "" {
				t.Errorf("%s\n-want it to be taken, +got: %v\n%s", tc.reason, errs, diff)
			}
		})
	}
}

// TestCheckBuild checks that builds are given what they can read.
func TestCheckBuild(t *testing.T) {
	const (
		secrets  = "spec.build.secrets[A]"
		ofOthers = "arn:aws:ssm:us-east-1:444455556666:parameter/a"
		away     = "arn:aws:ssm:eu-west-1:111122223333:parameter/a"
		secret   = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-b1C2d3:key"
		image    = "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/a:1"
	)
	long := v1alpha1.BuildSecretARN("arn:aws:ssm:us-east-1:111122223333:parameter/" + strings.Repeat("a", 2000-45))
	cases := map[string]struct {
		reason, account, image string
		secrets                map[string]v1alpha1.BuildSecretARN
		want                   []string
	}{
		"None":           {reason: "Nothing is nowhere else.", account: fntest.Account},
		"Here":           {reason: "What is here can be read.", account: fntest.Account, secrets: map[string]v1alpha1.BuildSecretARN{"A": secret}},
		"UnknownAccount": {reason: "As long as the account is not known, any may be it.", secrets: map[string]v1alpha1.BuildSecretARN{"A": ofOthers}},
		"OtherAccount": {
			reason: "A parameter is read by its name, here.", account: fntest.Account, secrets: map[string]v1alpha1.BuildSecretARN{"A": ofOthers},
			want: []string{notHere(secrets, ofOthers, "account 111122223333")},
		},
		"OtherRegion": {
			reason: "And in this region.", account: fntest.Account, secrets: map[string]v1alpha1.BuildSecretARN{"A": away},
			want: []string{notHere(secrets, away, "region us-east-1")},
		},
		"Longest": {reason: "A policy has room for so much.", secrets: map[string]v1alpha1.BuildSecretARN{"A": long}},
		"TooLong": {
			reason: "And no more.", secrets: map[string]v1alpha1.BuildSecretARN{"A": long + "a"},
			want: []string{ofAWS("spec.build.secrets", "2001", "the ARNs make a policy of IAM's too long, which takes 2000 characters of them")},
		},
		"Image": {reason: "Another region's image can be pulled.", image: "444455556666.dkr.ecr.eu-west-1.amazonaws.com/a:1"},
		"OtherPartition": {
			reason: "Another partition's cannot.", image: image,
			want: []string{notHere("spec.build.image", image, "partition aws")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Build.Secrets, spec.Build.Image = tc.secrets, tc.image
			if diff := cmp.Diff(tc.want, messages(checkBuild(spec, tc.account))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBuildspecLength checks that a claim is refused whose buildspec CodeBuild would refuse, and only that.
func TestBuildspecLength(t *testing.T) {
	reports := func(length int) *v1alpha1.Reports {
		files := slices.Repeat([]string{strings.Repeat("r", length)}, 10)
		return &v1alpha1.Reports{Test: &v1alpha1.TestReport{Files: files}, Coverage: &v1alpha1.CoverageReport{Files: files}}
	}
	cases := map[string]struct {
		reason  string
		spec    func(*v1alpha1.PaymentDeliveryPipelineSpec)
		refused bool
	}{
		"Long": {
			reason: "A long command and long paths go.",
			spec: func(s *v1alpha1.PaymentDeliveryPipelineSpec) {
				s.Build.Test, s.Build.Reports = strings.Repeat("t", 1024), reports(100)
			},
		},
		"TooLong": {
			reason: "Each quote takes four characters in a script.",
			spec: func(s *v1alpha1.PaymentDeliveryPipelineSpec) {
				s.Build.Test, s.Build.Reports = strings.Repeat("'", 1024), reports(255)
				s.Source.Directory = strings.Repeat("d", 252)
			},
			refused: true,
		},
		"Promoted": {
			reason: "What another pipeline has built is not built.",
			spec: func(s *v1alpha1.PaymentDeliveryPipelineSpec) {
				s.Build.Test, s.Build.Reports = strings.Repeat("'", 1024), reports(255)
				s.Source.PromotedFrom = &v1alpha1.PromotedFrom{}
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			tc.spec(&spec)
			got := strings.Join(messages(checkBuild(spec, "")), "\n")
			if strings.Contains(got, "CodeBuild takes 25600: shorten test, reports or source.directory") != tc.refused {
				t.Errorf("%s\nwant it refused: %t, got %q", tc.reason, tc.refused, got)
			}
		})
	}
}
