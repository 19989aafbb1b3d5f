// Package standin plays provider-aws in tests: it fills in what the provider and AWS would add to a managed resource, its
// external name and its status. It never touches a resource's spec.
package standin

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	annotationExternalName = "crossplane.io/external-name"

	// Time at which the stand-in says that everything happened.
	conditionTime = "2026-01-01T00:00:00Z"
)

// An AWS is one AWS account as the stand-in pretends it to be.
type AWS struct {
	// AccountID of the account, 12 digits.
	AccountID string

	// ConnectionStatus of GitHub connections: PENDING or AVAILABLE.
	ConnectionStatus string

	// Version that a function has published last.
	Version string
}

// Observe fills in the external name and status of the supplied managed resource, as if it had been created and were
// ready.
func (a AWS) Observe(mr *unstructured.Unstructured) {
	if mr.GetAnnotations()[annotationExternalName] == "" {
		a.setExternalName(mr)
	}
	atProvider := map[string]any{"id": externalName(mr)}
	if arn := a.arn(mr); arn != "" {
		atProvider["arn"] = arn
	}
	switch mr.GetKind() {
	case "Connection":
		atProvider["connectionStatus"] = a.ConnectionStatus
	case "Function":
		atProvider["version"] = a.Version
	case "Alias":
		version, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "functionVersion")
		atProvider["functionVersion"] = version
	}
	mr.Object["status"] = map[string]any{
		"atProvider": atProvider,
		"conditions": []any{condition("Ready", "Available"), condition("Synced", "ReconcileSuccess")},
	}
}

func condition(kind, reason string) map[string]any {
	return map[string]any{"type": kind, "status": "True", "reason": reason, "lastTransitionTime": conditionTime}
}

func externalName(mr *unstructured.Unstructured) string {
	return mr.GetAnnotations()[annotationExternalName]
}

// setExternalName of a resource whose name AWS or the provider chooses. Only a connection's is ever read.
func (a AWS) setExternalName(mr *unstructured.Unstructured) {
	name := mr.GetName()
	if mr.GetKind() == "Connection" {
		name = fmt.Sprintf("arn:aws:codestar-connections:%s:%s:connection/00000000-1111-2222-3333-444444444444", region(mr), a.AccountID)
	}
	annotations := mr.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[annotationExternalName] = name
	mr.SetAnnotations(annotations)
}

func region(mr *unstructured.Unstructured) string {
	r, _, _ := unstructured.NestedString(mr.Object, "spec", "forProvider", "region")
	return r
}

// arn of the supplied resource, or "" where its kind has none.
func (a AWS) arn(mr *unstructured.Unstructured) string {
	name := externalName(mr)
	group, _, _ := strings.Cut(mr.GroupVersionKind().Group, ".")
	regional := func(service, resource string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s%s", service, region(mr), a.AccountID, resource, name)
	}
	switch group + "/" + mr.GetKind() {
	case "s3/Bucket":
		return "arn:aws:s3:::" + name
	case "iam/Role":
		return fmt.Sprintf("arn:aws:iam::%s:role/%s", a.AccountID, name)
	case "iam/Policy":
		return fmt.Sprintf("arn:aws:iam::%s:policy/%s", a.AccountID, name)
	case "sns/Topic":
		return regional("sns", "")
	case "dynamodb/Table":
		return regional("dynamodb", "table/")
	case "lambda/Function":
		return regional("lambda", "function:")
	case "cloudwatch/MetricAlarm":
		return regional("cloudwatch", "alarm:")
	case "cloudwatchlogs/Group":
		return regional("logs", "log-group:")
	case "codebuild/Project":
		return regional("codebuild", "project/")
	case "codepipeline/Codepipeline":
		return regional("codepipeline", "")
	case "sfn/StateMachine":
		return regional("states", "stateMachine:")
	case "cloudwatchevents/Rule":
		return regional("events", "rule/")
	case "codestarconnections/Connection":
		return name
	default:
		return ""
	}
}
