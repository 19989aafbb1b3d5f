package release

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// TestStopped follows releases whose deployment somebody stops: a person in CodeDeploy's console, or a rollback.
func TestStopped(t *testing.T) {
	withRollback, without := true, false
	stop := func(b *bench, rollback *bool) {
		b.clock.After(25*time.Minute, func() { b.cloud.CodeDeploy.Stop(rollback) })
		b.shift("2")
		b.recordNew()
	}
	again := func(b *bench) {
		b.clock.Advance(time.Minute)
		b.newRun("after")
	}
	cases := map[string]struct {
		reason string
		act    func(b *bench)
	}{
		"WithRollback": {
			reason: "CodeDeploy takes traffic back, and the release fails once it is.",
			act:    func(b *bench) { stop(b, &withRollback) },
		},
		"AsTheGroupSays": {
			reason: "The group rolls back what is stopped without a word about rollbacks, as the command without its flag does.",
			act:    func(b *bench) { stop(b, nil) },
		},
		"WithoutRollback": {
			reason: "Traffic stays on two versions. People are told, and a rollback mends the alias.",
			act:    func(b *bench) { stop(b, &without); b.rollBack("") },
		},
		"NothingToRollBackTo": {
			reason: "CodeDeploy may know of nothing to go back to. People are told too.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.NothingToRollBackTo = true
				b.cloud.CodeDeploy.Plan(fakeaws.Failure{After: 30 * time.Minute, Code: "HOOK_EXECUTION_FAILURE", Message: "The hook said no"})
				b.shift("2")
			},
		},
		"ThenTheSame": {
			reason: "What somebody has stopped does not go live again, by a later run of the same commit either.",
			act:    func(b *bench) { stop(b, &withRollback); b.shift("2"); again(b); b.shift("3") },
		},
		"ThenNewer": {
			reason: "Another commit does.",
			act:    func(b *bench) { stop(b, &withRollback); again(b); b.shiftCommit("3", nextCommit) },
		},
		"ByRollback": {
			reason: "A rollback stops the shift that is under way, and that is all that is to go back.",
			act: func(b *bench) {
				b.clock.After(25*time.Minute, func() { b.rollBack("") })
				b.shift("2")
				b.recordNew()
				again(b)
				b.shift("3")
			},
		},
		"ByRollbackToNamed": {
			reason: "Who names the version that gets its traffic back has asked for no more.",
			act: func(b *bench) {
				b.clock.After(25*time.Minute, func() { b.rollBack("1") })
				b.shift("2")
			},
		},
		"ByRollbackToOlder": {
			reason: "An older one gets traffic after that.",
			act: func(b *bench) {
				b.shift("2")
				b.clock.After(25*time.Minute, func() { b.rollBack("1") })
				b.shiftCommit("3", nextCommit)
				again(b)
				b.shiftCommit("4", nextCommit)
				b.shift("5")
			},
		},
		"ByRollbackThatCannotSee": {
			reason: "What may be a rollback is not stopped.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(time.Minute)
				b.cloud.Fail("codedeploy:GetDeployment", repeat(broken, 20)...)
				b.rollBack("")
			},
		},
		"ByRollbackWithoutRollback": {
			reason: "If CodeDeploy takes no traffic back, the rollback does.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.NothingToRollBackTo = true
				b.clock.After(25*time.Minute, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"ByRollbackThatTakesLong": {
			reason: "As long as CodeDeploy takes traffic back, nobody else moves the alias.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.RollbackDelay = 5 * time.Minute
				b.clock.After(25*time.Minute, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"ByRollbackTooLate": {
			reason: "What has ended meanwhile is taken back as any other version.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("2")
				b.clock.Advance(time.Minute)
				b.cloud.Fail("codedeploy:StopDeployment", fakeaws.Fault{Status: 400, Code: "DeploymentAlreadyCompletedException"})
				b.clock.After(time.Second, func() { b.clock.Advance(2 * time.Hour) })
				b.rollBack("")
			},
		},
		"ByRollbackOfConsole": {
			reason: "A deployment that somebody has started in the console is stopped too, also before anything is known of it.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(time.Minute)
				b.rollBack("")
			},
		},
		"ByRollbackAfterTheLastStep": {
			reason: "Before a deployment has ended, its version may have all traffic. The rollback knows from the history what had it before.",
			act: func(b *bench) {
				b.clock.After(90*time.Minute+7*time.Second, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"ByRollbackAfterTheLastStepWithoutRollback": {
			reason: "So it does if CodeDeploy takes no traffic back.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.NothingToRollBackTo = true
				b.clock.After(90*time.Minute+7*time.Second, func() { b.rollBack("") })
				b.shift("2")
			},
		},
		"ByRollbackOfUnknown": {
			reason: "Of a deployment that nobody knows, with all traffic, no rollback says that it has gone back.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(90*time.Minute + 7*time.Second)
				b.rollBack("")
			},
		},
		"ByRollbackOfConsoleRollback": {
			reason: "A deployment to an older version is a rollback, whoever has started it.",
			act: func(b *bench) {
				b.cloud.Lambda.Serve("5")
				b.cloud.CodeDeploy.Start("3")
				b.clock.Advance(time.Minute)
				b.rollBack("")
			},
		},
		"RollbackByStepsWithoutRollback": {
			reason: "The older version gets all traffic also if the deployment that was stopped was a rollback.",
			act: func(b *bench) {
				b.shift("2")
				input := rollback("")
				input["bySteps"] = true
				b.clock.After(25*time.Minute, func() { b.cloud.CodeDeploy.Stop(&without) })
				b.run(rollbackMachine, "rollback by steps", input)
				b.rollBack("")
			},
		},
		"RollbackUnderWay": {
			reason: "A rollback is not stopped by a rollback.",
			act: func(b *bench) {
				b.shift("2")
				input := rollback("")
				input["bySteps"] = true
				b.clock.After(20*time.Minute, func() { b.rollBack("") })
				b.run(rollbackMachine, "rollback by steps", input)
			},
		},
		"CannotStop": {
			reason: "People hear that a shift could not be stopped.",
			act: func(b *bench) {
				b.cloud.CodeDeploy.Start("5")
				b.clock.Advance(time.Minute)
				b.cloud.Fail("codedeploy:StopDeployment", repeat(broken, 20)...)
				b.rollBack("")
			},
		},
		"CannotMend": {
			reason: "People hear that the alias could not be mended.",
			act: func(b *bench) {
				b.cloud.Fail("lambda:UpdateAlias", repeat(broken, 20)...)
				stop(b, &without)
				b.rollBack("")
			},
		},
		"CannotSee": {
			reason: "A rollback that cannot see whether a deployment runs does nothing.",
			act: func(b *bench) {
				b.shift("2")
				b.cloud.Fail("codedeploy:ListDeployments", repeat(broken, 20)...)
				b.rollBack("")
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, linear)
			tc.act(b)
			b.golden("Stopped" + name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}

// TestStoppedIsWhole checks that a rollback mends an alias that CodeDeploy has left on two versions.
func TestStoppedIsWhole(t *testing.T) {
	b := newBench(t, ready, linear)
	b.cloud.CodeDeploy.NothingToRollBackTo = true
	b.clock.After(25*time.Minute, func() { b.cloud.CodeDeploy.Stop(nil) })
	b.shift("2")
	if alias := b.cloud.Lambda.Alias(); len(alias.Weights) == 0 {
		t.Fatalf("want the alias on two versions, got %+v", alias)
	}
	b.rollBack("")
	if diff := cmp.Diff(fakeaws.Alias{Version: "1"}, b.cloud.Lambda.Alias()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
