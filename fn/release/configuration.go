package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateConfigurationWaits = "ConfigurationWaits"

	stateReadConfigurationReadAlias    = "ReadConfiguration.ReadAlias"
	stateReadConfigurationReadReleased = "ReadConfiguration.ReadReleased"
	stateReadConfigurationAreNew       = "ReadConfiguration.AreNew"
	stateReadConfigurationKnown        = "ReadConfiguration.Known"
	stateReadConfigurationNotSeen      = "ReadConfiguration.NotSeen"
	stateReadConfigurationNoAlias      = "ReadConfiguration.NoAlias"
	stateReadConfigurationCannotRead   = "ReadConfiguration.CannotRead"

	stateCompareConfigurationDiffer        = "CompareConfiguration.Differ"
	stateCompareConfigurationRemember      = "CompareConfiguration.Remember"
	stateCompareConfigurationShiftUnderWay = "CompareConfiguration.ShiftUnderWay"
	stateCompareConfigurationReadRollback  = "CompareConfiguration.ReadRollback"
	stateCompareConfigurationIsReleasable  = "CompareConfiguration.IsReleasable"
	stateCompareConfigurationAreLive       = "CompareConfiguration.AreLive"
	stateCompareConfigurationCannotRead    = "CompareConfiguration.CannotRead"
	stateCompareConfigurationRolledBack    = "CompareConfiguration.RolledBack"
	stateCompareConfigurationChanging      = "CompareConfiguration.Changing"

	stateUnclearConfigurationNotify        = "UnclearConfiguration.Notify"
	stateUnclearConfigurationRemember      = "UnclearConfiguration.Remember"
	stateUnclearConfigurationTold          = "UnclearConfiguration.Told"
	stateUnclearConfigurationNotRemembered = "UnclearConfiguration.NotRemembered"

	stateAwaitWindowRead     = "AwaitWindow.Read"
	stateAwaitWindowIsClosed = "AwaitWindow.IsClosed"
	stateAwaitWindowClosed   = "AwaitWindow.Closed"

	stateStartPipelineStart         = "StartPipeline.Start"
	stateStartPipelineNoPipeline    = "StartPipeline.NoPipeline"
	stateStartPipelineNotStarted    = "StartPipeline.NotStarted"
	stateStartPipelineRemember      = "StartPipeline.Remember"
	stateStartPipelineNotRemembered = "StartPipeline.NotRemembered"
	stateStartPipelineStarted       = "StartPipeline.Started"
)

// actionConfiguration is what a schedule asks for.
const actionConfiguration = "configuration"

// Settings are what is known of a service's configuration and of the versions that have it. They come from the claim and from what the
// provider sees in AWS, and not from the state machine: its role may use no key to read variables.
type Settings struct {
	// Wanted is a hash of the settings that the claim asks for.
	Wanted string `json:"settings,omitempty"`

	// Newest is the newest version that was seen, "0" if none was.
	Newest string `json:"newestVersion,omitempty"`

	// With are the versions that are known to have the settings, and Without those that are known to have others.
	With    []string `json:"versionsWith,omitempty"`
	Without []string `json:"versionsWithout,omitempty"`
}

// Configuration asks for a release of settings that have changed, if they are not live.
func Configuration(s Settings) Input {
	return Input{Action: actionConfiguration, Settings: s}
}

// itemConfiguration of the history table is no deployment: the settings that were released last, or asked to be, and the
// version that took traffic then.
const itemConfiguration asl.Expr = "'configuration'"

// errNoPipeline is how CodePipeline says that there is no such pipeline.
const errNoPipeline = "CodePipeline.PipelineNotFoundException"

type startPipelineArguments struct {
	Name               string   `json:"Name"`
	ClientRequestToken asl.Expr `json:"ClientRequestToken"`
}

// releasesConfiguration reports whether settings are released by themselves.
func (c Config) releasesConfiguration() bool {
	return c.Rollout.OnConfigurationChange == v1alpha1.ConfigurationRelease
}

// releaseConfiguration runs the pipeline again if the function has settings that no version serves with. That is tried once for each
// change: what was released, or taken back, is not released again. A schedule that is about to go may ask for it still.
func (c Config) releaseConfiguration() sequence {
	if !c.releasesConfiguration() {
		return sequence{c.configurationWaits()}
	}
	return sequence{
		c.readConfiguration(),
		c.compareConfiguration(),
		when(c.hasCalendars(), c.awaitWindow()),
		c.startPipeline(),
	}
}

