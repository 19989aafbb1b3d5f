package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// anUID is the UID of the XR in property tests.
const anUID = "0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11"

// maybe draws a value half of the time.
// beginsNoArray says that no rule refuses an expression for being an array.
func beginsNoArray(expression string) bool { return !strings.Contains(expression, "[") }

func maybe[V any](t *rapid.T, into map[string]any, key string, g *rapid.Generator[V]) {
	if rapid.Bool().Draw(t, "has "+key) {
		into[key] = g.Draw(t, key)
	}
}

// number is a whole one, as JSON has it.
func number(low, high int) *rapid.Generator[float64] {
	return rapid.Map(rapid.IntRange(low, high), func(i int) float64 { return float64(i) })
}

// listOf texts that match a pattern, each once.
func listOf(pattern string, least, most int) *rapid.Generator[[]any] {
	return rapid.Map(rapid.SliceOfNDistinct(rapid.StringMatching(pattern), least, most, rapid.ID[string]), anyOf)
}

// drawRegion draws a region of one of two partitions.
func drawRegion(t *rapid.T) string {
	return rapid.SampledFrom([]string{"us-east-1", "eu-central-1", "us-gov-west-1"}).Draw(t, "region")
}

// drawSpec draws a valid spec from the whole input space, in the supplied region.
func drawSpec(t *rapid.T, region string) map[string]any {
	pairs := func(pattern string) *rapid.Generator[map[string]any] {
		return rapid.Map(rapid.MapOfN(rapid.StringMatching(pattern), rapid.StringN(0, 20, 60), 0, 3), func(m map[string]string) map[string]any {
			out := map[string]any{}
			for k, v := range m {
				out[k] = v
			}
			return out
		})
	}
	object := func(fill func(map[string]any)) map[string]any {
		o := map[string]any{}
		fill(o)
		return o
	}

	spec := map[string]any{
		"region":            region,
		"environmentSuffix": rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?`).Draw(t, "suffix"),
		"source": object(func(o map[string]any) {
			o["owner"] = rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9_-]{0,38}`).Draw(t, "owner")
			o["repository"] = rapid.StringMatching(`[A-Za-z0-9._-]{1,100}`).Draw(t, "repository")
			maybe(t, o, "branch", rapid.StringMatching(`[A-Za-z0-9._/-]{1,30}`))
			maybe(t, o, "connectionArn", rapid.SampledFrom([]string{"", inRegion(fntest.Connection, region)}))
			drawSource(t, o)
		}),
		"service": object(func(o map[string]any) {
			drawRuntime(t, o)
			maybe(t, o, "architecture", rapid.SampledFrom([]string{"x86_64", "arm64"}))
			maybe(t, o, "memorySizeMiB", number(128, 10240))
			maybe(t, o, "timeoutSeconds", number(1, 900))
			maybe(t, o, "environment", pairs(`X[A-Za-z0-9_]{1,10}`))
			maybe(t, o, "vpc", rapid.Custom(drawVPC))
			maybe(t, o, "ephemeralStorageMiB", number(512, 10240))
			maybe(t, o, "tracing", rapid.SampledFrom([]string{"PassThrough", "Active"}))
			maybe(t, o, "logging", rapid.SampledFrom([]map[string]any{
				{"format": "Text"}, {"format": "JSON"}, {"format": "JSON", "applicationLevel": "TRACE", "systemLevel": "WARN"},
			}))
			maybe(t, o, "concurrency", rapid.Custom(drawConcurrency))
			drawSnapStart(t, o)
			maybe(t, o, "async", async(region))
			maybe(t, o, "layers", rapid.Map(rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9_-]{1,140}:[1-9][0-9]{0,3}`), 0, 5, rapid.ID[string]), func(layers []string) []any {
				for i := range layers {
					layers[i] = inRegion("arn:aws:lambda:us-east-1:"+fntest.Account+":layer:"+layers[i], region)
				}
				return anyOf(layers)
			}))
			maybe(t, o, "kmsKeyArn", rapid.SampledFrom([]string{"", inRegion(fntest.Key, region)}))
			maybe(t, o, "secrets", secrets(region))
			maybe(t, o, "permissions", permissions(region))
			maybe(t, o, "invokers", invokers(region))
			maybe(t, o, "functionUrl", rapid.Custom(drawFunctionURL))
			maybe(t, o, "eventSources", eventSources(region))
		}),
		"build": object(func(o map[string]any) {
			maybe(t, o, "environment", pairs(`X[A-Za-z0-9_]{1,10}`))
			maybe(t, o, "buildspec", rapid.StringN(0, 40, 160))
			drawBuild(t, o, region)
		}),
		"rollout": object(func(o map[string]any) {
			maybe(t, o, "deploymentConfig", rapid.SampledFrom(slices.Sorted(maps.Keys(release.Predefined))))
			maybe(t, o, "custom", rapid.Custom(func(t *rapid.T) map[string]any {
				percentage := rapid.IntRange(1, 99).Draw(t, "percentage")
				more := max(1, 99/percentage)
				return map[string]any{
					"type":            rapid.SampledFrom([]string{"Canary", "Linear"}).Draw(t, "type"),
					"percentage":      float64(percentage),
					"intervalMinutes": float64(rapid.IntRange(1, 2880/more).Draw(t, "interval")),
				}
			}))
			maybe(t, o, "analysis", rapid.Custom(func(t *rapid.T) map[string]any {
				a := map[string]any{"enabled": rapid.Bool().Draw(t, "judged")}
				percent := rapid.Float64Range(0, 100)
				maybe(t, a, "bakeMinutes", number(0, 1440))
				maybe(t, a, "minInvocations", number(1, 1e6))
				maybe(t, a, "tooFewInvocations", rapid.SampledFrom([]string{"Pass", "Fail", "Wait"}))
				maybe(t, a, "maxErrorPercent", percent)
				maybe(t, a, "maxThrottlePercent", percent)
				maybe(t, a, "p99Milliseconds", number(0, 900000))
				maybe(t, a, "metrics", rapid.Map(rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9 _./-]{0,20}`), 0, 5, rapid.ID[string]), func(names []string) []any {
					metrics := make([]any, 0, len(names))
					for _, name := range names {
						metrics = append(metrics, map[string]any{"name": name, "expression": rapid.StringN(1, 40, 160).Filter(beginsNoArray).Draw(t, "expression"), "maxPercent": percent.Draw(t, "share")})
					}
					return metrics
				}))
				return a
			}))
			maybe(t, o, "changeWindows", rapid.SliceOfN(rapid.Custom(drawWindow), 0, 14))
			maybe(t, o, "freezes", rapid.SliceOfN(rapid.Custom(drawFreeze), 0, 20))
			maybe(t, o, "bypassAlarmsForCommit", rapid.StringMatching(`[0-9a-f]{40}`))
			maybe(t, o, "bypassReason", rapid.StringN(0, 40, 160))
			maybe(t, o, "onConfigurationChange", rapid.SampledFrom([]string{"Wait", "Release"}))
			maybe(t, o, "hooks", rapid.Just(map[string]any{"beforeAllowTraffic": "before", "afterAllowTraffic": "after"}))
		}),
		"alarm": object(func(o map[string]any) {
			maybe(t, o, "errorRatePercent", rapid.Float64Range(0, 99))
			minutes := rapid.IntRange(1, 7*24*60).Draw(t, "minutes of a period")
			longest := 24 * 60
			if minutes >= 60 {
				longest *= 7
			}
			o["periodSeconds"] = float64(60 * minutes)
			o["evaluationPeriods"] = float64(rapid.IntRange(1, max(1, longest/minutes)).Draw(t, "periods"))
			maybe(t, o, "additionalAlarms", listOf(`[!-~][ -~]{0,19}`, 0, 9))
		}),
		"smokeTest": object(func(o map[string]any) {
			maybe(t, o, "expectStatusBelow", number(0, 600))
			maybe(t, o, "event", pairs(`[ -~]{1,10}`))
		}),
		"approval": object(func(o map[string]any) {
			maybe(t, o, "required", rapid.Bool())
			maybe(t, o, "timeoutMinutes", number(5, 86400))
		}),
		"notifications": object(func(o map[string]any) {
			topic := rapid.Map(rapid.StringMatching(`[A-Za-z0-9_-]{1,256}`), func(name string) string {
				return inRegion("arn:aws:sns:us-east-1:"+fntest.Account+":"+name, region)
			})
			maybe(t, o, "topicArn", topic)
			maybe(t, o, "approvalTopicArn", topic)
			if o["topicArn"] == nil {
				maybe(t, o, "emails", listOf(`[a-z]{1,8}@[a-z]{1,8}\.example`, 0, 10))
			}
		}),
		"retention": object(func(o map[string]any) {
			maybe(t, o, "logDays", rapid.SampledFrom([]float64{0, 1, 7, 3653}))
			maybe(t, o, "artifactDays", number(0, 3650))
			maybe(t, o, "historyDays", number(0, 3650))
			maybe(t, o, "versions", number(0, 1000))
		}),
	}
	maybe(t, spec, "deletionProtection", rapid.Bool())
	maybe(t, spec, "tags", tags)
	drawPromotion(t, spec, region)
	fitBuild(spec, region)
	drawLongSuffix(t, spec)
	return spec
}

