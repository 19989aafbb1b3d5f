// Package access decides as IAM does whether a role may make a call: what AWS asks for when Step Functions, CodePipeline or EventBridge
// make it in the name of the role, and whether policies allow all of that. Emulators ask for some of it, or for nothing.
package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// principalARN is the condition key with the role that makes a request.
const principalARN = "aws:PrincipalArn"

// ServiceName is the condition key with the service of AWS that makes a request for itself, such as events.amazonaws.com.
const ServiceName = "aws:PrincipalServiceName"

// bucketPrefix begins the ARN of a bucket, which has neither region nor account.
const bucketPrefix = "arn:aws:s3:::"

// An Account of AWS with a pipeline, as far as IAM and those whom it protects know it.
type Account struct {
	id, region string

	// policies by the ARNs of the roles they are attached to, and of the buckets and topics that they are about.
	policies map[string][]iam.Document

	// keys of KMS by the ARNs of what they encrypt.
	keys map[string]string

	// group of CodeDeploy's whose deployments there are, and the configuration that it gives them.
	group, configuration string
}

// Policies that count for a request of a role's.
func (a *Account) Policies(role string, r Request) Policies {
	bucket, _, _ := strings.Cut(r.Resource, "/")
	return Policies{Identity: a.policies[role], Resource: a.policies[bucket]}
}

// Statements of a role's policies.
func (a *Account) Statements(role string) (all []iam.Statement) {
	for _, p := range a.policies[role] {
		all = append(all, p.Statement...)
	}
	return all
}

// Beside is the account in which another pipeline is too. Calls of state machines are not known there.
func (a *Account) Beside(other *Account) *Account {
	both := &Account{id: a.id, region: a.region, policies: maps.Clone(a.policies)}
	maps.Copy(both.policies, other.policies)
	return both
}

// Without is the account whose role lacks the statements with an identifier.
func (a *Account) Without(role, sid string) *Account {
	lacking := *a
	lacking.policies = maps.Clone(a.policies)
	statements := slices.DeleteFunc(a.Statements(role), func(s iam.Statement) bool { return s.Sid == sid })
	lacking.policies[role] = []iam.Document{iam.New(statements...)}
	return &lacking
}

// Decide on a request of a role's.
func (a *Account) Decide(role string, r Request) (Decision, error) {
	return a.Policies(role, r).Decide(complete(role, r))
}

// complete a request with what AWS knows of every one.
func complete(role string, r Request) Request {
	known := map[string][]string{principalARN: {role}, "aws:SecureTransport": {"true"}}
	maps.Copy(known, r.Context)
	r.Context = known
	return r
}

// Authorize a call that a role makes, and return what AWS asks IAM for that, as far as it comes. The integration is that of a task in a
// state machine, such as arn:aws:states:::aws-sdk:lambda:getAlias, or is named likewise if another service makes the call. The error is a
// DeniedError if AWS would refuse the call.
func (a *Account) Authorize(role, integration string, arguments any) (asked []Request, err error) {
	requests, err := a.requests(integration, arguments)
	if err != nil {
		return nil, err
	}
	for _, r := range requests {
		r = complete(role, r)
		asked = append(asked, r)
		decision, err := a.Decide(role, r)
		if err != nil {
			return asked, fmt.Errorf("cannot decide on %s: %w", r, err)
		}
		if decision != Allowed {
			return asked, &DeniedError{Role: role, Request: r, because: a.because(role, r, decision)}
		}
	}
	return asked, nil
}

// arn of something in the account and region.
func (a *Account) arn(service, resource string) string {
	return strings.Join([]string{"arn", "aws", service, a.region, a.id, resource}, ":")
}