func (c Config) configurationWaits() step {
	return step{name: "ConfigurationWaits", states: func(string) []named {
		return []named{{stateConfigurationWaits, done("settings wait for the next release, as the claim asks")}}
	}}
}

// readConfiguration that was released last, and whether what the claim asks for is news. Most runs end here.
func (c Config) readConfiguration() step {
	return step{name: "ReadConfiguration", gives: []string{"shifting", "tried", "knownSettings"}, states: func(next string) []named {
		return []named{
			{stateReadConfigurationReadAlias, c.readAlias("Which version is live, or about to be?", asl.Variables{
				"shifting": logic.IsShifting,
				"tried":    logic.NewestServing,
			}, stateReadConfigurationNoAlias, stateReadConfigurationReadReleased)},
			{stateReadConfigurationReadReleased, c.lookUp("Which settings have been released, or asked to be?", itemConfiguration, asl.Variables{
				"knownSettings": logic.Of("settings"),
				"knownVersion":  logic.KnownVersion,
			}, stateReadConfigurationCannotRead, stateReadConfigurationAreNew)},
			{stateReadConfigurationAreNew, asl.Choice{
				Comment: "A version that is newer than what is remembered may have gone live with other settings.",
				Choices: []asl.Rule{
					{Condition: logic.IsKnown, Next: stateReadConfigurationKnown},
					{Condition: logic.NotSeen, Next: stateReadConfigurationNotSeen},
				},
				Default: next,
			}},
			{stateReadConfigurationKnown, done("the settings are live, or have been asked for, or people know that this is not clear")},
			{stateReadConfigurationNotSeen, done("the version that is live, or about to be, has not been seen yet, and is looked at later")},
			{stateReadConfigurationNoAlias, c.noAlias()},
			{stateReadConfigurationCannotRead, failWith("it could not be seen whether settings wait for a release")},
		}
	}}
}

// compareConfiguration with those of the version that is live, or about to be.
func (c Config) compareConfiguration() step {
	return step{
		name:  "CompareConfiguration",
		needs: []string{"shifting", "tried", "knownSettings"},
		exits: []string{stateUnclearConfigurationNotify},
		states: func(next string) []named {
			return []named{
				{stateCompareConfigurationDiffer, asl.Choice{
					Choices: []asl.Rule{
						{Condition: logic.HasSettings, Next: stateCompareConfigurationRemember},
						{Condition: "$shifting", Next: stateCompareConfigurationShiftUnderWay},
					},
					Default: stateCompareConfigurationReadRollback,
				}},
				{stateCompareConfigurationRemember, c.rememberSettings(settingsRemembered{
					Comment: "Should this version be taken back, its settings are not released again.", Execution: "''", Unclear: "''",
					OnError: stateCompareConfigurationCannotRead, Next: stateCompareConfigurationAreLive,
				})},
				{stateCompareConfigurationShiftUnderWay, done("a deployment moves traffic, and the settings wait for its end")},
				{stateCompareConfigurationReadRollback, c.lookUp("Has somebody taken production back to this version?", itemRollback, asl.Variables{
					"tookBackTo": logic.Of("toVersion"),
				}, stateCompareConfigurationCannotRead, stateCompareConfigurationIsReleasable)},
				{stateCompareConfigurationIsReleasable, asl.Choice{
					Comment: "After a rollback the branch may have what was taken back. Who releases it decides that.",
					Choices: []asl.Rule{
						{Condition: "$tookBackTo = $string($tried)", Next: stateCompareConfigurationRolledBack},
						{Condition: logic.IsUnclear, Next: stateUnclearConfigurationNotify},
						{Condition: "$not(" + logic.IsPublished + ")", Next: stateCompareConfigurationChanging},
					},
					Default: next,
				}},
				{stateCompareConfigurationAreLive, done("the settings are live")},
				{stateCompareConfigurationCannotRead, failWith("it could not be seen whether settings wait for a release")},
				{stateCompareConfigurationRolledBack, done("somebody has taken production back, and the settings wait for the next release")},
				{stateCompareConfigurationChanging, done("the settings are being changed, and looked at later")},
			}
		},
	}
}

// unclearBranches is where it is not known whether settings wait for a release.
func (c Config) unclearBranches() []branch {
	if !c.releasesConfiguration() {
		return nil
	}
	return []branch{{steps: c.unclearConfiguration(), given: []string{"tried"}}}
}

