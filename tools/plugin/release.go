package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/tools/gobuild"
)

// A platform that people use kubectl on.
type platform struct{ os, arch string }

var platforms = []platform{
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"linux", "amd64"},
	{"linux", "arm64"},
	{windows, "amd64"},
	{windows, "arm64"},
}

// windows has other names for programs, and other archives.
const windows = "windows"

// binary is what the plugin's executable is called: kubectl finds it by that.
func (p platform) binary() string {
	if p.os == windows {
		return "kubectl-pipeline.exe"
	}
	return "kubectl-pipeline"
}

// archive is the name of the platform's archive.
func (p platform) archive() string {
	format := ".tar.gz"
	if p.os == windows {
		format = ".zip"
	}
	return "kubectl-pipeline-" + p.os + "-" + p.arch + format
}

// versionName begins as all versions do that krew takes.
var versionName = regexp.MustCompile(`^v\d+\.\d+\.\d+`)

// A release of the plugin. The same sources, version and version of Go give the same bytes, wherever they are built.
type release struct {
	// root of the repository.
	root string

	// dir is the folder that all is written to.
	dir string

	// version of the release, as its tag is called.
	version string

	// compile the plugin for a platform into a file.
	compile func(ctx context.Context, p platform, into string) error
}

// An archive of the plugin for a platform.
type archive struct {
	platform

	// file in the release's folder.
	file   string
	sha256 string
}

// archives of the plugin for the platforms.
func (r release) archives(ctx context.Context, all []platform) ([]archive, error) {
	if !versionName.MatchString(r.version) {
		return nil, fmt.Errorf("-version: %q is not allowed: krew takes versions such as v0.1.0", r.version)
	}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "plugin-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work) //nolint:errcheck // A left-over temporary directory does no harm.

	archives := make([]archive, 0, len(all))
	for _, p := range all {
		a, err := r.archive(ctx, p, work)
		if err != nil {
			return nil, fmt.Errorf("cannot build the plugin for %s/%s: %w", p.os, p.arch, err)
		}
		archives = append(archives, a)
	}
	return archives, nil
}

// archive of the plugin for a platform, with the licence in it.
func (r release) archive(ctx context.Context, p platform, work string) (archive, error) {
	binary := filepath.Join(work, p.os+"-"+p.arch)
	if err := r.compile(ctx, p, binary); err != nil {
		return archive{}, err
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return archive{}, err
	}
	license, err := os.ReadFile(filepath.Join(r.root, "LICENSE"))
	if err != nil {
		return archive{}, err
	}
	pack := tarball
	if p.os == windows {
		pack = zipped
	}
	packed, err := pack([]member{{name: p.binary(), mode: 0o755, content: program}, {name: "LICENSE", mode: 0o644, content: license}})
	if err != nil {
		return archive{}, err
	}
	sum := sha256.Sum256(packed)
	return archive{platform: p, file: p.archive(), sha256: hex.EncodeToString(sum[:])},
		os.WriteFile(filepath.Join(r.dir, p.archive()), packed, 0o644)
}

// goBuild compiles the plugin.
func (r release) goBuild(ctx context.Context, p platform, into string) error {
	const variable = "github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/command.version"
	cmd := exec.CommandContext(ctx, "go", gobuild.Args(".", into, "-X "+variable+"="+r.version)...)
	cmd.Dir = filepath.Join(r.root, "cmd", "kubectl-pipeline")
	cmd.Env = append(os.Environ(), gobuild.Env(p.os, p.arch)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}
