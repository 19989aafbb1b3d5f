package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"sigs.k8s.io/yaml"

	pkgmetav1 "github.com/crossplane/crossplane/apis/v2/pkg/meta/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/tools/gobuild"
)

// platforms that the function is built for.
var platforms = []v1.Platform{
	{OS: "linux", Architecture: "amd64"},
	{OS: "linux", Architecture: "arm64"},
}

// A build of the packages. The same sources, version and revision give the same bytes, wherever they are built.
type build struct {
	// root of the repository.
	root string

	// dir is the folder that the packages are written to.
	dir string

	// version and revision of the function, which are labels of its image. May be empty.
	version  string
	revision string
}

// packages builds all packages and returns their files. The bill of materials of each function is beside it.
func (b build) packages(ctx context.Context) ([]string, error) {
	var err error
	// The commands run in the repository, whatever folder these paths are relative to.
	if b.root, err = filepath.Abs(b.root); err != nil {
		return nil, err
	}
	if b.dir, err = filepath.Abs(b.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "package-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work) //nolint:errcheck // A left-over temporary directory does no harm.

	files := []string{}
	for _, p := range platforms {
		file, err := b.function(ctx, p, work)
		if err != nil {
			return nil, fmt.Errorf("cannot build the function for %s: %w", p, err)
		}
		files = append(files, file)
	}

	file, err := b.configuration(ctx, work)
	if err != nil {
		return nil, fmt.Errorf("cannot build the configuration: %w", err)
	}
	return append(files, file), nil
}

// function builds the package of the function for a platform.
func (b build) function(ctx context.Context, p v1.Platform, work string) (string, error) {
	meta := pkgmetav1.Function{}
	if err := readYAML(filepath.Join(b.root, "package", "crossplane.yaml"), &meta); err != nil {
		return "", err
	}

	binary := filepath.Join(work, "function-"+p.Architecture)
	if err := b.run(ctx, gobuild.Env(p.OS, p.Architecture), "go", gobuild.Args("./fn", binary)...); err != nil {
		return "", err
	}

	img, err := runtimeImage(binary, p, labels(&meta, b.version, b.revision))
	if err != nil {
		return "", err
	}
	runtime := binary + ".tar"
	if err := tarball.WriteToFile(runtime, nil, img); err != nil {
		return "", err
	}

	file := filepath.Join(b.dir, fmt.Sprintf("%s-%s-%s.xpkg", meta.Name, p.OS, p.Architecture))
	if err := b.bill(ctx, binary, billOf(file)); err != nil {
		return "", err
	}
	return file, b.run(ctx, nil, "crossplane", "xpkg", "build",
		"--package-root=package",
		"--examples-root="+filepath.Join("examples", "platform"),
		"--embed-runtime-image-tarball="+runtime,
		"--package-file="+file)
}

// bill writes the bill of materials of a binary, its SBOM: the modules that Go says it was built from, and Go itself.
func (b build) bill(ctx context.Context, binary, file string) error {
	return b.run(ctx, nil, "cyclonedx-gomod", "bin", "-json", "-std",
		// Either would make each build's a different one.
		"-noserial", "-notimestamp",
		"-version="+b.version, "-output="+file, binary)
}

// billOf a package is the file beside it that has the bill of materials of its binary.
func billOf(file string) string {
	return strings.TrimSuffix(file, ".xpkg") + ".cdx.json"
}

// configuration builds the package of the API and the Composition.
func (b build) configuration(ctx context.Context, work string) (string, error) {
	meta := pkgmetav1.Configuration{}
	if err := readYAML(filepath.Join(b.root, "crossplane.yaml"), &meta); err != nil {
		return "", err
	}

	// A package gets every YAML file below its root, and most files of this repository do not belong in it.
	staged := filepath.Join(work, "configuration")
	if err := os.Mkdir(staged, 0o755); err != nil {
		return "", err
	}
	apis, err := filepath.Glob(filepath.Join(b.root, "apis", "*.yaml"))
	if err != nil {
		return "", err
	}
	for _, source := range append(apis, filepath.Join(b.root, "crossplane.yaml")) {
		data, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(staged, filepath.Base(source)), data, 0o644); err != nil {
			return "", err
		}
	}

	file := filepath.Join(b.dir, meta.Name+".xpkg")
	return file, b.run(ctx, nil, "crossplane", "xpkg", "build",
		"--package-root="+staged,
		"--examples-root="+filepath.Join("examples", "claims"),
		"--package-file="+file)
}

// run a command in the repository. What it says is only of interest if it fails.
func (b build) run(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}

func readYAML(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(data, into); err != nil {
		return fmt.Errorf("cannot parse %q: %w", file, err)
	}
	return nil
}
