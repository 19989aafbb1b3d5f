package render

import (
	"os"

	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// ReadSettings of the platform team: PlatformSettings, which take the place of the Composition's input, or EnvironmentConfigs, which the
// Composition asks for. A file has the one or the others.
func ReadSettings(path string) (input map[string]any, objects []map[string]any, err error) {
	if path == "" {
		return nil, nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	for doc := range Documents(data) {
		object := map[string]any{}
		if err := yaml.Unmarshal([]byte(doc), &object); err != nil {
			return nil, nil, errors.Wrapf(err, "cannot parse %q", path)
		}
		if object["kind"] == "EnvironmentConfig" {
			objects = append(objects, object)
		} else {
			input = object
		}
	}
	if input != nil && objects != nil {
		return nil, nil, errors.Errorf("%q has an EnvironmentConfig and something else: want PlatformSettings or EnvironmentConfigs", path)
	}
	return input, objects, nil
}
