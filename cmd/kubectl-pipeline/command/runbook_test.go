package command

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// runbook is the document.
func runbook(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRunbookIsAllowed checks that who is on call may make the calls of each command of AWS's command line in the runbook, but for those that
// are another person's.
func TestRunbookIsAllowed(t *testing.T) {
	others := map[string]string{
		"codepipeline put-approval-result":      "approver",
		"codepipeline retry-stage-execution":    "developer",
		"codepipeline start-pipeline-execution": "developer",
	}
	requests := map[string]access.Request{
		"cloudwatch describe-alarms":            {Action: "cloudwatch:DescribeAlarms", Resource: arnOf("cloudwatch", "alarm:lambda-errors-"+ours)},
		"codepipeline get-pipeline-state":       {Action: "codepipeline:GetPipelineState", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours)},
		"codepipeline list-pipeline-executions": {Action: "codepipeline:ListPipelineExecutions", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours)},
		"codepipeline put-approval-result":      {Action: "codepipeline:PutApprovalResult", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours+"/Switch-Traffic/Approve_Traffic_Shift")},
		"codepipeline retry-stage-execution":    {Action: "codepipeline:RetryStageExecution", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours+"/Build")},
		"codepipeline start-pipeline-execution": {Action: "codepipeline:StartPipelineExecution", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours)},
		"codepipeline stop-pipeline-execution":  {Action: "codepipeline:StopPipelineExecution", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours)},
		"deploy get-deployment":                 {Action: "codedeploy:GetDeployment", Resource: arnOf("codedeploy", "deploymentgroup:payment-processor-app-"+ours+"/payment-processor-dg-"+ours)},
		"deploy list-deployments":               {Action: "codedeploy:ListDeployments", Resource: arnOf("codedeploy", "deploymentgroup:payment-processor-app-"+ours+"/payment-processor-dg-"+ours)},
		"dynamodb scan":                         {Action: "dynamodb:Scan", Resource: arnOf("dynamodb", "table/deployment-history-"+ours)},
		"lambda get-alias":                      {Action: "lambda:GetAlias", Resource: arnOf("lambda", "function:payment-processor-blue-"+ours)},
		"logs tail":                             {Action: "logs:FilterLogEvents", Resource: arnOf("logs", "log-group:/aws/codebuild/payment-processor-build-"+ours+":*")},
		"stepfunctions describe-execution":      {Action: "states:DescribeExecution", Resource: arnOf("states", "execution:payment-processor-rollback-"+ours+":1")},
		"stepfunctions start-execution":         {Action: "states:StartExecution", Resource: arnOf("states", "stateMachine:payment-processor-rollback-"+ours)},
	}
	typed := map[string]bool{}
	for _, match := range regexp.MustCompile(`\baws ([a-z]+ [a-z-]+)`).FindAllStringSubmatch(runbook(t), -1) {
		if match[1] == "sts get-caller-identity" {
			continue // IAM asks for nothing.
		}
		typed[match[1]] = true
	}
	for command := range typed {
		r, known := requests[command]
		if !known {
			t.Errorf("which permission does aws %s need? Add it to this test, and to examples/install/people", command)
			continue
		}
		who := "on-call"
		if other := others[command]; other != "" {
			who = other
		}
		if !decide(t, person(t, who), r) {
			t.Errorf("%s may not: aws %s (%s)", who, command, r)
		}
	}
	if len(typed) != len(requests) {
		t.Errorf("the runbook has %d commands of AWS's, want the %d of this test", len(typed), len(requests))
	}
}

// rendered is the status of a pipeline that is ready, as the function reports it.
func rendered(t *testing.T) *v1alpha1.PaymentDeliveryPipelineStatus {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "test", "render", "04-ready", "expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	file := struct {
		With map[string]struct {
			Status *v1alpha1.PaymentDeliveryPipelineStatus `json:"status"`
		} `json:"with"`
	}{}
	if err := yaml.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	return file.With["XPaymentDeliveryPipeline"].Status
}

