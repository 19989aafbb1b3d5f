package release

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// historyWrites are the states that write the history, with their arguments.
func historyWrites(t *testing.T, c Config) map[string]map[string]any {
	t.Helper()
	writes := map[string]map[string]any{}
	for _, machine := range machines {
		for name, s := range definitionOf(t, machine(c).definition()).States {
			if strings.HasSuffix(s.Resource, ":dynamodb:updateItem") {
				writes[name] = s.Arguments
			}
		}
	}
	return writes
}

// textOf an argument, or "" where there is none.
func textOf(arguments map[string]any, name string) string {
	text, _ := arguments[name].(string)
	return text
}

// assignments of an update, by attribute, without the signs of their names and values.
func assignments(t *testing.T, arguments map[string]any) map[string]string {
	t.Helper()
	sets, found := strings.CutPrefix(textOf(arguments, "UpdateExpression"), "SET ")
	if !found {
		t.Fatalf("want an update that sets, got %v", arguments["UpdateExpression"])
	}
	assigned := map[string]string{}
	// Only if_not_exists has a comma inside.
	for set := range strings.SplitSeq(strings.ReplaceAll(sets, ", :", ",:"), ", ") {
		path, value, _ := strings.Cut(set, " = ")
		if _, twice := assigned[path]; twice {
			t.Errorf("%s is set twice, which DynamoDB refuses: %s", path, sets)
		}
		assigned[path] = value
	}
	return assigned
}

