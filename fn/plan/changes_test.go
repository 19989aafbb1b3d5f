package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dynamodbv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/dynamodb/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/resource/composed"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

func init() { //nolint:gochecknoinits // The SDK's scheme is a package variable.
	for _, add := range []func() error{
		func() error { return dynamodbv1beta1.AddToScheme(composed.Scheme) },
		func() error { return iamv1beta1.AddToScheme(composed.Scheme) },
		func() error { return lambdav1beta1.AddToScheme(composed.Scheme) },
	} {
		if err := add(); err != nil {
			panic(err)
		}
	}
}

// kinds of managed resources that the tests ask for.
const (
	function = `"apiVersion": "lambda.aws.upbound.io/v1beta1", "kind": "Function"`
	table    = `"apiVersion": "dynamodb.aws.upbound.io/v1beta1", "kind": "Table"`
	role     = `"apiVersion": "iam.aws.upbound.io/v1beta1", "kind": "Role"`
)

// anything may be done.
const anything = `["Observe", "Create", "Update", "Delete"]`

func TestChanges(t *testing.T) {
	many := strings.Builder{}
	for i := range 15 {
		_, _ = fmt.Fprintf(&many, `, "k%02d": "v"`, i)
	}
	cases := map[string]struct {
		reason   string
		kind     string
		policies string
		asked    string
		resolved string
		has      string
		want     []string
	}{
		"Same":      {reason: "Nothing differs.", asked: `{"memorySize": 512}`, has: `{"memorySize": 512, "arn": "a", "version": "7"}`},
		"Number":    {reason: "Short values are told.", asked: `{"memorySize": 1024}`, has: `{"memorySize": 512}`, want: []string{"memorySize: 512 -> 1024"}},
		"Missing":   {reason: "What AWS has not is none.", asked: `{"handler": "index.handler"}`, has: `{}`, want: []string{"handler: none -> index.handler"}},
		"Zero":      {reason: "AWS may tell nothing of what is off.", asked: `{"publish": false, "timeout": 0}`, has: `{}`},
		"SwitchOff": {reason: "What is on there and off here differs.", asked: `{"publish": false}`, has: `{"publish": true}`, want: []string{"publish: true -> false"}},
		"NotAsked":  {reason: "What nobody asks for is AWS's.", asked: `{}`, has: `{"description": "by hand", "architectures": ["arm64"]}`},
		"TakenAway": {
			reason: "But some of it the provider takes away.",
			asked:  `{}`, has: `{"reservedConcurrentExecutions": 5, "layers": ["a"]}`, want: []string{"layers", "reservedConcurrentExecutions: 5 -> none"},
		},
		"NoneReserved": {reason: "No reservation is -1.", asked: `{}`, has: `{"reservedConcurrentExecutions": -1}`},
		"AskedInstead": {reason: "What is asked for is not taken away.", asked: `{"reservedConcurrentExecutions": 7}`, has: `{"reservedConcurrentExecutions": 5}`, want: []string{"reservedConcurrentExecutions: 5 -> 7"}},
		"Off": {
			reason: "How something would be does not matter while it is off.", kind: table,
			asked: `{"ttl": [{"enabled": false, "attributeName": "expiresAt"}]}`, has: `{"ttl": [{"enabled": false}]}`,
		},
		"OffAndNone": {reason: "AWS may have nothing of what is off.", kind: table, asked: `{"ttl": [{"enabled": false, "attributeName": "expiresAt"}]}`, has: `{}`},
		"TurnedOff": {
			reason: "Turning something off is a change.", kind: table,
			asked: `{"ttl": [{"enabled": false, "attributeName": "expiresAt"}]}`, has: `{"ttl": [{"enabled": true, "attributeName": "expiresAt"}]}`,
			want: []string{"ttl.enabled: true -> false"},
		},
		"On": {
			reason: "But it does while it is on.", kind: table,
			asked: `{"ttl": [{"enabled": true, "attributeName": "expiresAt"}]}`, has: `{"ttl": [{"enabled": true, "attributeName": "gone"}]}`,
			want: []string{"ttl.attributeName: gone -> expiresAt"},
		},
		"NotTold": {
			reason: "A field that the provider never tells cannot be compared.",
			asked:  `{"roleRef": {"name": "r"}, "noSuchField": "x"}`, has: `{}`,
		},
		"Reference": {
			reason: "What a reference has come to is compared.",
			asked:  `{"roleRef": {"name": "r"}}`, resolved: `{"role": "arn:new"}`, has: `{"role": "arn:old"}`,
			want: []string{"role: arn:old -> arn:new"},
		},
		"Variables": {
			reason: "Variables are not told: they may be secret. What nobody asks for goes.",
			asked:  `{"environment": [{"variables": {"A": "1", "B": "2"}}]}`, has: `{"environment": [{"variables": {"B": "3", "C": "4"}}]}`,
			want: []string{"environment.variables.A", "environment.variables.B", "environment.variables.C"},
		},
		"Tags": {
			reason: "The provider's own tags are no change, and others that nobody asks for go.",
			asked:  `{"tags": {"team": "a"}}`, has: `{"tags": {"team": "b", "project": "tap", "crossplane-kind": "function"}}`,
			want: []string{"tags.project: tap -> none", "tags.team: b -> a"},
		},
		"NoTags": {reason: "No tags are an answer too.", asked: `{}`, has: `{"tags": {"project": "tap"}}`, want: []string{"tags.project: tap -> none"}},
		"AnyOrder": {
			reason: "AWS keeps no order of most lists.",
			asked:  `{"vpcConfig": [{"subnetIds": ["a", "b"], "securityGroupIds": ["c"]}]}`, has: `{"vpcConfig": [{"subnetIds": ["b", "a"], "securityGroupIds": ["d"]}]}`,
			want: []string{"vpcConfig.securityGroupIds: d -> c"},
		},
		"Longer":  {reason: "An item more is a change of the list.", asked: `{"layers": ["a", "b"]}`, has: `{"layers": ["a", "b", "c"]}`, want: []string{"layers"}},
		"Shorter": {reason: "So is an item less.", asked: `{"layers": ["a", "b", "c"]}`, has: `{"layers": ["a", "b"]}`, want: []string{"layers"}},
		"Twice":   {reason: "An item stands for one.", asked: `{"layers": ["a", "a"]}`, has: `{"layers": ["a", "b"]}`, want: []string{"layers"}},
		"Block":   {reason: "A block that AWS has not.", asked: `{"tracingConfig": [{"mode": "Active"}]}`, has: `{}`, want: []string{"tracingConfig"}},
		"Policy": {
			reason: "Documents are compared as what they say.", kind: role,
			asked: `{"assumeRolePolicy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"sts:AssumeRole\"]}]}"}`,
			has:   `{"assumeRolePolicy": "{\"Statement\": {\"Action\": \"sts:AssumeRole\", \"Effect\": \"Allow\"}, \"Version\": \"2012-10-17\"}"}`,
		},
		"OtherPolicy": {
			reason: "And are not told.", kind: role,
			asked: `{"assumeRolePolicy": "{\"Statement\":[{\"Action\":[\"a\",\"b\"]}]}"}`,
			has:   `{"assumeRolePolicy": "{\"Statement\":[{\"Action\":[\"b\",\"c\"]}]}"}`,
			want:  []string{`assumeRolePolicy: {"Statement":[{"Action":["b","c"]}]} -> {"Statement":[{"Action":["a","b"]}]}`},
		},
		"Long": {
			reason: "Long values are not told.",
			asked:  `{"description": "` + strings.Repeat("a", maxText+1) + `"}`, has: `{"description": "b"}`, want: []string{"description"},
		},
		"Many": {
			reason: "Of many fields some are told.",
			asked:  `{"tags": {"a": "b"` + many.String() + `}}`, has: `{}`,
			want: append([]string{"tags.a: none -> b", "tags.k00: none -> v", "tags.k01: none -> v"}, append(tagsOf(2, 10), "and 4 more")...),
		},
		"MayNotUpdate": {reason: "What others own is never changed.", policies: `["Observe", "Create", "Delete"]`, asked: `{"memorySize": 1024}`, has: `{"memorySize": 512}`},
		"UnknownKind":  {reason: "Of another kind nothing is known.", kind: `"apiVersion": "example.org/v1", "kind": "Widget"`, asked: `{"a": 1}`, has: `{"a": 2}`},
		"Nonsense":     {reason: "What is not of the type that it should be differs, and harms nobody.", asked: `{"layers": ["a"], "memorySize": 1}`, has: `{"layers": "a", "memorySize": {"x": 1}}`, want: []string{"layers", "memorySize"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.kind == "" {
				tc.kind = function
			}
			if tc.policies == "" {
				tc.policies = anything
			}
			if tc.resolved == "" {
				tc.resolved = `{}`
			}
			asked := resource.MustStructJSON(`{` + tc.kind + `, "spec": {"managementPolicies": ` + tc.policies + `, "forProvider": ` + tc.asked + `}}`)
			seen := compose.Observe(&fnv1.Resource{Resource: resource.MustStructJSON(
				`{` + tc.kind + `, "spec": {"forProvider": ` + tc.resolved + `}, "status": {"atProvider": ` + tc.has + `}}`)})
			if diff := cmp.Diff(tc.want, changes(asked, seen)); diff != "" {
				t.Errorf("%s\nchanges(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// tagsOf are changes of the numbered tags.
func tagsOf(from, to int) []string {
	var of []string
	for i := from; i <= to; i++ {
		of = append(of, fmt.Sprintf("tags.k%02d: none -> v", i))
	}
	return of
}
