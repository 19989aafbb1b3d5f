package render

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"os"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// A Simulator lives claims: Crossplane applies what it renders, and AWS answers. It remembers what it has simulated.
type Simulator struct {
	// Render is what Crossplane makes of a case: Renderer.Render, or what stands in for it.
	Render func(ctx context.Context, c Case) ([]byte, error)

	// Dir is where it writes what is observed, for Crossplane to read.
	Dir string

	mx    sync.Mutex
	lives map[string]func() ([]*unstructured.Unstructured, error)
}

// Live returns what exists after so many reconciles of the case's claim since it was filed. The connection's status is
// AVAILABLE if it is empty.
func (s *Simulator) Live(ctx context.Context, c Case, connection string, reconciles int) ([]*unstructured.Unstructured, error) {
	c.Filed = true
	life, err := identify(c)
	if err != nil || reconciles == 0 {
		return nil, err
	}
	key := fmt.Sprint(reconciles, connection, life)
	s.mx.Lock()
	if s.lives == nil {
		s.lives = map[string]func() ([]*unstructured.Unstructured, error){}
	}
	lived := s.lives[key]
	if lived == nil {
		lived = sync.OnceValues(func() ([]*unstructured.Unstructured, error) {
			before, err := s.Live(ctx, c, connection, reconciles-1)
			if err != nil {
				return nil, err
			}
			return s.reconcile(ctx, c, connection, before)
		})
		s.lives[key] = lived
	}
	s.mx.Unlock()
	return lived()
}

// identify a life by what it begins with.
func identify(c Case) (string, error) {
	claim, err := readYAML(c.Claim)
	if err != nil {
		return "", err
	}
	delete(claim, "status")
	input, objects, err := ReadSettings(c.Settings)
	return fmt.Sprint(claim, input, objects), err
}

func (s *Simulator) reconcile(ctx context.Context, c Case, connection string, before []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	var err error
	if c.Observed, err = s.Write(before); err != nil {
		return nil, err
	}
	rendered, err := s.Render(ctx, c)
	if err != nil {
		return nil, err
	}
	// So far AWS was told only of what is rendered again now, so there is nothing to remember from the last time.
	aws := &standin.AWS{AccountID: "111122223333", ConnectionStatus: connection}
	existing := map[string]*unstructured.Unstructured{}
	for _, u := range before {
		existing[ComposedName(u)] = u
	}
	after := []*unstructured.Unstructured{}
	for doc := range Documents(rendered) {
		u := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(doc), &u.Object); err != nil {
			return nil, errors.Wrap(err, "cannot parse what was rendered")
		}
		if name := ComposedName(u); name != "" {
			aws.Apply(u, existing[name])
			after = append(after, u)
		}
	}
	return after, nil
}

// Write what exists to a file and return its path. It is empty if nothing exists.
func (s *Simulator) Write(observed []*unstructured.Unstructured) (path string, err error) {
	if len(observed) == 0 {
		return "", nil
	}
	stream, err := Print(observed)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(s.Dir, "observed-*.yaml")
	if err != nil {
		return "", err
	}
	_, err = f.Write(stream)
	return f.Name(), errors.Join(err, f.Close())
}

// Documents of a YAML stream.
func Documents(stream []byte) iter.Seq[string] {
	return strings.SplitSeq(strings.TrimPrefix(string(stream), "---\n"), "\n---\n")
}

// Print objects as a YAML stream.
func Print(objects []*unstructured.Unstructured) ([]byte, error) {
	b := bytes.Buffer{}
	for _, u := range objects {
		doc, err := yaml.Marshal(u.Object)
		if err != nil {
			return nil, err
		}
		b.WriteString("---\n")
		b.Write(doc)
	}
	return b.Bytes(), nil
}

// ComposedName is a resource's name in the composition, or "" if it is not composed.
func ComposedName(u *unstructured.Unstructured) string {
	return u.GetAnnotations()["crossplane.io/composition-resource-name"]
}
