package release

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// green publishes code of green's that does what it is told to, and returns the version.
func (b *bench) green(body string) string {
	b.t.Helper()
	return b.deploy("green-function", "exports.handler = async () => { "+body+" }")
}

// blue publishes code of blue's that tells its version, which must be the supplied one. Green has the same code, which was tested.
func (b *bench) blue(version string) {
	b.t.Helper()
	code := fmt.Sprintf("exports.handler = async () => 'production is version %s'", version)
	b.tested[version] = b.deploy("green-function", code)
	b.tested["$LATEST"] = b.tested[version]
	got := b.deploy("blue-function", code)
	if got != version {
		b.t.Fatalf("blue's code was published as version %s, not %s", got, version)
	}
}

// expectAnswer in production: of the function behind the alias.
func (b *bench) expectAnswer(part string) {
	b.t.Helper()
	got, err := invoke(b.t.Context(), b.rendered.awsName("blue-function"), b.rendered.awsName("live-alias"))
	if err != nil || !strings.Contains(got, part) {
		b.t.Errorf("want production to answer %s, got %s, %v", part, got, err)
	}
}

// expectShares of traffic at the polls of a shift.
func (b *bench) expectShares(got []string, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("what the alias did at each poll: -want, +got:\n%s", diff)
	}
}

// expectStatus of a deployment in the history. None: empty.
func (b *bench) expectStatus(deployment, want string) {
	b.t.Helper()
	got, _ := b.history()[deployment]["status"].(string)
	if got != want {
		b.t.Errorf("want status %q of %s in the history, got %q", want, deployment, got)
	}
}

// event of CodeDeploy's about a deployment.
func (b *bench) event(deployment, state string) event {
	b.t.Helper()
	return event{
		Source:     "aws.codedeploy",
		DetailType: "CodeDeploy Deployment State-change Notification",
		Detail: map[string]any{
			"application":  b.rendered.awsName("deploy-application"),
			"deploymentId": deployment,
			"state":        state,
		},
	}
}
