// Package plane runs a whole control plane as plain processes on loopback: etcd, kube-apiserver, kube-controller-manager,
// Crossplane and the function. Nothing is downloaded, and nothing is left behind.
package plane

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/certs"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// patience is how long a process may take to end before it is killed.
const patience = 10 * time.Second

// A Plane is a running control plane.
type Plane struct {
	// Root of the repository.
	Root string

	// Release is the checkout of the repository whose API and Composition are installed: Root, unless an upgrade is tested.
	Release string

	// Kubeconfig is the path of a kubeconfig with all rights.
	Kubeconfig string

	// Config and Client have all rights too, and no rate limit of their own.
	Config *rest.Config
	Client client.Client

	// Proxy is the function's address to Crossplane.
	Proxy *Proxy

	// Authority signs the certificates of everything that runs.
	Authority *certs.Authority

	// dir holds everything that the control plane writes.
	dir string

	stopping sync.Mutex

	// stops undo what was started, to be called in reverse order.
	stops []func()

	// processes by the name of their executable.
	processes map[string]*process.Process

	// replicas counts the replicas started so far.
	replicas int
}

// Start a control plane for the repository at root, whose executables must have been built. It returns when claims can be
// filed; but nothing answers Crossplane yet until the Proxy has a replica of the function to route to.
func Start(ctx context.Context, root string) (*Plane, error) {
	return StartRelease(ctx, root, root)
}

// StartRelease starts a control plane with the API and the Composition of another checkout of the repository.
func StartRelease(ctx context.Context, root, release string) (*Plane, error) {
	return start(ctx, root, release, func(p *Plane) []step {
		return []step{
			{"install CRDs", p.installCRDs},
			{"start Crossplane", p.startCrossplane},
			{"install the package", p.installPackage},
			{"keep what is deleted from being made again", p.installPolicy},
		}
	})
}

// StartEmpty starts a control plane in which Crossplane has initialised itself as it does in a cluster, and nothing else is
// installed: for where the package manager itself is tested. Crossplane has these flags beside the usual ones.
func StartEmpty(ctx context.Context, root string, flags ...string) (*Plane, error) {
	return start(ctx, root, root, func(p *Plane) []step {
		return []step{
			{"initialise the cluster", p.initialise},
			{"start Crossplane", func(ctx context.Context) error { return p.runCrossplane(ctx, slices.Concat(patientBreaker, flags)...) }},
		}
	})
}

// A step of a control plane's start.
type step struct {
	name string
	do   func(context.Context) error
}

// start a control plane by these steps, after those of Kubernetes.
func start(ctx context.Context, root, release string, steps func(*Plane) []step) (*Plane, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	if release, err = filepath.Abs(release); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "controlplane-")
	if err != nil {
		return nil, err
	}
	p := &Plane{
		Root: root, Release: release,
		dir: dir, Kubeconfig: filepath.Join(dir, "kubeconfig"), processes: map[string]*process.Process{},
	}
	p.OnStop(func() { _ = os.RemoveAll(dir) })
	if err := p.start(ctx, steps(p)); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

func (p *Plane) start(ctx context.Context, steps []step) (err error) {
	if p.Authority, err = certs.NewAuthority(); err != nil {
		return errors.Wrap(err, "cannot make a certificate authority")
	}
	for _, step := range slices.Concat([]step{
		{"start etcd and the API server", p.startAPIServer},
		{"start the controller manager", p.startControllerManager},
	}, steps) {
		if err := step.do(ctx); err != nil {
			return errors.Wrapf(err, "cannot %s", step.name)
		}
	}
	return nil
}

// Stop everything, in the reverse order of its start, and delete all files. Whoever calls it second waits for the first.
func (p *Plane) Stop() {
	p.stopping.Lock()
	defer p.stopping.Unlock()
	for _, stop := range slices.Backward(p.stops) {
		stop()
	}
	p.stops = nil
}

// OnStop calls the function when the control plane stops, before what was started earlier stops.
func (p *Plane) OnStop(stop func()) {
	p.stops = append(p.stops, stop)
}

// run an executable of the repository until the control plane stops.
func (p *Plane) run(name string, args, env []string) (*process.Process, error) {
	executable := p.executable(name)
	if _, err := os.Stat(executable); err != nil {
		return nil, errors.Wrap(err, `cannot find an executable: run "make controlplane"`)
	}
	child, err := process.Start(p.dir, name, executable, args, env)
	if err != nil {
		return nil, err
	}
	p.OnStop(func() { child.Stop(patience) })
	p.processes[name] = child
	return child, nil
}

// Process that runs an executable: etcd, kube-apiserver, kube-controller-manager or crossplane-core.
func (p *Plane) Process(executable string) *process.Process {
	return p.processes[executable]
}

func (p *Plane) executable(name string) string {
	if name == executableCrossplane && *oldest {
		name = "crossplane-oldest"
	}
	return filepath.Join(p.Root, ".cache", "bin", name)
}

// Path of a file of the control plane's own.
func (p *Plane) Path(elem ...string) string {
	return filepath.Join(append([]string{p.dir}, elem...)...)
}

// issue a certificate to a directory of the control plane's own, and return the directory.
func (p *Plane) issue(commonName string, organisation ...string) (string, error) {
	dir := p.Path("certs-" + commonName)
	return dir, errors.Wrapf(p.Authority.Issue(dir, commonName, organisation...), "cannot issue a certificate for %q", commonName)
}

// CAFile is the certificate that those need who trust the control plane's certificates.
func (p *Plane) CAFile() (string, error) {
	dir, err := p.issue("client")
	return filepath.Join(dir, certs.FileCA), err
}

// connect to the API server as its administrator.
func (p *Plane) connect() (err error) {
	p.Config, err = clientcmd.BuildConfigFromFlags("", p.Kubeconfig)
	if err != nil {
		return err
	}
	p.Config.QPS = -1
	p.Client, err = client.New(p.Config, client.Options{})
	return err
}
