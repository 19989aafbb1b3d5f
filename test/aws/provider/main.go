// Command provider builds the real provider-aws, as far as pipelines need it: the controllers of the managed resources that
// the golden cases have, and the AWS services behind them. The whole provider takes an hour to build on two cores.
//
// Its source comes from two modules: provider-aws, which the go.sum of this repository vouches for, and the fork of
// terraform-provider-aws that it replaces the original by, which its own go.sum vouches for. What is left out is left out
// of lists that are generated. What is left in is as it is, but for a newer upjet: see upjetVersion.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

const (
	providerModule  = "github.com/upbound/provider-aws/v2"
	terraformModule = "github.com/hashicorp/terraform-provider-aws"
	upjetModule     = "github.com/crossplane/upjet/v2"

	// mainPackage has all groups of the API in one executable.
	mainPackage = providerModule + "/cmd/provider/monolith"
)

func main() {
	root := flag.String("root", "../..", "The root of the repository.")
	dir := flag.String("dir", "", "The folder that the source is laid out in. What is there already and the same is left.")
	out := flag.String("out", "", "The executable.")
	flag.Parse()
	if err := run(*root, *dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "cannot build provider-aws:", err)
		os.Exit(1)
	}
}

func run(root, dir, out string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	out, err = filepath.Abs(out)
	if err != nil {
		return err
	}
	kinds, err := managedKinds(root)
	if err != nil {
		return errors.Wrap(err, "cannot find out which managed resources pipelines have")
	}
	source, err := downloadSource(root, dir)
	if err != nil {
		return err
	}
	if err := source.layOut(kinds); err != nil {
		return errors.Wrap(err, "cannot lay out the source")
	}
	return command(source.provider.to, "go", "build", "-mod=mod", "-ldflags", "-s -w", "-o", out, mainPackage)
}

// command runs a program in a directory and passes on what it says.
func command(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...) //nolint:noctx // An interrupt ends it too.
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return errors.Wrapf(cmd.Run(), "cannot run %s %v", name, args)
}
