package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	yamlstream "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	xpextv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	xpextv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	pkgmetav1 "github.com/crossplane/crossplane/apis/v2/pkg/meta/v1"
)

// These tests open the packages that "make package" has just built, which also runs them.
const (
	root     = "../.."
	packages = root + "/.cache/packages"

	configurationPackage = "configuration-payment-delivery-pipeline.xpkg"

	// maxSize of a package, in bytes. Every node that runs the function downloads one.
	maxSize = 25_000_000
)

func functionPackage(p v1.Platform) string {
	return "function-payment-delivery-pipeline-" + p.OS + "-" + p.Architecture + ".xpkg"
}

// A pkg is an opened package.
type pkg struct {
	config v1.ConfigFile

	// layers are the names of the files in each layer.
	layers [][]string
	files  map[string][]byte
}

func open(t *testing.T, name string) pkg {
	t.Helper()

	img, err := tarball.ImageFromPath(filepath.Join(packages, name), nil)
	if err != nil {
		t.Fatalf(`cannot open package: run "make package": %v`, err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatalf("cannot read the image's configuration: %v", err)
	}
	layers, err := img.Layers()
	if err != nil {
		t.Fatalf("cannot read the image's layers: %v", err)
	}

	p := pkg{config: *config, files: map[string][]byte{}}
	for _, l := range layers {
		content, err := l.Uncompressed()
		if err != nil {
			t.Fatalf("cannot read layer: %v", err)
		}
		p.layers = append(p.layers, slices.Sorted(maps.Keys(untar(t, content))))
	}
	p.files = untar(t, mutate.Extract(img))
	return p
}

func untar(t *testing.T, archive io.ReadCloser) map[string][]byte {
	t.Helper()
	defer archive.Close()

	files := map[string][]byte{}
	for r := tar.NewReader(archive); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatalf("cannot read archive: %v", err)
		}
		if files[header.Name], err = io.ReadAll(r); err != nil {
			t.Fatalf("cannot read %q: %v", header.Name, err)
		}
	}
}

// objects in a YAML stream, by kind.
func objects(t *testing.T, stream []byte) map[string][][]byte {
	t.Helper()

	found := map[string][][]byte{}
	for r := yamlstream.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream))); ; {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("cannot read YAML: %v", err)
		}
		typ := metav1.TypeMeta{}
		if err := yaml.Unmarshal(doc, &typ); err != nil {
			t.Fatalf("cannot parse YAML: %v", err)
		}
		if typ.Kind != "" {
			found[typ.Kind] = append(found[typ.Kind], doc)
		}
	}
}

