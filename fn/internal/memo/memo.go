// Package memo remembers what costs much to make and is the same each time: a claim is asked about again and again, and
// hardly ever changes.
package memo

import "k8s.io/utils/lru"

// size is how many results a Memo remembers: as many as there are claims in a busy cluster, and a few MiB of them.
const size = 512

// A Memo remembers results by what they are made from. It is safe for concurrent use. Results are shared: who gets one must
// not change it.
type Memo[V any] struct {
	results *lru.Cache
}

// New returns an empty Memo.
func New[V any]() Memo[V] {
	return Memo[V]{results: lru.New(size)}
}

// Get what was made from the key, or compute it.
func (m Memo[V]) Get(key string, compute func() V) V {
	if known, ok := m.results.Get(key); ok {
		return known.(V) //nolint:forcetypeassert // Nothing else is added.
	}
	made := compute()
	m.results.Add(key, made)
	return made
}
