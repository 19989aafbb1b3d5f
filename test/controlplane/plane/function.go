package plane

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
	"github.com/crossplane/function-sdk-go"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A Replica is one process of the function, with mTLS.
type Replica struct {
	*process.Process

	// Address that the replica listens at.
	Address string

	metrics string
}

// StartReplica of the function and wait until it listens. The executable is the one that "make build" built if none is
// given. Nobody calls the replica before the Proxy routes to it.
func (p *Plane) StartReplica(ctx context.Context, executable string, flags ...string) (*Replica, error) {
	if executable == "" {
		executable = p.executable("function")
	}
	certs, err := p.issue("function")
	if err != nil {
		return nil, err
	}
	var port, metrics int
	if err := process.FreePorts(&port, &metrics); err != nil {
		return nil, err
	}
	r := &Replica{Address: fmt.Sprintf("127.0.0.1:%d", port), metrics: fmt.Sprintf("127.0.0.1:%d", metrics)}
	p.replicas++
	r.Process, err = process.Start(p.dir, fmt.Sprintf("function-%d", p.replicas), executable,
		append([]string{"--address=" + r.Address, "--metrics-address=" + r.metrics, "--tls-certs-dir=" + certs}, flags...), nil)
	if err != nil {
		return nil, err
	}
	p.OnStop(r.Kill)
	return r, process.Eventually(ctx, "function listens", r.Process, func(ctx context.Context) bool {
		return render.WaitListening(ctx, r.Address) == nil
	})
}

// Calls is how many calls of RunFunction the replica has answered.
func (r *Replica) Calls(ctx context.Context) (int, error) {
	m, err := scrape(ctx, "http://"+r.metrics+"/metrics")
	return int(m.Sum("grpc_server_handled_total", func(labels map[string]string) bool {
		return labels["grpc_method"] == "RunFunction"
	})), err
}

// ServeFunction serves a function of a test's own, under a name that Compositions may call. It is served until the test's
// process ends.
func (p *Plane) ServeFunction(ctx context.Context, name string, fn fnv1.FunctionRunnerServiceServer) error {
	certs, err := p.issue(name)
	if err != nil {
		return err
	}
	var port int
	if err := process.FreePorts(&port); err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	go func() {
		_ = function.Serve(fn, function.Listen("tcp", address), function.MTLSCertificates(certs), function.WithMetricsServer(""))
	}()
	if err := render.WaitListening(ctx, address); err != nil {
		return err
	}
	return p.installFunction(ctx, name, port)
}

// BuildFunction builds the function with one text in one file of fn replaced by another, and returns the executable. It
// is the next version of the function: the same but for one thing. The repository's files stay as they are.
func (p *Plane) BuildFunction(ctx context.Context, file, text, replacement string) (string, error) {
	original := filepath.Join(p.Root, "fn", file)
	b, err := os.ReadFile(original)
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(b), text) {
		return "", errors.Errorf("%q does not contain %q", original, text)
	}
	changed, overlay, executable := p.Path("changed.go"), p.Path("overlay.json"), p.Path("function-changed")
	if err := os.WriteFile(changed, []byte(strings.ReplaceAll(string(b), text, replacement)), 0o600); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace": {%q: %q}}`, original, changed), 0o600); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-overlay", overlay, "-o", executable, "./fn")
	cmd.Dir = p.Root
	out, err := cmd.CombinedOutput()
	return executable, errors.Wrapf(err, "cannot build the function: %s", out)
}
