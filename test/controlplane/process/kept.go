package process

import (
	"sync"
	"time"
)

// pause before a process that has ended is started again.
const pause = time.Second

// A Kept process is started again whenever it ends, as Kubernetes does with a container.
type Kept struct {
	start func() (*Process, error)

	mu      sync.Mutex
	process *Process
	stopped bool
}

// Keep a process running until it is stopped. The error is that of the first start.
func Keep(start func() (*Process, error)) (*Kept, error) {
	first, err := start()
	if err != nil {
		return nil, err
	}
	k := &Kept{start: start, process: first}
	go k.keep(first)
	return k, nil
}

func (k *Kept) keep(process *Process) {
	for process != nil {
		<-process.done
		time.Sleep(pause)
		process = k.next()
	}
}

// next is the process that follows on one that has ended, or nil if none is to follow, or none can be started.
func (k *Kept) next() *Process {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopped {
		return nil
	}
	if next, err := k.start(); err == nil {
		k.process = next
		return next
	}
	return nil
}

// Kill the process that runs now, and wait until it has ended. The next one follows.
func (k *Kept) Kill() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.process.Kill()
}

// Stop the process as Process.Stop does. None follows.
func (k *Kept) Stop(patience time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stopped = true
	k.process.Stop(patience)
}
