package main

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A module is copied from one folder to another, as Go does not let go.mod replace files below its module cache.
type module struct {
	path     string
	from, to string
}

// A source is what the provider is built from.
type source struct {
	provider, terraform, upjet module

	// keep says how a file is pruned, by its path in its module. Others are copied as they are.
	keep map[string]keep

	// laidOut are the packages that are copied already.
	laidOut map[string]bool
}

// downloadSource of the provider to Go's module cache.
func downloadSource(root, dir string) (*source, error) {
	s := &source{
		provider:  module{path: providerModule, to: filepath.Join(dir, "provider")},
		terraform: module{path: terraformModule, to: filepath.Join(dir, "terraform")},
		upjet:     module{path: upjetModule, to: filepath.Join(dir, "upjet")},
		laidOut:   map[string]bool{},
	}
	if err := s.provider.download(root); err != nil {
		return nil, err
	}
	sums := append(s.provider.read("go.sum"), terraformSums...)
	if err := errors.Join(s.provider.write("go.mod", s.provider.read("go.mod")), s.provider.write("go.sum", sums)); err != nil {
		return nil, err
	}
	if err := s.provider.substitute(); err != nil {
		return nil, err
	}
	for _, m := range []*module{&s.terraform, &s.upjet} {
		if err := m.download(s.provider.to); err != nil {
			return nil, err
		}
		if err := m.write("go.mod", m.read("go.mod")); err != nil {
			return nil, err
		}
	}
	return s, command(s.provider.to, "go", "mod", "edit",
		"-replace="+terraformModule+"="+s.terraform.to, "-replace="+upjetModule+"="+s.upjet.to)
}

// The Go module proxy lacks some versions that provider-aws v2.7.0 names. docs/aws.md says what is built in their place, and what that means.
const (
	// terraformVersion is what provider-aws v2.5.0 is built with: Terraform's provider 6.34.0 in place of 6.55.0.
	terraformVersion = "v0.0.0-20260305123303-f7691456b787"
	// terraformSums are those of provider-aws v2.5.0: the fork is not in Go's checksum database.
	terraformSums = "github.com/upbound/terraform-provider-aws " + terraformVersion + " h1:dJlp2eNgY/iVKTPINdguYlHbHc9CtXBZKmQmqYq0REs=\n" +
		"github.com/upbound/terraform-provider-aws " + terraformVersion + "/go.mod h1:WOPLTXSK2ZhAuuLIh2EVZ9zWib65hkmw1XLc227hsuQ=\n"

	// upjetVersion is of the same day as the commit that provider-aws names.
	upjetVersion = "v2.4.1"
)

// substitute what is missing, in the provider's go.mod.
func (m *module) substitute() error {
	return command(m.to, "go", "mod", "edit",
		"-replace="+terraformModule+"=github.com/upbound/terraform-provider-aws@"+terraformVersion,

		"-exclude="+upjetModule+"@v2.4.1-0.20260728103920-4f6e6e10dff2",
		"-require="+upjetModule+"@"+upjetVersion,

		"-exclude=github.com/aws/aws-sdk-go-v2/service/codestarconnections@v1.37.1",
		"-require=github.com/aws/aws-sdk-go-v2/service/codestarconnections@v1.37.0",

		"-droprequire=github.com/upbound/uptest")
}

// uptestUser registers conversions that provider-aws does not ask for. Nothing else needs uptest.
const uptestUser = "pkg/config/conversion.go"

// upjet v2.4.1 imports API types from where crossplane-runtime had them before v2.3.
var (
	typesBefore = []byte(`"github.com/crossplane/crossplane-runtime/v2/apis/common/v1"`)
	typesNow    = []byte(`"github.com/crossplane/crossplane/apis/v2/core/v2"`)
)

