package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrors(t *testing.T) {
	const (
		reference = "cannot resolve references: mg.Spec.ForProvider.Role: referenced field was empty"
		nothing   = "observe failed: external resource does not exist"
		forbidden = "observe failed: cannot resolve references of this user: observe failed: external resource does not exist"
	)
	is := map[string]func(string) bool{reference: Unresolved, nothing: NotFound}
	for _, message := range []string{reference, nothing, forbidden, ""} {
		for text, reports := range is {
			if got := reports(message); got != (message == text) {
				t.Errorf("%q: want it told apart from %q", message, text)
			}
		}
	}
}

func TestUnknownVersion(t *testing.T) {
	const alias = "creating Lambda Alias (live): operation error Lambda: CreateAlias, https response error StatusCode: 404, RequestID: 7f5a, "
	for message, want := range map[string]string{
		alias + "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:111122223333:function:blue:12": "12",
		alias + "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:111122223333:function:blue":    "",
		alias + "ResourceNotFoundException: Layer not found: arn:aws:lambda:us-east-1:111122223333:layer:blue:12":       "",
		alias + "api error AccessDeniedException: Function not found: arn:aws:lambda:us-east-1:111122223333:layer:b:12": "",
		"": "",
	} {
		if got := UnknownVersion(message); got != want {
			t.Errorf("%q: want version %q, got %q", message, want, got)
		}
	}
}

func TestWithoutAttempt(t *testing.T) {
	for message, want := range map[string]string{
		"https response error StatusCode: 400, RequestID: 7QK5, api error AccessDeniedException: no\n": "https response error StatusCode: 400, api error AccessDeniedException: no",
		"StatusCode: 409, RequestID: 9X, HostID: a/b+c=, BucketAlreadyExists:":                         "StatusCode: 409, BucketAlreadyExists:",
		"not authorized (Service: Ec2, Status Code: 403, Request ID: f433-cdc2)":                       "not authorized (Service: Ec2, Status Code: 403)",
		"status code: 403, request id: 1-2-3 (denied)":                                                 "status code: 403 (denied)",
		"no": "no",
	} {
		if diff := cmp.Diff(want, WithoutAttempt(message)); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}
