package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestSecretARNs checks which ARNs a variable may have.
func TestSecretARNs(t *testing.T) {
	cases := map[string]struct {
		reason, arn string
		taken       bool
	}{
		"Secret":           {reason: "AWS ends a secret's ARN with a hyphen and six characters.", arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-b1C2d3", taken: true},
		"SecretInAFolder":  {reason: "Names of secrets have these characters.", arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a/_+=.@-b-b1C2d3", taken: true},
		"Parameter":        {reason: "A parameter may have a name without a path.", arn: "arn:aws:ssm:us-east-1:111122223333:parameter/limits", taken: true},
		"ParameterPath":    {reason: "Or with one.", arn: "arn:aws:ssm:us-east-1:111122223333:parameter/payments/eu/limits", taken: true},
		"WithoutItsEnd":    {reason: "IAM would match no secret.", arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:key"},
		"OneOfItsKeys":     {reason: "That is how ECS names a key in a secret.", arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-b1C2d3:user::"},
		"Any":              {reason: "Each secret is named.", arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:*-b1C2d3"},
		"DoubleSlash":      {reason: "IAM would match no parameter: a name's first slash is the ARN's.", arn: "arn:aws:ssm:us-east-1:111122223333:parameter//limits"},
		"SlashAtTheEnd":    {reason: "That is a path, of which there may be many parameters.", arn: "arn:aws:ssm:us-east-1:111122223333:parameter/payments/"},
		"SomethingElse":    {reason: "A bucket is neither.", arn: "arn:aws:s3:::payments"},
		"TheValue":         {reason: "A value would be in the claim, for all to read.", arn: "hunter2"},
		"NameInTheAccount": {reason: "A name is none: the region is part of the ARN.", arn: "payments/acquirer-key"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: {secrets: {KEY_ARN: '"+tc.arn+"'}}"))
			if diff := cmp.Diff(tc.taken, len(errs) == 0); diff != "" {
				t.Errorf("%s\n-want it to be taken, +got: %v\n%s", tc.reason, errs, diff)
			}
		})
	}
}

// TestSecretRules checks the names of secrets' variables.
func TestSecretRules(t *testing.T) {
	const secret = "arn:aws:ssm:us-east-1:111122223333:parameter/a"
	cases := map[string]struct {
		reason, fields string
		want           []string
	}{
		"InBoth": {
			reason: "A variable has one value.", fields: "{environment: {KEY: a, OTHER: b}, secrets: {KEY: '" + secret + "'}}",
			want: []string{`spec.service.secrets: Invalid value: "KEY" cannot be in service.environment too, as a variable has one value; leave it out of one of them`},
		},
		"OfThePipeline": {
			reason: "The pipeline sets it.", fields: "{secrets: {VERSION: '" + secret + "'}}",
			want: []string{`spec.service.secrets: Invalid value: ["VERSION"] is set by the pipeline; choose another name`},
		},
		"NoName": {
			reason: "Lambda takes no such name.", fields: "{secrets: {1KEY: '" + secret + "'}}",
			want: []string{`spec.service.secrets: Invalid value: "1KEY" cannot name an environment variable; write letters, digits and underscores, a letter first, and at least two characters`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: "+tc.fields))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\n-want errors, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckSecrets(t *testing.T) {
	const path = "spec.service.secrets[KEY]"
	cases := map[string]struct {
		reason string
		arn    v1alpha1.SecretARN
		want   []string
	}{
		"Here": {reason: "Another account may share its secret.", arn: "arn:aws-us-gov:secretsmanager:us-gov-west-1:444455556666:secret:a-b1C2d3"},
		"OtherRegion": {
			reason: "The SDK asks the function's region.", arn: "arn:aws-us-gov:ssm:us-gov-east-1:111122223333:parameter/a",
			want: []string{notHere(path, "arn:aws-us-gov:ssm:us-gov-east-1:111122223333:parameter/a", "region us-gov-west-1")},
		},
		"OtherPartition": {
			reason: "Partitions share nothing.", arn: "arn:aws:ssm:us-gov-west-1:111122223333:parameter/a",
			want: []string{notHere(path, "arn:aws:ssm:us-gov-west-1:111122223333:parameter/a", "region us-gov-west-1")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Region, spec.Service.Secrets = "us-gov-west-1", v1alpha1.FunctionSecrets{"KEY": tc.arn}
			if diff := cmp.Diff(tc.want, messages(checkSecrets(spec))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
