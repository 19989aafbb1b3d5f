package iam

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	bucket = "arn:aws:s3:::artifacts"
	role   = "arn:aws:iam::111122223333:role/release"
)

// documents and their JSON.
var documents = map[string]struct {
	reason   string
	document Document
	json     string
}{
	"Identity": {
		reason:   "An identity's policy names no principal, and one action is a list too.",
		document: New(Allow("Read", "s3:GetObject").On(bucket + "/*")),
		json:     `{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::artifacts/*"]}]}`,
	},
	"Resource": {
		reason:   "A resource's policy names one, and may deny.",
		document: New(Deny("TLSOnly", "s3:*").To(Anyone()).On(bucket, bucket+"/*").If(Bool, "aws:SecureTransport", "false")),
		json: `{"Version":"2012-10-17","Statement":[{"Sid":"TLSOnly","Effect":"Deny","Principal":{"AWS":"*"},"Action":["s3:*"],` +
			`"Resource":["arn:aws:s3:::artifacts","arn:aws:s3:::artifacts/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
	},
	"Trust": {
		reason:   "A trust policy is about its role, and names no resource.",
		document: Trust("states.amazonaws.com"),
		json:     `{"Version":"2012-10-17","Statement":[{"Sid":"AssumeRole","Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":["sts:AssumeRole"]}]}`,
	},
	"AllBut": {
		reason:   "A statement may name what it is not about.",
		document: New(DenyAllBut("OnlyItems", "dynamodb:*Item").On("*")),
		json:     `{"Version":"2012-10-17","Statement":[{"Sid":"OnlyItems","Effect":"Deny","NotAction":["dynamodb:*Item"],"Resource":["*"]}]}`,
	},
	"ManyConditions": {
		reason: "Conditions add up, and one key may have several values.",
		document: New(Allow("Many", "sqs:SendMessage").To(AWS(role, role+"-2")).On("*").
			If(StringEquals, "aws:SourceAccount", "111122223333").If(ArnLike, "aws:SourceArn", bucket, role).If(StringEquals, "aws:RequestTag/a&b", "<c>")),
		json: `{"Version":"2012-10-17","Statement":[{"Sid":"Many","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/release","arn:aws:iam::111122223333:role/release-2"]},` +
			`"Action":["sqs:SendMessage"],"Resource":["*"],"Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:s3:::artifacts","arn:aws:iam::111122223333:role/release"]},` +
			`"StringEquals":{"aws:RequestTag/a&b":"<c>","aws:SourceAccount":"111122223333"}}}]}`,
	},
}

func TestJSON(t *testing.T) {
	for name, tc := range documents {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.json, tc.document.JSON()); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestParse checks that what is written is read again, and that IAM's other way to write lists of one is understood.
func TestParse(t *testing.T) {
	short := strings.NewReplacer(`["s3:GetObject"]`, `"s3:GetObject"`, `["*"]`, `"*"`, `"111122223333"`, `["111122223333"]`)
	for name, tc := range documents {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{tc.json, short.Replace(tc.json)} {
				got, err := Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.document, got); diff != "" {
					t.Errorf("%s\n%s: -want, +got:\n%s", tc.reason, text, diff)
				}
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, statement := range map[string]string{
		"NotResource":      `{"Effect": "Allow", "Action": "s3:*", "NotResource": "*"}`,
		"NotPrincipal":     `{"Effect": "Allow", "Action": "s3:*", "NotPrincipal": {"AWS": "*"}}`,
		"UnknownPrincipal": `{"Effect": "Allow", "Action": "s3:*", "Principal": {"Federated": "a"}}`,
		"Number":           `{"Effect": "Allow", "Action": 1}`,
	} {
		t.Run(name, func(t *testing.T) {
			if d, err := Parse(`{"Version": "2012-10-17", "Statement": [` + statement + `]}`); err == nil {
				t.Errorf("want an error, got %+v", d)
			}
		})
	}
}

// TestIfCopies checks that a statement made from another one leaves that as it is.
func TestIfCopies(t *testing.T) {
	one := Allow("A", "s3:GetObject").If(StringEquals, "a", "1")
	two := one.If(StringEquals, "b", "2").If(ArnLike, "c", "3")
	if diff := cmp.Diff(Condition{StringEquals: {"a": {"1"}}}, one.Condition); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(Condition{StringEquals: {"a": {"1"}, "b": {"2"}}, ArnLike: {"c": {"3"}}}, two.Condition); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestSize(t *testing.T) {
	if want, got := 9, Size("{\n  \"a\": \"é\"\n\t}"); got != want {
		t.Errorf("want %d, got %d", want, got)
	}
}
