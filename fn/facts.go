package main

import (
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// The facts that only the API server and AWS can tell. All other identifiers follow from them and from names.
const (
	nameHeld      compose.Fact = "the artifact bucket, which keeps these names from other claims"
	accountID     compose.Fact = "the AWS account id, which the first ARN from AWS tells"
	connectionARN compose.Fact = "the ARN of the GitHub connection, which AWS chooses"
	liveVersion   compose.Fact = "the first published version of the blue function"
)

// An observation is what exists: the XR and the composed resources, as the API server has them.
type observation struct {
	xr        compose.Observed
	resources map[string]*fnv1.Resource
}

func newObservation(s *fnv1.State) observation {
	return observation{xr: compose.Observe(s.GetComposite()), resources: s.GetResources()}
}

// composed returns the composed resource with the supplied name. One that does not exist reads as empty.
func (o observation) composed(name resource.Name) compose.Observed {
	return compose.Observe(o.resources[string(name)])
}

// exists reports whether the API server has a composed resource with the supplied name.
func (o observation) exists(name resource.Name) bool {
	return o.resources[string(name)] != nil
}

// readFacts looks each fact up where it is freshest: what was given, what is observed, then what an earlier reconcile
// wrote to the XR's status, so that a resource whose status is briefly empty loses nothing.
func readFacts(spec v1alpha1.PaymentDeliveryPipelineSpec, platform v1beta1.PlatformDefaults, seen observation) compose.Facts {
	return compose.Facts{
		nameHeld: holder(seen),
		accountID: firstNonEmpty(
			platform.AccountID,
			accountOf(seen),
			seen.xr.String("status", "accountId"),
		),
		connectionARN: firstNonEmpty(
			spec.Source.ConnectionARN,
			seen.composed(connection).String("status", "atProvider", "arn"),
			seen.xr.String("status", "connection", "arn"),
		),
		liveVersion: firstNonEmpty(
			liveVersionOf(seen),
			published(seen.composed(liveTraffic).String("spec", "forProvider", "functionVersion")),
			published(seen.composed(blueFunction).String("status", "atProvider", "version")),
		),
	}
}

// accountOf returns the account id in the ARNs that AWS has given out so far.
func accountOf(seen observation) string {
	return firstNonEmpty(
		accountIn(seen.composed(alarmTopic).String("status", "atProvider", "arn")),
		accountIn(seen.composed(functionRole).String("status", "atProvider", "arn")),
	)
}

// accountIn returns the account id in an ARN, arn:partition:service:region:account:resource.
func accountIn(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

// liveVersionOf returns the version that serves production, or "" before there is one. It is remembered in the XR's
// status, so that an alias that someone deletes comes back on the version it had, and not on whatever was built last.
func liveVersionOf(seen observation) string {
	return firstNonEmpty(
		published(seen.composed(liveTraffic).String("status", "atProvider", "functionVersion")),
		published(seen.xr.String("status", "release", "liveVersion")),
	)
}

// published returns the supplied version of a function unless it is $LATEST, which is not one: an alias on it serves
// whatever is uploaded next, and CodeDeploy cannot shift it.
func published(version string) string {
	if version == "$LATEST" {
		return ""
	}
	return version
}
