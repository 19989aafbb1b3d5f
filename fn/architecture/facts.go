package architecture

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// The facts that only the API server and AWS can tell. All other identifiers follow from them and from names.
var (
	// AccountID is the pipeline's AWS account.
	AccountID = compose.Fact{ID: "account-id", Text: "the AWS account id, which the first ARN from AWS tells"}

	// ConnectionARN is the ARN of the connection to GitHub.
	ConnectionARN = compose.Fact{ID: "connection-arn", Text: "the ARN of the GitHub connection, which AWS chooses"}

	liveVersion = compose.Fact{ID: "live-version", Text: "the first published version of the blue function"}

	// settingsSeen is the input of the schedule that has settings released.
	settingsSeen = compose.Fact{ID: "settings-seen", Text: "what is known of the settings of versions"}
)

// These facts are only known or not. Nothing reads them.
var (
	nameHeld    = compose.Fact{ID: "name-held", Text: "the functions' IAM role, which keeps these names from other pipelines"}
	sourceOpen  = compose.Fact{ID: "source-open", Text: "a person to authorise the connection to GitHub, where the condition SourceConnected says"}
	stagesReady = compose.Fact{ID: "stages-ready", Text: "all that a run of the pipeline uses to be ready"}
)

// known is the value of a fact that is only known or not.
const known = "known"

// Facts looks each fact up where it is freshest: what was given, what is observed, then what an earlier reconcile
// wrote to the XR's status, so that a resource whose status is briefly empty loses nothing.
func (p Pipeline) Facts(seen compose.Observation) compose.Known {
	facts := compose.Known{
		nameHeld: knownIf(p.Held || len(seen.Resources) > 1),
		AccountID: cmp.Or(
			p.Platform.AccountID,
			AccountOf(seen),
			seen.XR.String("status", "accountId"),
		),
		ConnectionARN: cmp.Or(
			p.Given.ARN,
			seen.Composed(Connection).String("status", "atProvider", "arn"),
			seen.XR.String("status", "connection", "arn"),
		),
		liveVersion:        p.Serving.Version,
		servingTold:        p.readServingTold(seen),
		settingsSeen:       p.scheduledConfiguration(seen, p.Serving),
		sourceOpen:         knownIf(p.Spec.DryRun || isMade(seen, deliveryPipeline) || p.isPromoted() || p.Given.ARN != "" || isAuthorised(seen.Composed(Connection))),
		liveTraffic:        p.readLiveTraffic(seen),
		provisionedThere:   readProvisionedThere(seen),
		scalingTargetThere: readScalingTargetThere(seen),
		aliasThere:         knownIf(seen.Exists(eventInvokeConfig) || allReady(seen, []resource.Name{LiveAlias})),
		stagesReady:        knownIf(p.Spec.DryRun || isMade(seen, deliveryPipeline) || allReady(seen, p.usedByStages())),
	}
	maps.Copy(facts, p.Names.executionRoom())
	return facts
}

func knownIf(is bool) string {
	if is {
		return known
	}
	return ""
}

// isMade reports whether the named resource exists in AWS too, as far as is known: a dry run has objects of what it looks for.
func isMade(seen compose.Observation, name resource.Name) bool {
	return seen.Exists(name) && !seen.Composed(name).NotFound()
}

// allReady reports whether the API server has all of the named resources, and they are ready.
func allReady(seen compose.Observation, names []resource.Name) bool {
	return !slices.ContainsFunc(names, func(name resource.Name) bool {
		return seen.Composed(name).Condition("Ready").Status != "True"
	})
}

// AccountOf returns the account id in the ARNs that AWS has given out so far.
func AccountOf(seen compose.Observation) string {
	return cmp.Or(
		accountIn(seen.Composed(alarmTopic).String("status", "atProvider", "arn")),
		accountIn(seen.Composed(functionRole).String("status", "atProvider", "arn")),
	)
}

// ExistingOf a pipeline is what decides in which account it stays.
func ExistingOf(seen compose.Observation) claim.Existing {
	config := providerConfigOf(seen)
	return claim.Existing{Account: AccountOf(seen), ProviderConfig: config["name"], ProviderConfigKind: config["kind"]}
}

// providerConfigOf a pipeline's resources is how they refer to it. The functions' role is there before all others; should it have been
// deleted, any other tells.
func providerConfigOf(seen compose.Observation) map[string]string {
	names := append([]string{string(functionRole)}, slices.Sorted(maps.Keys(seen.Resources))...)
	for _, name := range names {
		if config := seen.Composed(resource.Name(name)).Strings("spec", "providerConfigRef"); config["name"] != "" {
			return config
		}
	}
	return nil
}

// accountIn returns the account id in an ARN, arn:partition:service:region:account:resource.
func accountIn(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}
