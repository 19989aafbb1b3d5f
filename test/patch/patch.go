// Package patch changes claims as JSON merge patches do.
package patch

import "maps"

// Merge a patch into an object, which stays as it is: objects are merged, and null takes a field away.
// See https://www.rfc-editor.org/rfc/rfc7386.
func Merge(into, patch map[string]any) map[string]any {
	merged := map[string]any{}
	maps.Copy(merged, into)
	for name, value := range patch {
		object, isObject := value.(map[string]any)
		before, wasObject := merged[name].(map[string]any)
		switch {
		case value == nil:
			delete(merged, name)
		case isObject && wasObject:
			merged[name] = Merge(before, object)
		default:
			merged[name] = value
		}
	}
	return merged
}
