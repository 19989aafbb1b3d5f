package report

import (
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestTimeToLive(t *testing.T) {
	const bucket, table resource.Name = "bucket", "table"
	one := map[resource.Name]*fnv1.Resource{bucket: {}}
	ready := compose.State{Desired: one}
	unready := compose.State{Desired: one, Unready: []resource.Name{bucket}}
	type args struct {
		settled time.Duration
		xr      string
		state   compose.State
		kept    bool
	}
	cases := map[string]struct {
		reason string
		args   args
		want   time.Duration
	}{
		"Settled": {
			reason: "What is ready should be left alone for as long as the platform team says.",
			args:   args{settled: time.Hour, state: ready},
			want:   time.Hour,
		},
		"Listening": {
			reason: "A closed circuit breaker should change nothing.",
			args:   args{settled: time.Hour, xr: `status: {conditions: [{type: Responsive, status: "True"}]}`, state: ready},
			want:   time.Hour,
		},
		"NotListening": {
			reason: "While Crossplane's circuit breaker is open, it should look again soon.",
			args:   args{settled: time.Hour, xr: `status: {conditions: [{type: Responsive, status: "False"}]}`, state: ready},
			want:   time.Minute,
		},
		"NotReady": {
			reason: "What is not ready should be looked after.",
			args:   args{settled: time.Hour, state: unready},
			want:   time.Minute,
		},
		"Waiting": {
			reason: "What waits should be looked after.",
			args:   args{settled: time.Hour, state: compose.State{Desired: one, Waiting: []compose.Waiting{{Name: table}}}},
			want:   time.Minute,
		},
		"SettingsKept": {
			reason: "Nobody sends an event when the platform team's settings are back.",
			args:   args{settled: time.Hour, state: ready, kept: true},
			want:   time.Minute,
		},
		"Impatient": {
			reason: "A platform team may want to look more often than that.",
			args:   args{settled: time.Second, state: unready},
			want:   time.Second,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := timeToLive(tc.args.settled, compose.NewObservation(fntest.State(t, tc.args.xr, nil)), tc.args.state, tc.args.kept)
			if got != tc.want {
				t.Errorf("%s\ntimeToLive(...): want %s, got %s", tc.reason, tc.want, got)
			}
		})
	}
}

func TestTimeToHold(t *testing.T) {
	one := map[resource.Name]string{"bucket": "{}"}
	cases := map[string]struct {
		reason   string
		xr       string
		observed map[resource.Name]string
		want     time.Duration
	}{
		"Pipeline": {reason: "A rule may refuse hundreds of pipelines, and an edit is noticed at once.", xr: "{}", observed: one, want: 10 * time.Minute},
		"NewClaim": {reason: "Nobody tells when a name is free.", xr: "{}", want: time.Minute},
		"NotHeard": {
			reason: "While Crossplane does not listen, an edit is not noticed.", observed: one, want: time.Minute,
			xr: "status: {conditions: [{type: Responsive, status: 'False'}]}",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := timeToHold(compose.NewObservation(fntest.State(t, tc.xr, tc.observed))); got != tc.want {
				t.Errorf("%s\ntimeToHold(...): want %s, got %s", tc.reason, tc.want, got)
			}
		})
	}
}
