package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateRememberStopIsByHand = "RememberStop.IsByHand"
	stateRememberStopWrite    = "RememberStop.Write"

	stateCountNotShifted = "CountNotShifted"

	stateNotShiftedIsBack        = "NotShifted.IsBack"
	stateNotShiftedNotify        = "NotShifted.Notify"
	stateNotShiftedTrafficIsLeft = "NotShifted.TrafficIsLeft"
)

// backMinutes is how long traffic may take to be back after a deployment that did not succeed. All of it moves at once.
const backMinutes = 10

// unshifted ends a release whose deployment did not succeed, once traffic is back. CodeDeploy takes it back, unless somebody has stopped
// the deployment without a rollback, or CodeDeploy has nothing to roll back to.
func (c Config) unshifted() sequence {
	return sequence{
		c.rememberStop(),
		c.countUnshifted(),
		c.awaitBack("targetVersion", backMinutes, stateNotShiftedNotify),
		c.notShifted(),
	}
}

// rememberStop keeps what somebody has stopped from going live by another attempt, as a rollback does. The rollback that has stopped it has
// written down more than is known here.
func (c Config) rememberStop() step {
	return step{
		name:  "RememberStop",
		needs: []string{varDeployment, "deployment", varVerdict, "targetVersion", "currentVersion", attributeCommit},
		states: func(next string) []named {
			return []named{
				{stateRememberStopIsByHand, asl.Choice{
					Choices: []asl.Rule{{Condition: c.stoppedByHand(), Next: stateRememberStopWrite}},
					Default: next,
				}},
				{stateRememberStopWrite, c.updateHistory(historyUpdate{
					Comment:     "From now on nothing goes live of which the pipeline's run began before.",
					Item:        itemRollback,
					UnlessSince: "$deployment.CreateTime",
					Attributes: rollbackMemory("$targetVersion", "$currentVersion", "$commitId",
						"'somebody who stopped ' & $deploymentId", asl.Quote("the shift was stopped")),
					Catch: catchAll(next),
					Next:  next,
				})},
			}
		},
	}
}

// stoppedByHand holds for a deployment that was stopped neither by an alarm nor by the judge. AWS names the code of a stop by hand,
// MANUAL_STOP, and does not say that each such stop has it.
// See https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
func (c Config) stoppedByHand() asl.Expr {
	const byHand asl.Expr = "$deployment.Status = 'Stopped' and $not($deployment.ErrorInformation.Code = 'ALARM_ACTIVE')"
	if !c.judged() {
		return byHand
	}
	return byHand + " and $verdict = ''"
}

func (c Config) countUnshifted() step {
	return step{name: "CountNotShifted", needs: []string{"deployment"}, states: func(next string) []named {
		return []named{{stateCountNotShifted, c.countNotShifted(next)}}
	}}
}

// notShifted fails the release, and tells people if traffic is not back.
func (c Config) notShifted() step {
	failure := asl.Expr("'Deployment' & $deployment.Status")
	left := c.endedBadly() + " & '. Version ' & $targetVersion & ' still has traffic: the alias has ' & $traffic & '. Start ' & " +
		asl.Quote(c.RollbackMachine) + " & ' to take traffic back'"
	return step{
		name:  "NotShifted",
		needs: []string{varDeployment, "deployment", varVerdict, "targetVersion", "traffic"},
		states: func(string) []named {
			return append([]named{
				{stateNotShiftedIsBack, asl.Fail{
					Error: failure,
					Cause: c.endedBadly() + " & '. All traffic goes to ' & $traffic & '.'",
				}},
				{stateNotShiftedTrafficIsLeft, asl.Fail{Error: failure, Cause: left}},
			}, c.tell(stateNotShiftedNotify, left, stateNotShiftedTrafficIsLeft)...)
		},
	}
}

// endedBadly says why the deployment did not succeed: in CodeDeploy's words, and in those of the verdict for which it was stopped.
func (c Config) endedBadly() asl.Expr {
	const says asl.Expr = "$deploymentId & ': ' & " + deploymentError
	if !c.judged() {
		return says
	}
	return says + " & ($verdict != '' ? '. It was stopped: ' & $verdict : '')"
}
