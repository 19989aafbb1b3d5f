// Package process runs programs as children that end with us, and waits for what they do.
package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A Process is one child of ours. What it prints is in a file.
type Process struct {
	cmd     *exec.Cmd
	logFile string

	// done is closed when the process has ended.
	done chan struct{}
}

// Start the executable. Its output goes to <dir>/<name>.log. The environment is ours, with env on top.
func Start(dir, name, executable string, args, env []string) (*Process, error) {
	logFile := filepath.Join(dir, name+".log")
	out, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot create the log of %q", name)
	}
	defer out.Close() //nolint:errcheck // The child has its own descriptor.

	p := &Process{cmd: exec.Command(executable, args...), logFile: logFile, done: make(chan struct{})} //nolint:noctx // Stop and Kill end it.
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.Env = append(os.Environ(), env...)
	// An interrupt from the terminal is ours to handle: the children end in order, and after what needs them.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(p.cmd.SysProcAttr)

	if err := p.cmd.Start(); err != nil {
		return nil, errors.Wrapf(err, "cannot start %q", name)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// Stop asks the process to end, and kills it if it does not within the supplied time.
func (p *Process) Stop(patience time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		p.Kill()
	}
}

// Kill the process and wait until it has ended.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Log is all that the process has printed.
func (p *Process) Log() string {
	b, err := os.ReadFile(p.logFile)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} {
	return p.done
}

// A Usage is what a process has used of the machine.
type Usage struct {
	// CPU is the time on all processors.
	CPU time.Duration

	// PeakRSS is the most memory that the process had resident at one time, in bytes.
	PeakRSS int64
}
