package render

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// A Simulator lives claims: Crossplane applies what it renders, and AWS answers. It remembers what it has simulated.
type Simulator struct {
	// Render is what Crossplane makes of a case: Renderer.Render, or what stands in for it.
	Render func(ctx context.Context, c Case) ([]*unstructured.Unstructured, error)

	mx    sync.Mutex
	lives map[string]func() ([]*unstructured.Unstructured, error)
}

// Live returns what exists after so many reconciles of the case's claim since it was filed, for nobody to change. The
// connection's status is AVAILABLE if it is empty.
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
	c.Observed = before
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
	for _, u := range rendered {
		if name := ComposedName(u); name != "" {
			aws.Apply(u, existing[name])
			after = append(after, u)
		}
	}
	return after, nil
}
