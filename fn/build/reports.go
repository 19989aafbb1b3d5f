package build

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// reports by the names that end those of their groups: <project>-test, <project>-coverage. CodeBuild makes the groups.
func (c Config) reports() map[string]report {
	asked := c.Build.Reports
	if asked == nil {
		return nil
	}
	reports := map[string]report{}
	if r := asked.Test; r != nil {
		reports["test"] = report{Files: r.Files, FileFormat: r.Format, BaseDirectory: c.Directory}
	}
	if r := asked.Coverage; r != nil {
		reports["coverage"] = report{Files: r.Files, FileFormat: r.Format, BaseDirectory: c.Directory}
	}
	return reports
}

// reportStatements let builds make groups of reports that are named after their project, and write reports.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html.
func (c Config) reportStatements(account string) []iam.Statement {
	if c.Build.Reports == nil {
		return nil
	}
	return []iam.Statement{iam.Allow("Reports",
		"codebuild:BatchPutCodeCoverages",
		"codebuild:BatchPutTestCases",
		"codebuild:CreateReport",
		"codebuild:CreateReportGroup",
		"codebuild:UpdateReport",
	).On(c.arn("codebuild", account, "report-group/"+c.Name+"-*"))}
}
