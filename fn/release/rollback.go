package release

import (
	"fmt"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateReadServingReadAlias  = "ReadServing.ReadAlias"
	stateReadServingCannotRead = "ReadServing.CannotRead"

	stateChooseVersionReadPrevious = "ChooseVersion.ReadPrevious"
	stateChooseVersionIsThereOne   = "ChooseVersion.IsThereOne"
	stateChooseVersionNoVersion    = "ChooseVersion.NoVersion"
	stateChooseVersionIsBootstrap  = "ChooseVersion.IsBootstrap"

	stateVerifyVersionRead       = "VerifyVersion.Read"
	stateVerifyVersionIsOlder    = "VerifyVersion.IsOlder"
	stateVerifyVersionIsNewer    = "VerifyVersion.IsNewer"
	stateVerifyVersionCannotRead = "VerifyVersion.CannotRead"

	stateRememberRollback = "RememberRollback"

	stateRolledBack = "RolledBack"

	stateRememberLive = "RememberLive"

	stateRememberServing = "RememberServing"
)

// Items of the history table that are no deployments: what is live, and the last rollback that a person has asked for.
const (
	liveItem = "live"

	itemLive     asl.Expr = "'" + liveItem + "'"
	itemRollback asl.Expr = "'rollback'"
)

type (
	getItemArguments struct {
		TableName      string                    `json:"TableName"`
		Key            map[string]attributeValue `json:"Key"`
		ConsistentRead bool                      `json:"ConsistentRead"`
	}

	versionArguments struct {
		FunctionName string   `json:"FunctionName"`
		Qualifier    asl.Expr `json:"Qualifier"`
	}
)

// Rollback is the state machine that takes production back because a person asks for it.
func (c Config) Rollback() asl.StateMachine {
	return c.rollbackMachine().definition()
}

func (c Config) rollbackMachine() machine {
	return machine{
		comment: "Rolls " + c.BlueFunction + " back when somebody asks for it.",
		minutes: c.shiftLimitMinutes() + marginMinutes,
		branches: []branch{
			{input: isText("requestedBy") + " and " + isText("reason"), steps: c.rollBack()},
			{steps: c.stopShift(), given: append([]string{"serving", "candidate", "wanted", varDeployment, varPolls}, rollbackAsked...), next: stateShiftStoppedIsAll},
			{steps: sequence{c.mendAlias(), c.shiftStopped()}, given: append([]string{"goTo", "wanted", varDeployment}, rollbackAsked...)},
		},
		unknown: "A rollback takes requestedBy and reason, both text. It may take targetVersion, the version to go back to, and bySteps.",
	}
}

// rollBack to the version that the input names, or to the one that was live before; at once, or by the rollout's steps if the input
// says so. A shift that is under way is stopped, and may be all that is to go back.
func (c Config) rollBack() sequence {
	return sequence{
		c.readServing(),
		c.findShift(),
		c.chooseVersion(),
		c.checkWayBack(),
		c.verifyVersion(),
		c.createRollback("$bySteps ? " + asl.Quote(c.DeploymentConfig) + " : " + asl.Quote(AllAtOnce)),
		c.rememberRollback(),
		c.followRollback(),
		c.recordRollback(),
		c.rememberServing(),
		c.notifyRollback(),
		c.countRollback(),
		c.rolledBack(),
	}
}

// readServing reads what is to go, and what the person asks for.
func (c Config) readServing() step {
	gives := []string{"goFrom", "serving", "candidate", "wanted", "requestedBy", "reason", "rollbackOf", "bySteps", "badCommit", varPolls}
	return step{name: "ReadServing", gives: gives, states: func(next string) []named {
		return []named{
			{stateReadServingReadAlias, c.readAlias("Which version is to go?", asl.Variables{
				"goFrom":      asl.Expr("$states.result.FunctionVersion"),
				"serving":     asl.Expr("$states.result.FunctionVersion"),
				"wanted":      logic.Wanted,
				"candidate":   logic.CandidateServing,
				"requestedBy": askedFor("requestedBy") + selfDeclared,
				"reason":      askedFor("reason"),
				"rollbackOf":  "",
				"badCommit":   "",
				"bySteps":     asl.Expr("$states.input.bySteps = true"),
				varPolls:      0,
			}, stateReadServingCannotRead, next)},
			{stateReadServingCannotRead, c.noAlias()},
		}
	}}
}