// unclearConfiguration tells people once that it is not known whether settings wait for a release. Nothing is started: what is live may
// have them, and what was taken back must not come again by itself.
func (c Config) unclearConfiguration() sequence {
	return sequence{{name: "UnclearConfiguration", needs: []string{"tried"}, states: func(string) []named {
		return append(c.tell(stateUnclearConfigurationNotify, logic.Unclear, stateUnclearConfigurationRemember), []named{
			{stateUnclearConfigurationRemember, c.rememberSettings(settingsRemembered{
				Comment: "Nobody is told again of these settings and this version.", Execution: "''", Unclear: logic.Unclear,
				OnError: stateUnclearConfigurationNotRemembered, Next: stateUnclearConfigurationTold,
			})},
			{stateUnclearConfigurationNotRemembered, failWith("people know that it is not clear whether settings wait for a release, but that could not be written down")},
			{stateUnclearConfigurationTold, done("it is not clear whether settings wait for a release, and people have been told")},
		}...)
	}}}
}

// awaitWindow ends the look while traffic must not shift, so that a later one starts the pipeline.
func (c Config) awaitWindow() step {
	return step{name: "AwaitWindow", states: func(next string) []named {
		return []named{
			{stateAwaitWindowRead, asl.Pass{Assign: asl.Variables{"closed": closedBy(c.Calendars)}, Next: stateAwaitWindowIsClosed}},
			{stateAwaitWindowIsClosed, asl.Choice{
				Choices: []asl.Rule{{Condition: "$closed != ''", Next: stateAwaitWindowClosed}},
				Default: next,
			}},
			{stateAwaitWindowClosed, done("the settings wait for a time at which traffic may shift")},
		}
	}}
}

// startArguments are those of a start of the pipeline.
func (c Config) startArguments() startPipelineArguments {
	return startPipelineArguments{
		Name: c.Pipeline,
		// A request that is repeated is the same one. A token has letters, digits and hyphens.
		ClientRequestToken: "$replace($states.context.Execution.Name, /[^A-Za-z0-9-]/, '-')",
	}
}

// start the pipeline, and keep the execution that comes of it.
func (c Config) start(arguments any, noPipeline, failed, next string) asl.Task {
	return asl.Task{
		Resource:  c.integration("aws-sdk:codepipeline:startPipelineExecution"),
		Arguments: arguments,
		Retry:     retryUnless(errNoPipeline),
		Catch: []asl.Catcher{
			{ErrorEquals: []string{errNoPipeline}, Next: noPipeline},
			{ErrorEquals: []string{asl.ErrAll}, Next: failed},
		},
		Assign: asl.Variables{"startedExecution": asl.Expr("$states.result.PipelineExecutionId")},
		Next:   next,
	}
}

// startPipeline and remember that. Only what has been started is remembered: should that fail, the next run starts it again,
// and the pipeline's later run overtakes the earlier one.
func (c Config) startPipeline() step {
	return step{name: "StartPipeline", needs: []string{"tried"}, states: func(string) []named {
		return []named{
			{stateStartPipelineStart, c.start(c.startArguments(), stateStartPipelineNoPipeline, stateStartPipelineNotStarted, stateStartPipelineRemember)},
			{stateStartPipelineNoPipeline, done("there is no pipeline yet, and its first run releases the settings")},
			{stateStartPipelineNotStarted, failWith("the settings wait for a release, and the pipeline could not be started")},
			{stateStartPipelineRemember, c.rememberSettings(settingsRemembered{
				Execution: "$startedExecution", Unclear: "''",
				OnError: stateStartPipelineNotRemembered, Next: stateStartPipelineStarted,
			})},
			{stateStartPipelineNotRemembered, failWith("the pipeline has been started, but that could not be written down")},
			{stateStartPipelineStarted, asl.Succeed{Output: map[string]asl.Expr{
				"result": "'the settings are not live, and are released'", attributeExecution: "$startedExecution",
			}}},
		}
	}}
}

// settingsRemembered are those that are live, that were asked for, or that people have been told of.
type settingsRemembered struct {
	Comment string

	// Execution of the pipeline that was started for them, if any.
	Execution asl.Expr

	// Unclear is what people have been told, if they were.
	Unclear asl.Expr

	OnError, Next string
}

func (c Config) rememberSettings(r settingsRemembered) asl.Task {
	return c.updateHistory(historyUpdate{
		Comment: r.Comment,
		Item:    itemConfiguration,
		Attributes: []historyAttribute{
			{Name: "at", Type: "S", Value: now},
			{Name: "settings", Type: "S", Value: logic.Settings},
			{Name: "version", Type: "S", Value: "$string($tried)"},
			{Name: attributeExecution, Type: "S", Value: r.Execution},
			{Name: "unclear", Type: "S", Value: r.Unclear},
		},
		Catch: catchAll(r.OnError),
		Next:  r.Next,
	})
}
