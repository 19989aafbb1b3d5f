package golden

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// refusal begins the expected output of a claim that the function refuses.
const refusal = "# The function refuses the claim, and Crossplane changes nothing.\nerror: |\n  "

// Refusal is the expected output of a claim that the function refuses with the message.
func Refusal(message string) []byte {
	return []byte(refusal + strings.ReplaceAll(strings.TrimSpace(message), "\n", "\n  ") + "\n")
}

// Refused is whether the function is expected to refuse the claim.
func (c Case) Refused() (bool, error) {
	data, err := os.ReadFile(c.Path("expected.yaml"))
	return bytes.HasPrefix(data, []byte(refusal)), err
}

// Expected output of the case, all of it.
func (c Case) Expected() ([]byte, error) {
	d, err := c.Definition()
	if err != nil {
		return nil, err
	}
	written, err := os.ReadFile(c.Path("expected.yaml"))
	if err != nil || d.Base == "" {
		return written, err
	}
	base, err := c.base(d)
	if err != nil {
		return nil, err
	}
	difference := Difference{}
	if err := yaml.UnmarshalStrict(written, &difference); err != nil {
		return nil, errors.Wrapf(err, "cannot parse %q", c.Path("expected.yaml"))
	}
	out, err := difference.apply(base)
	return out, errors.Wrapf(err, "cannot apply %q to its base", c.Path("expected.yaml"))
}

// Write what is expected from now on.
func (c Case) Write(output []byte) error {
	d, err := c.Definition()
	if err != nil {
		return err
	}
	if d.Base != "" {
		base, err := c.base(d)
		if err != nil {
			return err
		}
		difference, err := differenceOf(base, output)
		if err != nil {
			return err
		}
		written, err := yaml.Marshal(difference)
		if err != nil {
			return err
		}
		output = append([]byte("# What differs from "+d.Base+".\n"), written...)
	}
	return os.WriteFile(c.Path("expected.yaml"), output, 0o644)
}

// base is the expected output of the base, as if its claim had the environment suffix of this case's.
func (c Case) base(d Definition) ([]byte, error) {
	base := Case(filepath.Join(filepath.Dir(string(c)), d.Base))
	out, err := base.Expected()
	if err != nil {
		return nil, errors.Wrapf(err, "cannot read the base of %q", c.Name())
	}
	from, err := base.suffix()
	if err != nil {
		return nil, err
	}
	to, err := c.suffix()
	return bytes.ReplaceAll(out, []byte(from), []byte(to)), err
}

func (c Case) suffix() (string, error) {
	var claim struct {
		Spec struct {
			EnvironmentSuffix string `json:"environmentSuffix"`
		} `json:"spec"`
	}
	data, err := os.ReadFile(c.Path("claim.yaml"))
	if err != nil {
		return "", err
	}
	err = yaml.Unmarshal(data, &claim)
	return claim.Spec.EnvironmentSuffix, err
}

// Managed resources that are expected.
func (c Case) Managed() ([]*unstructured.Unstructured, error) {
	refused, err := c.Refused()
	if err != nil || refused {
		return nil, err
	}
	data, err := c.Expected()
	if err != nil {
		return nil, err
	}
	out, err := parse(data)
	return slices.DeleteFunc(out, func(u *unstructured.Unstructured) bool { return rank(u) != composed }), err
}
