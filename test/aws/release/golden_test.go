package release

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

type item = map[string]any

// recorded is what came of a release in our own interpreter: a file in test/release/testdata.
type recorded struct {
	Executions []executed      `json:"executions"`
	Alias      fakeaws.Alias   `json:"alias"`
	History    map[string]item `json:"history"`
}

func loadGolden(t *testing.T, name string) recorded {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "test", "release", "testdata", name+".json"))
	if err != nil {
		t.Fatalf("cannot read golden file: %v", err)
	}
	var g recorded
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatalf("cannot parse golden file: %v", err)
	}
	return g
}

// checkGolden compares what came of a release with a golden file. Of times, of the code's hash and of executions it compares only that there
// are some: the emulator has the real ones.
func (b *bench) checkGolden(name string) {
	b.t.Helper()
	want := loadGolden(b.t, name)
	got := recorded{Executions: b.executions, Alias: b.cloud.Lambda.Alias(), History: b.history()}
	for _, g := range []recorded{want, got} {
		for _, item := range g.History {
			b.hideReal(item)
		}
		for i := range g.Executions {
			e := &g.Executions[i]
			e.Error, e.Cause = plain(e.Error), plain(e.Cause)
			if strings.HasPrefix(e.What, "record ") {
				// What an event finds beside its own deployment depends on when it comes.
				e.States = nil
			}
		}
		// Events are handled while a release runs, or after it. Executions of the same name stay in their order.
		slices.SortStableFunc(g.Executions, func(x, y executed) int { return strings.Compare(x.What, y.What) })
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(executed{}), cmpopts.EquateEmpty()); diff != "" {
		b.t.Errorf("%s: -want, +got:\n%s", name, diff)
	}
}

// history as it is in the emulator's table.
func (b *bench) history() map[string]item {
	b.t.Helper()
	out := must[*dynamodb.ScanOutput](b.t)(aws.DynamoDB.Scan(b.t.Context(), &dynamodb.ScanInput{
		TableName: new(b.rendered.awsName("history-table")),
	}))
	items := map[string]item{}
	for _, one := range out.Items {
		values := item{}
		for name, value := range one {
			values[name] = b.value(name, value)
		}
		id, _ := values["deploymentId"].(string)
		items[id] = values
	}
	return items
}

// value of an attribute, as golden files have it.
func (b *bench) value(name string, attribute types.AttributeValue) any {
	b.t.Helper()
	switch a := attribute.(type) {
	case *types.AttributeValueMemberS:
		return a.Value
	case *types.AttributeValueMemberBOOL:
		return a.Value
	case *types.AttributeValueMemberN:
		number, err := strconv.ParseFloat(a.Value, 64)
		if err != nil {
			b.t.Errorf("%s: %v", name, err)
		}
		return number
	default:
		b.t.Errorf("%s has the type %T", name, attribute)
		return nil
	}
}

// hideReal times, which must be well written, and hashes. Empty ones stay.
func (b *bench) hideReal(values item) {
	b.t.Helper()
	for _, name := range []string{"at", "startedAt", "completedAt"} {
		if at, ok := values[name].(string); ok && at != "" {
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				b.t.Errorf("%s: %v", name, err)
			}
			values[name] = "a time"
		}
	}
	if _, ok := values["executionArn"].(string); ok {
		values["executionArn"] = "an execution"
	}
	if _, ok := values["expiresAt"].(float64); ok {
		values["expiresAt"] = "a time"
	}
	// The emulator's functions have code.
	if hash, ok := values["codeSha256"].(string); ok && hash != "" {
		values["codeSha256"] = "a hash"
	}
}

// plain cause of a failure: without what AWS's SDK for Java adds to the service's own message, which the emulator does
// not, and without differences between JSON texts that mean nothing. The stack of a function's error is of the code. Its
// name is lost in the emulator: AWS tells it.
// See https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
func plain(cause string) string {
	cause, _, _ = strings.Cut(cause, " (Service: ")
	cause = strings.ReplaceAll(cause, "TypeError", "Runtime.HandlerError")
	begin := strings.IndexByte(cause, '{')
	if begin < 0 {
		return cause
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(cause[begin:]), &document); err != nil {
		return cause
	}
	delete(document, "trace")
	data, err := json.Marshal(document)
	if err != nil {
		return cause
	}
	return cause[:begin] + string(data)
}
