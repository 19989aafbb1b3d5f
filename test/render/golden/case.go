// Package golden has the cases in test/render: claims at points of their lives, and what Crossplane makes of them.
package golden

import (
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A Case is the path of a folder in test/render. A folder with a claim is a case, without code:
//
//	claim.yaml        the claim; a status in it is what an earlier reconcile reported
//	settings.yaml     EnvironmentConfigs with settings, or PlatformSettings to use instead of those in the Composition (optional)
//	case.yaml         what has become of the claim so far, and what it is compared with: see Definition (optional)
//	composition.yaml  the Composition that the claim has chosen now, if it is not the package's (optional)
//	required.yaml     other resources that exist, for the function to ask for (optional)
//	expected.yaml     what Crossplane renders, as it differs from another case's: see Difference; "make golden" writes it
//	function-only     says why the schema cannot refuse an invalid claim as the function does (optional)
type Case string

// A Definition is what case.yaml says.
type Definition struct {
	// Life of the claim so far.
	Life `json:",inline"`

	// Base is the name of the case whose expected output this one's differs from. Empty: all of it is in expected.yaml.
	Base string `json:"base,omitempty"`
}

// Cases of the repository at root, by name.
func Cases(root string) ([]Case, error) {
	claims, err := filepath.Glob(filepath.Join(root, "test", "render", "*", "claim.yaml"))
	if err == nil && len(claims) == 0 {
		err = errors.Errorf("%s/test/render has none", root)
	}
	if err != nil {
		return nil, errors.Wrap(err, "cannot find golden cases")
	}
	cases := make([]Case, 0, len(claims))
	for _, claim := range claims {
		cases = append(cases, Case(filepath.Dir(claim)))
	}
	return cases, nil
}

// Name of the case.
func (c Case) Name() string {
	return filepath.Base(string(c))
}

// Path of a file of the case.
func (c Case) Path(file string) string {
	return filepath.Join(string(c), file)
}

// Optional is the path of a file of the case, or empty if there is none.
func (c Case) Optional(file string) string {
	if _, err := os.Stat(c.Path(file)); err != nil {
		return ""
	}
	return c.Path(file)
}

// Definition of the case. Without a case.yaml nothing has become of the claim yet.
func (c Case) Definition() (Definition, error) {
	d := Definition{}
	if c.Optional("case.yaml") == "" {
		return d, nil
	}
	err := readStrict(c.Path("case.yaml"), &d)
	return d, err
}

// Base is the case that this one's expected output differs from. It is empty if all of it is in expected.yaml.
func (c Case) Base() (Case, error) {
	d, err := c.Definition()
	if err != nil || d.Base == "" {
		return "", err
	}
	return Case(filepath.Join(filepath.Dir(string(c)), d.Base)), nil
}

// readStrict reads a YAML file, and refuses fields that nobody reads.
func readStrict(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return errors.Wrapf(yaml.UnmarshalStrict(data, into), "cannot parse %q", path)
}
