package logic

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// LastLive is when the last deployment began that has given $goTo all traffic, to the second: the latest of those in DynamoDB's answer to
// BatchGetItem and $lastLive. It is empty if there is none.
func LastLive(table string) asl.Expr {
	return latest("$lastLive", table, "toVersion.S = $goTo")
}

// LastBack is the same of the deployments that have taken $goTo back, and of $lastBack: somebody has asked for that, or CodeDeploy has undone
// another deployment.
func LastBack(table string) asl.Expr {
	return latest("$lastBack", table, "fromVersion.S = $goTo and (requestedBy.S != '' or rollbackOf.S != '')")
}

// WasLive holds if $goTo had all traffic, and was not taken back after that.
const WasLive asl.Expr = "$lastLive > $lastBack"

// Unread are the deployments that are left to read: those of the first that are $unread that DynamoDB has not processed, and the others.
func Unread(table, key string, most int) asl.Expr {
	return "[$append($lookup($states.result.UnprocessedKeys, " + asl.Quote(table) + ").Keys." + asl.Expr(key) + ".S, " + AllBut(most, "$unread") + ")]"
}

// latest of a time and of those at which deployments began that have succeeded and for which a condition holds. What follows the second is
// written in two ways.
func latest(time asl.Expr, table string, condition asl.Expr) asl.Expr {
	began := "$lookup($states.result.Responses, " + asl.Quote(table) + ")[status.S = 'Succeeded' and " + condition + "].$substring(startedAt.S, 0, 19)"
	return "$sort($append([" + time + "], " + began + "))[-1]"
}
