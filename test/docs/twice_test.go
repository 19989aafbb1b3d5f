package docs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestSaidTwice compares what a document says with where it comes from.
func TestSaidTwice(t *testing.T) {
	const makefile = "Makefile"
	cases := map[string]struct {
		reason string

		// file and pattern of the source. Its group is what is said.
		file, pattern string

		// document that says it too, and its words, spaces and line ends being the same.
		document, words string
	}{
		"Botocore":   {"The models of AWS's services are of the version that is extracted.", makefile, `BOTOCORE := (\S+)`, "docs/aws.md", "botocore %s:"},
		"CfnLint":    {"The schemas are of the version that is extracted.", makefile, `CFN_LINT := (\S+)`, "docs/aws.md", "cfn-lint %s |"},
		"IAMData":    {"The authorization reference is of the version that is extracted.", makefile, `IAM_DATA := (\S+)`, "docs/aws.md", "iam-data %s:"},
		"Fakecloud":  {"The emulator is the one that is built.", "test/aws/emulator/fakecloud.version", `(\S+)`, "docs/aws.md", "crates/fakecloud) %s |"},
		"Ministack":  {"The emulator is the one that is installed.", "test/aws/emulator/requirements.txt", `ministack==(\S+)`, "docs/aws.md", "project/ministack) %s |"},
		"Provider":   {"The provider is built from the module whose types are used.", "go.mod", `upbound/provider-aws/v2 (\S+)`, "docs/aws.md", "**The provider** is %s,"},
		"Policies":   {"The policies are read from the module whose types are used.", "go.mod", `upbound/provider-aws/v2 (\S+)`, "docs/provider-policy.md", "the code of provider-aws %s calls"},
		"Upjet":      {"The provider is built with the upjet that its source says.", "test/aws/provider/source.go", `upjetVersion = "(\S+)"`, "docs/aws.md", "upjet %s "},
		"Terraform":  {"The provider is built with the fork that its source says.", "test/aws/provider/source.go", `in place of (\S+)\.\n`, "docs/aws.md", "in place of %s)"},
		"Oldest":     {"The tests were run with the oldest Crossplane that is built.", "tools/oldest/go.mod", `crossplane/crossplane/v2 (\S+)`, "README.md", "| %s |"},
		"Crossplane": {"The tests were run with the Crossplane that is built.", "tools/go.mod", `crossplane/crossplane/v2 (\S+)`, "README.md", "| %s |"},
		"Installed":  {"The provider that is installed is the one that the Configuration asks for.", "crossplane.yaml", `provider-aws-s3\n\s+version: ">=(\S+), <v3\.0\.0"`, "docs/install.md", "provider-aws %s or later"},
		"Poll":       {"The poll interval is the one that the condition tells.", "fn/report/conditions.go", `providerPoll = "(.*)"`, "docs/claim.md", "poll interval, which is %s unless"},
	}
	spaces := regexp.MustCompile(`\s+`)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			source := regexp.MustCompile(tc.pattern).FindSubmatch(read(t, tc.file))
			if source == nil {
				t.Fatalf("%s: nothing matches %q", tc.file, tc.pattern)
			}
			want := fmt.Sprintf(tc.words, source[1])
			if !strings.Contains(spaces.ReplaceAllString(string(read(t, tc.document)), " "), want) {
				t.Errorf("%s\n%s does not say %q, as %s does", tc.reason, tc.document, want, tc.file)
			}
		})
	}
}

// troubleRow is a row of the table of conditions with a reason that asks a person for something.
var troubleRow = regexp.MustCompile(
	"(?m)^\\| `(?:(?:Accepted|SourceConnected)` \\| False|(?:ResourcesWaiting|ResourcesFailing|LiveVersionLost)` \\| True) \\| (`\\w+`)")

// TestTroubleshooting looks for each reason that asks a person for something on the page that says what to do.
func TestTroubleshooting(t *testing.T) {
	rows := troubleRow.FindAllSubmatch(read(t, "docs/conditions.md"), -1)
	if len(rows) == 0 {
		t.Fatal("no reason is found")
	}
	page := string(read(t, "docs/troubleshooting.md"))
	for _, row := range rows {
		if !strings.Contains(page, string(row[1])) {
			t.Errorf("docs/troubleshooting.md does not say what to do about %s", row[1])
		}
	}
}
