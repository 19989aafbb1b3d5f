package golden

import (
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// Expected output of the case as a YAML stream, all of it, as Crossplane prints it but for one thing: the keys of JSON in strings are
// sorted. Of a claim that is refused it is the error.
func (c Case) Expected() ([]byte, error) {
	objects, err := c.Objects()
	if err != nil {
		return nil, err
	}
	return render.Print(objects)
}

// Objects that Expected prints.
func (c Case) Objects() ([]*unstructured.Unstructured, error) {
	e, err := c.read()
	if err != nil {
		return nil, err
	}
	return e.output()
}

// Managed resources that are expected.
func (c Case) Managed() ([]*unstructured.Unstructured, error) {
	objects, err := c.Objects()
	return output(objects).resources(), err
}

// Refused is whether the function is expected to refuse the claim.
func (c Case) Refused() (bool, error) {
	d := Difference{}
	err := readStrict(c.Path("expected.yaml"), &d)
	return d.Error != "", err
}

// A source of what is expected of a case.
type source func(Case) (expectation, error)

// read what is expected of the case, and of its base.
func (c Case) read() (expectation, error) {
	return c.readUpon(Case.read)
}

// readUpon what is expected of its base.
func (c Case) readUpon(bases source) (expectation, error) {
	base, err := c.base(bases)
	if err != nil {
		return expectation{}, err
	}
	d := Difference{}
	if err := readStrict(c.Path("expected.yaml"), &d); err != nil {
		return expectation{}, err
	}
	e, err := d.apply(base)
	return e, errors.Wrapf(err, "%q does not fit its base", c.Path("expected.yaml"))
}

// base is what is expected of the case's base, as if that had the case's environment suffix. It is nothing if the case has no base.
func (c Case) base(bases source) (expectation, error) {
	base, err := c.Base()
	if err != nil || base == "" {
		return expectation{}, err
	}
	e, err := bases(base)
	if err != nil {
		return expectation{}, errors.Wrapf(err, "cannot read the base of %q", c.Name())
	}
	suffix, err := base.suffix()
	if err != nil {
		return expectation{}, err
	}
	other, err := c.suffix()
	return e.withSuffix(suffix, other), err
}

// suffix of the claim's environment.
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

// write what is expected from now on.
func (c Case) write(out output, bases source) error {
	base, err := c.base(bases)
	if err != nil {
		return err
	}
	e, err := expect(out)
	if err != nil {
		return err
	}
	written, err := printYAML(differenceOf(base, e))
	if err != nil {
		return err
	}
	if err := checkWritten(written, base, out); err != nil {
		return errors.Wrapf(err, "cannot write what is expected of %q", c.Name())
	}
	heading, err := c.heading(e)
	if err != nil {
		return err
	}
	return os.WriteFile(c.Path("expected.yaml"), append([]byte("# "+heading+"\n"), written...), 0o644)
}

func (c Case) heading(e expectation) (string, error) {
	base, err := c.Base()
	switch {
	case e.refusal != "":
		return "The function refuses the claim, and Crossplane changes nothing.", err
	case base != "":
		return "What differs from " + base.Name() + ".", err
	default:
		return "All that is expected.", err
	}
}

// checkWritten checks that what is written is read again as the output that it is of.
func checkWritten(written []byte, base expectation, out output) error {
	d := Difference{}
	if err := yaml.UnmarshalStrict(written, &d); err != nil {
		return err
	}
	e, err := d.apply(base)
	if err != nil {
		return err
	}
	again, err := e.output()
	if err != nil {
		return err
	}
	diff, err := Diff(out, again)
	if err == nil && diff != "" {
		err = errors.Errorf("it would be read as another output: -rendered, +read:\n%s", diff)
	}
	return err
}
