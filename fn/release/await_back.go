package release

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateAwaitBackBegin      = "AwaitBack.Begin"
	stateAwaitBackReadAlias  = "AwaitBack.ReadAlias"
	stateAwaitBackIsBack     = "AwaitBack.IsBack"
	stateAwaitBackWait       = "AwaitBack.Wait"
	stateAwaitBackCannotRead = "AwaitBack.CannotRead"
)

// awaitBackSeconds between two looks at the alias.
const awaitBackSeconds = 10

// awaitBack waits until the version in the supplied variable has no traffic any more. CodeDeploy's rollback is a deployment of its own, which
// begins when the one that it undoes has ended. It goes on with late if traffic is not back after so many minutes, or if nobody can see that.
func (c Config) awaitBack(version string, minutes int, late string) step {
	return step{
		name:  "AwaitBack",
		needs: []string{version},
		gives: []string{"traffic"},
		exits: []string{late},
		states: func(next string) []named {
			return []named{
				{stateAwaitBackBegin, asl.Pass{Assign: asl.Variables{"backLooks": 0}, Next: stateAwaitBackReadAlias}},
				{stateAwaitBackReadAlias, c.readAlias("Is traffic back?", asl.Variables{
					"isBack":    logic.HasNoTraffic(asl.Expr("$" + version)),
					"traffic":   logic.Traffic,
					"backLooks": asl.Expr("$backLooks + 1"),
				}, stateAwaitBackCannotRead, stateAwaitBackIsBack)},
				{stateAwaitBackIsBack, asl.Choice{
					Choices: []asl.Rule{
						{Condition: "$isBack", Next: next},
						{Condition: asl.Expr(fmt.Sprintf("$backLooks >= %d", 60*minutes/awaitBackSeconds)), Next: late},
					},
					Default: stateAwaitBackWait,
				}},
				{stateAwaitBackWait, asl.Wait{Seconds: awaitBackSeconds, Next: stateAwaitBackReadAlias}},
				{stateAwaitBackCannotRead, asl.Pass{
					Assign: asl.Variables{"traffic": asl.Quote("a version that could not be read")},
					Next:   late,
				}},
			}
		},
	}
}
