package release

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Release is the state machine that the pipeline starts: for its smoke test, to overtake an older release, and to shift traffic.
func (c Config) Release() asl.StateMachine {
	return c.releaseMachine().definition()
}

func (c Config) releaseMachine() machine {
	m := machine{
		comment: "Tries out and shifts releases of " + c.BlueFunction + ".",
		minutes: readyMinutes + c.shiftLimitMinutes() + c.bakeLimitMinutes() + marginMinutes,
		branches: []branch{
			{input: asked(actionSmoke, "version"), steps: c.smokeTest()},
			{input: asked(actionOvertake, attributeExecution), steps: c.overtake()},
			{input: asked(actionShift, "targetVersion", attributeExecution, c.shiftOf()), steps: c.shift()},
		},
		unknown: "The pipeline starts this state machine: with the action smoke and a version, with overtake and a pipelineExecutionId, " +
			"or with shift, a targetVersion, a pipelineExecutionId and " + c.shiftOf() + ". To roll back, start " + c.RollbackMachine + ".",
	}
	if !c.judged() {
		m.branches = append(m.branches, branch{steps: c.unshifted(), given: append([]string{attributeCommit}, taken...)})
		return m
	}
	m.branches = append(m.branches,
		branch{steps: c.unshifted(), given: append([]string{attributeCommit, varVerdict}, taken...)},
		branch{steps: sequence{c.judge()}, given: slices.Concat(judgement, []string{"counts"}, taken), next: stateFollowWait},
		branch{steps: c.takeBack(), given: append([]string{varVerdict, "counts"}, taken...)},
	)
	return m
}

// shiftOf is the member of a shift's input that says what it is of.
func (c Config) shiftOf() string {
	if c.isPromoted() {
		return "artifactVersion"
	}
	return attributeCommit
}

// smokeTest tries the version of green out that the pipeline has just published. Production never sees it.
func (c Config) smokeTest() sequence {
	return sequence{
		c.awaitGreen(),
		when(!c.isPromoted(), c.readTestedRun()),
		when(!c.isPromoted(), c.checkBuilt("CheckTested")),
		c.invokeGreen(),
	}
}

// overtake lets a newer release go before an older one that waits for its approval. A pipeline that is about to ask nobody any more
// may ask for it still.
func (c Config) overtake() sequence {
	return sequence{
		when(c.asksPeople(), c.stopWaiting()),
		c.nothingToOvertake(),
	}
}

// shift shifts the alias to the version that the pipeline has published on blue: it creates one CodeDeploy deployment, follows it to
// its end, keeps judging the version, and records all of that.
func (c Config) shift() sequence {
	return sequence{
		c.readLive(),
		when(c.isPromoted(), c.readArtifact()),
		c.awaitTarget(),
		when(c.isPromoted(), c.verifyArtifact()),
		c.checkRollback(),
		when(c.hasCalendars(), c.checkCalendar()),
		c.checkPipeline(),
		c.checkPublished(),
		when(!c.isPromoted(), c.checkBuilt("CheckBuilt")),
		c.compareTested(),
		c.writeAppSpec(),
		when(c.judged(), c.readBaseline()),
		c.deploy(),
		c.follow(),
		c.recordEnd(),
		c.rememberLive(),
		when(c.judged(), c.bake()),
		c.countRelease(),
		when(c.Offers, c.offer()),
		c.released(),
	}
}

// takeBack takes all traffic from a version that was judged bad.
func (c Config) takeBack() sequence {
	return sequence{
		when(c.BootstrapVersion != "", c.keepFirst()),
		c.beginTakeBack(),
		c.createRollback(asl.Quote(AllAtOnce)),
		c.followRollback(),
		c.recordRollback(),
		c.rememberServing(),
		c.notifyRollback(),
		c.countTakeBack(),
		c.judgedBad(),
	}
}
