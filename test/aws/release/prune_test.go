package release

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
)

// TestPrune makes more versions than are kept, and releases the newest. The first, which was live before, must stay.
func TestPrune(t *testing.T) {
	const published = 25
	b := newBench(t, ready, allAtOnce)
	for v := 2; v <= published; v++ {
		b.blue(fmt.Sprint(v))
		b.green(fmt.Sprintf("return {statusCode: 200, body: '%d'}", v))
	}
	b.shift(fmt.Sprint(published))
	if e := b.executions[0]; e.Status != "SUCCEEDED" {
		t.Fatalf("%s: %s", e.Error, e.Cause)
	}
	b.recordNew()
	b.expectAnswer(fmt.Sprintf(`"production is version %d"`, published))

	green := b.versions("green-function")
	if want := 20; len(green) != want || slices.Contains(green, "1") {
		t.Errorf("want the newest %d versions of green, got %v", want, green)
	}
	want := []string{"1"}
	for v := published - 19; v <= published; v++ {
		want = append(want, fmt.Sprint(v))
	}
	if diff := cmp.Diff(want, b.versions("blue-function")); diff != "" {
		t.Errorf("versions of blue: -want, +got:\n%s", diff)
	}
}

// versions of a function that there are, but $LATEST.
func (b *bench) versions(function string) []string {
	b.t.Helper()
	var all []string
	pages := lambda.NewListVersionsByFunctionPaginator(aws.Lambda, &lambda.ListVersionsByFunctionInput{FunctionName: new(b.rendered.awsName(function))})
	for pages.HasMorePages() {
		for _, v := range must[*lambda.ListVersionsByFunctionOutput](b.t)(pages.NextPage(b.t.Context())).Versions {
			if *v.Version != "$LATEST" {
				all = append(all, *v.Version)
			}
		}
	}
	return all
}