// drawLongSuffix draws one that leaves no name for a connection, for some claims that bring theirs. It leaves one for the rule of any
// event source.
func drawLongSuffix(t *rapid.T, spec map[string]any) {
	if given, _ := spec["source"].(map[string]any)["connectionArn"].(string); given != "" {
		maybe(t, spec, "environmentSuffix", rapid.StringMatching(`[a-z0-9][a-z0-9-]{13,15}[a-z0-9]`))
	}
}

// drawVPC draws up to as many subnets and security groups as a function can have.
func drawVPC(t *rapid.T) map[string]any {
	ids := func(pattern string, most int) []any {
		return anyOf(rapid.SliceOfNDistinct(rapid.StringMatching(pattern), 1, most, rapid.ID[string]).Draw(t, pattern))
	}
	return map[string]any{"subnetIds": ids(`subnet-[0-9a-z]{1,17}`, 16), "securityGroupIds": ids(`sg-[0-9a-zA-Z]{1,17}`, 5)}
}

// drawConcurrency draws what is reserved and provisioned, each or both.
func drawConcurrency(t *rapid.T) map[string]any {
	o := map[string]any{}
	provisioned := rapid.IntRange(1, 100000).Draw(t, "provisioned")
	if rapid.Bool().Draw(t, "is provisioned") {
		p := map[string]any{"min": float64(provisioned)}
		if rapid.Bool().Draw(t, "has most") {
			provisioned = rapid.IntRange(provisioned, 100000).Draw(t, "most")
			p["max"] = float64(provisioned)
		}
		maybe(t, p, "targetUtilizationPercent", number(10, 90))
		o["provisioned"] = p
	} else {
		provisioned = 0
	}
	maybe(t, o, "reserved", number(provisioned, 100000))
	return o
}

