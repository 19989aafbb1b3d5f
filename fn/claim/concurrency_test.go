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
	const reserved = "AWS Lambda takes what is provisioned from what is reserved, so it takes no more than concurrency.reserved"
	snapStart := func(has string) string {
		return ofAWS("spec.service.snapStart", `"PublishedVersions"`, "AWS Lambda has "+has)
	}
	runtimes := snapStart("SnapStart with runtimes from java11, python3.12 and dotnet8 on, and takes None with others")
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
			want: []string{ofAWS("spec.service.concurrency.provisioned", `{"min":5}`, reserved)},
		},
		"Stopped": {
			reason: "Nothing can wait where nothing may run.", fields: "concurrency: {reserved: 0, provisioned: {min: 1}}",
			want: []string{ofAWS("spec.service.concurrency.provisioned", `{"min":1}`, reserved)},
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
			want: []string{"spec.service.concurrency.provisioned.max: Invalid value: 4: must be at least min, or 0"},
		},
		"MaxBeyondReserved": {
			reason: "Lambda would refuse to scale so far.", fields: "concurrency: {reserved: 8, provisioned: {min: 5, max: 9}}",
			want: []string{ofAWS("spec.service.concurrency.provisioned.max", "9", reserved)},
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
			want: []string{snapStart("no SnapStart with service.concurrency.provisioned, so it takes None")},
		},
		"RubySnapStart": {reason: "Ruby has none.", fields: "runtime: ruby3.4, snapStart: PublishedVersions", want: []string{runtimes}},
		"NodeSnapStart": {reason: "Node.js has no SnapStart.", fields: "snapStart: PublishedVersions", want: []string{runtimes}},
		"SnapStartOfProvisioned": {
			reason: "Both are ways to start early.", fields: "snapStart: PublishedVersions, concurrency: {provisioned: {min: 1}}",
			want: []string{runtimes, snapStart("no SnapStart with service.concurrency.provisioned, so it takes None")},
		},
		"SnapStartOfMuchStorage": {
			reason: "A snapshot has 512 MiB of /tmp.", fields: "snapStart: PublishedVersions, ephemeralStorageMiB: 513",
			want: []string{runtimes, snapStart("no SnapStart with more than 512 MiB of service.ephemeralStorageMiB, so it takes None")},
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
