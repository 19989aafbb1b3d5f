package architecture

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// buildReports by the names that end those of their groups: <project>-test, <project>-coverage. CodeBuild makes the groups.
func (p Pipeline) buildReports() map[string]runtime.Report {
	asked := p.Spec.Build.Reports
	if asked == nil {
		return nil
	}
	reports := map[string]runtime.Report{}
	if r := asked.Test; r != nil {
		reports["test"] = runtime.Report{Files: r.Files, FileFormat: r.Format, BaseDirectory: p.Spec.Source.Directory}
	}
	if r := asked.Coverage; r != nil {
		reports["coverage"] = runtime.Report{Files: r.Files, FileFormat: r.Format, BaseDirectory: p.Spec.Source.Directory}
	}
	return reports
}

// reportStatements let a project's builds make groups of reports that are named after it, and write reports.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html.
func (p Pipeline) reportStatements(f compose.Facts, project string) []iam.Statement {
	if p.Spec.Build.Reports == nil {
		return nil
	}
	return []iam.Statement{iam.Allow("Reports",
		"codebuild:BatchPutCodeCoverages",
		"codebuild:BatchPutTestCases",
		"codebuild:CreateReport",
		"codebuild:CreateReportGroup",
		"codebuild:UpdateReport",
	).On(p.arn(f, "codebuild", "report-group/"+project+"-*"))}
}