// drawSnapStart draws it where Lambda has it. Without a size /tmp has 512 MiB.
func drawSnapStart(t *rapid.T, service map[string]any) {
	runtime, _ := service["runtime"].(string)
	storage, _ := service["ephemeralStorageMiB"].(float64)
	concurrency, _ := service["concurrency"].(map[string]any)
	choices := []string{"None"}
	if (strings.HasPrefix(runtime, "java") || strings.HasPrefix(runtime, "python")) && storage <= 512 && concurrency["provisioned"] == nil {
		choices = append(choices, "PublishedVersions")
	}
	maybe(t, service, "snapStart", rapid.SampledFrom(choices))
}

// async is what becomes of events in a region.
func async(region string) *rapid.Generator[map[string]any] {
	destination := rapid.Map(rapid.SampledFrom([]string{
		"", "arn:aws:sqs:us-east-1:111122223333:failed", "arn:aws:sns:us-east-1:111122223333:failed",
		"arn:aws:lambda:us-east-1:111122223333:function:ledger:live", "arn:aws:events:us-east-1:111122223333:event-bus/payments",
	}), func(arn string) any { return inRegion(arn, region) })
	return rapid.Custom(func(t *rapid.T) map[string]any {
		o := map[string]any{}
		maybe(t, o, "maximumAgeSeconds", number(60, 21600))
		maybe(t, o, "retries", rapid.SampledFrom([]any{0.0, 1.0, 2.0}))
		maybe(t, o, "onFailure", destination)
		maybe(t, o, "onSuccess", destination)
		return o
	})
}

