// Command plugin builds kubectl pipeline for release into a folder: an archive for each platform, and the manifest by which krew, kubectl's
// plugin manager, installs them. It is what "make plugin-archives" runs.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	r := release{}
	flag.StringVar(&r.root, "root", ".", "root of the repository")
	flag.StringVar(&r.dir, "dir", ".cache/plugin", "folder to write archives and manifest to")
	flag.StringVar(&r.version, "version", "", "version of the plugin, as its tag is called: v0.1.0")
	flag.Parse()

	if err := run(r); err != nil {
		fmt.Fprintln(os.Stderr, "plugin:", err)
		os.Exit(1)
	}
}

func run(r release) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	r.compile = r.goBuild
	archives, err := r.archives(ctx, platforms)
	if err != nil {
		return err
	}
	for _, a := range archives {
		fmt.Printf("%s  %s\n", a.sha256, a.file)
	}
	return r.writeManifest(archives)
}
