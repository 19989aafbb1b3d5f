// Command package builds the Crossplane packages of this repository into a folder: the function for each platform, with
// its runtime image in it and its bill of materials beside it, and the Configuration. It needs crossplane's CLI and
// cyclonedx-gomod in the PATH, and neither Docker nor a registry. It is what "make package" runs.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"text/tabwriter"

	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/crossplane/crossplane-runtime/v2/pkg/xpkg"
)

func main() {
	b := build{}
	flag.StringVar(&b.root, "root", ".", "root of the repository")
	flag.StringVar(&b.dir, "dir", ".cache/packages", "folder to write the packages to")
	flag.StringVar(&b.version, "version", "", "version of the function, a label of its image")
	flag.StringVar(&b.revision, "revision", "", "commit that the function is built from, a label of its image")
	flag.Parse()

	if err := run(b); err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}

func run(b build) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	files, err := b.packages(ctx)
	if err != nil {
		return err
	}

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "PACKAGE\tMB\tDIGEST"); err != nil {
		return err
	}
	for _, file := range files {
		if err := describe(table, file); err != nil {
			return fmt.Errorf("cannot describe package %q: %w", file, err)
		}
	}
	return table.Flush()
}

// describe a package in a line: its file, its size, and the digest that it has once it is pushed to a registry.
func describe(table *tabwriter.Writer, file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	img, err := tarball.ImageFromPath(file, nil)
	if err != nil {
		return err
	}
	// A push turns labels into annotations of the layers, and that changes the digest.
	if img, err = xpkg.AnnotateLayers(img); err != nil {
		return err
	}
	digest, err := img.Digest()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(table, "%s\t%.2f\t%s\n", filepath.Base(file), float64(info.Size())/1e6, digest)
	return err
}
