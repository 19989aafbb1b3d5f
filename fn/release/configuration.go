package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateConfigurationWaits = "ConfigurationWaits"

	stateReadConfigurationReadAlias    = "ReadConfiguration.ReadAlias"
	stateReadConfigurationReadFunction = "ReadConfiguration.ReadFunction"
	stateReadConfigurationReadReleased = "ReadConfiguration.ReadReleased"
	stateReadConfigurationAreNew       = "ReadConfiguration.AreNew"
	stateReadConfigurationChanging     = "ReadConfiguration.Changing"
	stateReadConfigurationKnown        = "ReadConfiguration.Known"
	stateReadConfigurationNoAlias      = "ReadConfiguration.NoAlias"
	stateReadConfigurationCannotRead   = "ReadConfiguration.CannotRead"

	stateCompareConfigurationReadVersion   = "CompareConfiguration.ReadVersion"
	stateCompareConfigurationDiffer        = "CompareConfiguration.Differ"
	stateCompareConfigurationRemember      = "CompareConfiguration.Remember"
	stateCompareConfigurationShiftUnderWay = "CompareConfiguration.ShiftUnderWay"
	stateCompareConfigurationReadRollback  = "CompareConfiguration.ReadRollback"
	stateCompareConfigurationIsRolledBack  = "CompareConfiguration.IsRolledBack"
	stateCompareConfigurationAreLive       = "CompareConfiguration.AreLive"
	stateCompareConfigurationCannotRead    = "CompareConfiguration.CannotRead"
	stateCompareConfigurationRolledBack    = "CompareConfiguration.RolledBack"

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

// Configuration asks for a release of settings that have changed, if they are not live.
func Configuration() Input {
	return Input{Action: actionConfiguration}
}

// itemConfiguration of the history table is no deployment: the settings that were released last, or asked to be, and the
// version that took traffic then.
const itemConfiguration asl.Expr = "'configuration'"

// errNoPipeline is how CodePipeline says that there is no such pipeline.
const errNoPipeline = "CodePipeline.PipelineNotFoundException"

type (
	functionArguments struct {
		FunctionName string `json:"FunctionName"`
	}

	startPipelineArguments struct {
		Name               string   `json:"Name"`
		ClientRequestToken asl.Expr `json:"ClientRequestToken"`
	}
)

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

// readConfiguration of $LATEST, with which the next version is published, and whether they are news. Most runs end here.
func (c Config) readConfiguration() step {
	return step{name: "ReadConfiguration", gives: []string{"shifting", "tried", "configuration"}, states: func(next string) []named {
		return []named{
			{stateReadConfigurationReadAlias, c.readAlias("Which version is live, or about to be?", asl.Variables{
				"shifting": logic.IsShifting,
				"tried":    logic.NewestServing,
			}, stateReadConfigurationNoAlias, stateReadConfigurationReadFunction)},
			{stateReadConfigurationReadFunction, asl.Task{
				Comment:   "Which settings will the next version have?",
				Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
				Arguments: functionArguments{FunctionName: c.BlueFunction},
				Retry:     retryAlways(),
				Catch:     catchAll(stateReadConfigurationCannotRead),
				Assign: asl.Variables{
					"configuration": logic.Configuration(c.ConfigurationMembers),
					"changing":      asl.Expr("$states.result.LastUpdateStatus = 'InProgress'"),
				},
				Next: stateReadConfigurationReadReleased,
			}},
			{stateReadConfigurationReadReleased, c.lookUp("Have they been released before, or asked to be?", itemConfiguration, asl.Variables{
				"knownConfiguration": logic.Of("settings"),
				"knownVersion":       logic.KnownVersion,
			}, stateReadConfigurationCannotRead, stateReadConfigurationAreNew)},
			{stateReadConfigurationAreNew, asl.Choice{
				Comment: "A version that is newer than what is remembered may have gone live with other settings.",
				Choices: []asl.Rule{
					{Condition: "$changing", Next: stateReadConfigurationChanging},
					{Condition: logic.IsKnown, Next: stateReadConfigurationKnown},
				},
				Default: next,
			}},
			{stateReadConfigurationChanging, done("the settings are being changed, and looked at later")},
			{stateReadConfigurationKnown, done("the settings are live, or have been asked for")},
			{stateReadConfigurationNoAlias, c.noAlias()},
			{stateReadConfigurationCannotRead, failWith("it could not be seen whether settings wait for a release")},
		}
	}}
}