// selfDeclared follows on who asks, as they say themselves. Step Functions tells an execution nothing of who has started it: only CloudTrail
// has that. See https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
const selfDeclared asl.Expr = " & ' (self-declared)'"

// maxText is how many characters state machines take of a text that others have written. An execution may bring 256 KiB, and there is no
// message that has room for that.
const maxText = 1000

// askedFor is a text of who asks for a rollback.
func askedFor(member string) asl.Expr {
	return asl.Expr(fmt.Sprintf("$substring($states.input.%s, 0, %d)", member, maxText))
}

// chooseVersion takes the version that the person names, or the one that was live before.
func (c Config) chooseVersion() step {
	return step{
		name:  "ChooseVersion",
		needs: []string{"goFrom", "wanted", "badCommit"},
		gives: []string{"goTo", "previous", "badSince"},
		states: func(next string) []named {
			return append([]named{
				{stateChooseVersionReadPrevious, asl.Task{
					Comment:   "Which version was live before?",
					Resource:  c.integration("dynamodb:getItem"),
					Arguments: c.readItem(itemLive),
					Retry:     retryShortly(),
					Catch: []asl.Catcher{{
						ErrorEquals: []string{asl.ErrAll},
						Assign:      asl.Variables{"goTo": asl.Expr("$wanted"), "previous": "", "badSince": ""},
						Next:        stateChooseVersionIsThereOne,
					}},
					Assign: asl.Variables{
						"goTo":      logic.GoTo,
						"previous":  logic.Previous,
						"badSince":  logic.BadSince,
						"badCommit": logic.BadCommit,
					},
					Next: stateChooseVersionIsThereOne,
				}},
				{stateChooseVersionIsThereOne, asl.Choice{
					Choices: append(c.notToBootstrap(), asl.Rule{Condition: logic.IsWayBack, Next: next}),
					Default: stateChooseVersionNoVersion,
				}},
				{stateChooseVersionNoVersion, asl.Fail{
					Error: asl.Quote("NoWayBack"),
					Cause: "$goTo = '' ? 'It is not known what was live before version ' & $goFrom & '. Name a targetVersion.' : 'Version ' & $goFrom & ' is live already.'",
				}},
			}, c.noWayToBootstrap()...)
		},
	}
}

// verifyVersion refuses a version that is not there any more, or newer than the one that is live.
func (c Config) verifyVersion() step {
	return step{name: "VerifyVersion", needs: []string{"goFrom", "goTo"}, states: func(next string) []named {
		return []named{
			{stateVerifyVersionRead, asl.Task{
				Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
				Arguments: versionArguments{FunctionName: c.BlueFunction, Qualifier: "$goTo"},
				Retry:     retryUnless("Lambda.ResourceNotFoundException"),
				Catch:     catchAll(stateVerifyVersionCannotRead),
				Assign:    asl.Variables{"older": logic.IsOlder},
				Next:      stateVerifyVersionIsOlder,
			}},
			{stateVerifyVersionIsOlder, asl.Choice{
				Comment: "What is newer goes live by a release, with its approval and its judgement.",
				Choices: []asl.Rule{{Condition: "$older", Next: next}},
				Default: stateVerifyVersionIsNewer,
			}},
			{stateVerifyVersionIsNewer, asl.Fail{
				Error: asl.Quote("NoWayBack"),
				Cause: "'Version ' & $goTo & ' is newer than version ' & $goFrom & ', which is live: it goes live by a release, not by a rollback.'",
			}},
			{stateVerifyVersionCannotRead, asl.Fail{
				Error: asl.Quote("WayBackGone"),
				Cause: "'Version ' & $goTo & ' cannot be read, and so cannot go live: ' & $states.input.Cause",
			}},
		}
	}}
}

// rememberRollback holds up other versions from now on.
func (c Config) rememberRollback() step {
	return step{
		name:  "RememberRollback",
		needs: []string{"goFrom", "goTo", "badCommit", "requestedBy", "reason"},
		states: func(next string) []named {
			return []named{
				{stateRememberRollback, c.remember("$badCommit", next)},
			}
		},
	}
}

