package render

import (
	"os"

	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// ReadSettings of the platform team: PlatformSettings, which take the place of the Composition's input, or EnvironmentConfigs, which the
// Composition asks for, one by one or as a list, as kubectl gets them. A file has the one or the others.
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
		switch object["kind"] {
		case "List":
			items, _ := object["items"].([]any)
			for _, item := range items {
				objects = append(objects, item.(map[string]any)) //nolint:forcetypeassert // kubectl lists objects.
			}
		case "EnvironmentConfig":
			objects = append(objects, object)
		default:
			input = object
		}
	}
	if input != nil && objects != nil {
		return nil, nil, errors.Errorf("%q has an EnvironmentConfig and something else: want PlatformSettings or EnvironmentConfigs", path)
	}
	return input, objects, nil
}
