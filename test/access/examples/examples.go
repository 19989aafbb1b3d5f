// Package examples has requests and policies with what IAM decides of them. Our own evaluator and one of others must both decide so.
package examples

import (
	"maps"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// An Example of a request of a role's.
type Example struct {
	Reason   string
	Policies access.Policies
	Request  access.Request
	Want     access.Decision
}

// Role that makes all requests.
const Role = "arn:aws:iam::111122223333:role/release"

const (
	function = "arn:aws:lambda:us-east-1:111122223333:function:f"
	bucket   = "arn:aws:s3:::artifacts"
	object   = bucket + "/released/service.zip"
	table    = "arn:aws:dynamodb:us-east-1:111122223333:table/t"
	key      = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
)

// All examples, by name.
func All() map[string]Example {
	all := map[string]Example{}
	for _, some := range []map[string]Example{statements(), resources(), conditions(), sets()} {
		maps.Copy(all, some)
	}
	return all
}

// own policies of the role.
func own(statements ...iam.Statement) access.Policies {
	return access.Policies{Identity: []iam.Document{iam.New(statements...)}}
}

// with a policy of the resource's.
func with(p access.Policies, statements ...iam.Statement) access.Policies {
	p.Resource = []iam.Document{iam.New(statements...)}
	return p
}

func request(action, resource string) access.Request {
	return access.Request{Action: action, Resource: resource, Context: map[string][]string{"aws:PrincipalArn": {Role}, "aws:SecureTransport": {yes}}}
}

// having a value of a condition key, or several.
func having(r access.Request, key string, values ...string) access.Request {
	r.Context[key] = values
	return r
}
