package release

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// deploymentConfigs are those that a claim may choose.
func deploymentConfigs(t *testing.T) []string {
	t.Helper()
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	spec := d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
	var configs []string
	for _, value := range spec.Properties["rollout"].Properties["deploymentConfig"].Enum {
		var config string
		if err := json.Unmarshal(value.Raw, &config); err != nil {
			t.Fatalf("cannot parse enum: %v", err)
		}
		configs = append(configs, config)
	}
	return configs
}

// TestPredefinedRollouts checks our copy of CodeDeploy's configurations against the names, which say what is in them.
func TestPredefinedRollouts(t *testing.T) {
	canary := regexp.MustCompile(`^LambdaCanary(\d+)Percent(\d+)Minutes$`)
	linear := regexp.MustCompile(`^LambdaLinear(\d+)PercentEvery(\d+)Minutes?$`)
	number := func(s string) int32 {
		n, _ := strconv.Atoi(s)
		return int32(n)
	}

	want := map[string]v1alpha1.CustomRollout{}
	for _, config := range deploymentConfigs(t) {
		if m := canary.FindStringSubmatch(config); m != nil {
			want[config] = v1alpha1.CustomRollout{Type: "Canary", Percentage: number(m[1]), IntervalMinutes: number(m[2])}
		} else if m := linear.FindStringSubmatch(config); m != nil {
			want[config] = v1alpha1.CustomRollout{Type: "Linear", Percentage: number(m[1]), IntervalMinutes: number(m[2])}
		} else {
			want[config] = v1alpha1.CustomRollout{Type: "Canary", Percentage: 100}
		}
	}
	if diff := cmp.Diff(want, Predefined); diff != "" {
		t.Errorf("-want by the schema's names, +got:\n%s", diff)
	}
}

