package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// built is a release in a folder of its own, whose program for each platform is a line that says so: to compile the plugin six times takes
// longer than all other tests.
func built(t *testing.T) release {
	t.Helper()
	r := release{root: root, dir: t.TempDir(), version: "v0.1.0", compile: func(_ context.Context, p platform, into string) error {
		return os.WriteFile(into, []byte(p.os+" "+p.arch), 0o600)
	}}
	archives, err := r.archives(t.Context(), platforms)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.writeManifest(archives); err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestManifestAgrees checks that krew finds the archive of each platform by its name, its hash, and the program in it.
func TestManifestAgrees(t *testing.T) {
	r := built(t)
	m := manifest{}
	if err := yaml.UnmarshalStrict(read(t, r.dir, "pipeline.yaml"), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Spec.Platforms) != len(platforms) {
		t.Fatalf("want %d platforms, got %d", len(platforms), len(m.Spec.Platforms))
	}
	for i, p := range m.Spec.Platforms {
		packed := read(t, r.dir, platforms[i].archive())
		sum := sha256.Sum256(packed)
		want := manifestPlatform{
			Selector: p.Selector,
			URI:      repository + "/releases/download/v0.1.0/" + platforms[i].archive(),
			SHA256:   hex.EncodeToString(sum[:]),
			Bin:      platforms[i].binary(),
		}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
		selected := platform{p.Selector.MatchLabels["os"], p.Selector.MatchLabels["arch"]}
		if selected != platforms[i] {
			t.Errorf("want platform %v, got %v", platforms[i], selected)
		}
		files := unpack(t, selected, packed)
		wantFiles := map[string]string{p.Bin: selected.os + " " + selected.arch, "LICENSE": string(read(t, root, "LICENSE"))}
		if diff := cmp.Diff(wantFiles, files); diff != "" {
			t.Errorf("%v: -want, +got:\n%s", selected, diff)
		}
	}
}

// unpack an archive. Who runs the program needs the right to.
func unpack(t *testing.T, p platform, packed []byte) map[string]string {
	t.Helper()
	if p.os == windows {
		return unzip(t, packed)
	}
	files := map[string]string{}
	compressed, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(compressed); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if isProgram := h.Name == p.binary(); isProgram != (h.FileInfo().Mode()&0o111 != 0) {
			t.Errorf("%s has mode %s", h.Name, h.FileInfo().Mode())
		}
		files[h.Name] = content(t, r)
	}
}

func unzip(t *testing.T, packed []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = content(t, opened)
	}
	return files
}

func content(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestReproducible checks that the same programs give the same archives and the same manifest.
func TestReproducible(t *testing.T) {
	one, other := built(t), built(t)
	for _, p := range platforms {
		if !bytes.Equal(read(t, one.dir, p.archive()), read(t, other.dir, p.archive())) {
			t.Errorf("%s differs from build to build", p.archive())
		}
	}
	if !bytes.Equal(read(t, one.dir, "pipeline.yaml"), read(t, other.dir, "pipeline.yaml")) {
		t.Error("the manifest differs from build to build")
	}
}

// TestKrewTakesManifest asks krew's own check of manifests.
func TestKrewTakesManifest(t *testing.T) {
	r := built(t)
	file := filepath.Join(r.dir, "pipeline.yaml")
	if out, err := validate(t, file); err != nil {
		t.Errorf("krew refuses the manifest: %v\n%s", err, out)
	}
	without := bytes.ReplaceAll(read(t, file), []byte("shortDescription"), []byte("description2"))
	if err := os.WriteFile(file, without, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := validate(t, file); err == nil {
		t.Errorf("krew takes a manifest without a short description, so it does not check: %s", out)
	}
}

func validate(t *testing.T, file string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "-C", "../krew", "tool", "validate-krew-manifest", "-skip-install", "-manifest="+file)
	return cmd.CombinedOutput()
}

// TestVersion checks that a version is refused that krew does not take, before anything is built.
func TestVersion(t *testing.T) {
	for _, version := range []string{"", "729b143", "0.1.0"} {
		r := release{root: root, dir: t.TempDir(), version: version}
		if _, err := r.archives(t.Context(), nil); err == nil {
			t.Errorf("version %q: want an error, got none", version)
		}
	}
}