// busy is a status in which each field that documents read has a value: none has all of them at once.
func busy(t *testing.T) map[string]any {
	t.Helper()
	s := rendered(t)
	s.Message = "Live version lost"
	s.AcceptedChange = "3f2a9c1"
	s.Release.LostVersion = "7"
	s.Release.Last = &v1alpha1.RunStatus{ExecutionID: runID, State: v1alpha1.RunWaitingForApproval}
	s.Resources = &v1alpha1.ResourcesStatus{Unready: []string{"pipeline"}}
	s.Connection = &v1alpha1.ConnectionStatus{AuthorizeURL: "https://console.aws.amazon.com"}
	status, err := runtime.DefaultUnstructuredConverter.ToUnstructured(s)
	if err != nil {
		t.Fatal(err)
	}
	status["conditions"] = []any{map[string]any{"type": "Ready", "status": "True", "reason": "Available", "message": "All is well."}}
	return map[string]any{"status": status}
}

var (
	// read is a field that the runbook's function from reads. In comments it reads nothing.
	read = regexp.MustCompile(`(?m)^[^#\n]*\bfrom ([a-z][a-zA-Z]+(?:\.[a-zA-Z]+)*)`)

	// printed is a path of a claim that a document has kubectl print or wait for: a loop, or a field.
	printed = regexp.MustCompile(`\{range \.status\..*?\{end\}|\{\.status\.[a-zA-Z.]+\}`)

	block = regexp.MustCompile("(?s)```shell\n(.*?)```")
)

// fields that the runbook's function from reads.
func fields(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, b := range block.FindAllStringSubmatch(runbook(t), -1) {
		for line := range strings.Lines(b[1]) {
			for _, match := range read.FindAllStringSubmatch(line, -1) {
				all = append(all, match[1])
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("the runbook reads no field of the status")
	}
	return all
}

// TestDocumentsReadStatus evaluates each path that a document has kubectl print, as kubectl does. Each must find something.
func TestDocumentsReadStatus(t *testing.T) {
	const from = "{.status.$1}{'\\n'}"
	if !strings.Contains(runbook(t), `jsonpath="`+from+`"`) {
		t.Fatalf("the runbook's from does not read %s", from)
	}
	var paths []string
	for _, text := range documents(t) {
		paths = append(paths, printed.FindAllString(text, -1)...)
	}
	if len(paths) == 0 {
		t.Fatal("no document has kubectl print a path")
	}
	for _, field := range fields(t) {
		paths = append(paths, strings.ReplaceAll(from, "$1", field))
	}
	claim := busy(t)
	for _, path := range paths {
		got := evaluate(t, path, claim)
		if strings.HasPrefix(path, "{range .status.conditions") {
			want := "Ready\tTrue\tAvailable\tAll is well.\n"
			if got != want {
				t.Errorf("%s: want %q, got %q", path, want, got)
			}
		}
		if strings.TrimSpace(got) == "" {
			t.Errorf("kubectl prints nothing for %s", path)
		}
	}
}

// evaluate a path over a claim, as "kubectl get -o jsonpath" does.
func evaluate(t *testing.T, path string, claim map[string]any) string {
	t.Helper()
	j := jsonpath.New("runbook").AllowMissingKeys(true)
	if err := j.Parse(path); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var out bytes.Buffer
	if err := j.Execute(&out, claim); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out.String()
}

// TestRunbookWithoutCluster checks that the names which the runbook sets by hand are those that the claim would report.
func TestRunbookWithoutCluster(t *testing.T) {
	_, section, found := strings.Cut(runbook(t), "\n## The cluster does not answer\n")
	script := block.FindStringSubmatch(section)
	if !found || script == nil {
		t.Fatal("the runbook does not say what to do without a cluster")
	}
	status, err := runtime.DefaultUnstructuredConverter.ToUnstructured(rendered(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields(t) {
		if strings.HasPrefix(field, "release.") {
			continue // Only the cluster knows a run.
		}
		want := evaluate(t, "{.status."+field+"}", map[string]any{"status": status})
		got, err := exec.CommandContext(t.Context(), "bash", "-c", script[1]+"from "+field).CombinedOutput()
		if err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("from %s: want %q, got %q: %v", field, want, got, err)
		}
	}
}
