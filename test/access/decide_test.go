package access_test

import (
	"encoding/json"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access/examples"
)

func TestDecide(t *testing.T) {
	for name, e := range examples.All() {
		t.Run(name, func(t *testing.T) {
			got, err := e.Policies.Decide(e.Request)
			if err != nil || got != e.Want {
				t.Errorf("%s\n%s: want %s, got %s, %v", e.Reason, e.Request, e.Want, got, err)
			}
		})
	}
}

// TestUnknownOperator checks that no condition is passed over.
func TestUnknownOperator(t *testing.T) {
	p := access.Policies{Identity: []iam.Document{iam.New(iam.Allow("If", "s3:GetObject").On("*").If("NumericLessThan", "s3:max-keys", "10"))}}
	if got, err := p.Decide(access.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/o"}); err == nil {
		t.Errorf("want an error, got %s", got)
	}
}

// TestServices checks that a statement about a service of AWS's is about that one alone, and about no role.
func TestServices(t *testing.T) {
	const topic = "arn:aws:sns:us-east-1:111122223333:t"
	p := access.Policies{Resource: []iam.Document{iam.New(iam.Allow("Events", "sns:Publish").To(iam.Service("events.amazonaws.com")).On(topic))}}
	cases := map[string]struct {
		context map[string][]string
		want    access.Decision
	}{
		"Service": {context: map[string][]string{access.ServiceName: {"events.amazonaws.com"}}, want: access.Allowed},
		"Another": {context: map[string][]string{access.ServiceName: {"s3.amazonaws.com"}}, want: access.ImplicitDeny},
		"Role":    {context: map[string][]string{"aws:PrincipalArn": {"arn:aws:iam::111122223333:role/r"}}, want: access.ImplicitDeny},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := p.Decide(access.Request{Action: "sns:Publish", Resource: topic, Context: tc.context})
			if err != nil || got != tc.want {
				t.Errorf("want %s, got %s, %v", tc.want, got, err)
			}
		})
	}
}

// TestUnknownManagedPolicy checks that no policy of AWS's is taken for one that allows nothing.
func TestUnknownManagedPolicy(t *testing.T) {
	attachment := []json.RawMessage{json.RawMessage(`{"kind": "RolePolicyAttachment", "spec": {"forProvider": {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}}}`)}
	if _, err := access.ReadObjects("111122223333", "us-east-1", attachment); err == nil {
		t.Error("want an error, got none")
	}
}