// TestHistoryWrites checks what the history says of a deployment, and from where.
func TestHistoryWrites(t *testing.T) {
	const (
		set  = ""
		once = " once"
	)
	release := map[string]string{
		"functionName":        `S {% "payment-processor-blue-pr-123" %}`,
		"alias":               `S {% "live" %}`,
		"fromVersion":         `S {% $currentVersion %}`,
		"toVersion":           `S {% $targetVersion %}`,
		"pipelineExecutionId": `S {% $pipelineExecutionId %}`,
		"codeSha256":          `S {% $codeSha256 %}`,
		"commitId":            `S {% $commitId %}`,
		"authoredAt":          `S {% $authoredAt %}`,
		"artifactKey":         `S {% $artifactKey %}`,
		"artifactVersion":     `S {% $artifactVersion %}`,
	}
	start := map[string]string{
		"status":         `S {% 'Created' %} once`,
		"startedAt":      `S {% $states.context.State.EnteredTime %} once`,
		"alarmsBypassed": `BOOL {% $alarmsBypassed %}`,
	}
	current := map[string]string{
		"status":         `S {% $deployment.Status %}`,
		"startedAt":      `S {% $deployment.CreateTime %} once`,
		"completedAt":    `S {% [$deployment.CompleteTime, ''][0] %}`,
		"rollbackOf":     `S {% [$deployment.RollbackInfo.RollbackTriggeringDeploymentId, ''][0] %}`,
		"alarmsBypassed": `BOOL {% $deployment.OverrideAlarmConfiguration.Enabled = false %}`,
		"error":          `S {% ($exists($deployment.ErrorInformation) ? $deployment.ErrorInformation.Code & ': ' & $deployment.ErrorInformation.Message : '') %}`,
	}
	target := map[string]string{
		"functionName": `S {% $target.FunctionName %}`,
		"alias":        `S {% $target.FunctionAlias %}`,
		"fromVersion":  `S {% $target.CurrentVersion %}`,
		"toVersion":    `S {% $target.TargetVersion %}`,
	}
	back := map[string]string{
		"functionName": `S {% "payment-processor-blue-pr-123" %}`,
		"alias":        `S {% "live" %}`,
		"fromVersion":  `S {% $goFrom %}`,
		"toVersion":    `S {% $goTo %}`,
		"rollbackOf":   `S {% $rollbackOf %}`,
		"requestedBy":  `S {% $requestedBy %}`,
		"executionArn": `S {% $states.context.Execution.Id %}`,
		"reason":       `S {% $reason %}`,
	}
	bypassed := map[string]string{"alarmsBypassed": `BOOL {% true %}`}
	now := map[string]string{"at": `S {% $states.context.State.EnteredTime %}`}
	// These are no deployments, and never expire.
	rememberLive := map[string]string{"version": `S {% $targetVersion %}`, "previousVersion": `S {% $currentVersion %}`, "commitId": `S {% $commitId %}`}
	rememberBack := map[string]string{"version": `S {% $goTo %}`, "previousVersion": `S {% '' %}`, "commitId": `S {% '' %}`}
	rememberRollback := map[string]string{
		"fromVersion": `S {% $goFrom %}`, "toVersion": `S {% $goTo %}`, "commitId": `S {% $badCommit %}`, "requestedBy": `S {% $requestedBy %}`, "reason": `S {% $reason %}`,
	}
	rememberStop := map[string]string{
		"fromVersion": `S {% $targetVersion %}`, "toVersion": `S {% $currentVersion %}`, "commitId": `S {% $commitId %}`,
		"requestedBy": `S {% 'somebody who stopped ' & $deploymentId %}`, "reason": `S {% "the shift was stopped" %}`,
	}
	rememberLeft := maps.Clone(rememberRollback)
	delete(rememberLeft, "commitId")
	expiry := map[string]string{"expiresAt": `N {% $string($floor($toMillis($states.context.State.EnteredTime) / 1000) + 34560000) %} once`}
	all := func(parts ...map[string]string) map[string]string {
		joined := map[string]string{}
		for _, part := range parts {
			maps.Copy(joined, part)
		}
		return joined
	}

	cases := map[string]struct {
		reason string
		days   int32
		want   map[string]map[string]string
	}{
		"ForEver": {
			reason: "Without a limit, items should not expire.",
			want: map[string]map[string]string{
				stateFollowRecordStart:     all(release, start),
				stateRecordEndWrite:        all(release, current),
				stateRecordWithVersions:    all(current, target),
				stateRecordWithoutVersions: current,

				stateFollowRollbackRecordStart: all(start, back, bypassed),
				stateRecordRollbackWrite:       all(current, back),
				stateRememberLive:              all(now, rememberLive),
				stateRememberServing:           all(now, rememberBack),
				stateRememberRollback:          all(now, rememberRollback),
				stateStopShiftRemember:         all(now, rememberRollback),
				stateFindShiftRememberLeft:     all(now, rememberLeft),
				stateRememberStopWrite:         all(now, rememberStop),
			},
		},
		"Limited": {
			reason: "With a limit, whoever writes an item first should say when it expires.",
			days:   400,
			want: map[string]map[string]string{
				stateFollowRecordStart:     all(release, start, expiry),
				stateRecordEndWrite:        all(release, current, expiry),
				stateRecordWithVersions:    all(current, target, expiry),
				stateRecordWithoutVersions: all(current, expiry),

				stateFollowRollbackRecordStart: all(start, back, bypassed, expiry),
				stateRecordRollbackWrite:       all(current, back, expiry),
				stateRememberLive:              all(now, rememberLive),
				stateRememberServing:           all(now, rememberBack),
				stateRememberRollback:          all(now, rememberRollback),
				stateStopShiftRemember:         all(now, rememberRollback),
				stateFindShiftRememberLeft:     all(now, rememberLeft),
				stateRememberStopWrite:         all(now, rememberStop),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newTestConfig(func(c *Config) { c.HistoryDays = tc.days })
			got := map[string]map[string]string{}
			for state, arguments := range historyWrites(t, c) {
				names, values := arguments["ExpressionAttributeNames"].(map[string]any), arguments["ExpressionAttributeValues"].(map[string]any)
				got[state] = map[string]string{}
				for path, value := range assignments(t, arguments) {
					how, ref := set, value
					if first, only := strings.CutPrefix(value, "if_not_exists("+path+","); only {
						how, ref = once, strings.TrimSuffix(first, ")")
					}
					for kind, expression := range values[ref].(map[string]any) {
						got[state][names[path].(string)] = kind + " " + expression.(string) + how
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestHistoryConditions checks that only an event, which may be late, leaves a final item as it is.
func TestHistoryConditions(t *testing.T) {
	const unlessFinal = "attribute_not_exists(#status) OR NOT #status IN (:succeeded, :failed, :stopped)"
	got := map[string]string{}
	for state, arguments := range historyWrites(t, newTestConfig()) {
		got[state] = textOf(arguments, "ConditionExpression")
	}
	want := map[string]string{
		stateFollowRecordStart:     "",
		stateRecordEndWrite:        "",
		stateRecordWithVersions:    unlessFinal,
		stateRecordWithoutVersions: unlessFinal,

		stateFollowRollbackRecordStart: "",
		stateRecordRollbackWrite:       "",
		stateRememberLive:              "",
		stateRememberServing:           "",
		stateRememberRollback:          "",
		stateStopShiftRemember:         "",
		stateFindShiftRememberLeft:     "",

		// A rollback that has stopped the shift knows more.
		stateRememberStopWrite: "attribute_not_exists(#at) OR #at < :since",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}

	late := handler{ErrorEquals: []string{"DynamoDB.ConditionalCheckFailedException"}, Next: stateRecordEachWait}
	for _, state := range []string{stateRecordWithVersions, stateRecordWithoutVersions} {
		s := definitionOf(t, newTestConfig().Watch()).States[state]
		if diff := cmp.Diff(late, s.Catch[0]); diff != "" {
			t.Errorf("%s: a late event is no error: -want first catcher, +got:\n%s", state, diff)
		}
		if diff := cmp.Diff(late.ErrorEquals, s.Retry[0].ErrorEquals); diff != "" {
			t.Errorf("%s: a late event does not become timely: -want first retrier, +got:\n%s", state, diff)
		}
	}
}

// TestHistoryExpressions checks what DynamoDB refuses: names and values that are used and not defined, or defined and not
// used, and a key that is updated.
func TestHistoryExpressions(t *testing.T) {
	reference := regexp.MustCompile(`[#:][A-Za-z0-9]+`)
	for name, change := range variants {
		t.Run(name, func(t *testing.T) {
			writes := historyWrites(t, newTestConfig(change))
			// These are no deployments.
			items := map[string]string{
				stateRememberLive: "{% 'live' %}", stateRememberServing: "{% 'live' %}", stateRememberRollback: "{% 'rollback' %}",
				stateRememberStopWrite: "{% 'rollback' %}", stateStopShiftRemember: "{% 'rollback' %}", stateFindShiftRememberLeft: "{% 'rollback' %}",
				stateCompareConfigurationRemember: "{% 'configuration' %}", stateStartPipelineRemember: "{% 'configuration' %}",
				stateUnclearConfigurationRemember: "{% 'configuration' %}",
				stateStartPromotionRemember:       "{% 'promotion of ' & $offerDeployment %}",
			}
			if len(writes) == 0 {
				t.Fatal("want writes, got none")
			}
			for state, arguments := range writes {
				used := map[string]bool{}
				for _, ref := range reference.FindAllString(textOf(arguments, "UpdateExpression")+" "+textOf(arguments, "ConditionExpression"), -1) {
					used[ref] = true
				}
				defined := map[string]bool{}
				for _, field := range []string{"ExpressionAttributeNames", "ExpressionAttributeValues"} {
					for ref := range arguments[field].(map[string]any) {
						defined[ref] = true
					}
				}
				if diff := cmp.Diff(slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(defined))); diff != "" {
					t.Errorf("%s: -used, +defined:\n%s", state, diff)
				}

				item := "{% $deploymentId %}"
				if other := items[state]; other != "" {
					item = other
				}
				key := map[string]any{"deploymentId": map[string]any{"S": item}}
				if diff := cmp.Diff(map[string]any{"TableName": "deployment-history-pr-123", "Key": key},
					map[string]any{"TableName": arguments["TableName"], "Key": arguments["Key"]}); diff != "" {
					t.Errorf("%s: -want item, +got item:\n%s", state, diff)
				}
				if _, updated := assignments(t, arguments)["#deploymentId"]; updated {
					t.Errorf("%s: a key cannot be updated", state)
				}
			}
		})
	}
}
