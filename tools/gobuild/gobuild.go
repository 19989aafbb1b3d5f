// Package gobuild says how programs are compiled that are published: neither where they are built nor the state of the work tree is to be seen
// in them.
package gobuild

import "strings"

// Args of the command go, which compiles a package into a file. The linker gets the supplied flags besides.
func Args(pkg, into string, linker ...string) []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=" + strings.Join(append([]string{"-s", "-w"}, linker...), " "), "-o", into, pkg}
}

// Env of that command besides its own, for a platform: the oldest processors of its architecture will do.
func Env(os, arch string) []string {
	return []string{"CGO_ENABLED=0", "GOOS=" + os, "GOARCH=" + arch, "GOAMD64=v1", "GOARM64=v8.0"}
}
