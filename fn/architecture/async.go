package architecture

import (
	"strings"

	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// eventInvokeConfig is what becomes of events for which nobody waits.
const eventInvokeConfig resource.Name = "live-event-invoke-config"

// aliasThere is only known or not: the configuration names the alias, and does not refer to it.
var aliasThere = compose.Fact{ID: "alias-there", Text: "the live alias to be there"}

// async configures the alias only: nobody may call green, or a version, without waiting.
func (p Pipeline) async() []compose.Resource {
	if p.Spec.Service.Async == nil {
		return nil
	}
	return []compose.Resource{{Name: eventInvokeConfig, Needs: []compose.Fact{aliasThere}, Build: p.eventInvokeConfig}}
}

func (p Pipeline) eventInvokeConfig(compose.Facts) client.Object {
	async := p.Spec.Service.Async
	return &lambdav1beta1.FunctionEventInvokeConfig{
		ObjectMeta: p.meta(eventInvokeConfig, ""),
		Spec: lambdav1beta1.FunctionEventInvokeConfigSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: lambdav1beta1.FunctionEventInvokeConfigParameters{
				Region:                   p.region(),
				FunctionName:             new(p.Names.function(blue)),
				Qualifier:                new(aliasName),
				MaximumEventAgeInSeconds: new(float64(async.MaximumAgeSeconds)),
				MaximumRetryAttempts:     new(float64(async.Retries)),
				DestinationConfig:        destinations(*async),
			},
		},
	}
}

// destinations are nil for a claim that names none: the provider then takes them away.
func destinations(async v1alpha1.Async) []lambdav1beta1.FunctionEventInvokeConfigDestinationConfigParameters {
	config := lambdav1beta1.FunctionEventInvokeConfigDestinationConfigParameters{}
	if d := async.OnFailure; d != "" {
		config.OnFailure = []lambdav1beta1.DestinationConfigOnFailureParameters{{Destination: new(string(d))}}
	}
	if d := async.OnSuccess; d != "" {
		config.OnSuccess = []lambdav1beta1.OnSuccessParameters{{Destination: new(string(d))}}
	}
	if config.OnFailure == nil && config.OnSuccess == nil {
		return nil
	}
	return []lambdav1beta1.FunctionEventInvokeConfigDestinationConfigParameters{config}
}

// destinationStatements let Lambda write to the destinations, which it does in the functions' role's name.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html.
func (p Pipeline) destinationStatements() []iam.Statement {
	async := p.Spec.Service.Async
	if async == nil {
		return nil
	}
	var statements []iam.Statement
	add := func(sid string, d v1alpha1.Destination) {
		if d != "" {
			statements = append(statements, iam.Allow(sid, actionOn(d)).On(string(d)))
		}
	}
	add("OnFailure", async.OnFailure)
	add("OnSuccess", async.OnSuccess)
	return statements
}

// actionOn a destination by which it gets a record.
func actionOn(d v1alpha1.Destination) string {
	of := func(service string) bool { return strings.Contains(string(d), ":"+service+":") }
	switch {
	case of("sqs"):
		return "sqs:SendMessage"
	case of("sns"):
		return "sns:Publish"
	case of("events"):
		return "events:PutEvents"
	default:
		return "lambda:InvokeFunction"
	}
}
