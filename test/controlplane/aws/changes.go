package aws

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const annotationExternalName = "crossplane.io/external-name"

// Pending is a connection that nobody has authorised yet.
func Pending(mr *unstructured.Unstructured) {
	set(mr, "PENDING", "status", "atProvider", "connectionStatus")
}

// Lost has no status at all, as after the restore of a backup.
func Lost(mr *unstructured.Unstructured) {
	delete(mr.Object, "status")
}

// Stuck is created for ever.
func Stuck(mr *unstructured.Unstructured) {
	mr.Object["status"] = map[string]any{"conditions": []any{
		condition("Ready", "False", "Creating", ""),
		condition("Synced", "True", "ReconcileSuccess", ""),
	}}
}

// Refused is what AWS refuses to create or update. What was observed before stays.
func Refused(message string) Change {
	return func(mr *unstructured.Unstructured) {
		set(mr, []any{
			condition("Ready", "False", "Creating", ""),
			condition("Synced", "False", "ReconcileError", message),
		}, "status", "conditions")
	}
}

// Unavailable exists, and AWS says that it does not work.
func Unavailable(mr *unstructured.Unstructured) {
	set(mr, []any{
		condition("Ready", "False", "Unavailable", ""),
		condition("Synced", "True", "ReconcileSuccess", ""),
	}, "status", "conditions")
}

// Shifting is an alias whose traffic moves to the candidate, which takes the supplied share, 0 to 1.
func Shifting(candidate string, share float64) Change {
	return func(mr *unstructured.Unstructured) {
		set(mr, map[string]any{candidate: share}, "status", "atProvider", "routingConfig", "additionalVersionWeights")
	}
}

// Published is a function whose last published version is the supplied one.
func Published(version string) Change {
	return func(mr *unstructured.Unstructured) {
		set(mr, version, "status", "atProvider", "version")
	}
}

func set(mr *unstructured.Unstructured, value any, path ...string) {
	if err := unstructured.SetNestedField(mr.Object, value, path...); err != nil {
		// The stand-in wrote the object itself.
		panic(err)
	}
}

func condition(kind, status, reason, message string) map[string]any {
	c := map[string]any{"type": kind, "status": status, "reason": reason, "lastTransitionTime": "2026-01-01T00:00:00Z"}
	if message != "" {
		c["message"] = message
	}
	return c
}
