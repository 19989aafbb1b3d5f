package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// TestPlaceholders checks that one line separates namespaces, also those of which one is the beginning of another.
func TestPlaceholders(t *testing.T) {
	const secrets = "arn:*:secretsmanager:*:*:secret:payments/${namespace}/*"
	cases := map[string]struct {
		reason  string
		pattern string
		subject subject
		value   string
		want    bool
	}{
		"Own":            {"A team has what is below its namespace.", secrets, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/a/key-a1B2c3", true},
		"Longer":         {"Another's namespace may begin with it.", secrets, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/a-b/key-a1B2c3", false},
		"Shorter":        {"Or be the beginning of it.", secrets, subject{Owner{Namespace: "a-b"}, "s"}, "arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/a/b/key-a1B2c3", false},
		"Underscore":     {"A queue's name has no slash.", ownQueues, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:sqs:us-east-1:111122223333:a_b-jobs", true},
		"OtherQueue":     {"It is not a queue of a-b.", ownQueues, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:sqs:us-east-1:111122223333:a-b_jobs", false},
		"OtherService":   {"A key of an object in another's bucket may look like a queue.", ownQueues, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:s3:::b.data/x:sqs:y:z:a_*", false},
		"Wildcard":       {"A statement's wildcard is below its own beginning.", ownQueues, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:sqs:us-east-1:111122223333:a_*", true},
		"WildcardBefore": {"One that reaches further is not.", ownQueues, subject{Owner{Namespace: "a"}, "s"}, "arn:aws:sqs:us-east-1:111122223333:a*", false},
		"Suffix":         {"Environments are separated in the same way.", "arn:*:sqs:*:*:${namespace}_${suffix}_*", subject{Owner{Namespace: "a"}, "prod"}, "arn:aws:sqs:us-east-1:111122223333:a_prod_jobs", true},
		"OtherSuffix":    {"Another's does not match.", "arn:*:sqs:*:*:${namespace}_${suffix}_*", subject{Owner{Namespace: "a"}, "prod"}, "arn:aws:sqs:us-east-1:111122223333:a_prod-eu_jobs", false},
		"NoNamespace":    {"An XR without a claim has no namespace, and nothing that one would have.", "arn:*:sqs:*:*:${namespace}_*", subject{Owner{Namespace: ""}, "prod"}, "arn:aws:sqs:us-east-1:111122223333:_jobs", false},
		"Literal":        {"Nor does it match the pattern's own text.", "${namespace}_*", subject{Owner{Namespace: ""}, "prod"}, "${namespace}_x", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := matchText.pattern
			if tc.pattern[:3] == "arn" {
				p = matchARN.pattern
			}
			if wrong := p.sloppy(tc.pattern); wrong != "" {
				t.Errorf("want a pattern that the settings take, got %s", wrong)
			}
			if got := p.matches(tc.subject.fill([]string{tc.pattern})[0], tc.value); got != tc.want {
				t.Errorf("%s\nmatches(%q, %q) for %v: want %t, got %t", tc.reason, tc.pattern, tc.value, tc.subject, tc.want, got)
			}
		})
	}
}

// TestCheckPlaceholders checks that no pattern is taken that would match what another team has.
func TestCheckPlaceholders(t *testing.T) {
	const follow = " must stand at the end or be followed by one of / _ . : = + @ , because "
	cases := map[string]struct {
		reason   string
		patterns []string
		want     []string
	}{
		"Separated": {"All of these end a namespace.", []string{
			"arn:*:sqs:*:*:${namespace}", "arn:*:sqs:*:*:x-${namespace}_*", "arn:*:s3:::${namespace}.*", "arn:*:sns:*:*:${namespace}_${suffix}_*",
			"arn:*:iam::*:policy/payment-service-${namespace}/${suffix}",
		}, nil},
		"Hyphen": {"A hyphen is in namespaces too.", []string{"arn:*:sqs:*:*:${namespace}-*"}, []string{
			`data.allowedResourceArns[0]: Invalid value: "arn:*:sqs:*:*:${namespace}-*": ${namespace}` + follow + "${namespace}-* for team-a matches also what team-a-b has",
		}},
		"Nothing": {"So is a star.", []string{"arn:*:sqs:*:*:${suffix}*"}, []string{
			`data.allowedResourceArns[0]: Invalid value: "arn:*:sqs:*:*:${suffix}*": ${suffix}` + follow + "${suffix}-* for team-a matches also what team-a-b has",
		}},
		"Joined": {"Of two that are joined nobody knows where one ends.", []string{"arn:*:sqs:*:*:${namespace}${suffix}"}, []string{
			`data.allowedResourceArns[0]: Invalid value: "arn:*:sqs:*:*:${namespace}${suffix}": ${namespace}` + follow + "${namespace}-* for team-a matches also what team-a-b has",
		}},
		"StarBefore": {"What stands before may end with another's name.", []string{"arn:*:ssm:*:*:parameter/*/${namespace}/*"}, []string{
			`data.allowedResourceArns[0]: Invalid value: "arn:*:ssm:*:*:parameter/*/${namespace}/*": a * before ${namespace} matches also what begins with the name of another; write out what stands before it`,
		}},
		"Unknown": {"A mistake in the name would match nothing.", []string{"arn:*:sqs:*:*:${team}_*", "arn:*:sqs:*:*:${namespace"}, []string{
			`data.allowedResourceArns[0]: Invalid value: "arn:*:sqs:*:*:${team}_*": ${team} is unknown; known are: ${namespace}, ${suffix}`,
			`data.allowedResourceArns[1]: Invalid value: "arn:*:sqs:*:*:${namespace": ${namespace is unknown; known are: ${namespace}, ${suffix}`,
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := messages(checkPlaceholders(v1beta1.PlatformSettings{AllowedResourceARNs: tc.patterns}, field.NewPath("data")))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\ncheckPlaceholders(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