// remember a rollback, which holds up other versions from now on. No commit: the one that is written down stays.
func (c Config) remember(commit asl.Expr, next string) asl.Task {
	memory := rollbackMemory("$goFrom", "$goTo", commit, "$requestedBy", "$reason")
	if commit == "" {
		memory = slices.DeleteFunc(memory, func(a historyAttribute) bool { return a.Name == attributeCommit })
	}
	return c.updateHistory(historyUpdate{
		Comment:    "From now on nothing goes live of which the pipeline's run began before.",
		Item:       itemRollback,
		Attributes: memory,
		Retry:      retryShortly(),
		Catch:      catchAll(next),
		Next:       next,
	})
}

// rollbackMemory is what later releases read of a rollback.
func rollbackMemory(from, to, commit, requestedBy, reason asl.Expr) []historyAttribute {
	return []historyAttribute{
		{Name: "at", Type: "S", Value: now},
		{Name: "fromVersion", Type: "S", Value: from},
		{Name: "toVersion", Type: "S", Value: to},
		{Name: attributeCommit, Type: "S", Value: commit},
		{Name: "requestedBy", Type: "S", Value: requestedBy},
		{Name: "reason", Type: "S", Value: reason},
	}
}

// wentBackTo ends a rollback well, and says what is live and what is not any more.
func wentBackTo() asl.Succeed {
	return asl.Succeed{Output: map[string]asl.Expr{
		varDeployment: "$deploymentId", "liveVersion": "$goTo", "rolledBackVersion": "$goFrom",
	}}
}

func (c Config) rolledBack() step {
	return step{name: "RolledBack", needs: []string{varDeployment, "goFrom", "goTo"}, states: func(string) []named {
		return []named{{stateRolledBack, wentBackTo()}}
	}}
}

// readItem of the history table that is no deployment.
func (c Config) readItem(item asl.Expr) getItemArguments {
	return getItemArguments{TableName: c.HistoryTable, Key: map[string]attributeValue{HistoryKey: {"S": item}}, ConsistentRead: true}
}

// lookUp such an item.
func (c Config) lookUp(comment string, item asl.Expr, assign asl.Variables, onError, next string) asl.Task {
	return asl.Task{
		Comment:   comment,
		Resource:  c.integration("dynamodb:getItem"),
		Arguments: c.readItem(item),
		Retry:     retryAlways(),
		Catch:     catchAll(onError),
		Assign:    assign,
		Next:      next,
	}
}

// rememberLive writes down what a release has made live, and what was before: the way back.
func (c Config) rememberLive() step {
	return step{
		name:  "RememberLive",
		needs: []string{"targetVersion", "currentVersion", attributeCommit},
		gives: []string{"commitBefore"},
		states: func(next string) []named {
			return []named{{stateRememberLive, c.updateHistory(historyUpdate{
				Item:       itemLive,
				Attributes: liveAttributes("$targetVersion", "$currentVersion", "$commitId"),
				Old:        asl.Variables{"commitBefore": logic.Text("$states.result.Attributes.commitId.S")},
				Catch:      []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Assign: asl.Variables{"commitBefore": ""}, Next: next}},
				Next:       next,
			})}}
		},
	}
}

// rememberServing writes down what is live again. What was before it is not known to be good.
func (c Config) rememberServing() step {
	return step{name: "RememberServing", needs: []string{"goTo"}, states: func(next string) []named {
		return []named{{stateRememberServing, c.updateHistory(historyUpdate{
			Item:       itemLive,
			Attributes: liveAttributes("$goTo", "''", "''"),
			Retry:      retryShortly(),
			Catch:      catchAll(next),
			Next:       next,
		})}}
	}}
}

func liveAttributes(version, previous, commit asl.Expr) []historyAttribute {
	return []historyAttribute{
		{Name: "at", Type: "S", Value: now},
		{Name: "version", Type: "S", Value: version},
		{Name: "previousVersion", Type: "S", Value: previous},
		{Name: attributeCommit, Type: "S", Value: commit},
	}
}
