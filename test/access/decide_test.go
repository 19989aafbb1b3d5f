package access_test

import (
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
