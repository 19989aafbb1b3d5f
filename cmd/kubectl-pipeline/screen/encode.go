package screen

import (
	"encoding/json"
	"io"

	"sigs.k8s.io/yaml"
)

// Formats for programs.
const (
	JSON = "json"
	YAML = "yaml"
)

// Encode a value as JSON or YAML.
func Encode(w io.Writer, format string, v any) error {
	if format == JSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	b, err := yaml.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}
