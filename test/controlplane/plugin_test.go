package controlplane

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestPlugin runs the plugin as kubectl does, with the kubeconfig, about a claim that is ready and about a change of it that is refused.
func TestPlugin(t *testing.T) {
	c := fileReady(t, "plugin")
	plugin := func(wantCode int, args ...string) string {
		t.Helper()
		out, err := shared.Plugin(t.Context(), nil, append(args, "-n", c.GetNamespace())...)
		code := 0
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			code = exit.ExitCode()
		} else {
			claims.Must(t, err)
		}
		if code != wantCode {
			t.Errorf("kubectl pipeline %s: want exit code %d, got %d:\n%s", strings.Join(args, " "), wantCode, code, out)
		}
		t.Logf("$ kubectl pipeline %s\n%s", strings.Join(args, " "), out)
		return out
	}
	want := func(out, part string) {
		t.Helper()
		if !strings.Contains(out, part) {
			t.Errorf("want %q in:\n%s", part, out)
		}
	}

	want(plugin(0, "list"), "payments")
	want(plugin(0, "wait", "payments", "--for=ready"), "payments is ready")
	want(plugin(0, "open", "payments", "--print"), "payment-processor-pipeline-plugin")
	want(plugin(1, "status", "payment"), "not found")

	c.Set([]any{"arn:aws:iam::" + accountID + ":policy/release-policy-other"}, "service", "permissions", "policyArns")
	claims.Must(t, c.Apply(t))
	// The claim still says that it is ready.
	want(plugin(1, "wait", "payments", "--for=ready"), "the claim is refused: ")
	want(plugin(0, "why", "payments"), "release-policy-other")
}