// anyOf are texts as JSON has them.
func anyOf(texts []string) []any {
	out := make([]any, 0, len(texts))
	for _, s := range texts {
		out = append(out, s)
	}
	return out
}

// secrets and parameters in a region, by variables that no environment here has.
func secrets(region string) *rapid.Generator[map[string]any] {
	arn := rapid.OneOf(
		rapid.StringMatching(`arn:aws:secretsmanager:us-east-1:111122223333:secret:[A-Za-z0-9/_+=.@-]{1,40}-[A-Za-z0-9]{6}`),
		rapid.StringMatching(`arn:aws:ssm:us-east-1:111122223333:parameter(/[A-Za-z0-9_.-]{1,20}){1,3}`),
	)
	return rapid.Map(rapid.MapOfN(rapid.StringMatching(`Y[A-Za-z0-9_]{1,10}`), arn, 0, 3), func(m map[string]string) map[string]any {
		secrets := map[string]any{}
		for name, arn := range m {
			secrets[name] = inRegion(arn, region)
		}
		return secrets
	})
}

// permissions that AWS takes, in a region's partition.
func permissions(region string) *rapid.Generator[map[string]any] {
	statements := []any{
		map[string]any{"actions": []any{"sqs:SendMessage"}, "resources": []any{inRegion("arn:aws:sqs:us-east-1:111122223333:payments-booked", region)}},
		map[string]any{"actions": []any{"s3:GetObject", "s3:PutObject"}, "resources": []any{inRegion("arn:aws:s3:::receipts/*", region)}},
	}
	return rapid.Custom(func(t *rapid.T) map[string]any {
		o := map[string]any{}
		maybe(t, o, "statements", rapid.SliceOfN(rapid.SampledFrom(statements), 0, 10))
		maybe(t, o, "policyArns", rapid.Map(rapid.SliceOfNDistinct(rapid.StringMatching(`payment-service-[A-Za-z0-9_+=,.@-]{1,40}`), 0, 6, rapid.ID[string]), func(names []string) []any {
			arns := make([]any, 0, len(names))
			for _, name := range names {
				arns = append(arns, inRegion("arn:aws:iam::111122223333:policy/"+name, region))
			}
			return arns
		}))
		return o
	})
}

// tags that AWS takes.
var tags = rapid.Map(rapid.MapOfN(
	// The first letter keeps keys apart that would differ in case only.
	rapid.StringMatching(`[b-z][\p{Lo}\p{N}_.:/=+@ -]{0,126}`), rapid.StringMatching(`[\p{L}\p{N}_.:/=+@ -]{0,255}`), 0, 3,
), func(m map[string]string) map[string]any {
	tags := map[string]any{}
	for k, v := range m {
		tags[k] = v
	}
	return tags
})

