package claim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestShellIsRefused checks that no text that a shell would take for more than a word gets into those commands of the generated buildspec that
// have a field of the claim without quotes, or in double ones: these are the fields. The handler, build.tool, build.program and build.test are
// quoted in the script that the buildspec writes: TestNothingIsEvaluated of fn/build is about them.
func TestShellIsRefused(t *testing.T) {
	const artifact = "build: {codeArtifact: {domain: %s, repository: %s, domainOwner: %s, tools: [npm]}}"
	fields := map[string]struct{ format, taken string }{
		"source.directory":               {format: "source: {owner: my-org, repository: my-repo, directory: %s}", taken: "a/b.c-d_e"},
		"build.codeArtifact.domain":      {format: fmt.Sprintf(artifact, "%s", "payments", "'111122223333'"), taken: "my-org"},
		"build.codeArtifact.repository":  {format: fmt.Sprintf(artifact, "my-org", "%s", "'111122223333'"), taken: "a.b-c_d"},
		"build.codeArtifact.domainOwner": {format: fmt.Sprintf(artifact, "my-org", "payments", "%s"), taken: "444455556666"},
	}
	isTaken := func(format, text string) bool {
		spec := "spec:\n  environmentSuffix: pr-123\n"
		if !strings.HasPrefix(format, "source:") {
			spec = fntest.Spec
		}
		_, refused := ReadSpec(fntest.Struct(t, fntest.XR+spec+"  "+fmt.Sprintf(format, fmt.Sprintf("%q", text))))
		return len(refused) == 0
	}
	for name, field := range fields {
		t.Run(name, func(t *testing.T) {
			if !isTaken(field.format, field.taken) {
				t.Fatalf("want %q to be taken", field.taken)
			}
			for _, more := range []string{
				" x", ";x", "&x", "|x", "$x", "$(x)", "`x`", `"x`, "'x", `\x`, "<x", ">x", "(x", "{x", "*", "?", "[x]", "~", "#x", "!x", "%x", "\nx", "\tx", "\x00", "é",
			} {
				if isTaken(field.format, field.taken+more) {
					t.Errorf("%q is taken", field.taken+more)
				}
			}
			for _, before := range []string{"--x=", "../", "/", "~/", "$HOME/"} {
				if isTaken(field.format, before+field.taken) {
					t.Errorf("%q is taken", before+field.taken)
				}
			}
		})
	}
}
