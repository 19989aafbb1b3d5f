package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCompareTestedRead                 = "CompareTested.Read"
	stateCompareTestedIsSame               = "CompareTested.IsSame"
	stateCompareTestedCodeDiffers          = "CompareTested.CodeDiffers"
	stateCompareTestedConfigurationDiffers = "CompareTested.ConfigurationDiffers"
	stateCompareTestedCannotRead           = "CompareTested.CannotRead"
)

// varConfiguration is that of the version which goes live, as far as it decides what runs.
const varConfiguration = "configuration"

// compareTested checks that blue has the code and the configuration that were tested on green. Nobody can change a version of either.
func (c Config) compareTested() step {
	return step{
		name:  "CompareTested",
		needs: []string{"greenVersion", "targetVersion", "codeSha256", varConfiguration, attributeCommit, "overruled"},
		states: func(next string) []named {
			return []named{
				{stateCompareTestedRead, asl.Task{
					Comment:   "Which code and configuration were tested?",
					Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
					Arguments: versionArguments{FunctionName: c.GreenFunction, Qualifier: "$greenVersion"},
					Retry:     retryAlways(),
					Catch:     catchAll(stateCompareTestedCannotRead),
					Assign:    asl.Variables{"testedSha256": asl.Expr("$states.result.CodeSha256"), "differing": logic.Differing},
					Next:      stateCompareTestedIsSame,
				}},
				{stateCompareTestedIsSame, asl.Choice{
					Choices: []asl.Rule{
						{Condition: logic.IsTested, Next: next},
						{Condition: logic.IsOtherCode, Next: stateCompareTestedCodeDiffers},
					},
					Default: stateCompareTestedConfigurationDiffers,
				}},
				{stateCompareTestedCodeDiffers, asl.Fail{
					Error: asl.Quote("CodeDiffers"),
					Cause: "'Lambda has code with the SHA-256 ' & $codeSha256 & ' in version ' & $targetVersion & " +
						asl.Quote(", and version ") + " & $greenVersion & " + asl.Quote(" of "+c.GreenFunction+", which was tested, has ") + " & $testedSha256 & " + unlessOverruled,
				}},
				{stateCompareTestedConfigurationDiffers, asl.Fail{
					Error: asl.Quote("ConfigurationDiffers"),
					Cause: "'Version ' & $targetVersion & ' differs in ' & $differing & ' from version ' & $greenVersion & " +
						asl.Quote(" of "+c.GreenFunction+", which was tested. Start the pipeline to test the configuration too") + " & " + unlessOverruled,
				}},
				{stateCompareTestedCannotRead, failWith("no traffic has shifted, as it could not be seen which code and configuration were tested")},
			}
		},
	}
}

// unlessOverruled ends the cause of a failure by what was not tested.
const unlessOverruled = "'. It does not go live, unless rollout.bypassAlarmsForCommit names commit ' & $commitId & ' and rollout.bypassReason says why.'"
