// Package provider tells provider-aws's errors apart by their texts: a managed resource says no more of an error than that.
package provider

import (
	"regexp"
	"strings"
)

// Errors of crossplane-runtime's reconciler, which every provider is built with: pkg/reconciler/managed.
const (
	// unresolved begins errResolveReferences, in api.go.
	unresolved = "cannot resolve references"

	// notFound is errExternalResourceNotExist in errReconcileObserve, in reconciler.go.
	notFound = "observe failed: external resource does not exist"
)

// Unresolved reports whether the resource refers to one that is not there yet. Resources are made in no particular order, so that is how
// most of them begin. If it stays so, then because the other one fails.
func Unresolved(message string) bool {
	return strings.HasPrefix(message, unresolved)
}

// NotFound reports whether the provider, which may only look, has found nothing.
func NotFound(message string) bool {
	return message == notFound
}

// unknownVersion is Lambda's ResourceNotFoundException, as aws-sdk-go-v2 writes it. The sentence is Lambda's own, which AWS documents
// nowhere: see https://github.com/aws-cloudformation/rain/issues/175.
var unknownVersion = regexp.MustCompile(`ResourceNotFoundException: Function not found: arn:\S+:function:[^\s:]+:([0-9]+)\b`)

// UnknownVersion is the version of a function that Lambda says it does not have. Another error: empty.
func UnknownVersion(message string) string {
	if match := unknownVersion.FindStringSubmatch(message); match != nil {
		return match[1]
	}
	return ""
}

// perAttempt is what errors say of one attempt: aws-sdk-go-v2 in ResponseError, in aws/transport/http and, for S3, in
// service/internal/s3shared; and services that cite the error of another one, as the issue above shows.
var perAttempt = regexp.MustCompile(`,? ?\b(RequestID|HostID|[Rr]equest [Ii][Dd]): ?[^\s,;)]*`)

// WithoutAttempt leaves out of an error what differs with each attempt.
func WithoutAttempt(message string) string {
	return perAttempt.ReplaceAllString(strings.TrimSpace(message), "")
}
