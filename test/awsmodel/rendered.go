package awsmodel

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	yamlstream "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// A Managed resource as Crossplane renders it.
type Managed struct {
	APIVersion string `json:"apiVersion"`
	KindName   string `json:"kind"`
	Metadata   struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		ForProvider  map[string]any `json:"forProvider"`
		InitProvider map[string]any `json:"initProvider"`
	} `json:"spec"`
}

// providerGroups end the API groups of managed resources.
const providerGroups = ".aws.upbound.io"

// Kind of the managed resource, with its group: "lambda/Function".
func (m Managed) Kind() string {
	gv, err := schema.ParseGroupVersion(m.APIVersion)
	if err != nil || !strings.HasSuffix(gv.Group, providerGroups) {
		return ""
	}
	return strings.TrimSuffix(gv.Group, providerGroups) + "/" + m.KindName
}

// AWSName is the external name. The kinds that get theirs from AWS have none.
func (m Managed) AWSName() string {
	return m.Metadata.Annotations["crossplane.io/external-name"]
}

// ReadManaged resources of what Crossplane renders.
func ReadManaged(data []byte) ([]Managed, error) {
	var resources []Managed
	for docs := yamlstream.NewYAMLReader(bufio.NewReader(bytes.NewReader(data))); ; {
		doc, err := docs.Read()
		if errors.Is(err, io.EOF) {
			return resources, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read managed resources: %w", err)
		}
		var m Managed
		if err := yaml.Unmarshal(doc, &m); err != nil {
			return nil, fmt.Errorf("cannot parse a managed resource: %w", err)
		}
		if m.Kind() != "" {
			resources = append(resources, m)
		}
	}
}
