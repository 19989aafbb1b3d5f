package claim

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestConcurrencyRules checks what Lambda says of concurrency and SnapStart together.
func TestConcurrencyRules(t *testing.T) {
	cases := map[string]struct {
		reason, fields string
		want           []string
	}{
		"Nothing": {reason: "A claim needs none of it.", fields: ""},
		"Within":  {reason: "All that is reserved may be provisioned.", fields: "concurrency: {reserved: 5, provisioned: {min: 5}}"},
		"Unreserved": {
			reason: "What is provisioned is then taken from what the account has.", fields: "concurrency: {provisioned: {min: 5}}",
		},
		"More": {
			reason: "Lambda takes no more than is reserved.", fields: "concurrency: {reserved: 4, provisioned: {min: 5}}",
			want: []string{"spec.service.concurrency.provisioned: Invalid value: min 5 is more than concurrency.reserved, 4, and AWS Lambda takes what is provisioned from that; lower min, or raise reserved (rule of AWS)"},
		},
		"Stopped": {
			reason: "Nothing can wait where nothing may run.", fields: "concurrency: {reserved: 0, provisioned: {min: 1}}",
			want: []string{"spec.service.concurrency.provisioned: Invalid value: min 1 is more than concurrency.reserved, 0, and AWS Lambda takes what is provisioned from that; lower min, or raise reserved (rule of AWS)"},
		},
		"NoProvision": {
			reason: "Nothing is no number of environments.", fields: "concurrency: {provisioned: {min: 0}}",
			want: []string{"spec.service.concurrency.provisioned.min: Invalid value: 0: should be greater than or equal to 1"},
		},
		"Scaled":     {reason: "All that is reserved may be provisioned at times.", fields: "concurrency: {reserved: 9, provisioned: {min: 5, max: 9}}"},
		"NotScaled":  {reason: "As many at most as at least are always as many.", fields: "concurrency: {provisioned: {min: 5, max: 5, targetUtilizationPercent: 10}}"},
		"MaxOfOther": {reason: "0 is none.", fields: "concurrency: {provisioned: {min: 5, max: 0, targetUtilizationPercent: 90}}"},
		"MaxBelowMin": {
			reason: "There are not fewer at most than at least.", fields: "concurrency: {provisioned: {min: 5, max: 4}}",
			want: []string{"spec.service.concurrency.provisioned.max: Invalid value: 4 is less than min, 5; write at least min, or 0 for always min"},
		},
		"MaxBeyondReserved": {
			reason: "Lambda would refuse to scale so far.", fields: "concurrency: {reserved: 8, provisioned: {min: 5, max: 9}}",
			want: []string{"spec.service.concurrency.provisioned.max: Invalid value: 9 is more than concurrency.reserved, 8, and AWS Lambda takes what is provisioned from that; lower max, or raise reserved (rule of AWS)"},
		},
		"NoUtilization": {
			reason: "There would be no end to scaling.", fields: "concurrency: {provisioned: {min: 5, max: 9, targetUtilizationPercent: 9}}",
			want: []string{"spec.service.concurrency.provisioned.targetUtilizationPercent: Invalid value: 9: should be greater than or equal to 10"},
		},
		"FullUtilization": {
			reason: "Nothing would be left to see that more are needed.", fields: "concurrency: {provisioned: {min: 5, max: 9, targetUtilizationPercent: 91}}",
			want: []string{"spec.service.concurrency.provisioned.targetUtilizationPercent: Invalid value: 91: should be less than or equal to 90"},
		},
		"PythonSnapStart": {reason: "Python has it.", fields: "runtime: python3.13, snapStart: PublishedVersions"},
		"JavaSnapStart":   {reason: "So has Java.", fields: "runtime: java21, handler: 'com.example.Payment::handle', snapStart: PublishedVersions"},
		"JavaSnapStartOfProvisioned": {
			reason: "But not with both.", fields: "runtime: java21, handler: 'com.example.Payment::handle', snapStart: PublishedVersions, concurrency: {provisioned: {min: 1}}",
			want: []string{`spec.service.snapStart: Invalid value: "PublishedVersions" is not for functions with service.concurrency.provisioned; leave one of them out (rule of AWS)`},
		},
		"RubySnapStart": {reason: "Ruby has none.", fields: "runtime: ruby3.4, snapStart: PublishedVersions", want: []string{`spec.service.snapStart: Invalid value: "PublishedVersions" is not for ruby3.4, as AWS Lambda has SnapStart with runtimes of Java and Python only; write None, or choose such a runtime (rule of AWS)`}},
		"NodeSnapStart": {reason: "Node.js has no SnapStart.", fields: "snapStart: PublishedVersions", want: []string{`spec.service.snapStart: Invalid value: "PublishedVersions" is not for nodejs24.x, as AWS Lambda has SnapStart with runtimes of Java and Python only; write None, or choose such a runtime (rule of AWS)`}},
		"SnapStartOfProvisioned": {
			reason: "Both are ways to start early.", fields: "snapStart: PublishedVersions, concurrency: {provisioned: {min: 1}}",
			want: []string{
				`spec.service.snapStart: Invalid value: "PublishedVersions" is not for functions with service.concurrency.provisioned; leave one of them out (rule of AWS)`,
				`spec.service.snapStart: Invalid value: "PublishedVersions" is not for nodejs24.x, as AWS Lambda has SnapStart with runtimes of Java and Python only; write None, or choose such a runtime (rule of AWS)`,
			},
		},
		"SnapStartOfMuchStorage": {
			reason: "A snapshot has 512 MiB of /tmp.", fields: "snapStart: PublishedVersions, ephemeralStorageMiB: 513",
			want: []string{
				`spec.service.snapStart: Invalid value: "PublishedVersions" is not for functions with ephemeralStorageMiB 513, as AWS Lambda has SnapStart with 512 only; write None, or 512 (rule of AWS)`,
				`spec.service.snapStart: Invalid value: "PublishedVersions" is not for nodejs24.x, as AWS Lambda has SnapStart with runtimes of Java and Python only; write None, or choose such a runtime (rule of AWS)`,
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: {"+tc.fields+"}"))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\n-want errors, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRuntimesWithSnapStart checks which runtimes are said to have it, whether claims may have these runtimes or not.
// See https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html.
func TestRuntimesWithSnapStart(t *testing.T) {
	// To the schema a runtime that claims may not have is a mistake, after which it looks at no rules.
	match := regexp.MustCompile(`self\.runtime\.matches\(''([^']+)''\)`).FindSubmatch(apis.Definition)
	if match == nil {
		t.Fatal("no rule of the schema matches runtimes")
	}
	rule := regexp.MustCompile(string(match[1]))
	for runtime, want := range map[string]bool{
		"java8.al2": false, "java11": true, "java17": true, "java21": true, "java25": true,
		"python3.9": false, "python3.11": false, "python3.12": true, "python3.13": true, "python3.20": true,
		"dotnet6": false, "dotnet8": true, "dotnet9": true, "dotnet10": true,
		"nodejs22.x": false, "nodejs24.x": false, "ruby3.4": false, "provided.al2023": false, "go1.x": false,
	} {
		if got := rule.MatchString(runtime); got != want {
			t.Errorf("%s: want SnapStart %t, got %t", runtime, want, got)
		}
	}
}