// same checks that a package's objects of a kind say what the repository's files do, in this order.
func same[T any](t *testing.T, packaged map[string][][]byte, kind string, files ...string) {
	t.Helper()

	if len(packaged[kind]) != len(files) {
		t.Fatalf("package has %d objects of kind %s, want %d", len(packaged[kind]), kind, len(files))
	}
	for i, file := range files {
		var want, got T
		if err := readYAML(filepath.Join(root, file), &want); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(packaged[kind][i], &got); err != nil {
			t.Fatalf("cannot parse packaged %s: %v", kind, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("packaged %s is not %s: -want, +got:\n%s", kind, file, diff)
		}
	}
}

func TestFunction(t *testing.T) {
	machines := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

	for _, platform := range platforms {
		t.Run(platform.Architecture, func(t *testing.T) {
			p := open(t, functionPackage(platform))

			type image struct {
				Platform v1.Platform
				Config   v1.Config
			}
			got := image{Platform: *p.config.Platform(), Config: p.config.Config}
			// The CLI labels its own layers by their digests.
			maps.DeleteFunc(got.Config.Labels, func(key, _ string) bool { return strings.HasPrefix(key, "io.crossplane.xpkg:") })
			version, revision := got.Config.Labels["org.opencontainers.image.version"], got.Config.Labels["org.opencontainers.image.revision"]
			if version == "" || revision == "" {
				t.Errorf("image has version %q and revision %q, want both", version, revision)
			}

			want := image{Platform: platform, Config: v1.Config{
				Entrypoint:   []string{"/function"},
				ExposedPorts: map[string]struct{}{"9443/tcp": {}},
				User:         "65532:65532",
				Labels: map[string]string{
					"org.opencontainers.image.title":       "function-payment-delivery-pipeline",
					"org.opencontainers.image.description": "Composes a blue-green delivery pipeline on AWS for one Lambda payment service.",
					"org.opencontainers.image.licenses":    "Apache-2.0",
					"org.opencontainers.image.source":      "https://github.com/paymentdelivery/function-payment-delivery-pipeline",
					"org.opencontainers.image.version":     version,
					"org.opencontainers.image.revision":    revision,
				},
			}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("image: -want, +got:\n%s", diff)
			}

			layers := [][]string{{"function"}, {"package.yaml"}, {".up/examples.yaml"}}
			if diff := cmp.Diff(layers, p.layers); diff != "" {
				t.Errorf("the image is the binary and nothing else: -want layers, +got layers:\n%s", diff)
			}
			binary, err := elf.NewFile(bytes.NewReader(p.files["function"]))
			if err != nil {
				t.Fatalf("cannot read binary: %v", err)
			}
			if diff := cmp.Diff(machines[platform.Architecture], binary.Machine); diff != "" {
				t.Errorf("binary: -want machine, +got machine:\n%s", diff)
			}
			if libs, err := binary.ImportedLibraries(); err == nil && len(libs) > 0 {
				t.Errorf("binary needs libraries, which the image does not have: %v", libs)
			}

			packaged := objects(t, p.files["package.yaml"])
			if diff := cmp.Diff([]string{"CustomResourceDefinition", "Function"}, slices.Sorted(maps.Keys(packaged))); diff != "" {
				t.Errorf("package: -want kinds, +got kinds:\n%s", diff)
			}
			same[pkgmetav1.Function](t, packaged, "Function", "package/crossplane.yaml")
			same[extv1.CustomResourceDefinition](t, packaged, "CustomResourceDefinition", "package/input/paymentdelivery.fn.crossplane.io_platformsettings.yaml")
			sameExamples(t, p, "EnvironmentConfig", "platform")
		})
	}
}

func TestConfiguration(t *testing.T) {
	p := open(t, configurationPackage)

	packaged := objects(t, p.files["package.yaml"])
	want := []string{"CompositeResourceDefinition", "Composition", "Configuration", "ManagedResourceActivationPolicy"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(packaged))); diff != "" {
		t.Errorf("package: -want kinds, +got kinds:\n%s", diff)
	}
	same[pkgmetav1.Configuration](t, packaged, "Configuration", "crossplane.yaml")
	same[xpextv1.CompositeResourceDefinition](t, packaged, "CompositeResourceDefinition", "apis/definition.yaml", "apis/namespaced-definition.yaml")
	same[xpextv1.Composition](t, packaged, "Composition", "apis/composition.yaml", "apis/namespaced-composition.yaml")
	same[xpextv1alpha1.ManagedResourceActivationPolicy](t, packaged, "ManagedResourceActivationPolicy", "apis/activation.yaml")
	sameExamples(t, p, "PaymentDeliveryPipeline", "claims")
}

func TestDockerfile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	number, _, _ := strings.Cut(port, "/")
	for _, want := range []string{
		`-trimpath -buildvcs=false -ldflags="-s -w" -o ` + entrypoint + ` ./fn`,
		`EXPOSE ` + number,
		`USER ` + user,
		`ENTRYPOINT ["` + entrypoint + `"]`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("Dockerfile does not describe the image that is built without Docker: want %s", want)
		}
	}
}

// sameExamples checks that a package has all examples of a folder, and that they are of one kind.
func sameExamples(t *testing.T, p pkg, kind, folder string) {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(root, "examples", folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find examples in %q: %v", folder, err)
	}
	want := 0
	for _, file := range files {
		example, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want += strings.Count(string(example), "\nkind: "+kind+"\n")
	}
	got := map[string]int{}
	for k, docs := range objects(t, p.files[".up/examples.yaml"]) {
		got[k] = len(docs)
	}
	if diff := cmp.Diff(map[string]int{kind: want}, got); diff != "" {
		t.Errorf("package: -want examples, +got examples:\n%s", diff)
	}
}

// TestReproducible builds the packages once more, from a copy of their sources in another folder.
func TestReproducible(t *testing.T) {
	sources := t.TempDir()
	for _, source := range []string{"go.mod", "go.sum", "crossplane.yaml", "apis", "fn", "package", "examples", "tools/upjet"} {
		from, to := filepath.Join(root, source), filepath.Join(sources, source)
		err := os.CopyFS(to, os.DirFS(from))
		if info, serr := os.Stat(from); serr == nil && !info.IsDir() {
			var data []byte
			if data, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, data, 0o644)
			}
		}
		if err != nil {
			t.Fatalf("cannot copy %q: %v", source, err)
		}
	}

	labels := open(t, functionPackage(platforms[0])).config.Config.Labels
	again := build{
		root:     sources,
		dir:      t.TempDir(),
		version:  labels["org.opencontainers.image.version"],
		revision: labels["org.opencontainers.image.revision"],
	}
	files, err := again.packages(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	for _, file := range files {
		if filepath.Base(file) != configurationPackage {
			files = append(files, billOf(file))
		}
	}
	for _, file := range files {
		name := filepath.Base(file)
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(packages, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s: two builds of the same sources differ", name)
		}
		if len(got) > maxSize {
			t.Errorf("%s: has %d bytes, want at most %d", name, len(got), maxSize)
		}
	}
}
