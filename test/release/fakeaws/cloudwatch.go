package fakeaws

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// CloudWatch has the metrics that Lambda reports of the traffic, and takes others.
type CloudWatch struct {
	// Lag is how long after a minute is over its metrics can be read.
	Lag time.Duration

	// AnyTime answers for all minutes, whatever was asked for: whoever asks has another clock.
	AnyTime bool

	// Page is how many minutes of a query an answer has at most. 0: all.
	Page int

	cloud     *Cloud
	published []Datum
}

func newCloudWatch(c *Cloud) *CloudWatch {
	return &CloudWatch{Lag: time.Minute, cloud: c}
}

// A query of GetMetricData.
type query struct {
	id, name, stat, expression string

	// version that is asked for. None: all.
	version string
}

func (w *CloudWatch) getMetricData(r request) (string, any, error) {
	in, err := readEither(r)
	if err != nil {
		return "*", nil, w.cloud.unexpected("cannot read request: %v", err)
	}
	from, to := instantOf(in, "StartTime"), instantOf(in, "EndTime")
	if !from.Before(to) {
		return "*", nil, &Fault{Status: http.StatusBadRequest, Code: "ValidationError", Message: "The parameter StartTime must be less than the parameter EndTime."}
	}
	if w.AnyTime {
		from, to = w.cloud.begin, w.cloud.clock.Now()
	}
	if insightsQueries(in) > 1 {
		return "*", nil, &Fault{Status: http.StatusBadRequest, Code: "ValidationError", Message: "Each GetMetricData operation can include only one Metrics Insights query."}
	}
	queries, returned := map[string]query{}, []string{}
	for _, m := range list(in, "MetricDataQueries") {
		q := query{id: text(m, "Id"), expression: text(m, "Expression")}
		stat := member(m, "MetricStat")
		q.stat, q.name = text(stat, "Stat"), text(member(stat, "Metric"), "MetricName")
		for _, d := range list(member(stat, "Metric"), "Dimensions") {
			if text(d, "Name") == "ExecutedVersion" {
				q.version = text(d, "Value")
			}
		}
		queries[q.id] = q
		if v, ok := member(m, "ReturnData").(cbor.Bool); !ok || bool(v) {
			returned = append(returned, q.id)
		}
	}

	var results []result
	for _, id := range returned {
		results = append(results, w.result(queries, id, from, to, text(in, "ScanBy") == "TimestampAscending"))
	}
	return "*", answerOf(r, results), nil
}

// insightsQueries counts the Metrics Insights queries of a call.
func insightsQueries(in cbor.Value) int {
	n := 0
	for _, m := range list(in, "MetricDataQueries") {
		if strings.HasPrefix(text(m, "Expression"), "SELECT ") {
			n++
		}
	}
	return n
}

// A result of a query has a number for each minute of which something was reported.
type result struct {
	id      string
	minutes []time.Time
	numbers []float64
	partial bool
}

// result of a query, or its first page. CloudWatch begins at the minute in which the start is.
func (w *CloudWatch) result(queries map[string]query, id string, from, to time.Time, ascending bool) result {
	r := result{id: id}
	for at := from.Truncate(time.Minute); at.Before(to); at = at.Add(time.Minute) {
		if at.Add(time.Minute + w.Lag).After(w.cloud.clock.Now()) {
			break
		}
		if value, reported := w.value(queries, id, w.cloud.Lambda.traffic.minutes[at]); reported {
			r.minutes, r.numbers = append(r.minutes, at), append(r.numbers, value)
		}
	}
	if !ascending {
		slices.Reverse(r.minutes)
		slices.Reverse(r.numbers)
	}
	if w.Page > 0 && len(r.numbers) > w.Page {
		r.minutes, r.numbers, r.partial = r.minutes[:w.Page], r.numbers[:w.Page], true
	}
	return r
}

