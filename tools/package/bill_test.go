package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A bill of materials, as far as it is looked at here: https://cyclonedx.org/docs/1.6/json.
type bill struct {
	Metadata struct {
		Component  material `json:"component"`
		Properties []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"properties"`
	} `json:"metadata"`
	Components []material `json:"components"`
}

type material struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// TestBill compares the bill of materials beside a package with what the binary in the package says of itself.
func TestBill(t *testing.T) {
	for _, platform := range platforms {
		t.Run(platform.Architecture, func(t *testing.T) {
			p := open(t, functionPackage(platform))
			binary := p.files["function"]
			info, err := buildinfo.Read(bytes.NewReader(binary))
			if err != nil {
				t.Fatalf("cannot read what the binary was built from: %v", err)
			}
			want := map[material]bool{{Name: "std", Version: info.GoVersion}: true}
			for _, m := range info.Deps {
				if m.Replace != nil {
					m = m.Replace
				}
				want[material{Name: m.Path, Version: m.Version}] = true
			}

			b := bill{}
			data, err := os.ReadFile(filepath.Join(packages, billOf(functionPackage(platform))))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &b); err != nil {
				t.Fatalf("cannot parse the bill of materials: %v", err)
			}
			got := map[material]bool{}
			for _, m := range b.Components {
				got[m] = true
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-modules of the binary, +bill of materials:\n%s", diff)
			}
			version := p.config.Config.Labels["org.opencontainers.image.version"]
			if diff := cmp.Diff(material{Name: info.Main.Path, Version: version}, b.Metadata.Component); diff != "" {
				t.Errorf("-want what the bill is of, +got:\n%s", diff)
			}

			hash := sha256.Sum256(binary)
			properties := map[string]string{}
			for _, p := range b.Metadata.Properties {
				properties[p.Name] = p.Value
			}
			if diff := cmp.Diff(hex.EncodeToString(hash[:]), properties["cdx:gomod:binary:hash:SHA-256"]); diff != "" {
				t.Errorf("-want hash of the binary, +got:\n%s", diff)
			}
		})
	}
}
