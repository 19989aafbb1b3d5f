package architecture

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// An event as CodePipeline sends it.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
type event map[string]any

func pipelineEvent(level, state string, changes map[string]any) event {
	detail := map[string]any{
		"pipeline":     "payment-processor-pipeline-pr-123",
		"execution-id": "01234567-0123-0123-0123-012345678901",
		"start-time":   "2026-01-02T03:00:00.000Z",
		"state":        state,
		"version":      3.0,
	}
	maps.Copy(detail, changes)
	return event{
		"version":     "0",
		"id":          "CWE-event-id",
		"detail-type": "CodePipeline " + level + " Execution State Change",
		"source":      "aws.codepipeline",
		"account":     "111122223333",
		"time":        "2026-01-02T03:05:00Z",
		"region":      "us-east-1",
		"resources":   []any{"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"},
		"detail":      detail,
	}
}

func actionEvent(state, stage, action, category string, changes map[string]any) event {
	detail := map[string]any{
		"stage": stage, "action": action, "region": "us-east-1",
		"type": map[string]any{"owner": "AWS", "provider": "any", "category": category, "version": "1"},
	}
	maps.Copy(detail, changes)
	return pipelineEvent("Action", state, detail)
}

// result of an action, in the words of whoever ran it.
func result(summary string) map[string]any {
	return map[string]any{"execution-result": map[string]any{
		"external-execution-id":      "id",
		"external-execution-summary": summary,
		"external-execution-url":     "https://console.aws.amazon.com/",
	}}
}

