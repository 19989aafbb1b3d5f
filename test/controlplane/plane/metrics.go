package plane

import (
	"bytes"
	"context"
	"io"
	"net/http"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// Metrics are what a process exposes to Prometheus at one moment.
type Metrics map[string]*dto.MetricFamily

// Sum of a metric's values over all its label sets that the filter keeps: a counter's value, or how often a histogram
// observed something. A metric that is not there is 0.
func (m Metrics) Sum(name string, keep func(labels map[string]string) bool) float64 {
	sum := 0.0
	for _, metric := range m[name].GetMetric() {
		labels := map[string]string{}
		for _, l := range metric.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		if keep == nil || keep(labels) {
			sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

// APIServerMetrics are the API server's.
func (p *Plane) APIServerMetrics(ctx context.Context) (Metrics, error) {
	b, err := p.get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	return parse(b)
}

func scrape(ctx context.Context, url string) (Metrics, error) {
	b, err := fetch(ctx, url)
	if err != nil {
		return nil, err
	}
	return parse(b)
}

func parse(b []byte) (Metrics, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(b))
	return families, errors.Wrap(err, "cannot parse metrics")
}

// fetch what is at the URL, which must answer 200.
func fetch(ctx context.Context, url string) ([]byte, error) {
	return fetchWith(ctx, http.DefaultClient, url)
}

func fetchWith(ctx context.Context, c *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	rsp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer rsp.Body.Close() //nolint:errcheck // It is only read.
	b, err := io.ReadAll(rsp.Body)
	if err == nil && rsp.StatusCode != http.StatusOK {
		err = errors.Errorf("%s: %s", url, rsp.Status)
	}
	return b, err
}
