package architecture

import "testing"

// TestJSONBytes counts the bytes of texts as the API server keeps them.
func TestJSONBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 2, "plain": 7, `"`: 4, "<": 8, "é": 4} {
		if got := jsonBytes(text); got != want {
			t.Errorf("%q: want %d, got %d", text, want, got)
		}
	}
}
