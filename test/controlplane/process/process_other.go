//go:build !linux

package process

import "syscall"

// dieWithParent does nothing: only Linux can.
func dieWithParent(*syscall.SysProcAttr) {}

// Usage is not known.
func (p *Process) Usage() (Usage, error) {
	return Usage{}, nil
}