// TestNews checks what people are told of CodePipeline's events, word for word, and of which ones.
func TestNews(t *testing.T) {
	const run = "See https://console.aws.amazon.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/" +
		"executions/01234567-0123-0123-0123-012345678901/timeline?region=us-east-1 for the run."
	cases := map[string]struct {
		reason string
		event  event
		want   []string
	}{
		"FailedBuild": {
			reason: "People should be told of a failed build, with what CodeBuild says.",
			event:  actionEvent("FAILED", "Build", "Build_TypeScript", "Build", result("Build terminated with state: FAILED")),
			want:   []string{"payment-processor-pipeline-pr-123: Build_TypeScript in stage Build has failed. " + run + " Reason: Build terminated with state: FAILED"},
		},
		"FailedWithoutReason": {
			reason: "An event that gives no reason should be told all the same.",
			event:  actionEvent("FAILED", "Deploy-Blue", "Smoke_Test_Green", "Invoke", nil),
			want:   []string{"payment-processor-pipeline-pr-123: Smoke_Test_Green in stage Deploy-Blue has failed. " + run + " Reason: "},
		},
		"Rejected": {
			reason: "An approval that somebody refuses, or nobody gives in time, fails.",
			event:  actionEvent("FAILED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval", result("Rejected by ada: not on a Friday")),
			want:   []string{"payment-processor-pipeline-pr-123: Approve_Traffic_Shift in stage Switch-Traffic has failed. " + run + " Reason: Rejected by ada: not on a Friday"},
		},
		"Live": {
			reason: "A run that has succeeded should be told, as the failures before it were.",
			event:  pipelineEvent("Pipeline", "SUCCEEDED", nil),
			want:   []string{"payment-processor-pipeline-pr-123: a run has succeeded, and its version is live. " + run},
		},
		"Waiting": {
			reason: "That an approval waits should be told once, by CodePipeline itself.",
			event:  actionEvent("STARTED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval", nil),
		},
		"SucceededAction": {reason: "Steps on the way are no news.", event: actionEvent("SUCCEEDED", "Build", "Build_TypeScript", "Build", nil)},
		"Started":         {reason: "A start is no news.", event: pipelineEvent("Pipeline", "STARTED", nil)},
		"FailedRun":       {reason: "The action that failed is told already.", event: pipelineEvent("Pipeline", "FAILED", nil)},
		"FailedStage":     {reason: "The action that failed is told already.", event: pipelineEvent("Stage", "FAILED", map[string]any{"stage": "Build"})},
		"OtherPipeline": {
			reason: "Other pipelines are not ours to tell of.",
			event:  pipelineEvent("Pipeline", "SUCCEEDED", map[string]any{"pipeline": "payment-processor-pipeline-pr-12"}),
		},
		"OtherPipelinesAction": {
			reason: "Other pipelines are not ours to tell of.",
			event:  actionEvent("FAILED", "Build", "Build_TypeScript", "Build", map[string]any{"pipeline": "payment-processor-pipeline-pr-1234"}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, told(t, newTestPipeline(t), tc.event)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDocumentedNews checks that docs/notifications.md has the texts that people get.
func TestDocumentedNews(t *testing.T) {
	page := fntest.File(t, "../../docs/notifications.md")
	for _, e := range []event{
		actionEvent("FAILED", "Build", "Build_TypeScript", "Build", result("Build terminated with state: FAILED")),
		actionEvent("FAILED", "Switch-Traffic", "Approve_Traffic_Shift", "Approval", result("Rejected by ada: not on a Friday")),
		pipelineEvent("Pipeline", "SUCCEEDED", nil),
	} {
		for _, text := range told(t, newTestPipeline(t), e) {
			// The page has the whole link once.
			before, rest, _ := strings.Cut(text, "https://")
			_, after, _ := strings.Cut(rest, " ")
			if !strings.Contains(page, text) && !strings.Contains(page, before+"… "+after) {
				t.Errorf("want the page to have %q", text)
			}
		}
	}
}

// TestNewsElsewhere checks that links lead into the console of the pipeline's partition and region.
func TestNewsElsewhere(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Region = "us-gov-west-1" })
	texts := told(t, p, pipelineEvent("Pipeline", "SUCCEEDED", nil))
	want := "https://console.amazonaws-us-gov.com/codesuite/codepipeline/pipelines/payment-processor-pipeline-pr-123/" +
		"executions/01234567-0123-0123-0123-012345678901/timeline?region=us-gov-west-1 "
	if len(texts) != 1 || !strings.Contains(texts[0], want) {
		t.Errorf("want a text with %s, got %q", want, texts)
	}
}

// TestNewsRules checks all that the rules and their targets are told.
func TestNewsRules(t *testing.T) {
	p := newTestPipeline(t)
	rules := buildOf[*cloudwatcheventsv1beta1.Rule](p)
	targets := buildOf[*cloudwatcheventsv1beta2.Target](p)
	delete(rules, watchDeploymentsRule)
	delete(targets, watchDeploymentsTarget)

	type parameters struct {
		Name, Description, Pattern, Target, Topic string
		Rule                                      *xpv2.Reference
		Paths                                     map[string]*string
	}
	want := map[resource.Name]parameters{
		failedActionsRule: {
			Name:        "payment-processor-pipeline-failed-pr-123",
			Description: "Tells people of failed actions of payment-processor-pipeline-pr-123.",
			Pattern: `{"source":["aws.codepipeline"],"detail-type":["CodePipeline Action Execution State Change"],` +
				`"detail":{"pipeline":["payment-processor-pipeline-pr-123"],"state":["FAILED"]}}`,
			Target: "payment-processor-pipeline-failed-pr-123",
			Topic:  "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123",
			Rule:   &xpv2.Reference{Name: "pr-123.failed-actions-rule.default"},
			Paths: map[string]*string{
				"action": new("$.detail.action"), "execution-id": new("$.detail.execution-id"), "stage": new("$.detail.stage"),
				"reason": new("$.detail.execution-result.external-execution-summary"),
			},
		},
		succeededRunsRule: {
			Name:        "payment-processor-pipeline-succeeded-pr-123",
			Description: "Tells people of releases of payment-processor-pipeline-pr-123.",
			Pattern: `{"source":["aws.codepipeline"],"detail-type":["CodePipeline Pipeline Execution State Change"],` +
				`"detail":{"pipeline":["payment-processor-pipeline-pr-123"],"state":["SUCCEEDED"]}}`,
			Target: "payment-processor-pipeline-succeeded-pr-123",
			Topic:  "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123",
			Rule:   &xpv2.Reference{Name: "pr-123.succeeded-runs-rule.default"},
			Paths:  map[string]*string{"execution-id": new("$.detail.execution-id")},
		},
	}
	got := map[resource.Name]parameters{}
	for name, r := range rules {
		rule, target := r.Spec.ForProvider, targets[targetOf(name)].Spec.ForProvider
		if target.RoleArn != nil || target.RoleArnRef != nil {
			t.Errorf("%s: want EventBridge to publish in its own name", name)
		}
		if *rule.EventBusName != "default" || *target.EventBusName != "default" || !*rule.IsEnabled {
			t.Errorf("%s: want a rule that is on, on the bus that AWS's services send to", name)
		}
		got[name] = parameters{
			r.GetAnnotations()[annotationExternalName], *rule.Description, *rule.EventPattern, *target.TargetID, *target.Arn,
			target.RuleRef, target.InputTransformer.InputPaths,
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func targetOf(rule resource.Name) resource.Name {
	return resource.Name(strings.TrimSuffix(string(rule), "-rule") + "-target")
}

// told are the texts that EventBridge makes of an event by the pipeline's rules.
func told(t *testing.T, p Pipeline, e event) []string {
	t.Helper()
	targets := buildOf[*cloudwatcheventsv1beta2.Target](p)
	var texts []string
	for name, rule := range buildOf[*cloudwatcheventsv1beta1.Rule](p) {
		var pattern map[string]any
		if err := json.Unmarshal([]byte(*rule.Spec.ForProvider.EventPattern), &pattern); err != nil {
			t.Fatalf("%s: cannot parse pattern: %v", name, err)
		}
		if matches(pattern, map[string]any(e)) {
			texts = append(texts, transform(t, *targets[targetOf(name)].Spec.ForProvider.InputTransformer, e))
		}
	}
	return texts
}

// matches says whether an event has what a pattern asks for.
func matches(pattern, value any) bool {
	switch p := pattern.(type) {
	case map[string]any:
		v, _ := value.(map[string]any)
		for name, wanted := range p {
			if !matches(wanted, v[name]) {
				return false
			}
		}
		return true
	case []any:
		return slices.Contains(p, value)
	default:
		return false
	}
}

// transform an event as EventBridge does. What the template quotes is a text, in which the event's own is neither quoted nor
// escaped, and is nothing where the event has none.
// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
func transform(t *testing.T, transformer cloudwatcheventsv1beta2.InputTransformerParameters, e event) string {
	t.Helper()
	var text string
	if err := json.Unmarshal([]byte(*transformer.InputTemplate), &text); err != nil {
		t.Fatalf("want the template to be a quoted text, got %s: %v", *transformer.InputTemplate, err)
	}
	for name, path := range transformer.InputPaths {
		if !strings.Contains(text, "<"+name+">") {
			t.Errorf("the text has no <%s>", name)
		}
		text = strings.ReplaceAll(text, "<"+name+">", valueAt(e, strings.Split(strings.TrimPrefix(*path, "$."), ".")))
	}
	if strings.ContainsAny(text, "<>") {
		t.Errorf("the text has a name that is not in the event, or what EventBridge takes for one: %s", text)
	}
	return text
}

func valueAt(value any, path []string) string {
	for _, name := range path {
		if e, ok := value.(event); ok {
			value = map[string]any(e)
		}
		members, _ := value.(map[string]any)
		value = members[name]
	}
	text, _ := value.(string)
	return text
}
