package release

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// A definition is what the tests read of a state machine.
type definition struct {
	QueryLanguage  string                  `json:"QueryLanguage"`
	StartAt        string                  `json:"StartAt"`
	TimeoutSeconds int                     `json:"TimeoutSeconds"`
	States         map[string]definedState `json:"States"`
}

type definedState struct {
	Type           string         `json:"Type"`
	TimeoutSeconds int            `json:"TimeoutSeconds"`
	Resource       string         `json:"Resource"`
	Arguments      map[string]any `json:"Arguments"`
	Assign         map[string]any `json:"Assign"`
	Retry          []handler      `json:"Retry"`
	Catch          []handler      `json:"Catch"`
	Choices        []choice       `json:"Choices"`
	Default        string         `json:"Default"`
	Next           string         `json:"Next"`
}

// A handler is a retrier or a catcher.
type handler struct {
	ErrorEquals []string `json:"ErrorEquals"`
	Next        string   `json:"Next"`
}

type choice struct {
	Condition string `json:"Condition"`
	Next      string `json:"Next"`
}

// targets are the states to which a state may go on.
func (s definedState) targets() []string {
	var targets []string
	for _, c := range s.Choices {
		targets = append(targets, c.Next)
	}
	for _, c := range s.Catch {
		targets = append(targets, c.Next)
	}
	for _, next := range []string{s.Next, s.Default} {
		if next != "" {
			targets = append(targets, next)
		}
	}
	return targets
}

// newTestConfig returns the Config of the smallest pipeline, with the supplied changes.
func newTestConfig(changes ...func(*Config)) Config {
	c := Config{
		Partition:       "aws",
		BlueFunction:    "payment-processor-blue-pr-123",
		Alias:           "live",
		GreenFunction:   "payment-processor-green-pr-123",
		Application:     "payment-processor-app-pr-123",
		DeploymentGroup: "payment-processor-dg-pr-123",
		Alarms:          []string{"lambda-errors-pr-123"},
		HistoryTable:    "deployment-history-pr-123",
		Pipeline:        "payment-processor-pipeline-pr-123",
		SwitchStage:     SwitchStage{Name: "Switch-Traffic", Shift: "Shift_Traffic"},
		SourceAction:    "GitHub_Source",
		PublishAction:   "Deploy_Blue_Lambda",
		Rollout:         v1alpha1.Rollout{DeploymentConfig: "LambdaLinear10PercentEvery10Minutes"},
		SmokeTest:       v1alpha1.SmokeTest{ExpectStatusBelow: 400},
		TimeoutSeconds:  30,
	}
	for _, change := range changes {
		if change != nil {
			change(&c)
		}
	}
	return c
}

// machines of a pipeline.
var machines = map[string]func(Config) machine{
	"Release":  Config.releaseMachine,
	"Rollback": Config.rollbackMachine,
	"Watch":    Config.watchMachine,
}

// forEachMachine calls f with each state machine of each variant.
func forEachMachine(t *testing.T, f func(t *testing.T, d definition)) {
	t.Helper()
	for variant, change := range variants {
		for name, machine := range machines {
			t.Run(variant+"/"+name, func(t *testing.T) {
				f(t, definitionOf(t, machine(newTestConfig(change)).definition()))
			})
		}
	}
}

