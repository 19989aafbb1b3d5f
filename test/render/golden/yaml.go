package golden

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// lineLength is how long a map or a list may be to stand in one line, without what is before it.
const lineLength = 80

// printYAML writes short maps and lists in one line, and each text in one, however long: a diff shows what has changed, and not how
// the rest of the text is wrapped now.
func printYAML(d Difference) ([]byte, error) {
	document := &yaml.Node{}
	if err := document.Encode(d); err != nil {
		return nil, err
	}
	flow(document)
	// Each object has lines of its own.
	document.Style = 0
	for _, part := range document.Content {
		if part.Kind == yaml.MappingNode {
			part.Style = 0
		}
	}
	b := &bytes.Buffer{}
	e := yaml.NewEncoder(b)
	e.SetIndent(2)
	e.CompactSeqIndent()
	err := e.Encode(document)
	return b.Bytes(), err
}

// flow puts maps and lists in one line that are short, and returns about how long the value is in one line.
func flow(n *yaml.Node) (length int) {
	if n.Kind == yaml.ScalarNode {
		return len(n.Value) + lineLength*strings.Count(n.Value, "\n")
	}
	for _, child := range n.Content {
		length += flow(child) + len(", ")
	}
	if length <= lineLength {
		n.Style = yaml.FlowStyle
	}
	return length
}
