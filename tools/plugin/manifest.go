package main

import (
	"os"
	"path/filepath"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

const (
	// name of the plugin in krew. The manifest's file is called so too.
	name = "pipeline"

	repository = "https://github.com/paymentdelivery/function-payment-delivery-pipeline"
)

// A manifest tells krew how to install the plugin: see https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/.
type manifest struct {
	metav1.TypeMeta `json:",inline"`

	Metadata manifestMeta `json:"metadata"`
	Spec     manifestSpec `json:"spec"`
}

type manifestMeta struct {
	Name string `json:"name"`
}

type manifestSpec struct {
	Version          string             `json:"version"`
	Homepage         string             `json:"homepage"`
	ShortDescription string             `json:"shortDescription"`
	Description      string             `json:"description"`
	Platforms        []manifestPlatform `json:"platforms"`
}

// A manifestPlatform is where one platform's archive is. Krew compares its hash before it unpacks it.
type manifestPlatform struct {
	Selector metav1.LabelSelector `json:"selector"`
	URI      string               `json:"uri"`
	SHA256   string               `json:"sha256"`

	// Bin is the executable's path in the archive.
	Bin string `json:"bin"`
}

// manifest of a release with the archives.
func (r release) manifest(archives []archive) manifest {
	m := manifest{
		TypeMeta: metav1.TypeMeta{APIVersion: "krew.googlecontainertools.github.com/v1alpha2", Kind: "Plugin"},
		Metadata: manifestMeta{Name: name},
		Spec: manifestSpec{
			Version:          r.version,
			Homepage:         repository,
			ShortDescription: "Show and operate payment delivery pipelines",
			Description: `Shows what a PaymentDeliveryPipeline does and why it does not, approves, rejects, rolls back and retries its
releases, and checks claims before they are applied. It reads the claim by your kubeconfig and AWS by your own
AWS credentials.
`,
		},
	}
	for _, a := range archives {
		m.Spec.Platforms = append(m.Spec.Platforms, manifestPlatform{
			Selector: metav1.LabelSelector{MatchLabels: map[string]string{"os": a.os, "arch": a.arch}},
			URI:      repository + "/releases/download/" + r.version + "/" + a.file,
			SHA256:   a.sha256,
			Bin:      a.binary(),
		})
	}
	return m
}

// writeManifest beside the archives.
func (r release) writeManifest(archives []archive) error {
	b, err := yaml.Marshal(r.manifest(archives))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, name+".yaml"), b, 0o644)
}
