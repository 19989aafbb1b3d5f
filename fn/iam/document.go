// Package iam is the part of IAM's policy language that pipelines use, as typed structs: policies of identities and resources, the
// trust policies of roles, and how long they may be.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package iam

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
)

// Version of the policy language.
const Version = "2012-10-17"

// How many characters a document may have, without white space.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	// MaxPolicySize of a managed policy.
	MaxPolicySize = 6144

	// MaxTrustSize of a role's trust policy, unless AWS has raised the account's quota.
	MaxTrustSize = 2048
)

// A Document is a policy.
type Document struct {
	Version   string      `json:"Version"`
	Statement []Statement `json:"Statement"`
}

// New policy of the supplied statements.
func New(statements ...Statement) Document {
	return Document{Version: Version, Statement: statements}
}

// Trust policy of a role that one AWS service may assume, such as lambda.amazonaws.com.
func Trust(service string) Document {
	return New(Allow("AssumeRole", "sts:AssumeRole").To(Service(service)))
}

// Parse a policy in JSON. An element that a Statement does not have is an error, as a policy means something else without it.
func Parse(text string) (Document, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var d Document
	if err := decoder.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("cannot parse policy: %w", err)
	}
	return d, nil
}

// JSON of the policy, as the console shows it.
func (d Document) JSON() string {
	return document.JSON(d)
}

// Size of a policy in JSON, in characters, as IAM counts them: without white space.
func Size(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}
