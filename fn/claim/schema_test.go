package claim

import (
	"runtime"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/package/input"
)

// TestSchemasAreSmall measures what the compiled schemas keep in memory for as long as the function runs. A pattern that
// counts letters of all languages takes megabytes, and the function has 36 MiB.
func TestSchemasAreSmall(t *testing.T) {
	const most = 7 << 20
	heap := func() int64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	// What all schemas share is there before.
	if _, err := inputSchema(); err != nil {
		t.Fatal(err)
	}
	before := heap()
	var kept []*schema.Schema
	for _, definition := range []struct {
		yaml []byte
		path []string
	}{{apis.Definition, []string{"spec"}}, {input.CustomResourceDefinition, nil}} {
		s, err := schemaOf(definition.yaml, definition.path...)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, s)
	}
	took := heap() - before
	runtime.KeepAlive(kept)
	t.Logf("the schemas take %d KiB", took>>10)
	if took > most {
		t.Errorf("the schemas take %d MiB, want at most %d", took>>20, most>>20)
	}
}
