package build

import (
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// Names that end those of the groups of reports.
const (
	coverageReport = "coverage"
	testReport     = "test"
)

// reports by the names that end those of their groups: <project>-test, <project>-coverage. CodeBuild makes the groups.
func (c Config) reports() map[string]report {
	asked := c.Build.Reports
	if asked == nil {
		return nil
	}
	reports := map[string]report{}
	if r := asked.Test; r != nil {
		reports[testReport] = report{Files: r.Files, FileFormat: r.Format, BaseDirectory: c.Directory}
	}
	if r := asked.Coverage; r != nil {
		reports[coverageReport] = report{Files: r.Files, FileFormat: r.Format, BaseDirectory: c.Directory}
	}
	return reports
}

// reportStatements let builds make the groups of reports that the claim asks for, and write reports. No name ends with a wildcard: that of
// another pipeline's project may begin with this one's. See https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html.
func (c Config) reportStatements(account string) []iam.Statement {
	groups := c.reportGroups(account)
	if len(groups) == 0 {
		return nil
	}
	return []iam.Statement{iam.Allow("Reports",
		"codebuild:BatchPutCodeCoverages",
		"codebuild:BatchPutTestCases",
		"codebuild:CreateReport",
		"codebuild:CreateReportGroup",
		"codebuild:UpdateReport",
	).On(groups...)}
}

// reportGroups that builds write.
func (c Config) reportGroups(account string) []string {
	return c.groupsOf(account, slices.Sorted(maps.Keys(c.reports())))
}

// ReportGroups that builds of any claim could write. A claim that asks for none any more leaves them there.
func (c Config) ReportGroups(account string) []string {
	return c.groupsOf(account, []string{coverageReport, testReport})
}

// groupsOf reports with these names.
func (c Config) groupsOf(account string, names []string) []string {
	var arns []string
	for _, name := range names {
		arns = append(arns, c.arn("codebuild", account, "report-group/"+c.Name+"-"+name))
	}
	return arns
}
