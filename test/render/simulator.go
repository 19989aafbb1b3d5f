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

// A Life is what has become of a claim since it was filed.
type Life struct {
	// Reconciles is how often Crossplane has applied the claim, and AWS has answered.
	Reconciles int `json:"reconciles,omitempty"`

	// Connection is the status of the GitHub connection all the time. Empty: AVAILABLE.
	Connection string `json:"connection,omitempty"`

	// Released is the version that a release has made live before the last of the reconciles. Empty: nothing has been released.
	Released string `json:"released,omitempty"`
}

// Live returns what exists after a life of the case's claim, for nobody to change.
func (s *Simulator) Live(ctx context.Context, c Case, l Life) ([]*unstructured.Unstructured, error) {
	return s.live(ctx, c, l, l.Reconciles)
}

// live returns what exists after the first reconciles of a life.
func (s *Simulator) live(ctx context.Context, c Case, l Life, reconciles int) ([]*unstructured.Unstructured, error) {
	c.Filed = true
	claim, err := identify(c)
	if err != nil || reconciles == 0 {
		return nil, err
	}
	released := ""
	if reconciles >= l.Reconciles-1 {
		released = l.Released
	}
	key := fmt.Sprint(reconciles, l.Connection, released, claim)
	s.mx.Lock()
	if s.lives == nil {
		s.lives = map[string]func() ([]*unstructured.Unstructured, error){}
	}
	lived := s.lives[key]
	if lived == nil {
		lived = sync.OnceValues(func() ([]*unstructured.Unstructured, error) {
			before, err := s.live(ctx, c, l, reconciles-1)
			if err != nil {
				return nil, err
			}
			return s.reconcile(ctx, c, l.Connection, released, before)
		})
		s.lives[key] = lived
	}
	s.mx.Unlock()
	return lived()
}

// identify a claim by what its life begins with.
func identify(c Case) (string, error) {
	claim, err := readYAML(c.Claim)
	if err != nil {
		return "", err
	}
	delete(claim, "status")
	input, objects, err := ReadSettings(c.Settings)
	return fmt.Sprint(claim, input, objects), err
}

func (s *Simulator) reconcile(ctx context.Context, c Case, connection, released string, before []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
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
			if err := release(aws, u, name, released); err != nil {
				return nil, err
			}
			after = append(after, u)
		}
	}
	return after, nil
}

// release a version: what AWS has of the managed resource is as after a release of the blue function. Empty: nothing is released.
func release(aws *standin.AWS, mr *unstructured.Unstructured, name, version string) (err error) {
	switch {
	case version == "":
		return nil
	case name == "blue-function":
		err = aws.Publish(mr, version)
	case name == "live-alias":
		err = aws.Release(mr, version)
	default:
		return nil
	}
	aws.Observe(mr)
	return err
}
