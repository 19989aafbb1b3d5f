// Package upstream reproduces faults of Crossplane that docs/upstream.md describes, on a real control plane, without anything of this
// product. A test that fails here says that a fault is gone, and so may be what we do about it.
package upstream
