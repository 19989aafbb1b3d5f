package cloud

import (
	"encoding/json"
	"strings"
)

// commitMessage is the first line of the message in a revision's summary. CodePipeline wraps that of a connection in JSON, with the provider's name.
func commitMessage(summary string) string {
	wrapped := struct {
		CommitMessage string `json:"CommitMessage"`
	}{}
	if json.Unmarshal([]byte(summary), &wrapped) == nil && wrapped.CommitMessage != "" {
		summary = wrapped.CommitMessage
	}
	line, _, _ := strings.Cut(summary, "\n")
	return strings.TrimSpace(line)
}
