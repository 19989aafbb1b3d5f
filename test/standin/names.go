package standin

import (
	"cmp"
	"fmt"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const annotationExternalName = "crossplane.io/external-name"

func externalName(mr *unstructured.Unstructured) string {
	return mr.GetAnnotations()[annotationExternalName]
}

func setExternalName(mr *unstructured.Unstructured, name string) {
	annotations := map[string]string{}
	maps.Copy(annotations, mr.GetAnnotations())
	annotations[annotationExternalName] = name
	mr.SetAnnotations(annotations)
}

// name the resource, if AWS or the provider chooses its name. Only a connection's is ever read.
func (a *AWS) name(mr *unstructured.Unstructured) {
	if externalName(mr) != "" {
		return
	}
	name := mr.GetName()
	if mr.GetKind() == "Connection" {
		// No two connections ever have the same ARN. Where no API server gives UIDs, a test has only one.
		id := cmp.Or(string(mr.GetUID()), a.ConnectionID, "00000000-1111-2222-3333-444444444444")
		name = fmt.Sprintf("arn:aws:codestar-connections:%s:%s:connection/%s", region(mr), a.AccountID, id)
	}
	setExternalName(mr, name)
}

func region(mr *unstructured.Unstructured) string {
	return forProvider(mr, "region")
}

// forProvider is the text at a path in the resource's spec.forProvider, or "".
func forProvider(mr *unstructured.Unstructured, path ...string) string {
	text, _, _ := unstructured.NestedString(mr.Object, append([]string{"spec", "forProvider"}, path...)...)
	return text
}

// arn of the supplied resource, or "" where its kind has none.
func (a *AWS) arn(mr *unstructured.Unstructured) string {
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