// inRegion is an ARN in us-east-1, or of an account there, moved to another region and its partition.
func inRegion(arn, region string) string {
	if strings.HasPrefix(region, "us-gov-") {
		arn = strings.Replace(arn, "arn:aws:", "arn:aws-us-gov:", 1)
	}
	return strings.Replace(arn, "us-east-1", region, 1)
}

// drawInput draws valid platform settings for claims in a region.
func drawInput(t *rapid.T, region string) *structpb.Struct {
	in := map[string]any{"apiVersion": "paymentdelivery.fn.crossplane.io/v1beta1", "kind": "PlatformSettings"}
	maybe(t, in, "providerConfigKind", rapid.SampledFrom([]string{"ClusterProviderConfig", "ProviderConfig"}))
	maybe(t, in, "providerConfig", rapid.StringMatching(`[a-z0-9]([a-z0-9.-]{0,60}[a-z0-9])?`))
	maybe(t, in, "accountId", rapid.Just(fntest.Account))
	maybe(t, in, "connectionArn", rapid.Just(inRegion(fntest.SharedConnection, region)))
	maybe(t, in, "kmsKeyArn", rapid.Just(inRegion(fntest.Key, region)))
	maybe(t, in, "permissionsBoundaryArn", rapid.Just(inRegion(fntest.Boundary, region)))
	maybe(t, in, "tags", tags)
	maybe(t, in, "changeWindows", rapid.SliceOfN(rapid.Custom(drawWindow), 0, 14))
	maybe(t, in, "freezes", rapid.SliceOfN(rapid.Custom(drawFreeze), 0, 20))
	maybe(t, in, "topicArn", rapid.Just(inRegion("arn:aws:sns:us-east-1:"+fntest.Account+":platform", region)))
	maybe(t, in, "allowCalendarBypass", rapid.Bool())
	return mustStruct(in)
}

func mustStruct(m map[string]any) *structpb.Struct {
	s, err := structpb.NewStruct(m)
	if err != nil {
		panic(err)
	}
	return s
}

// newRequest returns a request for an XR with the supplied spec, of which nothing exists yet.
func newRequest(spec map[string]any, input *structpb.Struct) *fnv1.RunFunctionRequest {
	return &fnv1.RunFunctionRequest{
		Input: input,
		Observed: &fnv1.State{
			Composite: &fnv1.Resource{Resource: mustStruct(map[string]any{
				"apiVersion": "paymentdelivery.io/v1alpha1",
				"kind":       "XPaymentDeliveryPipeline",
				"metadata":   map[string]any{"name": "payments", "uid": anUID},
				"spec":       spec,
			})},
			Resources: map[string]*fnv1.Resource{},
		},
		RequiredResources: settingsObjects(nil),
	}
}

// inNamespace makes the composite resource of a request one that a team has in its own namespace.
func inNamespace(req *fnv1.RunFunctionRequest) *fnv1.RunFunctionRequest {
	fields := req.GetObserved().GetComposite().GetResource().GetFields()
	fields["kind"] = structpb.NewStringValue("PaymentPipeline")
	fields["metadata"].GetStructValue().Fields["namespace"] = structpb.NewStringValue("team-payments")
	return req
}

// feedBack makes what was desired observed, as Crossplane and an AWS that has done nothing else would.
func feedBack(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	apply(&standin.AWS{AccountID: fntest.Account}, req, rsp)
}

// apply makes what was desired observed, as Crossplane and AWS would.
func apply(aws *standin.AWS, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	observed := req.GetObserved()
	if observed.Resources == nil {
		observed.Resources = map[string]*fnv1.Resource{}
	}
	// In an order in which functions are made after their code.
	for _, name := range desiredIn(rsp) {
		mr := object(rsp.GetDesired().GetResources()[name])
		aws.Apply(mr, written(observed.GetResources()[name]))
		observed.Resources[name] = &fnv1.Resource{Resource: mustStruct(mr.Object)}
	}
	tell(req, rsp)
}

