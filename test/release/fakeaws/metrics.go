package fakeaws

import (
	"net/http"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// A Datum is what somebody has published of a metric.
type Datum struct {
	At        string  `json:"at"`
	Namespace string  `json:"namespace"`
	Pipeline  string  `json:"pipeline"`
	Metric    string  `json:"metric"`
	Value     float64 `json:"value"`
	Unit      string  `json:"unit"`
}

// Published metrics, in order.
func (w *CloudWatch) Published() []Datum {
	w.cloud.mu.Lock()
	defer w.cloud.mu.Unlock()
	return append([]Datum{}, w.published...)
}

func (w *CloudWatch) putMetricData(r request) (string, any, error) {
	in, err := readEither(r)
	if err != nil {
		return "*", nil, w.cloud.unexpected("cannot read request: %v", err)
	}
	data := list(in, "MetricData")
	if len(data) == 0 {
		return "*", nil, &Fault{Status: http.StatusBadRequest, Code: "MissingParameterException", Message: "The parameter MetricData is required."}
	}
	for _, m := range data {
		d := Datum{
			At: w.cloud.clock.Now().Format(time.RFC3339), Namespace: text(in, "Namespace"),
			Metric: text(m, "MetricName"), Value: numberOf(m, "Value"), Unit: text(m, "Unit"),
		}
		for _, dimension := range list(m, "Dimensions") {
			if text(dimension, "Name") != "Pipeline" {
				return "*", nil, w.cloud.unexpected("unknown dimension %q", text(dimension, "Name"))
			}
			// AWS's model has it one character long at the least.
			if d.Pipeline = text(dimension, "Value"); d.Pipeline == "" {
				return "*", nil, w.cloud.unexpected("the dimension Pipeline has no value")
			}
		}
		w.published = append(w.published, d)
	}
	if isJSON(r.http) {
		return "*", map[string]any{}, nil
	}
	return "*", cborBody(cbor.Encode(cbor.Map{})), nil
}

// numberOf a member, however it is written.
func numberOf(v cbor.Value, name string) float64 {
	switch n := member(v, name).(type) {
	case cbor.Float64:
		return float64(n)
	case cbor.Float32:
		return float64(n)
	case cbor.Uint:
		return float64(n)
	default:
		return 0
	}
}
