package architecture

import (
	"cmp"
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A GivenConnection is a connection to GitHub that a pipeline uses and does not make. Empty: it makes one of its own.
type GivenConnection struct {
	// ARN of the connection.
	ARN string

	// Shared says that the platform team gives it.
	Shared bool
}

// giveConnection decides whose connection a pipeline uses: the claim's, else the one that it has of its own, else the platform
// team's. Settings that come or go move no pipeline to another connection: one that has its own keeps it, and one that has used
// the platform team's goes on with it, by what the XR's status remembers. Only another ARN in the settings is followed.
// A pipeline that takes the releases of another uses none.
func giveConnection(c claim.Claim, seen compose.Observation) GivenConnection {
	if c.Spec.Source.PromotedFrom != nil {
		return GivenConnection{}
	}
	if arn := c.Spec.Source.ConnectionARN; arn != "" {
		return GivenConnection{ARN: arn}
	}
	if hasOwnConnection(seen) {
		return GivenConnection{}
	}
	arn := cmp.Or(c.Platform.ConnectionARN, sharedBefore(seen))
	return GivenConnection{ARN: arn, Shared: arn != ""}
}

// hasOwnConnection reports whether the pipeline has made a connection. The status that AWS gives one is remembered of none but
// such a connection, so one that somebody has deleted in the cluster is made again, as anything else is.
func hasOwnConnection(seen compose.Observation) bool {
	return seen.Exists(Connection) || seen.XR.String("status", "connection", "status") != ""
}

// sharedBefore is the ARN of the platform team's connection that the pipeline has used, if it has.
func sharedBefore(seen compose.Observation) string {
	if seen.XR.Value("status", "connection", "shared") != true {
		return ""
	}
	return seen.XR.String("status", "connection", "arn")
}

const (
	// connectionBase begins the name of a connection that is made.
	connectionBase = "github-connection"

	// maxConnectionName is how many characters AWS allows it. See
	// https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_CreateConnection.html.
	maxConnectionName = 32

	// maxOwnSuffix is how many characters that leaves a suffix.
	maxOwnSuffix = maxConnectionName - len(connectionBase+"-")
)

// checkConnectionName reports a suffix that leaves no name for a connection that must be made. All other names have room for the
// longest suffix that there can be.
func checkConnectionName(c claim.Claim, given GivenConnection) error {
	suffix := c.Spec.EnvironmentSuffix
	if given.ARN != "" || c.Spec.Source.PromotedFrom != nil || len(suffix) <= maxOwnSuffix {
		return nil
	}
	return refusal.Refusal{
		Field:   "spec.environmentSuffix",
		Value:   refusal.Show(suffix),
		Allowed: fmt.Sprintf("may not be more than %d characters while the pipeline has to make its connection to GitHub, whose name ends with it", maxOwnSuffix),
		Rule:    refusal.Package,
		Next:    "name a connection in spec.source.connectionArn, or ask the platform team for one that pipelines share",
	}
}
