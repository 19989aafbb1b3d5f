package main

import (
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// The facts that only AWS can tell. All other identifiers follow from them and from names.
const (
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

// readFacts looks each fact up where it is freshest: what was given, what is observed, then what an earlier reconcile
// wrote to the XR's status, so that a resource whose status is briefly empty loses nothing.
func readFacts(spec v1alpha1.PaymentDeliveryPipelineSpec, platform v1beta1.PlatformDefaults, seen observation) compose.Facts {
	return compose.Facts{
		accountID: firstNonEmpty(
			platform.AccountID,
			accountOf(seen.composed(alarmTopic)),
			accountOf(seen.composed(functionRole)),
			seen.xr.String("status", "accountId"),
		),
		connectionARN: firstNonEmpty(
			spec.Source.ConnectionARN,
			seen.composed(connection).String("status", "atProvider", "arn"),
			seen.xr.String("status", "connection", "arn"),
		),
		liveVersion: firstNonEmpty(
			liveVersionOf(seen),
			seen.composed(liveTraffic).String("spec", "forProvider", "functionVersion"),
			publishedVersion(seen.composed(blueFunction)),
		),
	}
}

// accountOf returns the account id in the ARN of the supplied resource: arn:partition:service:region:account:resource.
func accountOf(o compose.Observed) string {
	parts := strings.SplitN(o.String("status", "atProvider", "arn"), ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

// liveVersionOf returns the version that serves production, or "" before there is one. It is remembered in the XR's
// status, so that an alias that someone deletes comes back on the version it had, and not on whatever was built last.
func liveVersionOf(seen observation) string {
	return firstNonEmpty(
		seen.composed(liveTraffic).String("status", "atProvider", "functionVersion"),
		seen.xr.String("status", "release", "liveVersion"),
	)
}

// publishedVersion returns the newest published version of the supplied function. An alias on $LATEST could not be
// shifted.
func publishedVersion(function compose.Observed) string {
	v := function.String("status", "atProvider", "version")
	if v == "$LATEST" {
		return ""
	}
	return v
}
