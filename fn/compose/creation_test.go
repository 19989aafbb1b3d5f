package compose

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
)

// TestCreateAgain asks crossplane-runtime, which every provider is built with, whether it goes on after a creation that was interrupted.
func TestCreateAgain(t *testing.T) {
	o := &corev1.ConfigMap{}
	begin := func() { meta.SetExternalCreatePending(o, time.Now()) }

	if begin(); !meta.ExternalCreateIncomplete(o) {
		t.Fatal("want a creation to be interrupted of which nobody says what came of it")
	}
	if createAgain(o); meta.ExternalCreateIncomplete(o) {
		t.Errorf("want the provider to go on after its creation was interrupted: %v", o.GetAnnotations())
	}
	meta.SetExternalCreateSucceeded(o, time.Now())
	if begin(); meta.ExternalCreateIncomplete(o) {
		t.Errorf("want the provider to go on after a second creation was interrupted: %v", o.GetAnnotations())
	}
}
