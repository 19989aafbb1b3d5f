package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestAsyncRules checks what may be a destination, as far as a claim alone tells.
func TestAsyncRules(t *testing.T) {
	cases := map[string]struct {
		reason, arn string
		refused     bool
	}{
		"None":     {reason: "Nothing gets a record."},
		"Queue":    {reason: "A queue does.", arn: "arn:aws:sqs:us-east-1:111122223333:payments-failed"},
		"Topic":    {reason: "A topic does.", arn: "arn:aws:sns:us-east-1:111122223333:payments-failed"},
		"Function": {reason: "A function does.", arn: "arn:aws:lambda:us-east-1:111122223333:function:ledger"},
		"Alias":    {reason: "So does an alias of one.", arn: "arn:aws:lambda:us-east-1:111122223333:function:ledger:live"},
		"Bus":      {reason: "And an event bus.", arn: "arn:aws:events:us-east-1:111122223333:event-bus/payments"},
		"Rule":     {reason: "A rule takes no events, its bus does.", arn: "arn:aws:events:us-east-1:111122223333:rule/payments", refused: true},
		"Stream":   {reason: "Lambda writes to no streams.", arn: "arn:aws:kinesis:us-east-1:111122223333:stream/payments", refused: true},
		"Name":     {reason: "A name is no ARN.", arn: "payments-failed", refused: true},
		"Wildcard": {reason: "A record goes to one.", arn: "arn:aws:sqs:us-east-1:111122223333:payments-*", refused: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			for _, when := range []string{"onFailure", "onSuccess"} {
				_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: {async: {"+when+": '"+tc.arn+"'}}"))
				if len(errs) > 1 || (len(errs) == 1) != tc.refused {
					t.Errorf("%s\n%s: want it refused %t, got %v", tc.reason, when, tc.refused, errs)
				}
			}
		})
	}
}

func TestCheckAsync(t *testing.T) {
	const (
		queue = "arn:aws:sqs:us-east-1:111122223333:payments-failed"
		at    = "spec.service.async."
	)
	cases := map[string]struct {
		reason string
		async  *v1alpha1.Async
		want   []string
	}{
		"None":    {reason: "There is nothing to refuse."},
		"Nowhere": {reason: "Nor of no destinations.", async: &v1alpha1.Async{}},
		"Here":    {reason: "A queue of another region may get records too.", async: &v1alpha1.Async{OnFailure: queue, OnSuccess: "arn:aws:sqs:eu-west-1:111122223333:a"}},
		"Partition": {
			reason: "No partition reaches another.", async: &v1alpha1.Async{OnSuccess: "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:a"},
			want: []string{notHere(at+"onSuccess", "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:a", "partition aws")},
		},
		"FIFO": {
			reason: "Lambda drops records for these.", async: &v1alpha1.Async{OnFailure: queue + ".fifo", OnSuccess: "arn:aws:sns:us-east-1:111122223333:a.fifo"},
			want: []string{
				ofAWS(at+"onFailure", `"`+queue+`.fifo"`, "AWS Lambda writes to standard queues and topics only"),
				ofAWS(at+"onSuccess", `"arn:aws:sns:us-east-1:111122223333:a.fifo"`, "AWS Lambda writes to standard queues and topics only"),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Service.Async = tc.async
			if diff := cmp.Diff(tc.want, messages(checkAsync(spec))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