func TestFirstToLast(t *testing.T) {
	linear := func(percentage int32) v1alpha1.Rollout {
		return v1alpha1.Rollout{Custom: &v1alpha1.CustomRollout{Type: "Linear", Percentage: percentage, IntervalMinutes: 10}}
	}
	cases := map[string]struct {
		reason  string
		rollout v1alpha1.Rollout
		want    time.Duration
	}{
		"AllAtOnce": {reason: "The first shift is the last.", rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaAllAtOnce"}},
		"Canary":    {reason: "The second shift is the last.", rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaCanary10Percent30Minutes"}, want: 30 * time.Minute},
		"Linear":    {reason: "After the first there are nine of 10 %.", rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaLinear10PercentEvery1Minute"}, want: 9 * time.Minute},
		"Rest":      {reason: "30, 60, 90 %, and the rest.", rollout: linear(30), want: 30 * time.Minute},
		"Halves":    {reason: "Half, and the other half.", rollout: linear(50), want: 10 * time.Minute},
		"Most":      {reason: "99 %, and the rest.", rollout: linear(99), want: 10 * time.Minute},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := FirstToLast(tc.rollout); got != tc.want {
				t.Errorf("\n%s\nFirstToLast(...): want %s, got %s", tc.reason, tc.want, got)
			}
		})
	}
}

func TestShiftMinutes(t *testing.T) {
	cases := map[string]struct {
		reason  string
		rollout v1alpha1.Rollout
		want    int
	}{
		"AllAtOnce": {reason: "All at once takes no time.", rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaAllAtOnce"}},
		"Canary": {
			reason:  "A canary takes one interval.",
			rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaCanary10Percent30Minutes"},
			want:    30,
		},
		"Linear": {
			reason:  "Ten steps of 10 % take ten intervals.",
			rollout: v1alpha1.Rollout{DeploymentConfig: "LambdaLinear10PercentEvery10Minutes"},
			want:    100,
		},
		"CustomWins": {
			reason: "The claim's own configuration takes the other's place.",
			rollout: v1alpha1.Rollout{
				DeploymentConfig: "LambdaLinear10PercentEvery10Minutes",
				Custom:           &v1alpha1.CustomRollout{Type: "Canary", Percentage: 5, IntervalMinutes: 2880},
			},
			want: 2880,
		},
		"LinearRoundsUp": {
			reason:  "What a third step leaves takes a fourth.",
			rollout: v1alpha1.Rollout{Custom: &v1alpha1.CustomRollout{Type: "Linear", Percentage: 33, IntervalMinutes: 7}},
			want:    28,
		},
		"LinearEven": {
			reason:  "Steps that come out even take no more.",
			rollout: v1alpha1.Rollout{Custom: &v1alpha1.CustomRollout{Type: "Linear", Percentage: 50, IntervalMinutes: 7}},
			want:    14,
		},
		"LinearLongest": {
			reason:  "From the first step to the last CodeDeploy takes two days at most.",
			rollout: v1alpha1.Rollout{Custom: &v1alpha1.CustomRollout{Type: "Linear", Percentage: 50, IntervalMinutes: 2880}},
			want:    2880,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newTestConfig(func(c *Config) { c.Rollout = tc.rollout })
			if diff := cmp.Diff(tc.want, c.shiftMinutes()); diff != "" {
				t.Errorf("%s\nshiftMinutes(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// allowedRollouts are the rollouts that a claim may ask for: the predefined ones, and of the custom ones those of every
// percentage with the shortest and the longest interval.
func allowedRollouts() map[string]v1alpha1.CustomRollout {
	const longest = 2880
	all := maps.Clone(Predefined)
	add := func(r v1alpha1.CustomRollout) {
		all[fmt.Sprintf("%s%dPercent%dMinutes", r.Type, r.Percentage, r.IntervalMinutes)] = r
	}
	for percentage := range int32(99) {
		percentage++
		add(v1alpha1.CustomRollout{Type: "Linear", Percentage: percentage, IntervalMinutes: 1})
		add(v1alpha1.CustomRollout{Type: "Linear", Percentage: percentage, IntervalMinutes: longest / (99 / percentage)})
	}
	for _, minutes := range []int32{1, 5, 120, 1440, longest} {
		add(v1alpha1.CustomRollout{Type: "Canary", Percentage: 1, IntervalMinutes: minutes})
	}
	return all
}

// TestExecutionLimits checks that no execution is ended by Step Functions or CodePipeline before it ends by itself, whatever rollout and
// however many Metrics Insights queries a claim has.
func TestExecutionLimits(t *testing.T) {
	rollouts := allowedRollouts()
	for _, name := range slices.Sorted(maps.Keys(rollouts)) {
		for queries := range 6 {
			t.Run(fmt.Sprintf("%s/%d", name, queries), func(t *testing.T) { checkLimits(t, rollouts[name], queries) })
		}
	}
}

func checkLimits(t *testing.T, r v1alpha1.CustomRollout, queries int) {
	t.Helper()
	const (
		// Of Step Functions, for one execution.
		maxEvents = 25000
		// A poll waits (2 events), asks (5) and chooses (2), then asks (5), judges (2) and chooses (2). Each may be asked again
		// once (3).
		eventsPerPoll = 24
		// So does a look at a version that has all traffic, without the first question.
		eventsPerBake = 18
		// A query is asked for both versions (5), and may be asked again once (3).
		eventsPerQuery = 2 * 8
		// A look at a version that is not ready asks (5), chooses (2) and waits (2), and may be asked again once (3).
		eventsOfReadiness = 60 * readyMinutes / readySeconds * 12
		// All else: start, end, and the calls before and after, each repeated as often as it may be.
		eventsBeside = 1000
		// CodePipeline gives an action that runs a state machine 7 days.
		maxSeconds = 7 * 24 * 60 * 60
	)
	c := Config{Rollout: v1alpha1.Rollout{
		Custom:   &r,
		Analysis: v1alpha1.Analysis{Enabled: true, BakeMinutes: 1440, MinInvocations: 1, TooFewInvocations: v1alpha1.TooFewWait},
	}}
	for range queries {
		c.Rollout.Analysis.Metrics = append(c.Rollout.Analysis.Metrics, v1alpha1.AnalysisMetric{Expression: "SELECT SUM(Refused) FROM Payments"})
	}
	poll, polls, limit := c.pollSeconds(), c.maxPolls(), 60*c.shiftLimitMinutes()
	bakes := 60 * (1440 + 1440) / c.bakeSeconds()
	more := queries * eventsPerQuery
	if events := polls*(eventsPerPoll+more) + bakes*(eventsPerBake+more) + eventsOfReadiness + eventsBeside; events > maxEvents {
		t.Errorf("%d polls make %d events, Step Functions allows %d", polls, events, maxEvents)
	}
	if poll*polls > limit || poll*(polls+1) <= limit {
		t.Errorf("%d polls of %d seconds do not come to the limit of %d seconds", polls, poll, limit)
	}
	if poll < 10 || poll > (5+4*queries)*60 {
		t.Errorf("polls every %d seconds", poll)
	}
	if least := 60 * (c.shiftMinutes() + 2*60); limit <= least {
		t.Errorf("given up after %d seconds, but shift and hooks may take %d", limit, least)
	}
	// A poll takes a second or two beside its wait.
	limit += 60 * (readyMinutes + 1440 + 1440)
	if timeout := c.Release().TimeoutSeconds; timeout < limit+2*polls || timeout > maxSeconds {
		t.Errorf("ended after %d seconds, but polls go on for %d", timeout, limit)
	}
}
