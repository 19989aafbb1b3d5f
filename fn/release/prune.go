package release

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateChooseKeptHasShifted = "ChooseKept.HasShifted"
	stateChooseKeptReadAlias  = "ChooseKept.ReadAlias"
	stateChooseKeptIsShifting = "ChooseKept.IsShifting"
	stateChooseKeptReadLive   = "ChooseKept.ReadLive"
)

const (
	// versionsPerPage is how many versions are listed at once. Each comes with its settings, of up to 5 kB, and a state takes
	// 256 KiB.
	versionsPerPage = 20

	// maxDeletions of one function's versions in one execution, which may have 25,000 events. The next release goes on.
	maxDeletions = 100

	// pruneSeconds between two calls: Lambda takes 15 such calls a second, from all of an account.
	// See https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
	pruneSeconds = 1
)

type (
	listVersionsArguments struct {
		FunctionName string   `json:"FunctionName"`
		MaxItems     int      `json:"MaxItems"`
		Marker       asl.Expr `json:"Marker,omitempty"`
	}

	deleteVersionArguments struct {
		FunctionName string   `json:"FunctionName"`
		Qualifier    asl.Expr `json:"Qualifier"`
	}
)

// A pruning deletes old versions of one function.
type pruning struct {
	Config

	// color of the function, in the names of states.
	color    string
	function string

	// spare holds for the version $v that must stay, as old as it may be. Empty: there is none.
	spare asl.Expr
}

// pruneBlue and pruneGreen delete old versions after traffic has shifted, as 75 GB of code in a region stop every deployment of the
// account. They leave the newest versions. Of blue they also leave what chooseKept has chosen, and what is newer than the live
// version. Of green only a smoke test uses a version, and the newest. Lambda itself deletes no version that an alias has. What cannot
// be deleted now can be after the next release: nothing of this fails what was recorded.
func (c Config) pruneBlue() step {
	return pruning{
		Config: c, color: "Blue", function: c.BlueFunction,
		spare: logic.InUse,
	}.step("serving", "kept")
}

func (c Config) pruneGreen() step {
	return pruning{Config: c, color: "Green", function: c.GreenFunction}.step()
}

// chooseKept chooses versions of blue that must stay, as old as they may be: those that serve, those that the recorded deployments were
// about, as a release may judge them still and go back, and those to which a rollback would go. Nothing is deleted while traffic shifts,
// or while that cannot be seen.
func (c Config) chooseKept() step {
	return step{
		name:  "ChooseKept",
		needs: []string{"about", "shifted"},
		gives: []string{"serving", "kept"},
		exits: []string{stateRecordedAreAll},
		states: func(next string) []named {
			return []named{
				{stateChooseKeptHasShifted, asl.Choice{
					Choices: []asl.Rule{{Condition: "$shifted", Next: stateChooseKeptReadAlias}},
					Default: stateRecordedAreAll,
				}},
				{stateChooseKeptReadAlias, c.readAlias("Which versions serve?", asl.Variables{
					"serving":  asl.Expr("$states.result.FunctionVersion"),
					"shifting": logic.IsShifting,
				}, stateRecordedAreAll, stateChooseKeptIsShifting)},
				{stateChooseKeptIsShifting, asl.Choice{
					Choices: []asl.Rule{{Condition: "$shifting", Next: stateRecordedAreAll}},
					Default: stateChooseKeptReadLive,
				}},
				{stateChooseKeptReadLive, c.lookUp("Where would a rollback go?", itemLive, asl.Variables{
					"kept": logic.Kept,
				}, stateRecordedAreAll, next)},
			}
		},
	}
}

// prunes says whether old versions are deleted.
func (c Config) prunes() bool {
	return c.Versions > 0
}

func (p pruning) step(needs ...string) step {
	return step{name: p.name(), needs: needs, states: func(next string) []named {
		return append(p.list(next), p.delete(next)...)
	}}
}

// name of the step.
func (p pruning) name() string {
	return "Prune" + p.color
}

// state of the step.
func (p pruning) state(name string) string {
	return p.name() + "." + name
}

// list all versions of the function, page by page, and choose from them.
func (p pruning) list(next string) []named {
	args := listVersionsArguments{FunctionName: p.function, MaxItems: versionsPerPage}
	more := args
	more.Marker = "$marker"
	return []named{
		{p.state("List"), p.listPage(args, "[$states.result.Versions.Version]", next)},
		{p.state("HasMore"), asl.Choice{
			Choices: []asl.Rule{{Condition: "$marker != ''", Next: p.state("WaitToList")}},
			Default: p.state("Choose"),
		}},
		{p.state("WaitToList"), asl.Wait{Seconds: pruneSeconds, Next: p.state("ListMore")}},
		{p.state("ListMore"), p.listPage(more, "$append($versions, $states.result.Versions.Version)", next)},
		{p.state("Choose"), asl.Pass{
			Comment: fmt.Sprintf("The newest %d versions stay.", p.Versions),
			Assign:  asl.Variables{"old": logic.Old(p.Versions, maxDeletions, p.spare)},
			Next:    p.state("IsAnyLeft"),
		}},
	}
}

func (p pruning) listPage(arguments listVersionsArguments, versions asl.Expr, onError string) asl.Task {
	return asl.Task{
		Resource:  p.integration("aws-sdk:lambda:listVersionsByFunction"),
		Arguments: arguments,
		Retry:     retryAlways(),
		Catch:     catchAll(onError),
		Assign: asl.Variables{
			"versions": versions,
			"marker":   logic.Text("$states.result.NextMarker"),
		},
		Next: p.state("HasMore"),
	}
}

// delete the versions that were chosen.
func (p pruning) delete(next string) []named {
	rest := asl.Variables{"old": logic.AllBut(1, "$old")}
	isOneOld := p.state("IsAnyLeft")
	return []named{
		{isOneOld, asl.Choice{
			Choices: []asl.Rule{{Condition: "$count($old) > 0", Next: p.state("WaitToDelete")}},
			Default: next,
		}},
		{p.state("WaitToDelete"), asl.Wait{Seconds: pruneSeconds, Next: p.state("Delete")}},
		{p.state("Delete"), asl.Task{
			Resource:  p.integration("aws-sdk:lambda:deleteFunction"),
			Arguments: deleteVersionArguments{FunctionName: p.function, Qualifier: "$string($old[0])"},
			Retry:     []asl.Retrier{backoff("Lambda.TooManyRequestsException", "Lambda.ServiceException")},
			Catch:     []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Assign: rest, Next: isOneOld}},
			Assign:    rest,
			Next:      isOneOld,
		}},
	}
}
