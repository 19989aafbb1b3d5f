package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateFirstIsFirst       = "First.IsFirst"
	stateFirstRecordVerdict = "First.RecordVerdict"
	stateFirstNotify        = "First.Notify"
	stateFirstCount         = "First.Count"
	stateFirstJudgedBad     = "First.JudgedBad"
)

// The first release finds the bootstrap live, which processes no payment. So there is nothing to compare the version with, nothing to
// shift away from step by step, and nothing to go back to.

// isBootstrap holds for the version that the function was created with.
func (c Config) isBootstrap(version asl.Expr) asl.Expr {
	if c.BootstrapVersion == "" {
		return "false"
	}
	return version + " = " + asl.Quote(c.BootstrapVersion)
}

// configWithoutAlarms is the deployment configuration of a release that alarms do not stop: the first one gets all traffic at once.
// Empty: the group's.
func (c Config) configWithoutAlarms() asl.Expr {
	if c.BootstrapVersion == "" || c.DeploymentConfig == AllAtOnce {
		return ""
	}
	return c.isBootstrap("$currentVersion") + " ? " + asl.Quote(AllAtOnce) + " : " + asl.Quote(c.DeploymentConfig)
}

// notToBootstrap refuses it as a way back.
func (c Config) notToBootstrap() []asl.Rule {
	if c.BootstrapVersion == "" {
		return nil
	}
	return []asl.Rule{{Condition: c.isBootstrap("$goTo"), Next: stateChooseVersionIsBootstrap}}
}

// noWayFromFirst refuses to stop the first release once it has traffic.
func (c Config) noWayFromFirst() []asl.Rule {
	if c.BootstrapVersion == "" {
		return nil
	}
	return []asl.Rule{{Condition: c.isBootstrap("$goTo") + " and $goFrom in [$serving, $candidate]", Next: stateChooseVersionIsBootstrap}}
}

// staying says which of two versions that an alias is left on stays or goes: the bootstrap never stays.
func (c Config) staying(which asl.Expr) asl.Expr {
	if c.BootstrapVersion == "" {
		return which
	}
	other := logic.Newer
	if which == logic.Newer {
		other = logic.Older
	}
	return c.isBootstrap(logic.Older) + " ? " + other + " : " + which
}

func (c Config) noWayToBootstrap() []named {
	if c.BootstrapVersion == "" {
		return nil
	}
	return []named{{stateChooseVersionIsBootstrap, asl.Fail{
		Error: asl.Quote("NoWayBack"),
		Cause: "'Version ' & $goTo & ' is the bootstrap that the function was created with. It processes no payment, so production does not go back to it. ' & " +
			"'Release a version that is better than version ' & $goFrom & ': push it, or choose \"Release change\" in CodePipeline.'",
	}}}
}

// keepFirst keeps a first release live that was judged bad, and says so.
func (c Config) keepFirst() step {
	return step{
		name:  "First",
		needs: []string{"currentVersion", "targetVersion", varDeployment, varVerdict, "counts"},
		states: func(next string) []named {
			return append([]named{
				{stateFirstIsFirst, asl.Choice{
					Comment: "Is there a version to go back to?",
					Choices: []asl.Rule{{Condition: c.isBootstrap("$currentVersion"), Next: stateFirstRecordVerdict}},
					Default: next,
				}},
				{stateFirstRecordVerdict, c.updateHistory(historyUpdate{
					Attributes: c.verdictAttributes("$verdict"),
					Retry:      retryShortly(),
					Catch:      catchAll(stateFirstNotify),
					Next:       stateFirstNotify,
				})},
				{stateFirstCount, c.count(stateFirstJudgedBad, c.datum(MetricDeployments, "1"), c.datum(MetricFailedDeployments, "1"))},
				{stateFirstJudgedBad, asl.Fail{Error: asl.Quote("CandidateJudgedBad"), Cause: staysLive}},
			}, c.tell(stateFirstNotify, staysLive, stateFirstCount)...)
		},
	}
}

// staysLive says why a version that was judged bad is not taken back.
const staysLive asl.Expr = "'Version ' & $targetVersion & ' was judged bad and stays live, as it is the first release: ' & $verdict & '. Release a version that is better'"