func definitionOf(t *testing.T, machine asl.StateMachine) definition {
	t.Helper()
	j, err := json.Marshal(machine)
	if err != nil {
		t.Fatalf("cannot marshal definition: %v", err)
	}
	d := definition{}
	if err := json.Unmarshal(j, &d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	return d
}

// judged is an analysis of releases.
var judged = v1alpha1.Analysis{
	Enabled: true, BakeMinutes: 10, MinInvocations: 10, TooFewInvocations: v1alpha1.TooFewPass, MaxErrorPercent: 1, MaxThrottlePercent: 5,
}

// variants of Configs, whose state machines differ in all the ways they can.
var variants = map[string]func(*Config){
	"Minimal": nil,
	"First": func(c *Config) {
		c.BootstrapVersion = "1"
	},
	"FirstJudged": func(c *Config) {
		c.BootstrapVersion = "1"
		c.Rollout.Analysis = v1alpha1.Analysis{Enabled: true, MinInvocations: 1, TooFewInvocations: v1alpha1.TooFewFail}
	},
	"Everything": func(c *Config) {
		c.Rollout.Custom = &v1alpha1.CustomRollout{Type: v1alpha1.RolloutCanary, Percentage: 99, IntervalMinutes: 2880}
		c.Rollout.Hooks = v1alpha1.Hooks{BeforeAllowTraffic: "before", AfterAllowTraffic: "after"}
		c.HistoryDays = 400
		c.Versions = 20
	},
	"AskedAndLimited": func(c *Config) {
		c.SwitchStage.Approve = "Approve_Traffic_Shift"
		c.Calendars = []Calendar{{
			Whose:   "the claim",
			Windows: []v1alpha1.ChangeWindow{{Days: []string{"Mon", "Sun"}, From: "09:00", To: "24:00"}},
			Freezes: []v1alpha1.Freeze{{From: "2026-12-20T00:00:00Z", To: "2027-01-02T00:00:00Z", Reason: "100 % of us are away"}},
		}}
		c.Rollout.BypassAlarmsForCommit = strings.Repeat("a1", 20)
		c.Rollout.BypassReason = "{% 1 %}"
		c.Rollout.Analysis = judged
	},
	"Frozen": func(c *Config) {
		c.Calendars = []Calendar{{
			Whose:   "the platform team",
			Freezes: []v1alpha1.Freeze{{From: "2026-12-20T00:00:00Z", To: "2027-01-02T00:00:00Z", Reason: "year's end"}},
			Strict:  true,
		}}
	},
	"Judged": func(c *Config) {
		c.Rollout.Analysis = judged
	},
	"JudgedByEverything": func(c *Config) {
		c.Rollout.Analysis = v1alpha1.Analysis{
			Enabled: true, BakeMinutes: 1440, MinInvocations: 100, TooFewInvocations: v1alpha1.TooFewWait, P99Milliseconds: 800,
			Metrics: []v1alpha1.AnalysisMetric{{Name: "answers with status 5xx", Expression: "SELECT SUM(\"x\") FROM SCHEMA(a, version) WHERE version = '{version}'", MaxPercent: 0.5}},
		}
		c.Versions = 20
	},
	"JudgedOrFailed": func(c *Config) {
		c.Rollout.Analysis = v1alpha1.Analysis{Enabled: true, MinInvocations: 1, TooFewInvocations: v1alpha1.TooFewFail}
	},
	"Offered": func(c *Config) {
		c.ArtifactBucket, c.Environment, c.Offers, c.Versions = "pipeline-artifacts-dev-1a2b3c4d", "dev", true, 20
	},
	"Promoted": func(c *Config) {
		c.ArtifactBucket, c.Environment = "pipeline-artifacts-prod-5e6f7a8b", "prod"
		c.PromotedFrom = PromotedFrom{Account: "444455556666", Bucket: "pipeline-artifacts-dev-1a2b3c4d"}
	},
	"PromotedAndOffered": func(c *Config) {
		c.ArtifactBucket, c.Environment, c.Offers, c.Rollout.Analysis = "pipeline-artifacts-prod-5e6f7a8b", "prod", true, judged
		c.PromotedFrom = PromotedFrom{Account: "444455556666", Bucket: "pipeline-artifacts-dev-1a2b3c4d"}
	},
	"ReleasesConfiguration": func(c *Config) { c.Rollout.OnConfigurationChange = v1alpha1.ConfigurationRelease },
	"Emergency": func(c *Config) {
		c.Rollout.BypassAlarmsForCommit = strings.Repeat("a", 40)
		c.SmokeTest.ExpectStatusBelow = 0
	},
	"PlatformTopic": func(c *Config) {
		c.PlatformTopic = "arn:aws:sns:us-east-1:111122223333:platform"
	},
}

// TestDefinitionIsAGraph checks what AWS checks, and that no state is forgotten.
func TestDefinitionIsAGraph(t *testing.T) {
	forEachMachine(t, func(t *testing.T, d definition) {
		t.Helper()
		if d.QueryLanguage != "JSONata" || d.TimeoutSeconds <= 0 {
			t.Errorf("want JSONata and an end, got %q and %d seconds", d.QueryLanguage, d.TimeoutSeconds)
		}
		reached, queue := map[string]bool{}, []string{d.StartAt}
		for len(queue) > 0 {
			name := queue[0]
			queue = queue[1:]
			if reached[name] {
				continue
			}
			reached[name] = true
			if _, exists := d.States[name]; !exists {
				t.Errorf("%s: some state goes on to it, but it does not exist", name)
			}
			queue = append(queue, d.States[name].targets()...)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(d.States)), slices.Sorted(maps.Keys(reached))); diff != "" {
			t.Errorf("-want states, +got states that can be reached:\n%s", diff)
		}
		for name, s := range d.States {
			ends, last := s.Type == "Succeed" || s.Type == "Fail", len(s.targets()) == 0
			if diff := cmp.Diff(ends, last); diff != "" {
				t.Errorf("%s (%s): -want to be an end, +got:\n%s", name, s.Type, diff)
			}
			// AWS allows 80 characters.
			if len(name) > 80 {
				t.Errorf("%s: a name this long is refused", name)
			}
		}
	})
}

