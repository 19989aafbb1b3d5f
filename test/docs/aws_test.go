package docs_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

var (
	// quoted is a text between quotes of a shell.
	quoted = regexp.MustCompile(`'[^']*'|"[^"]*"`)

	// awsCommand is "aws" with a service, an operation and all that belongs to them, once nothing is quoted any more.
	awsCommand = regexp.MustCompile(`\baws ([a-z0-9]+ [a-z][a-z0-9-]+)([^|;&)\n]*)`)

	awsOption = regexp.MustCompile(`(?:^|\s)--([a-z0-9-]+)`)

	// awsQuery is the value of --query, with its quotes.
	awsQuery = regexp.MustCompile(`--query ('[^']*'|"[^"]*"|[\w.]+)`)

	// member is a name in a query that is neither a function nor what the query calls its result.
	member = regexp.MustCompile(`\b[A-Za-z]\w*\b(\(|:)?`)

	// literal of a query: a value that is compared.
	literal = regexp.MustCompile("`[^`]*`|'[^']*'")
)

// commonOptions are of all commands. See https://docs.aws.amazon.com/cli/latest/reference/#options.
var commonOptions = []string{"cli-binary-format", "max-items", "output", "query", "region"}

// handMade commands are the command line's own, and so are some options.
var handMade = map[string][]string{
	"lambda create-function": {"zip-file"},
	"lambda wait":            {"function-name"},
	"logs tail":              {"since"},
	"s3 cp":                  {},
	"s3 ls":                  {"recursive"},
	"s3 mb":                  {},
	"s3 rb":                  {"force"},
}

// TestAWSCommands looks for the operation, the options and what is queried of each command of AWS's command line that a document tells
// people to type.
func TestAWSCommands(t *testing.T) {
	commands, err := awsmodel.LoadCommands()
	if err != nil {
		t.Fatal(err)
	}
	typed := map[string]bool{}
	for _, d := range documents(t) {
		for _, c := range awsCommands(t, d) {
			typed[c.name] = true
			command, isAPI := commands[c.name]
			own, isOwn := handMade[c.name]
			if !isAPI && !isOwn {
				t.Errorf("%s: test/awsmodel/data/commands.json has no %q. If AWS has it, write it into tools/awsmodels/wanted.go and run make aws-models", d.path, c.name)
				continue
			}
			checkOptions(t, d, c, command, slices.Concat(command.Options, own, commonOptions))
			checkQuery(t, d, c, command)
		}
	}
	for name := range commands {
		if !typed[name] {
			t.Errorf("no document tells anybody to type aws %s: take it out of tools/awsmodels/wanted.go", name)
		}
	}
}

// An awsTyped is a command of AWS's command line in a document.
type awsTyped struct {
	// name is its service and its operation.
	name string

	options []string

	// query of the answer. Empty: none.
	query string

	// isWhole says whether somebody can type it as it is, as in a block. A command within a sentence may leave out options.
	isWhole bool
}

// awsCommands of a document, in its blocks and within its sentences.
func awsCommands(t *testing.T, d document) []awsTyped {
	t.Helper()
	var all []awsTyped
	for _, b := range d.blocks {
		if b.language == "shell" {
			all = append(all, awsCommandsIn(t, d, b.text, true)...)
		}
	}
	for _, code := range d.code {
		all = append(all, awsCommandsIn(t, d, code, false)...)
	}
	return all
}

// awsCommandsIn a text. What is quoted is another program's, but queries; so no command may be.
func awsCommandsIn(t *testing.T, d document, text string, isWhole bool) []awsTyped {
	t.Helper()
	text = strings.ReplaceAll(text, "\\\n", " ")
	var queries []string
	text = awsQuery.ReplaceAllStringFunc(text, func(s string) string {
		queries = append(queries, awsQuery.FindStringSubmatch(s)[1])
		return "--query"
	})
	text = quoted.ReplaceAllStringFunc(text, func(s string) string {
		if awsCommand.MatchString(s) {
			t.Errorf("%s: this test does not check commands within quotes: %s", d.path, s)
		}
		return "_"
	})
	var all []awsTyped
	for _, match := range awsCommand.FindAllStringSubmatch(text, -1) {
		c := awsTyped{name: match[1], isWhole: isWhole}
		for _, option := range awsOption.FindAllStringSubmatch(match[2], -1) {
			c.options = append(c.options, option[1])
			if option[1] == "query" && len(queries) > 0 {
				c.query, queries = queries[0], queries[1:]
			}
		}
		all = append(all, c)
	}
	return all
}

// TestAWSCommandsIn checks that nothing of a command is overlooked: what is not found is not checked.
func TestAWSCommandsIn(t *testing.T) {
	text := strings.Join([]string{
		"id=$(aws sts get-caller-identity --query Account --output text)",
		`aws deploy list-deployments --application-name "a; --b" \`,
		`  --query "deployments[?x=='y']" | jq --arg since x`,
		"aws lambda invoke --function-name f --payload '{",
		`  "fail": true}' /dev/null && aws s3 ls --recursive`,
		"kubectl get aws --no",
	}, "\n")
	got := awsCommandsIn(t, document{}, text, true)
	want := []awsTyped{
		{name: "sts get-caller-identity", options: []string{"query", "output"}, query: "Account", isWhole: true},
		{name: "deploy list-deployments", options: []string{"application-name", "query"}, query: `"deployments[?x=='y']"`, isWhole: true},
		{name: "lambda invoke", options: []string{"function-name", "payload"}, isWhole: true},
		{name: "s3 ls", options: []string{"recursive"}, isWhole: true},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(awsTyped{})); diff != "" {
		t.Errorf("awsCommandsIn(...): -want, +got:\n%s", diff)
	}
}

func checkOptions(t *testing.T, d document, c awsTyped, command awsmodel.Command, known []string) {
	t.Helper()
	for _, option := range c.options {
		if !slices.Contains(known, option) {
			t.Errorf("%s: aws %s has no option --%s", d.path, c.name, option)
		}
	}
	for _, option := range command.Required {
		// The command line takes a function's code from a file, and makes the parameter of it.
		given := slices.Contains(c.options, option) || option == "code" && slices.Contains(c.options, "zip-file")
		if c.isWhole && !given {
			t.Errorf("%s: aws %s needs --%s", d.path, c.name, option)
		}
	}
}

// checkQuery looks for the members that a query names in what AWS answers. The attributes of an item are not AWS's.
func checkQuery(t *testing.T, d document, c awsTyped, command awsmodel.Command) {
	t.Helper()
	if strings.HasPrefix(c.name, "dynamodb ") || c.query == "" {
		return
	}
	query := c.query
	if quoted.MatchString(query) {
		query = query[1 : len(query)-1]
	}
	query = literal.ReplaceAllString(query, "_")
	for _, name := range member.FindAllString(query, -1) {
		isMember := !strings.HasSuffix(name, "(") && !strings.HasSuffix(name, ":")
		if isMember && !slices.Contains(command.Answers, name) {
			t.Errorf("%s: aws %s answers nothing called %s: %s", d.path, c.name, name, c.query)
		}
	}
}
