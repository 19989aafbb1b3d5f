package standin

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// conditionTime is when everything happens.
const conditionTime = "2026-01-01T00:00:00Z"

// A Change edits what the provider has written for one managed resource.
type Change func(mr *unstructured.Unstructured)

// Condition is a resource with the supplied condition, in the place of the one of that type. The status is "True" or
// "False". An empty message is left out.
func Condition(kind, status, reason, message string) Change {
	c := map[string]any{"type": kind, "status": status, "reason": reason, "lastTransitionTime": conditionTime}
	if message != "" {
		c["message"] = message
	}
	return func(mr *unstructured.Unstructured) {
		conditions, _, _ := unstructured.NestedSlice(mr.Object, "status", "conditions")
		at := slices.IndexFunc(conditions, func(other any) bool {
			o, _ := other.(map[string]any)
			return o["type"] == kind
		})
		if at < 0 {
			at, conditions = len(conditions), append(conditions, nil)
		}
		conditions[at] = c
		set(mr, conditions, "status", "conditions")
	}
}

// All changes, one after the other.
func All(changes ...Change) Change {
	return func(mr *unstructured.Unstructured) {
		for _, change := range changes {
			change(mr)
		}
	}
}

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
	Lost(mr)
	All(Condition("Ready", "False", "Creating", ""), Condition("Synced", "True", "ReconcileSuccess", ""))(mr)
}

// Refused is what AWS refuses to create or update. What was observed before stays.
func Refused(message string) Change {
	return All(Condition("Ready", "False", "Creating", ""), Condition("Synced", "False", "ReconcileError", message))
}

// Uncreated is what the provider tries to make in the background, and AWS refuses. What was observed before stays.
func Uncreated(message string) Change {
	message = "async create failed: failed to create the resource: [{0 " + message + "  []}]"
	return All(Refused("create failed: "+message), Condition("LastAsyncOperation", "False", "AsyncCreateFailure", message))
}

// Unavailable exists, and AWS says that it does not work.
func Unavailable(mr *unstructured.Unstructured) {
	Condition("Ready", "False", "Unavailable", "")(mr)
}

// Shifting is an alias whose traffic moves to the candidate, which takes the supplied share, 0 to 1.
func Shifting(candidate string, share float64) Change {
	return func(mr *unstructured.Unstructured) {
		set(mr, map[string]any{candidate: share}, "status", "atProvider", "routingConfig", "additionalVersionWeights")
	}
}

// Shifted is an alias whose traffic has all moved. AWS still tells of shares, of which there are none.
func Shifted(mr *unstructured.Unstructured) {
	set(mr, map[string]any{}, "status", "atProvider", "routingConfig", "additionalVersionWeights")
}

func set(mr *unstructured.Unstructured, value any, path ...string) {
	if err := unstructured.SetNestedField(mr.Object, value, path...); err != nil {
		// The stand-in wrote the status itself.
		panic(err)
	}
}
