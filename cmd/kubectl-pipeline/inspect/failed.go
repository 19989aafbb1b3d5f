package inspect

import (
	"fmt"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
)

// failedAction is why the newest run failed. Nil: it did not.
func failedAction(s Snapshot) *Cause {
	if s.Run == nil || s.Run.Status != "Failed" {
		return nil
	}
	for _, stage := range s.Stages {
		if stage.RunID != s.Run.ID || stage.Status != "Failed" {
			continue
		}
		for _, a := range stage.Actions {
			if a.Status == "Failed" {
				return causeOf(s, stage, a)
			}
		}
	}
	return nil
}

func causeOf(s Snapshot, stage cloud.Stage, a cloud.Action) *Cause {
	c := &Cause{
		What:   fmt.Sprintf("%s of the stage %s failed, in run %s of commit %s.", a.Name, stage.Name, s.Run.ID, s.Commit()),
		Detail: a.Error,
		Next:   nextAfter(s.Name, a),
		URL:    a.URL,
	}
	if isBuild(a) {
		c.BuildID = a.ExternalID
	}
	return c
}

// isBuild reports whether CodeBuild ran the action: it names its runs project:id.
func isBuild(a cloud.Action) bool {
	return strings.HasPrefix(a.Name, "Build")
}

// An advice is what to do after an error of a release.
type advice struct {
	// Errors that the action's message has.
	errors []string
	next   string
}

// advices in the order in which they are looked for. docs/release.md, "When it stops", has the reasons.
var advices = []advice{
	{[]string{"Runtime.ImportModuleError", "Runtime.UserCodeSyntaxError", "ClassNotFoundException"}, "The artifact lacks a module, or the handler is in another file: compare spec.service.handler with what the build ships, and push a fix."},
	{[]string{"Runtime.HandlerNotFound", "Runtime.MalformedHandlerName"}, "Correct spec.service.handler, or export the function."},
	{[]string{"Runtime.InvalidEntrypoint", "Runtime.ExitError"}, "Look at what the build ships as bootstrap, and at spec.service.architecture."},
	{[]string{"Runtime.CallbackHandlerDeprecated"}, "Make the handler async (event, context) and return the answer: Node.js 24 in Lambda has no callbacks."},
	{[]string{"SmokeTestFailed"}, "Read the answer in the message. Push a fix, or correct spec.smokeTest."},
	{[]string{"OutsideChangeWindow"}, "Wait for the next change window, then: kubectl pipeline retry NAME"},
	{[]string{"OlderThanRollback", "TakenBack"}, "Somebody has rolled this commit back. Release another commit."},
	{[]string{"NotApproved", "NotStartedByPipeline"}, "If the pipeline started this run and somebody approved it: kubectl pipeline retry NAME"},
	{[]string{"NotPublishedByPipeline", "CodeDiffers", "ConfigurationDiffers", "ArtifactReplaced"}, "Start the pipeline again: choose \"Release change\" in CodePipeline."},
	{[]string{"CandidateJudgedBad", "It was stopped:", "DeploymentStopped"}, "Read the figures in the message and the version's log: kubectl pipeline logs NAME. Then push a fix."},
	{[]string{"DeploymentTookTooLong"}, "Look where traffic is: kubectl pipeline status NAME. If the deployment goes on: kubectl pipeline rollback NAME --reason '…'"},
	{[]string{"ResourceConflictException", "CodeDeploy.DeploymentLimitExceededException"}, "Wait until the other change has ended, then: kubectl pipeline retry NAME"},
}

func nextAfter(name string, a cloud.Action) string {
	for _, advice := range advices {
		for _, e := range advice.errors {
			if strings.Contains(a.Error, e) {
				return fill(advice.next, name)
			}
		}
	}
	if isBuild(a) {
		return "Read the end of the build's log, and push a fix."
	}
	return fill("Read the message. When its cause is gone: kubectl pipeline retry NAME", name)
}

func fill(next, name string) string {
	return strings.ReplaceAll(next, "NAME", name)
}
