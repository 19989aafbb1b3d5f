package plane

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// Kubectl runs kubectl and returns what it prints. The error has what it complains of.
func (p *Plane) Kubectl(ctx context.Context, stdin string, args ...string) (string, error) {
	stdout, stderr := &bytes.Buffer{}, &bytes.Buffer{}
	cmd := exec.CommandContext(ctx, p.executable("kubectl"), append([]string{"--cache-dir=" + p.Path("kubectl")}, args...)...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+p.Kubeconfig)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), stdout, stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), errors.Wrapf(err, "kubectl %s: %s", strings.Join(args, " "), strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

// Plugin runs kubectl pipeline, which kubectl finds in the PATH, with more variables in its environment. What it prints to both outputs is
// returned together, in the order in which a person sees it, also with an error.
func (p *Plane) Plugin(ctx context.Context, env []string, args ...string) (string, error) {
	kubectl := p.executable("kubectl")
	cmd := exec.CommandContext(ctx, kubectl, append([]string{"pipeline"}, args...)...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+p.Kubeconfig, "PATH="+filepath.Dir(kubectl)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// get a path of the API server that is not a resource's.
func (p *Plane) get(ctx context.Context, path string) ([]byte, error) {
	c, err := rest.HTTPClientFor(p.Config)
	if err != nil {
		return nil, err
	}
	return fetchWith(ctx, c, p.Config.Host+path)
}
