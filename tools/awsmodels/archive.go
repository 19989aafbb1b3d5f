package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// An archive is a package as its registry serves it.
type archive struct {
	name    string
	version string
	files   map[string][]byte
}

// source says where the data of a file is from.
func (a archive) source(licence string) string {
	return fmt.Sprintf("Extracted by tools/awsmodels from %s %s (%s). DO NOT EDIT.", a.name, a.version, licence)
}

// read the JSON of a file in the archive, which may be compressed.
func (a archive) read(path string, into any) error {
	data, ok := a.files[path]
	if !ok {
		return fmt.Errorf("cannot find %q in %s %s", path, a.name, a.version)
	}
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("cannot unpack %q: %w", path, err)
		}
		if data, err = io.ReadAll(z); err != nil {
			return fmt.Errorf("cannot unpack %q: %w", path, err)
		}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("cannot parse %q: %w", path, err)
	}
	return nil
}

// find the one file of a package in a folder, and the package's version.
func find(dir, name, ending string) (path, version string, err error) {
	found, err := filepath.Glob(filepath.Join(dir, name+"-*"+ending))
	if err != nil || len(found) != 1 {
		return "", "", errors.Join(err, fmt.Errorf("want one package %q in %q, found %d", name, dir, len(found)))
	}
	version = strings.TrimPrefix(strings.TrimSuffix(filepath.Base(found[0]), ending), name+"-")
	version, _, _ = strings.Cut(version, "-")
	return found[0], version, nil
}

// openWheel of a Python package.
func openWheel(dir, name string) (archive, error) {
	return openZip(dir, name, ".whl")
}

func openZip(dir, name, ending string) (archive, error) {
	path, version, err := find(dir, name, ending)
	if err != nil {
		return archive{}, err
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return archive{}, err
	}
	defer z.Close() //nolint:errcheck // It was only read.

	a := archive{name: name, version: version, files: map[string][]byte{}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return archive{}, err
		}
		if a.files[f.Name], err = io.ReadAll(r); err != nil {
			return archive{}, fmt.Errorf("cannot read %q in %q: %w", f.Name, path, err)
		}
	}
	return a, nil
}

// openTarball of an npm package.
func openTarball(dir, name string) (archive, error) {
	path, version, err := find(dir, name, ".tgz")
	if err != nil {
		return archive{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return archive{}, err
	}
	defer file.Close() //nolint:errcheck // It was only read.
	z, err := gzip.NewReader(file)
	if err != nil {
		return archive{}, fmt.Errorf("cannot unpack %q: %w", path, err)
	}

	a := archive{name: name, version: version, files: map[string][]byte{}}
	for t := tar.NewReader(z); ; {
		header, err := t.Next()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil {
			return archive{}, fmt.Errorf("cannot read %q: %w", path, err)
		}
		if a.files[header.Name], err = io.ReadAll(t); err != nil {
			return archive{}, fmt.Errorf("cannot read %q in %q: %w", header.Name, path, err)
		}
	}
}