// TestNothingIsLeftToChance checks that calls that fail are handled, and choices complete.
func TestNothingIsLeftToChance(t *testing.T) {
	forEachMachine(t, func(t *testing.T, d definition) {
		t.Helper()
		for name, s := range d.States {
			switch s.Type {
			case "Task":
				if len(s.Retry) == 0 || len(s.Catch) == 0 {
					t.Errorf("%s: want it retried and its errors caught", name)
					continue
				}
				if diff := cmp.Diff([]string{"States.ALL"}, s.Catch[len(s.Catch)-1].ErrorEquals); diff != "" {
					t.Errorf("%s: -want last catcher, +got:\n%s", name, diff)
				}
				for _, handlers := range [][]handler{s.Retry, s.Catch} {
					for i, h := range handlers {
						if slices.Contains(h.ErrorEquals, "States.ALL") && (i < len(handlers)-1 || len(h.ErrorEquals) > 1) {
							t.Errorf("%s: States.ALL must stand alone, and last: %v", name, handlers)
						}
					}
				}
			case "Choice":
				if s.Default == "" || len(s.Choices) == 0 {
					t.Errorf("%s: want rules and a default, got %+v", name, s)
				}
			}
		}
	})
}

// TestRetriesDoNoHarm lists the calls that are not repeated after every error, and after which ones they are.
func TestRetriesDoNoHarm(t *testing.T) {
	got := map[string][]string{}
	forEachMachine(t, func(_ *testing.T, d definition) {
		for name, s := range d.States {
			var errors []string
			for _, r := range s.Retry {
				errors = append(errors, r.ErrorEquals...)
			}
			if s.Type == "Task" && !slices.Contains(errors, "States.ALL") {
				got[name] = errors
			}
		}
	})
	want := map[string][]string{
		stateDeployCreate:              {"CodeDeploy.ThrottlingException"},
		stateDeployCreateWithoutAlarms: {"CodeDeploy.ThrottlingException"},
		"PruneBlue.Delete":             {"Lambda.TooManyRequestsException", "Lambda.ServiceException"},
		"PruneGreen.Delete":            {"Lambda.TooManyRequestsException", "Lambda.ServiceException"},
		stateRollbackCreate:            {"CodeDeploy.ThrottlingException"},
		stateSmokeTestInvokeGreen: {
			"Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestDefinitionPartition checks the ARNs of service integrations, which AWS takes from the execution's own partition only.
func TestDefinitionPartition(t *testing.T) {
	cases := map[string]struct {
		reason    string
		partition string
		want      string
	}{
		"Commercial": {reason: "Most regions are in this partition.", partition: "aws", want: "arn:aws:states:::"},
		"GovCloud":   {reason: "GovCloud has a partition of its own.", partition: "aws-us-gov", want: "arn:aws-us-gov:states:::"},
		"China":      {reason: "China has a partition of its own.", partition: "aws-cn", want: "arn:aws-cn:states:::"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newTestConfig(func(c *Config) { c.Partition = tc.partition })
			got := map[string]int{}
			for _, machine := range machines {
				for _, s := range definitionOf(t, machine(c).definition()).States {
					if s.Type == "Task" {
						partition, _, _ := strings.Cut(s.Resource, ":::")
						got[partition+":::"]++
					}
				}
			}
			if len(got) != 1 || got[tc.want] == 0 {
				t.Errorf("%s\nwant all calls to begin with %q, got %v", tc.reason, tc.want, got)
			}
		})
	}
}

func TestSmokeTest(t *testing.T) {
	type want struct {
		Arguments map[string]any
		Condition string
	}
	call := func(payload map[string]any) map[string]any {
		return map[string]any{
			"FunctionName": "payment-processor-green-pr-123",
			"Qualifier":    "{% $greenVersion %}",
			"Payload":      payload,
		}
	}
	const below400 = "{% $type($states.input.Payload.statusCode) = 'number' ? $states.input.Payload.statusCode < 400 : false %}"

	cases := map[string]struct {
		reason string
		test   v1alpha1.SmokeTest
		want   want
	}{
		"Default": {
			reason: "The version that was just published should answer an empty event well.",
			test:   v1alpha1.SmokeTest{ExpectStatusBelow: 400},
			want:   want{Arguments: call(map[string]any{}), Condition: below400},
		},
		"AnyAnswer": {
			reason: "Without a limit any answer should do.",
			want:   want{Arguments: call(map[string]any{}), Condition: "{% true %}"},
		},
		"Event": {
			reason: "The event should arrive as the claim has it.",
			test: v1alpha1.SmokeTest{
				ExpectStatusBelow: 400,
				Event:             &extv1.JSON{Raw: []byte(`{"path": "/health", "n": 1.5, "ok": true, "none": null, "list": [{"a": "b"}]}`)},
			},
			want: want{Arguments: call(map[string]any{
				"path": "/health", "n": 1.5, "ok": true, "none": nil, "list": []any{map[string]any{"a": "b"}},
			}), Condition: below400},
		},
		"EventLikeAnExpression": {
			reason: "Text that looks like an expression should arrive as it is, and not run.",
			test: v1alpha1.SmokeTest{
				ExpectStatusBelow: 400,
				Event:             &extv1.JSON{Raw: []byte(`{"a": "{% $states.context %}", "b": ["{% 'x' %} & \"y\" %}"], "c": "50 {% off"}`)},
			},
			want: want{Arguments: call(map[string]any{
				"a": `{% "{\u0025 $states.context \u0025}" %}`,
				"b": []any{`{% "{\u0025 'x' \u0025} & \"y\" \u0025}" %}`},
				"c": `{% "50 {\u0025 off" %}`,
			}), Condition: below400},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			states := definitionOf(t, newTestConfig(func(c *Config) { c.SmokeTest = tc.test }).Release()).States
			got := want{states[stateSmokeTestInvokeGreen].Arguments, states[stateSmokeTestCheckAnswer].Choices[0].Condition}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestSmokeTestTimeout checks that Lambda ends a slow test, and not Step Functions, which could not say why.
func TestSmokeTestTimeout(t *testing.T) {
	states := definitionOf(t, newTestConfig(func(c *Config) { c.TimeoutSeconds = 900 }).Release()).States
	if diff := cmp.Diff(930, states[stateSmokeTestInvokeGreen].TimeoutSeconds); diff != "" {
		t.Errorf("-want seconds, +got:\n%s", diff)
	}
}

// TestNoReasonNoBypass checks that a commit which the claim lets through alarms, and of which it does not say why, passes neither
// a calendar nor a rollback.
func TestNoReasonNoBypass(t *testing.T) {
	c := newTestConfig(variants["AskedAndLimited"])
	if got := c.overrules("$commit"); got == "false" {
		t.Errorf("want the commit to pass, got %s", got)
	}
	c.Rollout.BypassReason = ""
	if got := c.overrules("$commit"); got != "false" {
		t.Errorf("want no commit to pass, got %s", got)
	}
}

// TestStatesHaveNamesOfTheirOwn looks for a state that takes the place of another one, and for one whose name does not say of which
// step it is.
func TestStatesHaveNamesOfTheirOwn(t *testing.T) {
	for variant, change := range variants {
		for name, machine := range machines {
			owner := map[string]string{}
			for _, b := range machine(newTestConfig(change)).branches {
				for _, s := range b.steps {
					if s.states == nil {
						continue
					}
					for _, state := range s.states("") {
						if other, taken := owner[state.name]; taken {
							t.Errorf("%s of %s: %s is a state of %s and of %s", name, variant, state.name, other, s.name)
						}
						if !strings.HasPrefix(state.name+".", s.name+".") && state.name != s.name+toPlatform {
							t.Errorf("%s of %s: want the name of %s to begin with that of its step, %s", name, variant, state.name, s.name)
						}
						owner[state.name] = s.name
					}
				}
			}
		}
	}
}
