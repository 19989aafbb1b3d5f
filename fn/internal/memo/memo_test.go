package memo

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const limit = 1 << 20

func TestGet(t *testing.T) {
	m := New[int](limit)
	made := 0
	get := func(key string) int { return m.Get([]byte(key), func() int { made++; return len(key) }) }
	got := []int{get("a"), get("bb"), get("a")}
	if diff := cmp.Diff([]int{1, 2, 1}, got); diff != "" {
		t.Errorf("Get(...): -want, +got:\n%s", diff)
	}
	if made != 2 {
		t.Errorf("made %d times, want once for each key", made)
	}
}

// TestForgets checks that what was not used for longest goes first, and not before there is no room.
func TestForgets(t *testing.T) {
	m := New[string](limit)
	// As large as a result may be, so that a Memo has room for so many.
	large := strings.Repeat("x", limit/shares-overhead-16)
	get := func(key int) (made bool) {
		m.Get([]byte(strconv.Itoa(key)), func() string { made = true; return strings.Clone(large) })
		return made
	}
	for i := range shares {
		if !get(i) {
			t.Fatalf("%d: want a new result", i)
		}
	}
	if get(0) {
		t.Error("want a result to stay while there is room, but 0 is made again")
	}
	if !get(shares) {
		t.Error("want a new result")
	}
	if get(0) {
		t.Error("want 0 to stay, as it was used")
	}
	if !get(1) {
		t.Error("want 1 to be forgotten, as it was not used for longest")
	}
	if got := m.Bytes(); got > limit || got < limit-limit/shares {
		t.Errorf("keeps %d bytes, want almost %d", got, limit)
	}
}

// TestLargeResults checks that a result which would put out many others is made anew each time.
func TestLargeResults(t *testing.T) {
	m := New[string](limit)
	m.Get([]byte("small"), func() string { return "x" })
	for i := range 1000 {
		made := false
		m.Get([]byte("large"), func() string { made = true; return strings.Repeat("x", limit/shares) })
		if !made {
			t.Fatalf("%d: a large result is kept", i)
		}
	}
	m.Get([]byte("small"), func() string { t.Error("a large result has put out a small one"); return "" })
	if got := m.Bytes(); got > 2*overhead {
		t.Errorf("keeps %d bytes, want those of the small result", got)
	}
}

// TestBytes edits a thousand times, with keys and results of many sizes, and compares what a Memo counts with the heap.
func TestBytes(t *testing.T) {
	type nested struct {
		Text   string
		Of     map[string]*nested
		List   []nested
		Any    any
		hidden []byte
	}
	m := New[nested](limit)
	before := heap()
	for i := range 1000 {
		key := []byte(strings.Repeat("k", 10_000) + strconv.Itoa(i))
		m.Get(key, func() nested {
			text := func(n int) string { return strings.Repeat("x", n) }
			return nested{
				Text: text(i), Of: map[string]*nested{text(i + 1): {Text: text(i)}}, List: []nested{{Any: text(i)}}, hidden: make([]byte, i),
			}
		})
		if got := m.Bytes(); got > limit {
			t.Fatalf("after %d results it keeps %d bytes, want at most %d", i+1, got, limit)
		}
	}
	// Allocations are rounded up, to an eighth more at most, and a small one to 16 bytes.
	if kept := heap() - before; kept > limit*5/4 {
		t.Errorf("keeps %d bytes of the heap, want about %d", kept, m.Bytes())
	}
	runtime.KeepAlive(m)
}

// heap is how many bytes of it are in use.
func heap() int {
	runtime.GC()
	s := runtime.MemStats{}
	runtime.ReadMemStats(&s)
	return int(s.HeapAlloc)
}

func TestSizeOf(t *testing.T) {
	type tree struct {
		Text string
		Next *tree
	}
	loop := &tree{Text: "abc"}
	loop.Next = loop
	cases := map[string]struct {
		value any
		want  int
	}{
		"Nil":       {nil, 0},
		"Number":    {int64(1), 8},
		"Text":      {"abc", 16 + 3},
		"Bytes":     {make([]byte, 3, 10), 24 + 10},
		"Texts":     {[]string{"a", "bc"}, 24 + 2*16 + 3},
		"Pointer":   {new("abc"), 8 + 16 + 3},
		"Map":       {map[string]int64{"abc": 1}, 8 + 2*(16+8) + 3},
		"Interface": {[]any{"abc", nil}, 24 + 2*16 + 16 + 3},
		"Array":     {[2]string{"a", "b"}, 2*16 + 2},
		"Loop":      {loop, 8 + 24 + 3},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, sizeOf(tc.value)); diff != "" {
				t.Errorf("sizeOf(%v): -want, +got:\n%s", tc.value, diff)
			}
		})
	}
}

// TestConcurrentUse has many callers want the same few results, while others push them out.
func TestConcurrentUse(t *testing.T) {
	m := New[string](limit)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for i := range 2000 {
				want := fmt.Sprint(i%100, strings.Repeat("x", 10_000*(i%2)))
				if got := m.Get([]byte(want), func() string { return want }); got != want {
					t.Errorf("Get(%.10q): got %.10q", want, got)
				}
			}
		})
	}
	all.Wait()
	counted := 0
	for e := m.latest.Front(); e != nil; e = e.Next() {
		counted += e.Value.(entry[string]).bytes
	}
	if counted != m.Bytes() || len(m.entries) != m.latest.Len() {
		t.Errorf("counts %d bytes of %d results, want %d of %d", m.Bytes(), len(m.entries), counted, m.latest.Len())
	}
}
