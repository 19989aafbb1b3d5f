// Package memo remembers what costs much to make and is the same each time: a claim is asked about again and again, and
// hardly ever changes.
package memo

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

const (
	// overhead is how many bytes an entry takes beside its result: its key, and its places in the list and the map, rounded up.
	overhead = 256

	// shares is how many results a Memo has room for at least. A result that would take more than its share is not kept: it would put
	// out those of many claims, and whoever edits a large claim again and again must not slow down the others.
	shares = 32
)

// A Memo remembers results by what they are made from, the latest used ones first, and no more bytes of them than it may. It is safe for
// concurrent use. Results are shared: who gets one must not change it.
type Memo[V any] struct {
	limit int

	mx      sync.Mutex
	bytes   int
	entries map[[sha256.Size]byte]*list.Element
	latest  *list.List
}

// An entry of a Memo.
type entry[V any] struct {
	key    [sha256.Size]byte
	result V
	bytes  int
}

// New returns an empty Memo that may keep so many bytes.
func New[V any](limit int) *Memo[V] {
	return &Memo[V]{limit: limit, entries: map[[sha256.Size]byte]*list.Element{}, latest: list.New()}
}

// Get what was made from the key, or compute it. Of the key only a hash is kept.
func (m *Memo[V]) Get(key []byte, compute func() V) V {
	hash := sha256.Sum256(key)
	if known, ok := m.find(hash); ok {
		return known
	}
	made := compute()
	m.add(entry[V]{key: hash, result: made, bytes: overhead + sizeOf(made)})
	return made
}

// Bytes that are kept.
func (m *Memo[V]) Bytes() int {
	m.mx.Lock()
	defer m.mx.Unlock()
	return m.bytes
}

func (m *Memo[V]) find(key [sha256.Size]byte) (V, bool) {
	m.mx.Lock()
	defer m.mx.Unlock()
	found, ok := m.entries[key]
	if !ok {
		var none V
		return none, false
	}
	m.latest.MoveToFront(found)
	return found.Value.(entry[V]).result, true //nolint:forcetypeassert // Nothing else is in the list.
}

// add an entry, and forget those that were not used for longest until there is room for it.
func (m *Memo[V]) add(e entry[V]) {
	if e.bytes > m.limit/shares {
		return
	}
	m.mx.Lock()
	defer m.mx.Unlock()
	if m.entries[e.key] != nil {
		return // Another request has computed it meanwhile.
	}
	m.entries[e.key] = m.latest.PushFront(e)
	m.bytes += e.bytes
	for m.bytes > m.limit {
		last := m.latest.Remove(m.latest.Back()).(entry[V]) //nolint:forcetypeassert // Nothing else is in the list.
		delete(m.entries, last.key)
		m.bytes -= last.bytes
	}
}
