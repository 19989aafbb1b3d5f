package fakeaws_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

const unlessFinal = "attribute_not_exists(#s) OR NOT #s IN (:done, :failed)"

func TestUpdateItem(t *testing.T) {
	update := func(expression, condition string, names object, values object) object {
		args := object{"TableName": "history", "Key": object{"id": object{"S": "x"}}, "UpdateExpression": expression}
		if condition != "" {
			args["ConditionExpression"] = condition
		}
		if names != nil {
			args["ExpressionAttributeNames"] = names
		}
		if values != nil {
			args["ExpressionAttributeValues"] = values
		}
		return args
	}
	text := func(s string) object { return object{"S": s} }
	status := func(s string) object {
		return update("SET #s = :s", unlessFinal, object{"#s": "status"}, object{":s": text(s), ":done": text("Done"), ":failed": text("Failed")})
	}

	cases := map[string]struct {
		reason  string
		updates []object
		want    map[string]map[string]any
		err     string
	}{
		"Set": {
			reason:  "Attributes of every type are set.",
			updates: []object{update("SET a = :a, #b = :b, c = :c", "", object{"#b": "status"}, object{":a": text("A"), ":b": object{"N": "1"}, ":c": object{"BOOL": true}})},
			want:    map[string]map[string]any{"x": {"id": "x", "a": "A", "status": json.Number("1"), "c": true}},
		},
		"IfNotExists": {
			reason: "The first value stays.",
			updates: []object{
				update("SET a = if_not_exists(a, :a)", "", nil, object{":a": text("first")}),
				update("SET a = if_not_exists(a, :a)", "", nil, object{":a": text("second")}),
			},
			want: map[string]map[string]any{"x": {"id": "x", "a": "first"}},
		},
		"Condition": {
			reason:  "An update whose condition holds is made.",
			updates: []object{status("Begun"), status("Done")},
			want:    map[string]map[string]any{"x": {"id": "x", "status": "Done"}},
		},
		"ConditionFails": {
			reason:  "An update whose condition does not hold changes nothing.",
			updates: []object{status("Done"), status("Begun")},
			want:    map[string]map[string]any{"x": {"id": "x", "status": "Done"}},
			err:     "DynamoDB.ConditionalCheckFailedException",
		},
		"Precedence": {
			reason:  "AND binds more than OR, and parentheses more than AND.",
			updates: []object{update("SET a = :a", "attribute_not_exists(a) OR a = :b AND (a <> :a OR a > :a)", nil, object{":a": text("A"), ":b": text("B")})},
			want:    map[string]map[string]any{"x": {"id": "x", "a": "A"}},
		},
		"Unused": {
			reason:  "What is given must be used.",
			updates: []object{update("SET a = :a", "", nil, object{":a": text("A"), ":b": text("B")})},
			want:    map[string]map[string]any{},
			err:     "DynamoDB.AmazonDynamoDBException: Value provided in ExpressionAttributeNames or ExpressionAttributeValues unused in expressions: [:b]",
		},
		"Key": {
			reason:  "A key does not change.",
			updates: []object{update("SET id = :a", "", nil, object{":a": text("A")})},
			want:    map[string]map[string]any{},
			err:     "DynamoDB.AmazonDynamoDBException: Cannot update attribute id",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cloud, _, do := newCloud(t)
			var err error
			for _, u := range tc.updates {
				_, err = do("dynamodb:updateItem", u)
			}
			if got := ""; err != nil || tc.err != "" {
				if err != nil {
					got = err.Error()
				}
				if tc.err == "" || !strings.HasPrefix(got, tc.err) {
					t.Errorf("%s\nwant error %q, got %q", tc.reason, tc.err, got)
				}
			}
			if diff := cmp.Diff(tc.want, cloud.DynamoDB.Items()); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// A recorder takes the failures of a test that is meant to fail.
type recorder struct {
	testing.TB

	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

// TestUnknown checks that what the fakes do not know fails the test.
func TestUnknown(t *testing.T) {
	cases := map[string]struct {
		reason     string
		expression string
	}{
		"Function":  {"Unknown functions fail the test.", "SET a = list_append(a, :a)"},
		"Clause":    {"Unknown clauses fail the test.", "ADD a :a"},
		"Path":      {"Paths into attributes fail the test.", "SET a.b = :a"},
		"Reserved":  {"Reserved words fail the test.", "SET status = :a"},
		"Undefined": {"Undefined names fail the test.", "SET #a = :a"},
		"Rest":      {"Anything left fails the test.", "SET a = :a b"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, c, _ := newCloud(t)
			r := &recorder{TB: t}
			cloud := fakeaws.New(r, c, setup)
			body := object{
				"TableName": "history", "Key": object{"id": object{"S": "x"}}, "UpdateExpression": tc.expression,
				"ExpressionAttributeValues": object{":a": object{"S": "A"}},
			}
			if _, err := runnerFor(cloud).Do(t.Context(), "arn:aws:states:::dynamodb:updateItem", body); err == nil || !r.failed {
				t.Errorf("%s\nfailed: %t, error: %v", tc.reason, r.failed, err)
			}
		})
	}
}
