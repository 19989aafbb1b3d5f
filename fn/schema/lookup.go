package schema

import (
	"strconv"
	"strings"
)

// lookup finds the value at a path, such as source.owner, notifications.emails[0] or tags[team]. Keys may have dots in them.
func lookup(x any, path string) (any, bool) {
	if path == "" {
		return x, true
	}
	switch v := x.(type) {
	case map[string]any:
		for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], ".[") {
			if child, ok := v[path[:end]]; ok {
				return lookup(child, strings.TrimPrefix(path[end:], "."))
			}
		}
		if key, ok := strings.CutPrefix(path, "["); ok {
			child, found := v[strings.TrimSuffix(key, "]")]
			return child, found
		}
	case []any:
		index, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(v) {
			return lookup(v[i], strings.TrimPrefix(rest, "."))
		}
	}
	return nil, false
}
