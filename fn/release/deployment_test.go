package release

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// TestAppSpec checks what CodeDeploy is asked to do.
func TestAppSpec(t *testing.T) {
	spec := func(hooks ...any) map[string]any {
		s := map[string]any{
			"version": 0.0,
			"Resources": []any{map[string]any{"Service": map[string]any{
				"Type": "AWS::Lambda::Function",
				"Properties": map[string]any{
					"Name":           "payment-processor-blue-pr-123",
					"Alias":          "live",
					"CurrentVersion": "{% $currentVersion %}",
					"TargetVersion":  "{% $targetVersion %}",
				},
			}}},
		}
		if len(hooks) > 0 {
			s["Hooks"] = hooks
		}
		return s
	}
	before, after := map[string]any{"BeforeAllowTraffic": "check"}, map[string]any{"AfterAllowTraffic": "tell"}

	cases := map[string]struct {
		reason string
		hooks  v1alpha1.Hooks
		want   map[string]any
	}{
		"NoHooks": {reason: "Without hooks there should be no section for them.", want: spec()},
		"Before":  {reason: "The hook before the shift should be called alone.", hooks: v1alpha1.Hooks{BeforeAllowTraffic: "check"}, want: spec(before)},
		"After":   {reason: "The hook after the shift should be called alone.", hooks: v1alpha1.Hooks{AfterAllowTraffic: "tell"}, want: spec(after)},
		"Both": {
			reason: "Both hooks should be called, in the order of their events.",
			hooks:  v1alpha1.Hooks{BeforeAllowTraffic: "check", AfterAllowTraffic: "tell"},
			want:   spec(before, after),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newTestConfig(func(c *Config) { c.Rollout.Hooks = tc.hooks })
			got := definitionOf(t, c.Release()).States[stateWriteAppSpec].Assign["appSpec"]
			if diff := cmp.Diff(any(tc.want), got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCreateDeployment checks which deployments the group's alarms may stop: all but those of one commit. Only those override the
// group's alarms, as AWS lets nobody override them who may not change the group.
func TestCreateDeployment(t *testing.T) {
	const fix = "3f1c0de5a7b94c7a8e1f2d3c4b5a69788796a5b4"

	alarm := func(name string) any { return map[string]any{"Name": name} }
	off := func(alarms ...any) any {
		return map[string]any{"Enabled": false, "IgnorePollAlarmFailure": false, "Alarms": alarms}
	}
	cases := map[string]struct {
		reason string
		change func(*Config)
		want   any
		bypass string
	}{
		"Default": {reason: "No commit should bypass the alarm.", bypass: "{% false %}"},
		"Emergency": {
			reason: "Only the commit that the claim names should bypass the alarm.",
			change: func(c *Config) { c.Rollout.BypassAlarmsForCommit = fix },
			want:   off(alarm("lambda-errors-pr-123")), bypass: `{% $states.input.commitId = "` + fix + `" %}`,
		},
		"AdditionalAlarms": {
			reason: "All of the group's alarms should be off, each by its own name.",
			change: func(c *Config) {
				c.Rollout.BypassAlarmsForCommit = fix
				c.Alarms = append(c.Alarms, "ledger", "{% $x %}")
			},
			want:   off(alarm("lambda-errors-pr-123"), alarm("ledger"), alarm(`{% "{\u0025 $x \u0025}" %}`)),
			bypass: `{% $states.input.commitId = "` + fix + `" %}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			states := definitionOf(t, newTestConfig(tc.change).Release()).States
			arguments := map[string]any{
				"ApplicationName":     "payment-processor-app-pr-123",
				"DeploymentGroupName": "payment-processor-dg-pr-123",
				"Description":         "{% 'Release ' & $states.context.Execution.Name %}",
				"Revision": map[string]any{
					"RevisionType":   "AppSpecContent",
					"AppSpecContent": map[string]any{"Content": "{% $string($appSpec) %}"},
				},
			}
			if diff := cmp.Diff(arguments, states[stateDeployCreate].Arguments); diff != "" {
				t.Errorf("%s\n-want arguments, +got arguments:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, states[stateDeployCreateWithoutAlarms].Arguments["OverrideAlarmConfiguration"]); diff != "" {
				t.Errorf("%s\n-want override, +got override:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(any(tc.bypass), states[stateReadLiveReadAlias].Assign["alarmsBypassed"]); diff != "" {
				t.Errorf("%s\n-want bypass, +got bypass:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRoute checks what starts which branch. The names are those that the pipeline, CodeDeploy and schedules send.
func TestRoute(t *testing.T) {
	cases := map[string]struct {
		reason  string
		machine asl.StateMachine
		want    map[string]string
	}{
		"Release": {
			reason:  "The pipeline's actions have a branch each.",
			machine: newTestConfig().Release(),
			want: map[string]string{
				`{% $states.input.action = "smoke" and $type($states.input.version) = 'string' %}`: stateAwaitGreenBegin,
				`{% $states.input.action = "shift" and $type($states.input.targetVersion) = 'string' and ` +
					`$type($states.input.pipelineExecutionId) = 'string' and $type($states.input.commitId) = 'string' %}`: stateReadLiveReadAlias,
				// This one is asked for as long as a pipeline has it.
				`{% $states.input.action = "overtake" and $type($states.input.pipelineExecutionId) = 'string' %}`: stateNothingToOvertake,
				"": stateRouteUnknownInput,
			},
		},
		"Rollback": {
			reason:  "People say who they are, and why.",
			machine: newTestConfig().Rollback(),
			want: map[string]string{
				`{% $type($states.input.requestedBy) = 'string' and $type($states.input.reason) = 'string' %}`: stateReadServingReadAlias,
				"": stateRouteUnknownInput,
			},
		},
		"Watch": {
			reason:  "CodeDeploy's events and the daily look have one branch. CodePipeline's and Step Functions' events have one each, and what a claim asks for has its own.",
			machine: newTestConfig().Watch(),
			want: map[string]string{
				`{% $states.input.source = 'aws.codedeploy' and $type($states.input.detail.deploymentId) = 'string' ` +
					`or $states.input.source = 'aws.events' %}`: stateFindMissedBegin,
				"{% $states.input.source = 'aws.codepipeline' and $type($states.input.detail.`execution-id`) = 'string' %}": stateProgressBegin,
				`{% $states.input.source = 'aws.states' and $type($states.input.detail.name) = 'string' %}`:                 stateAbandonedList,
				// This one is asked for as long as a schedule has it.
				`{% $states.input.action = "configuration" %}`: stateConfigurationWaits,
				"": stateRouteUnknownInput,
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			route := definitionOf(t, tc.machine).States[stateRouteChooseBranch]
			got := map[string]string{"": route.Default}
			for _, c := range route.Choices {
				got[c.Condition] = c.Next
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
