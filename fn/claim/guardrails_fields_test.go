package claim

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// wholes are objects that a rule forbids as such: all their fields go with them.
const wholes = "service.functionUrl"

// TestEveryFieldHasARule checks that each field of a claim is limited by a rule or says why not, and not both.
func TestEveryFieldHasARule(t *testing.T) {
	limited, reasons := map[string]string{}, map[string]string{}
	for _, r := range rules {
		for _, f := range r.fields {
			limited[f] = r.name
		}
	}
	for _, u := range unlimited {
		for _, f := range u.Fields {
			if reasons[f] != "" {
				t.Errorf("%s has two reasons", f)
			}
			reasons[f] = u.Why
		}
	}
	there := map[string]bool{wholes: true}
	for path := range fntest.Fields(reflect.TypeFor[v1alpha1.PaymentDeliveryPipelineSpec]()) {
		there[path] = true
		switch {
		case limited[path] == "" && reasons[path] == "":
			t.Errorf("spec.%s: want a rule that reads it in rules, or a reason in unlimited why none does", path)
		case limited[path] != "" && reasons[path] != "":
			t.Errorf("spec.%s: %s limits it, and unlimited says that nothing does", path, limited[path])
		}
	}
	for path := range limited {
		if !there[path] {
			t.Errorf("%s reads spec.%s, which is no field", limited[path], path)
		}
	}
	for path := range reasons {
		if !there[path] {
			t.Errorf("unlimited names spec.%s, which is no field", path)
		}
	}
}

