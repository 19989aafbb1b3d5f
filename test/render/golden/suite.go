package golden

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A Suite compares cases with what is rendered of them now. It renders and reads each of them once.
type Suite struct {
	// Render a case.
	Render func(ctx context.Context, c Case) ([]*unstructured.Unstructured, error)

	// Part of what is expected, and of what is rendered, that is compared. Nil: all of it.
	Part func(objects []*unstructured.Unstructured) []*unstructured.Unstructured

	rendered memory[output]
	expected memory[expectation]
	differs  memory[string]
}

// Differs says how what is rendered of a case differs from what is expected. It is empty if nothing differs, and one line if the case's
// base differs too.
func (s *Suite) Differs(ctx context.Context, c Case) (string, error) {
	return s.differs.of(c, func() (string, error) {
		diff, err := s.diff(ctx, c)
		if diff == "" || err != nil {
			return diff, err
		}
		base, err := c.Base()
		if base == "" || err != nil {
			return diff, err
		}
		of, err := s.Differs(ctx, base)
		if of != "" {
			diff = fmt.Sprintf("it differs, and so does %s, its base: look there first", base.Name())
		}
		return diff, errors.Wrapf(err, "cannot compare %s, the base of %s", base.Name(), c.Name())
	})
}

func (s *Suite) diff(ctx context.Context, c Case) (string, error) {
	e, err := s.read(c)
	if err != nil {
		return "", err
	}
	want, err := e.output()
	if err != nil {
		return "", err
	}
	got, err := s.render(ctx, c)
	if err != nil {
		return "", err
	}
	if s.Part != nil {
		want, got = s.Part(want), s.Part(got)
	}
	diff, err := Diff(want, got)
	if diff != "" {
		diff = "-want, +got (make golden rewrites what is expected):\n" + diff
	}
	return diff, err
}

func (s *Suite) read(c Case) (expectation, error) {
	return s.expected.of(c, func() (expectation, error) { return c.readUpon(s.read) })
}

func (s *Suite) render(ctx context.Context, c Case) (output, error) {
	return s.rendered.of(c, func() (output, error) { return s.Render(ctx, c) })
}

// Update what is expected of a case to what is rendered of it, as it differs from what is rendered of its base.
func (s *Suite) Update(ctx context.Context, c Case) error {
	out, err := s.render(ctx, c)
	if err != nil {
		return err
	}
	return c.write(out, func(base Case) (expectation, error) {
		out, err := s.render(ctx, base)
		if err != nil {
			return expectation{}, err
		}
		return expect(out)
	})
}

// A memory of what has been found out of cases.
type memory[T any] struct {
	mx    sync.Mutex
	found map[Case]func() (T, error)
}

// of a case, what find finds out, unless it has been.
func (m *memory[T]) of(c Case, find func() (T, error)) (T, error) {
	m.mx.Lock()
	if m.found == nil {
		m.found = map[Case]func() (T, error){}
	}
	if m.found[c] == nil {
		m.found[c] = sync.OnceValues(find)
	}
	once := m.found[c]
	m.mx.Unlock()
	return once()
}
