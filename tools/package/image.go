package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	pkgmetav1 "github.com/crossplane/crossplane/apis/v2/pkg/meta/v1"
)

const (
	// entrypoint is the binary, the only file of the image.
	entrypoint = "/function"

	// user and group are numbers, as Kubernetes cannot tell whether a name is root's.
	user = "65532:65532"

	// port of the gRPC server.
	port = "9443/tcp"
)

// runtimeImage is the image that runs the binary. It is the one that the Dockerfile describes. It has no time of
// creation, as that would make each build a different one.
func runtimeImage(binary string, p v1.Platform, labels map[string]string) (v1.Image, error) {
	layer, err := layerOf(binary)
	if err != nil {
		return nil, err
	}
	img, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	config, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}

	config = config.DeepCopy()
	config.OS, config.Architecture = p.OS, p.Architecture
	config.Config = v1.Config{
		Entrypoint:   []string{entrypoint},
		ExposedPorts: map[string]struct{}{port: {}},
		Labels:       labels,
		User:         user,
	}
	return mutate.ConfigFile(img, config)
}

// layerOf the binary alone, without its time and its owner.
func layerOf(binary string) (v1.Layer, error) {
	data, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}

	archive := &bytes.Buffer{}
	w := tar.NewWriter(archive)
	if err := w.WriteHeader(&tar.Header{Name: strings.TrimPrefix(entrypoint, "/"), Mode: 0o755, Size: int64(len(data))}); err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}

	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive.Bytes())), nil }
	return tarball.LayerFromOpener(open, tarball.WithCompressionLevel(gzip.BestCompression), tarball.WithCompressedCaching)
}

// labels of the image, under the keys that OCI defines. They say what the package's metadata says.
func labels(meta *pkgmetav1.Function, version, revision string) map[string]string {
	l := map[string]string{
		"org.opencontainers.image.title":       meta.Name,
		"org.opencontainers.image.description": strings.TrimSpace(meta.Annotations["meta.crossplane.io/description"]),
		"org.opencontainers.image.licenses":    meta.Annotations["meta.crossplane.io/license"],
		"org.opencontainers.image.source":      "https://" + meta.Annotations["meta.crossplane.io/source"],
	}
	if version != "" {
		l["org.opencontainers.image.version"] = version
	}
	if revision != "" {
		l["org.opencontainers.image.revision"] = revision
	}
	return l
}