// answerOf a call, in the protocol in which it has asked.
func answerOf(r request, results []result) any {
	all, plain := cbor.List{}, []any{}
	next := ""
	for _, result := range results {
		values, times, seconds := cbor.List{}, cbor.List{}, []int64{}
		for i, at := range result.minutes {
			values, times = append(values, cbor.Float64(result.numbers[i])), append(times, &cbor.Tag{ID: 1, Value: cbor.Float64(at.Unix())})
			seconds = append(seconds, at.Unix())
		}
		status := "Complete"
		if result.partial {
			status, next = "PartialData", "more"
		}
		all = append(all, cbor.Map{
			"Id": cbor.String(result.id), "Label": cbor.String(result.id), "StatusCode": cbor.String(status), "Values": values, "Timestamps": times,
		})
		plain = append(plain, map[string]any{"Id": result.id, "StatusCode": status, "Values": result.numbers, "Timestamps": seconds})
	}
	if isJSON(r.http) {
		return map[string]any{"MetricDataResults": plain, "NextToken": next}
	}
	return cborBody(cbor.Encode(cbor.Map{"MetricDataResults": all, "Messages": cbor.List{}, "NextToken": cbor.String(next)}))
}

// value of a query in one minute. There is none if nothing was reported.
func (w *CloudWatch) value(queries map[string]query, id string, minute map[string]Counts) (float64, bool) {
	q := queries[id]
	if whose, _, ok := strings.Cut(id, "_slow"); ok {
		// Metric math over the rank.
		n, reported := w.value(queries, whose+"_invocations", minute)
		rank, _ := w.value(queries, whose+"_rank", minute)
		return rank * n / 100, reported
	}
	if q.expression != "" {
		// A metric of the service's own, by the version that is quoted: it counts what was refused.
		for version, c := range minute {
			if strings.Contains(q.expression, "'"+version+"'") {
				return float64(c.Refused), true
			}
		}
		return 0, false
	}
	var sum Counts
	reported := false
	for version, c := range minute {
		if q.version == "" || q.version == version {
			sum, reported = sum.plus(c), true
		}
	}
	switch q.name {
	case "Invocations":
		return float64(sum.Invocations), reported
	case "Errors":
		return float64(sum.Errors), reported
	case "Throttles":
		return float64(sum.Throttles), reported
	case "Duration":
		if sum.Invocations == 0 {
			return 0, false
		}
		return 100 * float64(sum.Slow) / float64(sum.Invocations), reported
	default:
		w.cloud.tb.Errorf("unknown metric %q", q.name)
		return 0, false
	}
}

// isJSON holds for the protocol of AWS's SDK for Python. That for Go has CBOR.
func isJSON(r *http.Request) bool {
	return r.Header.Get("X-Amz-Target") != ""
}

// readEither reads a request in the one protocol or the other.
func readEither(r request) (cbor.Value, error) {
	if !isJSON(r.http) {
		return cbor.Decode(r.body)
	}
	var v any
	err := json.Unmarshal(r.body, &v)
	return asCBOR(v), err
}

func asCBOR(v any) cbor.Value {
	switch v := v.(type) {
	case map[string]any:
		m := cbor.Map{}
		for name, member := range v {
			m[name] = asCBOR(member)
		}
		return m
	case []any:
		l := cbor.List{}
		for _, item := range v {
			l = append(l, asCBOR(item))
		}
		return l
	case float64:
		return cbor.Float64(v)
	case bool:
		return cbor.Bool(v)
	case string:
		return cbor.String(v)
	default:
		return &cbor.Nil{}
	}
}

// cborBody is an answer in CloudWatch's protocol.
type cborBody []byte

func member(v cbor.Value, name string) cbor.Value {
	m, _ := v.(cbor.Map)
	return m[name]
}

func list(v cbor.Value, name string) cbor.List {
	l, _ := member(v, name).(cbor.List)
	return l
}

func text(v cbor.Value, name string) string {
	s, _ := member(v, name).(cbor.String)
	return string(s)
}

// instantOf a member: a number of seconds since 1970.
func instantOf(v cbor.Value, name string) time.Time {
	value := member(v, name)
	if tag, ok := value.(*cbor.Tag); ok {
		value = tag.Value
	}
	switch n := value.(type) {
	case cbor.Float64:
		return time.UnixMilli(int64(1000 * float64(n))).UTC()
	case cbor.Uint:
		return time.Unix(int64(n), 0).UTC()
	default:
		return time.Time{}
	}
}
