// Package packages builds Crossplane packages with Crossplane's own command, and serves them from a registry on loopback.
package packages

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A Registry serves packages. It has them in memory.
type Registry struct {
	// Host and port, which clients of registries speak HTTP to because they are on loopback.
	Host string

	server *http.Server
	cli    string
}

// Start a registry, to which packages are pushed that are built by this crossplane command.
func Start(ctx context.Context, cli string) (*Registry, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Registry{
		Host: listener.Addr().String(),
		server: &http.Server{
			Handler:           registry.New(registry.Logger(log.New(io.Discard, "", 0))),
			ReadHeaderTimeout: time.Minute,
		},
		cli: cli,
	}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

// Stop the registry. What it has is gone.
func (r *Registry) Stop() {
	_ = r.server.Close()
}

// Push the package that these files make, by their names, to a repository under a tag. One of them is crossplane.yaml.
func (r *Registry) Push(ctx context.Context, repository, tag string, files map[string][]byte) error {
	dir, err := os.MkdirTemp("", "package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // A left-over temporary directory does no harm.

	root := filepath.Join(dir, "root")
	if err := os.Mkdir(root, 0o700); err != nil {
		return err
	}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(root, file), content, 0o600); err != nil {
			return err
		}
	}
	built := filepath.Join(dir, "built.xpkg")
	cmd := exec.CommandContext(ctx, r.cli, "xpkg", "build",
		"--package-root="+root, "--examples-root="+filepath.Join(root, "none"), "--package-file="+built)
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Wrapf(err, "cannot build package %q: %s", repository, out)
	}

	image, err := tarball.ImageFromPath(built, nil)
	if err != nil {
		return err
	}
	ref, err := name.NewTag(r.Host + "/" + repository + ":" + tag)
	if err != nil {
		return err
	}
	return errors.Wrapf(remote.Write(ref, image, remote.WithContext(ctx)), "cannot push package %q", repository)
}