// compareConfiguration with those of the version that is live, or about to be.
func (c Config) compareConfiguration() step {
	return step{
		name:  "CompareConfiguration",
		needs: []string{"shifting", "tried", "configuration"},
		states: func(next string) []named {
			return []named{
				{stateCompareConfigurationReadVersion, c.readVersion("$string($tried)", asl.Variables{"triedConfiguration": logic.Configuration(c.ConfigurationMembers)},
					stateCompareConfigurationCannotRead, stateCompareConfigurationDiffer)},
				{stateCompareConfigurationDiffer, asl.Choice{
					Choices: []asl.Rule{
						{Condition: "$triedConfiguration = $configuration", Next: stateCompareConfigurationRemember},
						{Condition: "$shifting", Next: stateCompareConfigurationShiftUnderWay},
					},
					Default: stateCompareConfigurationReadRollback,
				}},
				{stateCompareConfigurationRemember, c.updateHistory(historyUpdate{
					Comment:    "Should this version be taken back, its settings are not released again.",
					Item:       itemConfiguration,
					Attributes: configurationAttributes("''"),
					Catch:      catchAll(stateCompareConfigurationCannotRead),
					Next:       stateCompareConfigurationAreLive,
				})},
				{stateCompareConfigurationShiftUnderWay, done("a deployment moves traffic, and the settings wait for its end")},
				{stateCompareConfigurationReadRollback, c.lookUp("Has somebody taken production back to this version?", itemRollback, asl.Variables{
					"tookBackTo": logic.Of("toVersion"),
				}, stateCompareConfigurationCannotRead, stateCompareConfigurationIsRolledBack)},
				{stateCompareConfigurationIsRolledBack, asl.Choice{
					Comment: "The branch may have what was taken back. Who releases it decides that.",
					Choices: []asl.Rule{{Condition: "$tookBackTo = $string($tried)", Next: stateCompareConfigurationRolledBack}},
					Default: next,
				}},
				{stateCompareConfigurationAreLive, done("the settings are live")},
				{stateCompareConfigurationCannotRead, failWith("it could not be seen whether settings wait for a release")},
				{stateCompareConfigurationRolledBack, done("somebody has taken production back, and the settings wait for the next release")},
			}
		},
	}
}

// awaitWindow ends the look while traffic must not shift, so that a later one starts the pipeline.
func (c Config) awaitWindow() step {
	return step{name: "AwaitWindow", states: func(next string) []named {
		return []named{
			{stateAwaitWindowRead, asl.Pass{Assign: asl.Variables{"closed": c.closed()}, Next: stateAwaitWindowIsClosed}},
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
	return step{name: "StartPipeline", needs: []string{"tried", "configuration"}, states: func(string) []named {
		return []named{
			{stateStartPipelineStart, c.start(c.startArguments(), stateStartPipelineNoPipeline, stateStartPipelineNotStarted, stateStartPipelineRemember)},
			{stateStartPipelineNoPipeline, done("there is no pipeline yet, and its first run releases the settings")},
			{stateStartPipelineNotStarted, failWith("the settings wait for a release, and the pipeline could not be started")},
			{stateStartPipelineRemember, c.updateHistory(historyUpdate{
				Item:       itemConfiguration,
				Attributes: configurationAttributes("$startedExecution"),
				Catch:      catchAll(stateStartPipelineNotRemembered),
				Next:       stateStartPipelineStarted,
			})},
			{stateStartPipelineNotRemembered, failWith("the pipeline has been started, but that could not be written down")},
			{stateStartPipelineStarted, asl.Succeed{Output: map[string]asl.Expr{
				"result": "'the settings are not live, and are released'", attributeExecution: "$startedExecution",
			}}},
		}
	}}
}

// configurationAttributes of the item, with the execution of the pipeline that was started for them, if any.
func configurationAttributes(execution asl.Expr) []historyAttribute {
	return []historyAttribute{
		{Name: "at", Type: "S", Value: now},
		{Name: "settings", Type: "S", Value: "$configuration"},
		{Name: "version", Type: "S", Value: "$string($tried)"},
		{Name: attributeExecution, Type: "S", Value: execution},
	}
}
