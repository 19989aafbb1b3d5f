package claim

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// messages are the texts of errors.
func messages(errs refusal.List) []string {
	m := []string(nil)
	for _, err := range errs {
		m = append(m, err.Error())
	}
	return m
}

// ofAWS is the text of what AWS refuses.
func ofAWS(field, value, allowed string) string {
	return field + ": Invalid value: " + value + ": " + allowed + " (rule of AWS)"
}

// notHere is the text of an ARN, or an image, that AWS refuses because the pipeline is elsewhere.
func notHere(field, arn, here string) string {
	return ofAWS(field, strconv.Quote(arn), "the pipeline is in "+here+", and AWS takes only what is there")
}

func TestReadSpec(t *testing.T) {
	type want struct {
		spec v1alpha1.PaymentDeliveryPipelineSpec
		errs []string
	}
	off := fntest.MinimalSpec()
	off.Approval.Required = false
	off.Alarm.ErrorRatePercent = 0
	off.Retention = v1alpha1.Retention{HistoryDays: 400}

	tested := fntest.MinimalSpec()
	tested.SmokeTest = v1alpha1.SmokeTest{Event: &extv1.JSON{Raw: []byte(`{"headers":{"x":null},"path":"/health"}`)}}
	slow := fntest.MinimalSpec()
	slow.Rollout.Custom = &v1alpha1.CustomRollout{Type: "Linear", Percentage: 33, IntervalMinutes: 720}
	slow.Rollout.BypassAlarmsForCommit = "3f1c0de5a7b94c7a8e1f2d3c4b5a69788796a5b4"
	slow.Alarm.EvaluationPeriods, slow.Alarm.PeriodSeconds = 24, 3600

	cases := map[string]struct {
		reason string
		xr     string
		want   want
	}{
		"Minimal": {
			reason: "Three fields are enough; the rest has defaults.",
			xr:     `{spec: {environmentSuffix: pr-123, source: {owner: my-org, repository: my-repo}}}`,
			want:   want{spec: fntest.MinimalSpec()},
		},
		"Machinery": {
			reason: "What Crossplane keeps in the spec is none of ours.",
			xr: `
spec:
  environmentSuffix: pr-123
  source: {owner: my-org, repository: my-repo}
  claimRef: {apiVersion: paymentdelivery.io/v1alpha1, kind: PaymentDeliveryPipeline, name: a, namespace: b}
  compositeDeletePolicy: Foreground
  compositionRef: {name: payment-delivery-pipeline}
  compositionRevisionRef: {name: payment-delivery-pipeline-1}
  compositionRevisionSelector: {matchLabels: {channel: stable}}
  compositionSelector: {matchLabels: {cloud: aws}}
  compositionUpdatePolicy: Automatic
  crossplane: {compositionRef: {name: payment-delivery-pipeline}}
  environmentConfigRefs: []
  publishConnectionDetailsTo: {name: c}
  resourceRef: {name: d}
  resourceRefs: [{apiVersion: v1, kind: Secret, name: e}]
  writeConnectionSecretToRef: {name: f, namespace: g}
`,
			want: want{spec: fntest.MinimalSpec()},
		},
		"ZeroValuesAreKept": {
			reason: "A false or a zero that the claim says is not a default's place.",
			xr: `
spec:
  environmentSuffix: pr-123
  source: {owner: my-org, repository: my-repo}
  approval: {required: false}
  alarm: {errorRatePercent: 0}
  retention: {logDays: 0, artifactDays: 0, historyDays: 400, versions: 0}
`,
			want: want{spec: off},
		},
		"SmokeTest": {
			reason: "An event is the service's own: any object will do.",
			xr: `
spec:
  environmentSuffix: pr-123
  source: {owner: my-org, repository: my-repo}
  smokeTest: {event: {path: /health, headers: {x: null}}, expectStatusBelow: 0}
`,
			want: want{spec: tested},
		},
		"AtTheLimits": {
			reason: "A rollout may take two days, and an alarm look back one.",
			xr: `
spec:
  environmentSuffix: pr-123
  source: {owner: my-org, repository: my-repo}
  rollout:
    custom: {type: Linear, percentage: 33, intervalMinutes: 720}
    bypassAlarmsForCommit: 3f1c0de5a7b94c7a8e1f2d3c4b5a69788796a5b4
  alarm: {evaluationPeriods: 24, periodSeconds: 3600}
`,
			want: want{spec: slow},
		},
		"NoSpec": {
			reason: "A composite resource without spec lacks all that is required.",
			xr:     `{}`,
			want: want{errs: []string{
				`spec.environmentSuffix: Required value`,
				`spec.source: Required value`,
			}},
		},
		"SpecOfWrongType": {
			reason: "The spec is an object.",
			xr:     `{spec: [a]}`,
			want:   want{errs: []string{`spec: Invalid value: must be an object`}},
		},
		"SuffixTooLong": {
			reason: "AWS allows names of 64 characters for rules, of which 40 are ours.",
			xr:     `{spec: {environmentSuffix: pr-1234567890123456789012, source: {owner: my-org, repository: my-repo}}}`,
			want:   want{errs: []string{`spec.environmentSuffix: Invalid value: "pr-1234567890123456789012": has 25 characters, and may have at most 24, as names in AWS that end with it are limited; shorten it`}},
		},
		"SuffixAsNumber": {
			reason: "A suffix of digits must be quoted in YAML.",
			xr:     `{spec: {environmentSuffix: 123, source: {owner: my-org, repository: my-repo}}}`,
			want: want{errs: []string{
				`spec.environmentSuffix: Invalid value: 123: must be of type string: "number"; write it in quotes`,
			}},
		},
		"WrongValues": {
			reason: "Every mistake of a claim is reported at once, in the order of the fields.",
			xr: `
spec:
  environmentSufix: pr-123
  environmentSuffix: PR_123
  region: mars
  source: {owner: my-org, branch: ""}
  service: {runtime: nodejs18.x, memorySizeMiB: 64, timeoutSeconds: 30s}
  rollout:
    custom: {type: Canary, percentage: 100, intervalMinutes: 5}
    hooks: {beforeAllowTraffic: "arn:aws:lambda"}
  alarm: {periodSeconds: 90}
  retention: {logDays: 8}
`,
			want: want{errs: []string{
				"spec.alarm.periodSeconds: Invalid value: 90: should be a multiple of 60",
				`spec.environmentSuffix: Invalid value: "PR_123": must be lower-case letters, digits and hyphens, and begin and end with a letter or a digit: payments-prod`,
				"spec.environmentSufix: Invalid value: unknown field, known are: alarm, approval, build, deletionProtection, dryRun, environmentSuffix, notifications, promoteTo, region, retention, rollout, service, smokeTest, source, tags",
				`spec.region: Invalid value: "mars": must be the name of an AWS Region, such as us-east-1`,
				`spec.retention.logDays: Unsupported value: 8: supported values: "0", "1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731", "1096", "1827", "2192", "2557", "2922", "3288", "3653"`,
				"spec.rollout.custom.percentage: Invalid value: 100: should be less than or equal to 99",
				"spec.service.memorySizeMiB: Invalid value: 64: should be greater than or equal to 128",
				`spec.service.runtime: Unsupported value: "nodejs18.x": supported values: "nodejs22.x", "nodejs24.x", "python3.12", "python3.13", "python3.14", "java17", "java21", "java25", "ruby3.3", "ruby3.4", "provided.al2023"`,
				`spec.service.timeoutSeconds: Invalid value: "30s": must be of type integer: "string"`,
				`spec.source.branch: Invalid value: "": should be at least 1 chars long`,
			}},
		},
		"BrokenRules": {
			reason: "Rules that no single value breaks are checked too.",
			xr: `
spec:
  environmentSuffix: pr-123
  source: {owner: my-org, repository: my-repo}
  service: {environment: {DEPLOYMENT_TABLE: a, AWS_REGION: b, not-a-name: c}}
  build: {environment: {CODEBUILD_RATE: "1"}}
  notifications: {emails: [a@example.com, nobody, a@example.com]}
  tags: {"aws:team": payments}
`,
			want: want{errs: []string{
				`spec.build.environment: Invalid value: "CODEBUILD_RATE" cannot name a build variable; write letters, digits and underscores, no digit first, and no CODEBUILD_ first`,
				`spec.notifications.emails[1]: Invalid value: "nobody": must be one address, such as payments@example.com`,
				`spec.notifications.emails[2]: Duplicate value: "a@example.com"`,
				`spec.service.environment: Invalid value: "not-a-name" cannot name an environment variable; write letters, digits and underscores, a letter first, and at least two characters`,
				`spec.service.environment: Invalid value: ["AWS_REGION"] is reserved by AWS Lambda; choose another name (rule of AWS)`,
				`spec.service.environment: Invalid value: ["DEPLOYMENT_TABLE"] is set by the pipeline; choose another name`,
				`spec.tags: Invalid value: "aws:team" cannot be a tag key in AWS; write 1 to 127 letters, digits, spaces and _.:/=+-@, and no aws: first (rule of AWS)`,
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec, errs := ReadSpec(fntest.Struct(t, tc.xr))
			if diff := cmp.Diff(tc.want.errs, messages(errs)); diff != "" {
				t.Errorf("\n%s\nReadSpec(...): -want errors, +got errors:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want.spec, spec); diff != "" {
				t.Errorf("\n%s\nReadSpec(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
