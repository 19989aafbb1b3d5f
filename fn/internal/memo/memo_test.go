package memo

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGet(t *testing.T) {
	m := New[int]()
	made := 0
	get := func(key string) int { return m.Get(key, func() int { made++; return len(key) }) }
	got := []int{get("a"), get("bb"), get("a")}
	if diff := cmp.Diff([]int{1, 2, 1}, got); diff != "" {
		t.Errorf("Get(...): -want, +got:\n%s", diff)
	}
	if made != 2 {
		t.Errorf("made %d times, want once for each key", made)
	}
}

// TestSize checks that a Memo does not grow for ever.
func TestSize(t *testing.T) {
	m := New[int]()
	for i := range 3 * size {
		m.Get(strconv.Itoa(i), func() int { return i })
	}
	if got := m.results.Len(); got != size {
		t.Errorf("remembers %d results, want %d", got, size)
	}
}