// download the module, as the go.mod and go.sum in a directory say.
func (m *module) download(dir string) error {
	cmd := exec.Command("go", "mod", "download", "-json", m.path) //nolint:noctx // An interrupt ends it too.
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return errors.Wrapf(err, "cannot download module %q: %s", m.path, out)
	}
	var downloaded struct {
		Dir string `json:"Dir"`
	}
	err = json.Unmarshal(out, &downloaded)
	m.from = downloaded.Dir
	return errors.Wrapf(err, "cannot download module %q", m.path)
}

// read a file of the module. One that is not there reads as nil.
func (m *module) read(file string) []byte {
	b, err := os.ReadFile(filepath.Join(m.from, file))
	if err != nil {
		return nil
	}
	return b
}

// write a file of the copy, unless it is the same already: a newer file would be compiled again.
func (m *module) write(file string, content []byte) error {
	path := filepath.Join(m.to, file)
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// layOut everything that the provider's main package imports of the two modules, with the generated lists pruned to what
// these kinds of managed resources need.
func (s *source) layOut(kinds []kind) error {
	s.keep = keepOf(kinds)
	if err := s.copyPackage(mainPackage); err != nil {
		return err
	}
	if err := s.pruneClients(); err != nil {
		return err
	}
	return s.limitResources()
}

// locate a package of one of the two modules.
func (s *source) locate(pkg string) (m *module, dir string, ours bool) {
	for _, m := range []*module{&s.provider, &s.terraform, &s.upjet} {
		if dir, ok := strings.CutPrefix(pkg, m.path); ok && (dir == "" || dir[0] == '/') {
			return m, strings.TrimPrefix(dir, "/"), true
		}
	}
	return nil, "", false
}

// groupSetup matches the lists of controllers, one for each executable: of a group of the API, or of all of them.
var groupSetup = regexp.MustCompile(`^internal/controller/\w+/zz_\w+_setup\.go$`)

// copyPackage and all packages of the two modules that it imports.
func (s *source) copyPackage(pkg string) error {
	m, dir, ours := s.locate(pkg)
	if !ours || s.laidOut[pkg] {
		return nil
	}
	s.laidOut[pkg] = true

	files, err := filepath.Glob(filepath.Join(m.from, dir, "*"))
	if err != nil {
		return err
	}
	for _, path := range files {
		file := filepath.Join(dir, filepath.Base(path))
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || file == uptestUser ||
			groupSetup.MatchString(file) && s.keep[file] == nil {
			continue
		}
		if err := s.copyFile(m, file); err != nil {
			return errors.Wrapf(err, "cannot copy %q", path)
		}
	}
	return nil
}

// clientsFile has a method for each client of the AWS SDK. Which of them are needed shows when everything else is there.
const clientsFile = "internal/conns/awsclient_gen.go"

func (s *source) copyFile(m *module, file string) error {
	content := bytes.ReplaceAll(m.read(file), typesBefore, typesNow)
	if keep, pruned := s.keep[file]; pruned {
		var err error
		if content, err = prune(content, keep); err != nil {
			return err
		}
	}
	if file != clientsFile {
		if err := m.write(file, content); err != nil {
			return err
		}
	}
	if err := m.copyEmbedded(filepath.Dir(file), content); err != nil {
		return err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, content, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if err := s.copyPackage(path); err != nil {
			return err
		}
	}
	return nil
}

var embed = regexp.MustCompile(`(?m)^\s*//go:embed (.*)$`)

// copyEmbedded copies the files that a Go file embeds.
func (m *module) copyEmbedded(dir string, content []byte) error {
	for _, match := range embed.FindAllSubmatch(content, -1) {
		for pattern := range strings.FieldsSeq(string(match[1])) {
			files, err := filepath.Glob(filepath.Join(m.from, dir, pattern))
			if err != nil {
				return err
			}
			for _, path := range files {
				file, err := filepath.Rel(m.from, path)
				if err != nil {
					return err
				}
				if err := m.write(file, m.read(file)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
