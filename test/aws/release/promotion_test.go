package release

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestPromotion takes what another pipeline offers, and releases it, as TestPromotion of our own interpreter does. Lambda's hash is
// the emulator's, so what is offered says that it was packed alike there.
func TestPromotion(t *testing.T) {
	const dev = "pipeline-artifacts-pay-dev-9e93dc1d"
	b := newBench(t, "61-promoted", fakeaws.Shift{Percentage: 100})
	b.cloud.S3.Own(dev, accountID)
	b.blue("2")
	code := must[*lambda.GetFunctionConfigurationOutput](t)(aws.Lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{
		FunctionName: new(b.rendered.awsName("blue-function")), Qualifier: new("2"),
	}))
	b.cloud.S3.Put(dev, "released/service.zip", "code", map[string]string{
		"commit": commit, "authored": "2026-01-02T02:00:00Z", "environment": "dev", "version": "2", "deployment": "d-DEV1",
		"code": *code.CodeSha256, "codepipeline-artifact-revision-summary": "Version 2 of dev",
	}, true)
	b.run(watchMachine, "look for releases", `{"action":"promotion"}`)
	b.hook(poll, func() { b.clock.Advance(pollEvery) })
	b.runRelease("2", map[string]string{
		"DeployBlue.FunctionVersion":       "2",
		"codepipeline.PipelineExecutionId": execution,
		"SourceVariables.VersionId":        "promoted-1",
	})
	b.checkGolden("PromotionPackedAnew")
}
