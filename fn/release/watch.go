package release

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// watchMinutes are the longest that an execution takes: it deletes a hundred versions of each function, some of them at the second
// try.
const watchMinutes = 120

// Watch is the state machine that EventBridge starts: it records what CodeDeploy reports and prunes old versions, shows how the pipeline's
// run goes, stops a deployment whose release has ended before it, releases settings that have changed, and takes what another pipeline has
// released.
func (c Config) Watch() asl.StateMachine {
	return c.watchMachine().definition()
}

func (c Config) watchMachine() machine {
	return machine{
		comment: "Watches what is deployed to " + c.BlueFunction + ", and what waits for a release.",
		minutes: watchMinutes,
		branches: slices.Concat([]branch{
			{input: isEvent + " or " + isDaily, steps: c.record()},
			{given: []string{varDeployment, "about", "shifted"}, steps: c.recordOne(), next: stateRecordEachWait},
			{input: isPipelineEvent, steps: sequence{c.showProgress()}},
			{input: isBadEnd, steps: sequence{c.stopAbandoned()}},
			{input: asked(actionConfiguration), steps: c.releaseConfiguration()},
		}, c.unclearBranches(), c.promotionBranches()),
		unknown: "EventBridge starts this state machine: with an event of CodeDeploy's, CodePipeline's or Step Functions', or with an action that a schedule asks for. To roll back, start " + c.RollbackMachine + ".",
	}
}

// An execution records for one of two reasons: an event of CodeDeploy's, or the daily look.
const (
	isEvent asl.Expr = "$states.input.source = '" + EventSource + "' and $type($states.input.detail.deploymentId) = 'string'"
	isDaily asl.Expr = "$states.input.source = '" + scheduleSource + "'"
)

// record records the deployment that an event of CodeDeploy's names, and each deployment of which no event has told. Once traffic has
// shifted, versions that nobody needs any more are deleted.
func (c Config) record() sequence {
	return sequence{
		c.findMissed(),
		c.recordEach(),
		when(c.prunes(), c.chooseKept()),
		when(c.prunes(), c.pruneBlue()),
		when(c.prunes(), c.pruneGreen()),
		c.recorded(),
	}
}

// recordOne records one deployment, whoever started it: a release, a rollback, a person in the console. An event says only that something
// changed, and events come late, twice and out of order, so what is recorded is what CodeDeploy says now.
func (c Config) recordOne() sequence {
	return sequence{
		c.readDeployment(),
		c.readVersions(),
		c.recordDeployment(),
	}
}
