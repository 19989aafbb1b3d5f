package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// clockTick is the unit of CPU time in /proc, 1/100 of a second on every architecture that Go supports.
const clockTick = 10 * time.Millisecond

// dieWithParent lets the kernel kill the child when we end without a chance to stop it.
func dieWithParent(attr *syscall.SysProcAttr) {
	attr.Pdeathsig = syscall.SIGKILL
}

// Usage of the process so far.
func (p *Process) Usage() (Usage, error) {
	stat, err := p.proc("stat")
	if err != nil {
		return Usage{}, err
	}
	// The process's name, in brackets, may contain spaces. After it, user and system time are fields 11 and 12.
	_, rest, _ := strings.Cut(stat, ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return Usage{}, errors.Errorf("cannot read CPU time from %q", stat)
	}
	u := Usage{}
	for _, f := range fields[11:13] {
		ticks, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return Usage{}, errors.Wrap(err, "cannot read CPU time")
		}
		u.CPU += time.Duration(ticks) * clockTick
	}

	status, err := p.proc("status")
	if err != nil {
		return Usage{}, err
	}
	_, peak, _ := strings.Cut(status, "VmHWM:")
	kib := int64(0)
	if _, err := fmt.Sscanf(peak, "%d kB", &kib); err != nil {
		return Usage{}, errors.Wrap(err, "cannot read peak memory")
	}
	u.PeakRSS = kib << 10
	return u, nil
}

func (p *Process) proc(file string) (string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, file))
	return string(b), err
}
