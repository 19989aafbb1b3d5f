package controlplane

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

const (
	// maxWaves of creation before the handshake: the bucket that reserves the names, what needs nothing else, and what needs
	// the account, the connection's ARN or blue's first version, which AWS tells one after the other.
	maxWaves = 5

	// waitsForHandshake is all that waits before the handshake.
	waitsForHandshake = "Waiting for a person to authorise the connection to GitHub, where the condition SourceConnected says: pipeline."

	// maxCalls of the function that one claim may take from being filed to Ready. Crossplane calls it for each change of a
	// resource's status that it has time for.
	maxCalls = 40
)

func TestClaimBecomesReady(t *testing.T) {
	c := newClaim(t, "ready")
	connection := environment.KindNamed(t, "Connection")
	claims.Must(t, account.Set(t.Context(), connection, c.ObjectName("github-connection"), standin.Pending))
	before, err := replica.Calls(t.Context())
	claims.Must(t, err)

	began := time.Now()
	c.File(t)
	waves := []int{}
	c.Wait(t, "complete but for the pipeline", func(live *unstructured.Unstructured) bool {
		if xr := c.XR(t); xr != nil {
			refs, _, _ := unstructured.NestedSlice(xr.Object, "spec", "resourceRefs")
			if len(waves) == 0 || waves[len(waves)-1] != len(refs) {
				waves = append(waves, len(refs))
			}
		}
		_, _, message := claims.Condition(live, "ResourcesWaiting")
		return message == waitsForHandshake
	})
	if got := claims.Text(c.Live(t), "status", "pipelineUrl"); got != "" {
		t.Errorf("status.pipelineUrl opens a pipeline that is not there: %s", got)
	}
	waves = slices.DeleteFunc(waves, func(n int) bool { return n == 0 })
	t.Logf("composed resources after each wave: %v", waves)
	if len(waves) > maxWaves {
		t.Errorf("resources were created in %d waves, want at most %d", len(waves), maxWaves)
	}

	t.Log("the connection waits for a person")
	c.Wait(t, "waiting for the handshake", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "connection", "status") == "PENDING"
	})
	_, reason, message := claims.Condition(c.Live(t), "SourceConnected")
	if diff := cmp.Diff("HandshakePending", reason); diff != "" {
		t.Errorf("SourceConnected: -want reason, +got:\n%s", diff)
	}
	t.Logf("SourceConnected: %s", message)
	if got := plane.Condition(c.Live(t), "Ready"); got != "False" {
		t.Errorf("Ready is %q while nobody has authorised the connection, want False", got)
	}
	if c.Resource(t, "Codepipeline", "pipeline") != nil {
		t.Error("there is a pipeline, which has run at once and failed: nobody has authorised the connection")
	}

	claims.Must(t, account.Set(t.Context(), connection, c.ObjectName("github-connection"), nil))
	c.WaitReady(t)
	after, err := replica.Calls(t.Context())
	claims.Must(t, err)
	t.Logf("Ready after %s and %d calls of the function", time.Since(began).Round(100*time.Millisecond), after-before)
	if after-before > maxCalls {
		t.Errorf("the function was called %d times, want at most %d", after-before, maxCalls)
	}

	want := map[string]string{
		"NAME": c.GetName(), "STATUS": "Ready:", "LIVE": "none", "SYNCED": "True", "READY": "True",
	}
	row := c.row(t)
	delete(row, "AGE")
	if diff := cmp.Diff(want, row); diff != "" {
		t.Errorf("kubectl get pdp: -want, +got:\n%s", diff)
	}
	if got := claims.Text(c.Live(t), "status", "message"); got != "Ready: no release yet" {
		t.Errorf("status.message: want it Ready and not released, got %q", got)
	}
	t.Logf("kubectl get pdp:\n%s", c.Kubectl(t, "get", c.Plural(), "-o=wide"))
	t.Logf("claim:\n%s", c.Describe(t))

	outputs := map[string]string{}
	for _, output := range []string{"deploymentTableName", "accountId", "artifactBucketName", "pipelineUrl", "dashboardUrl"} {
		outputs[output] = claims.Text(c.Live(t), "status", output)
	}
	wantOutputs := map[string]string{
		"deploymentTableName": "deployment-history-ready",
		"accountId":           accountID,
		"artifactBucketName":  "pipeline-artifacts-ready-" + string(c.XR(t).GetUID())[:8],
		"pipelineUrl":         "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-ready/view?region=us-east-1",
		"dashboardUrl":        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/payment-processor-ready",
	}
	if diff := cmp.Diff(wantOutputs, outputs); diff != "" {
		t.Errorf("status outputs: -want, +got:\n%s", diff)
	}
}
