package main

import (
	"maps"

	"pgregory.net/rapid"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// invokers of each kind, for things in a region.
func invokers(region string) *rapid.Generator[[]any] {
	kinds := []map[string]any{
		{"principal": "apigateway.amazonaws.com", "sourceArn": inRegion("arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/POST/payments", region)},
		{"principal": "s3.amazonaws.com", "sourceArn": inRegion("arn:aws:s3:::receipts", region), "sourceAccount": fntest.Account},
		{"principal": "444455556666"},
		{"principal": "*", "organizationId": "o-a1b2c3d4e5"},
	}
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?`), 0, 20, rapid.ID[string])
	return rapid.Custom(func(t *rapid.T) []any {
		list := []any{}
		for _, name := range names.Draw(t, "names") {
			invoker := maps.Clone(rapid.SampledFrom(kinds).Draw(t, "kind"))
			invoker["name"] = name
			list = append(list, invoker)
		}
		return list
	})
}

// drawFunctionURL draws one without and with other origins.
func drawFunctionURL(t *rapid.T) map[string]any {
	o := map[string]any{}
	maybe(t, o, "invokeMode", rapid.SampledFrom([]string{"Buffered", "ResponseStream"}))
	maybe(t, o, "cors", rapid.Custom(func(t *rapid.T) map[string]any {
		headers := listOf(`[a-z0-9-]{1,20}`, 0, 5)
		cors := map[string]any{"allowOrigins": listOf(`https://[a-z0-9]{1,20}(:[0-9]{1,4})?`, 1, 5).Draw(t, "origins")}
		maybe(t, cors, "allowMethods", rapid.SampledFrom([][]any{{"*"}, {"GET", "POST"}, {"DELETE"}}))
		maybe(t, cors, "allowHeaders", headers)
		maybe(t, cors, "exposeHeaders", headers)
		maybe(t, cors, "allowCredentials", rapid.Bool())
		maybe(t, cors, "maxAgeSeconds", number(0, 86400))
		return cors
	}))
	return o
}

// eventSources of each kind, for things in a region, none of which is read twice.
func eventSources(region string) *rapid.Generator[[]any] {
	kinds := []func(t *rapid.T, name string) map[string]any{
		func(t *rapid.T, name string) map[string]any {
			return map[string]any{"sqs": drawQueue(t, inRegion("arn:aws:sqs:us-east-1:111122223333:"+name, region))}
		},
		func(t *rapid.T, name string) map[string]any {
			return map[string]any{"kinesis": drawStream(t, region, "arn:aws:kinesis:us-east-1:111122223333:stream/"+name)}
		},
		func(t *rapid.T, name string) map[string]any {
			return map[string]any{"dynamodb": drawStream(t, region, "arn:aws:dynamodb:us-east-1:111122223333:table/the-"+name+"/stream/2026-01-31T09:30:00.000")}
		},
		func(t *rapid.T, name string) map[string]any {
			rule := map[string]any{"eventPattern": map[string]any{"source": []any{name}}}
			maybe(t, rule, "eventBusName", rapid.Just(name))
			return map[string]any{"rule": rule}
		},
		func(t *rapid.T, name string) map[string]any {
			schedule := map[string]any{"expression": rapid.SampledFrom([]string{"rate(5 minutes)", "cron(0 3 * * ? *)"}).Draw(t, "expression")}
			maybe(t, schedule, "event", rapid.Just(map[string]any{"task": name}))
			return map[string]any{"schedule": schedule}
		},
	}
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?`), 0, 3, rapid.ID[string])
	return rapid.Custom(func(t *rapid.T) []any {
		list := []any{}
		for _, name := range names.Draw(t, "names") {
			source := rapid.SampledFrom(kinds).Draw(t, "kind")(t, name)
			source["name"] = name
			list = append(list, source)
		}
		return list
	})
}

// drawQueue draws how a queue is read. More than 10 messages at once need a window.
func drawQueue(t *rapid.T, arn string) map[string]any {
	queue := map[string]any{"queueArn": arn}
	batches := number(1, 10)
	if rapid.Bool().Draw(t, "has window") {
		queue["maximumBatchingWindowSeconds"] = number(1, 300).Draw(t, "window")
		batches = number(1, 10000)
	}
	maybe(t, queue, "batchSize", batches)
	maybe(t, queue, "maximumConcurrency", number(2, 1000))
	maybe(t, queue, "reportBatchItemFailures", rapid.Bool())
	return queue
}

// drawStream draws how a stream is read.
func drawStream(t *rapid.T, region, arn string) map[string]any {
	stream := map[string]any{
		"streamArn":        inRegion(arn, region),
		"startingPosition": rapid.SampledFrom([]string{"Latest", "TrimHorizon"}).Draw(t, "position"),
	}
	maybe(t, stream, "batchSize", number(1, 10000))
	maybe(t, stream, "maximumBatchingWindowSeconds", number(0, 300))
	maybe(t, stream, "parallelizationFactor", number(1, 10))
	maybe(t, stream, "bisectBatchOnFunctionError", rapid.Bool())
	maybe(t, stream, "maximumRetryAttempts", number(-1, 10000))
	maybe(t, stream, "maximumRecordAgeSeconds", rapid.OneOf(rapid.Just(-1.0), number(60, 604800)))
	maybe(t, stream, "onFailureArn", rapid.SampledFrom([]string{"", inRegion("arn:aws:sqs:us-east-1:111122223333:failed", region)}))
	maybe(t, stream, "reportBatchItemFailures", rapid.Bool())
	return stream
}