// TestEverySettingIsARule checks that the list has each field of the settings that is a rule, and nothing else.
func TestEverySettingIsARule(t *testing.T) {
	var want, got []string
	for path := range fntest.Fields(reflect.TypeFor[v1beta1.PlatformSettings]()) {
		// It is about the namespace and not about what the claim says: checkNamespace.
		if path != "require.namespaceSettings" && (strings.HasPrefix(path, "allowed") || strings.HasPrefix(path, "require.")) {
			want = append(want, path)
		}
	}
	for _, r := range rules {
		got = append(got, r.name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("want rules for %v, got %v", want, got)
	}
}

// TestRulesReadTheirFields changes each field that a rule names, and checks that what the rule judges changes too.
func TestRulesReadTheirFields(t *testing.T) {
	types := maps.Collect(fntest.Fields(reflect.TypeFor[v1alpha1.PaymentDeliveryPipelineSpec]()))
	specs := []v1alpha1.PaymentDeliveryPipelineSpec{buildingSpec(t), promotedSpec()}
	custom := buildingSpec(t)
	custom.Rollout.Custom = &v1alpha1.CustomRollout{Type: v1alpha1.RolloutLinear, Percentage: 20, IntervalMinutes: 5}
	specs = append(specs, custom)
	for _, r := range rules {
		for _, path := range r.fields {
			if path == wholes {
				continue
			}
			read := slices.ContainsFunc(specs, func(spec v1alpha1.PaymentDeliveryPipelineSpec) bool {
				return slices.ContainsFunc(fntest.Variants(t, spec, path, types[path]), func(other v1alpha1.PaymentDeliveryPipelineSpec) bool {
					return !reflect.DeepEqual(texts(r.values(&spec)), texts(r.values(&other)))
				})
			})
			if !read {
				t.Errorf("%s: want it to judge spec.%s, and another value there changes nothing", r.name, path)
			}
		}
	}
}

func texts(all []named) []any {
	var values []any
	for _, n := range all {
		values = append(values, n.value)
	}
	return values
}

// everything has something in each field that a rule reads of a claim that builds, but for its connection.
const everything = `  source: {owner: my-org, repository: my-repo, fullClone: {submodules: [my-org/money]}}
  promoteTo: [{accountId: "111122223333", environmentSuffix: pr-123-prod}]
  tags: {team: payments}
  deletionProtection: true
  notifications: {topicArn: "arn:aws:sns:us-east-1:111122223333:payments-team", approvalTopicArn: "arn:aws:sns:us-east-1:111122223333:approvers"}
  alarm: {additionalAlarms: [upstream]}
  rollout:
    bypassAlarmsForCommit: 3f1c0de3f1c0de3f1c0de3f1c0de3f1c0de3f1c0
    hooks: {beforeAllowTraffic: before, afterAllowTraffic: after}
  build:
    image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/base/node:24
    secrets: {TOKEN: "arn:aws:ssm:us-east-1:111122223333:parameter/registry/token"}
    vpc: {vpcId: vpc-a, subnetIds: [subnet-c], securityGroupIds: [sg-b]}
    codeArtifact: {domain: my-domain, domainOwner: "444455556666", repository: npm-store}
  service:
    layers: ["arn:aws:lambda:us-east-1:111122223333:layer:common:1"]
    kmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/1234abcd
    secrets: {KEY: "arn:aws:secretsmanager:us-east-1:111122223333:secret:payments/key-a1B2c3"}
    vpc: {subnetIds: [subnet-a, subnet-b], securityGroupIds: [sg-a]}
    async: {onFailure: "arn:aws:sqs:us-east-1:111122223333:failed", onSuccess: "arn:aws:events:us-east-1:111122223333:event-bus/done"}
    functionUrl: {}
    permissions:
      statements: [{actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111122223333:booked"]}]
      policyArns: ["arn:aws:iam::111122223333:policy/payment-service-a"]
    invokers:
    - {name: api, principal: apigateway.amazonaws.com, sourceArn: "arn:aws:execute-api:us-east-1:222233334444:a1b2c3/*/POST/payments"}
    - {name: bucket, principal: s3.amazonaws.com, sourceArn: "arn:aws:s3:::incoming", sourceAccount: "333344445555"}
    - {name: org, principal: "*", organizationId: o-a1b2c3d4e5}
    eventSources:
    - {name: queue, sqs: {queueArn: "arn:aws:sqs:us-east-1:111122223333:jobs"}}
    - {name: stream, kinesis: {streamArn: "arn:aws:kinesis:us-east-1:111122223333:stream/s", startingPosition: Latest, onFailureArn: "arn:aws:sqs:us-east-1:111122223333:dead"}}
    - {name: table, dynamodb: {streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-01-01T00:00:00.000", startingPosition: Latest, onFailureArn: "arn:aws:sns:us-east-1:111122223333:dead"}}
    - {name: events, rule: {eventBusName: shop, eventPattern: {source: [shop]}}}
`

func buildingSpec(t *testing.T) v1alpha1.PaymentDeliveryPipelineSpec {
	t.Helper()
	spec := specWith(t, everything)
	spec.Source.ConnectionARN = fntest.Connection
	return spec
}

// promotedSpec takes what another pipeline has built.
func promotedSpec() v1alpha1.PaymentDeliveryPipelineSpec {
	spec := fntest.MinimalSpec()
	spec.Source = v1alpha1.Source{PromotedFrom: &v1alpha1.PromotedFrom{
		AccountID: "444455556666", BucketName: "pipeline-artifacts-dev-1a2b3c4d", KMSKeyARN: "arn:aws:kms:us-east-1:444455556666:key/1234abcd",
	}}
	// A claim has either these or a topic.
	spec.Notifications.Emails = []string{"team@example.com"}
	return spec
}

// TestLists gives each list of the platform team what claims name, which allows all of it, and then something else, which allows nothing.
func TestLists(t *testing.T) {
	specs := []v1alpha1.PaymentDeliveryPipelineSpec{buildingSpec(t), promotedSpec()}
	for _, r := range rules {
		setting := r.setting(reflect.ValueOf(v1beta1.PlatformSettings{}))
		if setting.Kind() != reflect.Slice {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			named := 0
			for _, spec := range specs {
				for _, n := range r.values(&spec) {
					named++
					value, _ := n.value.(string)
					if got := messages(r.check(withList(r, spec, value, none))); slices.ContainsFunc(got, func(m string) bool { return strings.Contains(m, n.at.String()+": ") }) {
						t.Errorf("want %s allowed, got %q", value, got)
					}
					want := n.at.String() + `: Unsupported value: "` + value + `": supported values: "` + none + `" (platform setting ` + r.name + ` of EnvironmentConfig a)`
					if got := messages(r.check(withList(r, spec, none))); !slices.ContainsFunc(got, func(m string) bool { return strings.HasPrefix(m, want) }) {
						t.Errorf("want %s in %q", want, got)
					}
				}
			}
			if named == 0 {
				t.Error("want claims that name something, got none")
			}
		})
	}
}

// withList is a claim under one list of the platform team's.
func withList(r rule, spec v1alpha1.PaymentDeliveryPipelineSpec, patterns ...string) judged {
	c := judged{spec: &spec, settings: &v1beta1.PlatformSettings{}, from: Origins{r.name: "EnvironmentConfig a"}}
	list := r.setting(reflect.ValueOf(c.settings).Elem())
	list.Set(reflect.ValueOf(patterns).Convert(list.Type()))
	return c
}
