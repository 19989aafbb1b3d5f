package aws

import (
	"archive/zip"
	"bytes"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestPipelineSide does what CodePipeline and CodeDeploy do with a release. The provider sets nothing of it back.
func TestPipelineSide(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "side")
	blue, green := "payment-processor-blue-side", "payment-processor-green-side"
	deploy(t, green)
	version := deploy(t, blue)

	// A tenth of the traffic for the new version.
	_, err := cloud.Lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{
		FunctionName: &blue, Name: aws.String("live"),
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{version: 0.1}},
	})
	claims.Must(t, err)
	shifting := released(t, c)
	c.Wait(t, "telling that traffic shifts", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "TrafficShifting")
		return reason == "TwoVersions"
	})
	untouched(t, c, shifting)

	_, err = cloud.Lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{
		FunctionName: &blue, Name: aws.String("live"), FunctionVersion: &version,
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{}},
	})
	claims.Must(t, err)
	shifted := released(t, c)
	c.Wait(t, "telling the new version", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "release", "liveVersion") == version
	})
	untouched(t, c, shifted)
}

// deploy new code as CodePipeline's Lambda action does, and return the version.
func deploy(t *testing.T, function string) string {
	t.Helper()
	code, err := zipped("exports.handler = async () => ({ statusCode: 200, body: '" + function + "' });\n")
	claims.Must(t, err)
	_, err = cloud.Lambda.UpdateFunctionCode(t.Context(), &lambda.UpdateFunctionCodeInput{FunctionName: &function, ZipFile: code})
	claims.Must(t, err)
	published, err := cloud.Lambda.PublishVersion(t.Context(), &lambda.PublishVersionInput{FunctionName: &function})
	claims.Must(t, err)
	return *published.Version
}

// zipped is the code of a function in index.js, as Lambda takes it.
func zipped(code string) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("index.js")
	if err != nil {
		return nil, err
	}
	if _, err := f.Write([]byte(code)); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// released is what the pipeline owns: the functions' code, and the alias.
func released(t *testing.T, c claims.Claim) map[string]string {
	t.Helper()
	h := holdings(t, c)
	return map[string]string{
		"blue":  h.At("Function payment-processor-blue-"+c.Suffix, "Configuration", "CodeSha256"),
		"green": h.At("Function payment-processor-green-"+c.Suffix, "Configuration", "CodeSha256"),
		"alias": h.JSON("Alias payment-processor-blue-" + c.Suffix + ":live"),
	}
}

// untouched checks that what the pipeline owns stays as it is while the provider looks twice.
func untouched(t *testing.T, c claims.Claim, before map[string]string) {
	t.Helper()
	since := time.Now()
	time.Sleep(2*poll + 10*time.Second)
	if diff := cmp.Diff(before, released(t, c)); diff != "" {
		t.Errorf("what the pipeline has released was changed: -before, +after:\n%s", diff)
	}
	if writes := routes.WritesAbout(c.Suffix, since); len(writes) > 0 {
		t.Errorf("AWS was written to:\n%s", lines(writes))
	}
}

// TestFirstRelease has a claim that is called in each way, and releases: what calls the alias is disabled or not there before, and
// enabled and there after that.
func TestFirstRelease(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "first", func(c claims.Claim) {
		c.Set([]any{map[string]any{"name": "ledger", "principal": "444455556666"}}, "service", "invokers")
		c.Set(map[string]any{}, "service", "functionUrl")
		c.Set([]any{map[string]any{"name": "nightly", "schedule": map[string]any{"expression": "rate(1 day)"}}}, "service", "eventSources")
	})
	const blue = "payment-processor-blue-first"
	calls := func() map[string]bool {
		h := holdings(t, c)
		_, invokers := h["Invokers "+blue+":live"]
		_, url := h["FunctionURL "+blue+":live"]
		return map[string]bool{"invokers": invokers, "url": url, "schedule": h.At("Rule payment-event-nightly.first", "Rule", "State") == "ENABLED"}
	}
	if got := claims.Text(c.Live(t), "status", "release", "bootstrapVersion"); got != "1" {
		t.Errorf("want version 1 known as the bootstrap, got %q", got)
	}
	if diff := cmp.Diff(map[string]bool{"invokers": false, "url": false, "schedule": false}, calls()); diff != "" {
		t.Errorf("before the first release: -want, +got:\n%s", diff)
	}

	version := deploy(t, blue)
	_, err := cloud.Lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String(blue), Name: aws.String("live"), FunctionVersion: &version})
	claims.Must(t, err)
	c.WaitFor(t, "the release lets everybody call", func() bool {
		return cmp.Equal(map[string]bool{"invokers": true, "url": true, "schedule": true}, calls())
	}, func() string { return holdings(t, c).JSON("Rule payment-event-nightly.first") })
	c.WaitReady(t)
}