// tell the XR what the answer says. Conditions that it does not have stay as they are.
func tell(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	xr := req.GetObserved().GetComposite().GetResource().GetFields()
	said := map[string]bool{}
	conditions := &structpb.ListValue{}
	for _, c := range rsp.GetConditions() {
		said[c.GetType()] = true
		conditions.Values = append(conditions.Values, structpb.NewStructValue(mustStruct(map[string]any{
			"type": c.GetType(), "status": statuses[c.GetStatus()], "reason": c.GetReason(), "message": c.GetMessage(),
		})))
	}
	for _, c := range xr["status"].GetStructValue().GetFields()["conditions"].GetListValue().GetValues() {
		if !said[c.GetStructValue().GetFields()["type"].GetStringValue()] {
			conditions.Values = append(conditions.Values, c)
		}
	}
	status := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	proto.Merge(status, rsp.GetDesired().GetComposite().GetResource().GetFields()["status"].GetStructValue())
	status.Fields["conditions"] = structpb.NewListValue(conditions)
	xr["status"] = structpb.NewStructValue(status)
}

// object is the resource as the API server has it. Nil: there is none.
func object(r *fnv1.Resource) *unstructured.Unstructured {
	if r == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: r.GetResource().AsMap()}
}

// written is what others have written of the resource: all but its spec, which takes longest to convert. Nil: there is none.
func written(r *fnv1.Resource) *unstructured.Unstructured {
	if r == nil {
		return nil
	}
	o := map[string]any{}
	for _, field := range []string{"metadata", "status"} {
		if value, has := r.GetResource().GetFields()[field]; has {
			o[field] = value.AsInterface()
		}
	}
	return &unstructured.Unstructured{Object: o}
}

// drawDamage damages what is observed: resources lose their status, or have nonsense in it, or vanish, but for those that are kept.
func drawDamage(t *rapid.T, req *fnv1.RunFunctionRequest, kept ...resource.Name) {
	for _, name := range exist(req) {
		fields := req.GetObserved().GetResources()[name].GetResource().GetFields()
		switch rapid.IntRange(0, 9).Draw(t, "damage to "+name) {
		case 0:
			if !slices.Contains(kept, resource.Name(name)) {
				delete(req.GetObserved().GetResources(), name)
			}
		case 1:
			delete(fields, "status")
		case 2:
			fields["status"] = structpb.NewStringValue("nonsense")
		case 3:
			fields["status"] = structpb.NewStructValue(mustStruct(map[string]any{"atProvider": []any{nil, "x"}, "conditions": map[string]any{"type": 1.5}}))
		case 4:
			fields["unknown"] = structpb.NewNullValue()
			fields["metadata"] = structpb.NewNullValue()
		}
	}
}

// forget all that the XR remembers.
func forget(req *fnv1.RunFunctionRequest) {
	delete(req.GetObserved().GetComposite().GetResource().GetFields(), "status")
}

// drawWindow draws a change window.
func drawWindow(t *rapid.T) any {
	days := rapid.SliceOfNDistinct(rapid.SampledFrom([]any{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}), 1, 7, rapid.ID[any]).Draw(t, "days")
	from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
	to := rapid.IntRange(from+1, 24*60).Draw(t, "to")
	clock := func(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
	return map[string]any{"days": days, "from": clock(from), "to": clock(to)}
}

// drawFreeze draws a freeze.
func drawFreeze(t *rapid.T) any {
	from := time.Date(2026, 1, 1, 0, 0, rapid.IntRange(0, 1e9).Draw(t, "from"), 0, time.UTC)
	to := from.Add(time.Duration(rapid.IntRange(1, 1e7).Draw(t, "length")) * time.Second)
	return map[string]any{
		"from": from.Format(time.RFC3339), "to": to.Format(time.RFC3339),
		"reason": rapid.StringMatching(`[ -~]{1,40}`).Draw(t, "reason"),
	}
}
