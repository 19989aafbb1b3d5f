package main

import (
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// waves after which nothing waits any more: the bucket's, two more, the pipeline's, and those of what scales and how.
const waves = 6

// firstRelease is the version that a pipeline releases first.
const firstRelease = "2"

// A pipeline is a claim of which everything exists, and which has released once.
type pipeline struct {
	// request that Crossplane makes next, as bytes: many are remembered.
	request []byte

	aws *standin.AWS
}

// pipelines by the requests that they begin with. All tests draw the same claims, unless they are told otherwise, and to make all
// of a claim takes longer than to test it.
var pipelines = memo.New[pipeline](1 << 30)

// drawReady draws a claim and brings it to where nothing waits any more.
func drawReady(t *rapid.T) *fnv1.RunFunctionRequest {
	req, _ := drawReadyInAWS(t)
	return req
}

// drawReadyClaim is drawReady of a claim: for tests that know its kinds of managed resources only. TestGoldenNamespaced compares the others.
func drawReadyClaim(t *rapid.T) *fnv1.RunFunctionRequest {
	return makeReady(t, drawRequest(t))
}

// drawRequest of a valid claim that has made nothing yet.
func drawRequest(t *rapid.T) *fnv1.RunFunctionRequest {
	region := drawRegion(t)
	return newRequest(drawSpec(t, region), drawInput(t, region))
}

// drawReadyInAWS is drawReady, and the AWS in which all of it is.
func drawReadyInAWS(t *rapid.T) (*fnv1.RunFunctionRequest, *standin.AWS) {
	req := drawRequest(t)
	if rapid.Bool().Draw(t, "namespaced") {
		req = inNamespace(req)
	}
	return makeReadyInAWS(t, req)
}

// makeReady brings a valid claim to where nothing waits any more. There must be a pipeline then: a function that refuses
// everything, or composes nothing, keeps most guarantees.
func makeReady(t rapid.TB, first *fnv1.RunFunctionRequest) *fnv1.RunFunctionRequest {
	req, _ := makeReadyInAWS(t, first)
	return req
}

func makeReadyInAWS(t rapid.TB, first *fnv1.RunFunctionRequest) (*fnv1.RunFunctionRequest, *standin.AWS) {
	made := pipelines.Get(wire(t, first), func() pipeline {
		req, aws := proto.CloneOf(first), &standin.AWS{AccountID: fntest.Account}
		for range waves {
			goOn(t, aws, req)
		}
		if req.GetObserved().GetResources()[string(deliveryPipeline)] == nil {
			t.Fatalf("after %d waves there is no pipeline", waves)
		}
		goLive(t, aws, req, firstRelease)
		return pipeline{request: wire(t, req), aws: aws}
	})
	req := &fnv1.RunFunctionRequest{}
	must(t, proto.Unmarshal(made.request, req))
	return req, made.aws.Copy()
}

// goLive releases a version, and waits until all that comes with a release exists.
func goLive(t rapid.TB, aws *standin.AWS, req *fnv1.RunFunctionRequest, version string) {
	must(t, aws.Release(object(req.GetObserved().GetResources()[string(liveAlias)]), version))
	goOn(t, aws, req) // AWS answers after this one.
	goOn(t, aws, req)
}

// goOn runs the function and applies what it desires, and wants nothing that exists to go.
func goOn(t rapid.TB, aws *standin.AWS, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	rsp := runAny(t, req)
	if message := whyRefused(rsp); message != "" {
		t.Fatalf("a valid claim is refused: %s", message)
	}
	wantAllToStay(t, req, rsp)
	apply(aws, req, rsp)
	return rsp
}

// wantAllToStay checks that whatever exists is still desired: Crossplane deletes what is not.
func wantAllToStay(t rapid.TB, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	for _, name := range exist(req) {
		if rsp.GetDesired().GetResources()[name] == nil {
			t.Errorf("%q exists and is no longer desired, which deletes it", name)
		}
	}
}
