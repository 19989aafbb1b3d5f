package expressions

import (
	"fmt"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// runs is CodePipeline's answer with runs: id, minute in which it began, and status.
func runs(all ...string) string {
	var summaries []string
	for _, r := range all {
		f := strings.Fields(r)
		summaries = append(summaries, fmt.Sprintf(`{"PipelineExecutionId": %q, "StartTime": "2026-01-02T03:%s:00Z", "Status": %q}`, f[0], f[1], f[2]))
	}
	return `{"result": {"PipelineExecutionSummaries": [` + strings.Join(summaries, ", ") + `]}}`
}

// theRun is what is chosen of such an answer.
func theRun(id, minute, status string) string {
	return fmt.Sprintf(`{"PipelineExecutionId": %q, "StartTime": "2026-01-02T03:%s:00Z", "Status": %q}`, id, minute, status)
}

func shownRun() map[string]Case {
	return of(logic.Run, map[string]Case{
		"Newest":   {Reason: "The newest run counts, in whatever order they come.", States: runs("e-1 01 Succeeded", "e-3 03 Failed", "e-2 02 Superseded"), Want: theRun("e-3", "03", "Failed")},
		"UnderWay": {Reason: "One that shifts traffic counts more than a newer one whose build has failed.", States: runs("e-3 03 Failed", "e-2 02 InProgress", "e-1 01 InProgress"), Want: theRun("e-2", "02", "InProgress")},
		"Stopping": {Reason: "What is being stopped is still under way.", States: runs("e-2 02 Stopped", "e-1 01 Stopping"), Want: theRun("e-1", "01", "Stopping")},
		"Both":     {Reason: "Of two that are under way, the newer one counts.", States: runs("e-1 01 InProgress", "e-2 02 InProgress"), Want: theRun("e-2", "02", "InProgress")},
		"One":      {Reason: "One is enough.", States: runs("e-1 01 Succeeded"), Want: theRun("e-1", "01", "Succeeded")},
		"None":     {Reason: "The pipeline has not run yet.", States: runs(), Want: `{}`},
	})
}

// acted is CodePipeline's answer with actions of a run: stage, name, minute in which it began, status, and further members.
func acted(all ...string) string {
	var actions []string
	for _, a := range all {
		f := strings.SplitN(a, " ", 5)
		more := ""
		if len(f) == 5 {
			more = ", " + f[4]
		}
		actions = append(actions, fmt.Sprintf(`{"StageName": %q, "ActionName": %q, "StartTime": "2026-01-02T03:%s:00Z", "Status": %q%s}`, f[0], f[1], f[2], f[3], more))
	}
	return `{"result": {"ActionExecutionDetails": [` + strings.Join(actions, ", ") + `]}}`
}

// running is the variable with a run that began at 3, with further members.
func running(status, more string) string {
	return fmt.Sprintf(`{"run": {"PipelineExecutionId": "e-1", "StartTime": "2026-01-02T03:00:00Z", "LastUpdateTime": "2026-01-02T04:00:00Z", "Status": %q,`+
		` "SourceRevisions": [{"ActionName": "Other", "RevisionId": "no"}, {"ActionName": "Source", "RevisionId": "abc123", "RevisionSummary": "Version 7 of blue, from commit def456"}]%s}}`, status, more)
}

const (
	approves = `"Input": {"ActionTypeId": {"Category": "Approval"}}`
	builds   = `"Input": {"ActionTypeId": {"Category": "Build"}}`
)

// failing is the output of an action that has failed.
func failing(summary, message string) string {
	return fmt.Sprintf(`"Output": {"ExecutionResult": {"ExternalExecutionSummary": %q, "ErrorDetails": {"Code": "C", "Message": %q}}}`, summary, message)
}

// toldOf is what is told of the run, beside what is always told.
func toldOf(state, more string) string {
	return fmt.Sprintf(`{"execution": "e-1", "commit": "abc123", "started": "2026-01-02T03:00:00Z", "state": %q%s}`, state, more)
}

const endedAt4 = `, "ended": "2026-01-02T04:00:00Z"`

func told() map[string]Case {
	long := strings.Repeat("0123456789", 30)
	return of(logic.Told("Source", false), map[string]Case{
		"Builds": {
			Reason: "The action that runs is told, and not what ran before.", Variables: running("InProgress", ""),
			States: acted("Source Get 01 Succeeded", "Build Compile 02 InProgress "+builds),
			Want:   toldOf("InProgress", `, "stage": "Build", "action": "Compile"`),
		},
		"Waits": {
			Reason: "A person is asked, since the approval began.", Variables: running("InProgress", ""),
			States: acted("Switch Approve 05 InProgress "+approves, "Build Compile 02 Succeeded "+builds),
			Want:   toldOf("WaitingForApproval", `, "stage": "Switch", "action": "Approve", "waiting": "2026-01-02T03:05:00Z"`),
		},
		"Approved": {
			Reason: "An approval that was given waits no more.", Variables: running("InProgress", ""),
			States: acted("Switch Shift 06 InProgress", "Switch Approve 05 Succeeded "+approves),
			Want:   toldOf("InProgress", `, "stage": "Switch", "action": "Shift"`),
		},
		"Between": {
			Reason: "Between two actions, the last one is told.", Variables: running("InProgress", ""),
			States: acted("Source Get 01 Succeeded", "Build Compile 02 Succeeded "+builds),
			Want:   toldOf("InProgress", `, "stage": "Build", "action": "Compile"`),
		},
		"Succeeded": {
			Reason: "A run that has succeeded is at no action.", Variables: running("Succeeded", ""),
			States: acted("Switch Shift 06 Succeeded", "Switch Approve 05 Succeeded "+approves),
			Want:   toldOf("Succeeded", `, "stage": "Switch"`+endedAt4),
		},
		"Failed": {
			Reason: "The failed action and what it says are told, whatever began after it.", Variables: running("Failed", ""),
			States: acted("Build Lint 03 Succeeded", "Build Compile 02 Failed "+failing("Phase BUILD failed", "Build terminated")),
			Want:   toldOf("Failed", `, "stage": "Build", "action": "Compile", "reason": "Phase BUILD failed"`+endedAt4),
		},
		"FailedError": {
			Reason: "An action without a summary may have an error.", Variables: running("Failed", ""),
			States: acted("Build Compile 02 Failed " + failing("", "Build terminated")),
			Want:   toldOf("Failed", `, "stage": "Build", "action": "Compile", "reason": "Build terminated"`+endedAt4),
		},
		"FailedAgain": {
			Reason: "After a retry the last failure is told.", Variables: running("Failed", ""),
			States: acted("Build Compile 02 Failed "+failing("first", ""), "Build Compile 09 Failed "+failing("second", "")),
			Want:   toldOf("Failed", `, "stage": "Build", "action": "Compile", "reason": "second"`+endedAt4),
		},
		"FailedSilent": {
			Reason: "Some failures have no reason.", Variables: running("Failed", ""),
			States: acted("Build Compile 02 Failed"),
			Want:   toldOf("Failed", `, "stage": "Build", "action": "Compile"`+endedAt4),
		},
		"Retried": {
			Reason: "A failure that is tried again is none.", Variables: running("InProgress", ""),
			States: acted("Build Compile 02 Failed "+failing("first", ""), "Build Compile 09 InProgress "+builds),
			Want:   toldOf("InProgress", `, "stage": "Build", "action": "Compile"`),
		},
		"Stopped": {
			Reason: "Who stops a run may say why.", Variables: running("Stopped", `, "StopTrigger": {"Reason": "Overtaken by execution e-2"}`),
			States: acted("Switch Approve 05 Abandoned "+approves, "Build Compile 02 Succeeded "+failing("Build succeeded", "")),
			Want:   toldOf("Stopped", `, "stage": "Switch", "action": "Approve", "reason": "Overtaken by execution e-2"`+endedAt4),
		},
		"Stopping": {
			Reason: "What is being stopped waits for nobody, and has not ended.", Variables: running("Stopping", ""),
			States: acted("Switch Approve 05 InProgress " + approves),
			Want:   toldOf("Stopping", `, "stage": "Switch", "action": "Approve"`),
		},
		"Text": {
			Reason: "S3 takes printable ASCII, and not much.", Variables: running("Failed", ""),
			States: acted("Build Compile 02 Failed " + failing(" Fehler:\n\tgrößer "+long, "")),
			Want:   toldOf("Failed", `, "stage": "Build", "action": "Compile", "reason": "Fehler: gr er `+long[:200-len("Fehler: gr er ")]+`"`+endedAt4),
		},
		"Begun": {
			Reason: "A run that has just begun has no action, and no commit.", Variables: `{"run": {"PipelineExecutionId": "e-1", "StartTime": "2026-01-02T03:00:00Z", "Status": "InProgress"}}`,
			States: acted(),
			Want:   `{"execution": "e-1", "started": "2026-01-02T03:00:00Z", "state": "InProgress"}`,
		},
	})
}

func toldPromoted() map[string]Case {
	const want = `{"execution": "e-1", "started": "2026-01-02T03:00:00Z", "state": "InProgress"%s}`
	summary := func(text string) string {
		return fmt.Sprintf(`{"run": {"PipelineExecutionId": "e-1", "StartTime": "2026-01-02T03:00:00Z", "Status": "InProgress", "SourceRevisions": [{"ActionName": "Source", "RevisionId": "object-version"%s}]}}`, text)
	}
	return of(logic.Told("Source", true), map[string]Case{
		"Commit":  {Reason: "The object says from which commit it is.", Variables: summary(`, "RevisionSummary": "Version 7 of blue, from commit def456"`), States: acted(), Want: fmt.Sprintf(want, `, "commit": "def456"`)},
		"Other":   {Reason: "What somebody else has written may say nothing of one.", Variables: summary(`, "RevisionSummary": "Amazon S3 version id: 7"`), States: acted(), Want: fmt.Sprintf(want, "")},
		"Nothing": {Reason: "Not every object has a summary.", Variables: summary(""), States: acted(), Want: fmt.Sprintf(want, "")},
	})
}

func begunAction() map[string]Case {
	return of(logic.BegunAction("Shift"), map[string]Case{
		"Begun":   {Reason: "It has begun.", States: acted("Switch Approve 05 Succeeded", "Switch Shift 06 InProgress"), Want: `"2026-01-02T03:06:00Z"`},
		"Retried": {Reason: "The last time counts.", States: acted("Switch Shift 06 Failed", "Switch Shift 09 InProgress"), Want: `"2026-01-02T03:09:00Z"`},
		"NotYet":  {Reason: "It has not begun.", States: acted("Switch Approve 05 Succeeded"), Want: `""`},
	})
}

func servingKeys() map[string]Case {
	key := func(ids ...string) string {
		return `[{"id": {"S": "` + strings.Join(ids, `"}}, {"id": {"S": "`) + `"}}]`
	}
	return of(logic.ServingKeys("id", "live"), map[string]Case{
		"Two":  {Reason: "A deployment is tried, and another one has succeeded.", Variables: `{"succeededLast": "d-1", "attemptedLast": "d-2"}`, Want: key("live", "d-1", "d-2")},
		"Same": {Reason: "DynamoDB takes no key twice.", Variables: `{"succeededLast": "d-1", "attemptedLast": "d-1"}`, Want: key("live", "d-1")},
		"None": {Reason: "The group has never deployed.", Variables: `{"succeededLast": "", "attemptedLast": ""}`, Want: key("live")},
	})
}

// deployed are DynamoDB's items of deployments.
func deployed(items ...string) string {
	return `{"result": {"Responses": {"my-table": [` + strings.Join(items, ", ") + `]}}}`
}

// deployedBy are variables with the last deployments of the group, and what is live.
func deployedBy(succeeded, attempted, live, shiftBegan string) string {
	return fmt.Sprintf(`{"told": {"execution": "e-1"}, "succeededLast": %q, "succeededAt": "2026-01-02T04:00:00Z", "attemptedLast": %q, "liveVersion": %q, "shiftBegan": %q}`,
		succeeded, attempted, live, shiftBegan)
}

func progress() map[string]Case {
	const (
		released   = `{"deploymentId": {"S": "d-1"}, "pipelineExecutionId": {"S": "e-1"}, "commitId": {"S": "abc"}, "startedAt": {"S": "2026-01-02T03:06:01.123Z"}, "toVersion": {"S": "7"}, "rollbackOf": {"S": ""}}`
		before     = `{"deploymentId": {"S": "d-0"}, "pipelineExecutionId": {"S": "e-0"}, "commitId": {"S": "old"}, "startedAt": {"S": "2026-01-01T03:06:01Z"}, "toVersion": {"S": "6"}}`
		rolledBack = `{"deploymentId": {"S": "d-2"}, "startedAt": {"S": "2026-01-02T03:30:00Z"}, "toVersion": {"S": "6"}, "rollbackOf": {"S": "d-1"}}`
		remembered = `{"deploymentId": {"S": "live"}, "version": {"S": "6"}, "commitId": {"S": "kept"}}`
		began      = "2026-01-02T03:06:00Z"
	)
	return of(logic.Progress("my-table", "live"), map[string]Case{
		"Live": {
			Reason: "The run's version is live, by its deployment.", Variables: deployedBy("d-1", "d-1", "7", began), States: deployed(released),
			Want: `{"execution": "e-1", "deployment": "d-1", "live-version": "7", "live-commit": "abc", "live-deployment": "d-1", "live-since": "2026-01-02T04:00:00Z"}`,
		},
		"Shifts": {
			Reason: "While traffic shifts, the version before is live.", Variables: deployedBy("d-0", "d-1", "6", began), States: deployed(before, released),
			Want: `{"execution": "e-1", "deployment": "d-1", "live-version": "6", "live-commit": "old", "live-deployment": "d-0", "live-since": "2026-01-02T04:00:00Z"}`,
		},
		"RolledBack": {
			Reason: "The run's deployment is the one that was rolled back after it began to shift.", Variables: deployedBy("d-2", "d-2", "6", began), States: deployed(rolledBack),
			Want: `{"execution": "e-1", "deployment": "d-1", "live-version": "6", "live-deployment": "d-2", "live-since": "2026-01-02T04:00:00Z"}`,
		},
		"RolledBackBefore": {
			Reason: "What was rolled back before this run began to shift is of another one.", Variables: deployedBy("d-2", "d-2", "6", "2026-01-02T03:40:00Z"), States: deployed(rolledBack),
			Want: `{"execution": "e-1", "live-version": "6", "live-deployment": "d-2", "live-since": "2026-01-02T04:00:00Z"}`,
		},
		"RolledBackOther": {
			Reason: "A run that has not come to its shift has rolled nothing back.", Variables: deployedBy("d-2", "d-2", "6", ""), States: deployed(rolledBack),
			Want: `{"execution": "e-1", "live-version": "6", "live-deployment": "d-2", "live-since": "2026-01-02T04:00:00Z"}`,
		},
		"MovedByHand": {
			Reason: "Somebody has moved the alias: no deployment has made that live.", Variables: deployedBy("d-1", "d-1", "5", began), States: deployed(released),
			Want: `{"execution": "e-1", "deployment": "d-1", "live-version": "5"}`,
		},
		"Expired": {
			Reason: "What the history has lost, the release remembers.", Variables: deployedBy("d-0", "d-0", "6", ""), States: deployed(remembered),
			Want: `{"execution": "e-1", "live-version": "6", "live-commit": "kept"}`,
		},
		"OtherRemembered": {
			Reason: "It remembers another version.", Variables: deployedBy("d-0", "d-0", "5", ""), States: deployed(remembered),
			Want: `{"execution": "e-1", "live-version": "5"}`,
		},
		"Nothing": {
			Reason: "Nothing is live, and nothing was deployed.", Variables: deployedBy("", "", "", ""), States: `{"result": {"Responses": {}}}`,
			Want: `{"execution": "e-1"}`,
		},
	})
}

func isBehind() map[string]Case {
	event := func(detail string) string {
		return `{"context": {"Execution": {"Input": {"detail": {` + detail + `}}}}}`
	}
	const (
		goesOn  = `{"told": {"execution": "e-1", "state": "InProgress"}}`
		isEnded = `{"told": {"execution": "e-1", "state": "Failed", "ended": "2026-01-02T04:00:00Z"}}`
		of1     = `"pipeline": "p", "execution-id": "e-1"`
	)
	return of(logic.IsBehind, map[string]Case{
		"Ended":       {Reason: "The list says that a run goes on which has ended.", States: event(of1 + `, "state": "SUCCEEDED"`), Variables: goesOn, Want: `true`},
		"Stopped":     {Reason: "So it is with one that was stopped.", States: event(of1 + `, "state": "STOPPED"`), Variables: goesOn, Want: `true`},
		"KnowsEnd":    {Reason: "The list says that it has ended.", States: event(of1 + `, "state": "FAILED"`), Variables: isEnded, Want: `false`},
		"StageEnded":  {Reason: "A stage that has ended ends no run.", States: event(of1 + `, "stage": "Build", "state": "SUCCEEDED"`), Variables: goesOn, Want: `false`},
		"OtherEnded":  {Reason: "Another run has ended.", States: event(`"pipeline": "p", "execution-id": "e-0", "state": "SUPERSEDED"`), Variables: goesOn, Want: `false`},
		"Begun":       {Reason: "The list has the run.", States: event(of1 + `, "stage": "Build", "state": "STARTED"`), Variables: goesOn, Want: `false`},
		"OtherBegun":  {Reason: "The list does not have the newest run yet.", States: event(`"pipeline": "p", "execution-id": "e-2", "stage": "Source", "state": "STARTED"`), Variables: isEnded, Want: `true`},
		"Deployment":  {Reason: "CodeDeploy's events are of no run.", States: event(`"deploymentId": "d-1", "state": "SUCCESS"`), Variables: goesOn, Want: `false`},
		"ByTheClock":  {Reason: "Nor is the daily look.", States: event(``), Variables: goesOn, Want: `false`},
		"ResumedAfar": {Reason: "A run that is tried again goes on.", States: event(of1 + `, "state": "RESUMED"`), Variables: goesOn, Want: `false`},
	})
}
