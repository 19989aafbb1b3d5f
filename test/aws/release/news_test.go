package release

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventbridgetypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// TestNews puts events of CodePipeline's on the bus, and reads what the topic is told of them: one text for each event of this
// pipeline that is news, and nothing of others.
func TestNews(t *testing.T) {
	b := newBench(t, ready, linear)
	for _, name := range []string{"failed-actions", "succeeded-runs"} {
		deployNews(t, b.rendered, name)
	}
	told := b.listen()
	pipeline := b.rendered.awsName("pipeline")
	of := func(level, pipeline, state string, more map[string]any) event {
		detail := map[string]any{"pipeline": pipeline, "execution-id": "run-1", "state": state, "version": 1}
		maps.Copy(detail, more)
		return event{Source: "aws.codepipeline", DetailType: "CodePipeline " + level + " Execution State Change", Detail: detail}
	}
	smoke := map[string]any{"stage": "Deploy-Blue", "action": "Smoke_Test_Green"}
	build := map[string]any{"stage": "Build", "action": "Build_TypeScript", "execution-result": map[string]any{
		"external-execution-summary": `npm ERR! "test" has failed`,
	}}
	for _, e := range []event{
		of("Action", "payment-processor-pipeline-other", "FAILED", build),
		of("Action", pipeline, "STARTED", build),
		of("Action", pipeline, "FAILED", build),
		of("Action", pipeline, "FAILED", smoke),
		of("Pipeline", pipeline, "FAILED", nil),
		of("Pipeline", pipeline, "SUCCEEDED", nil),
	} {
		if err := send(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	run := "See https://console.aws.amazon.com/codesuite/codepipeline/pipelines/" + pipeline + "/executions/run-1/timeline?region=us-east-1 for the run."
	// EventBridge leaves the quotes, and escapes nothing.
	b.expectTold(
		told,
		`"`+pipeline+`: Build_TypeScript in stage Build has failed. `+run+` Reason: npm ERR! "test" has failed"`,
		`"`+pipeline+`: Smoke_Test_Green in stage Deploy-Blue has failed. `+run+` Reason: "`,
		`"`+pipeline+`: a run has succeeded, and its version is live. `+run+`"`,
	)
}

// TestDataOfNews puts events of failed actions on the bus whose reasons are made to be taken for something else: for a placeholder of the
// template, an expression, the end of the text. People are told the reason as it is.
func TestDataOfNews(t *testing.T) {
	b := newBench(t, ready, linear)
	deployNews(t, b.rendered, "failed-actions")
	told := b.listen()
	pipeline := b.rendered.awsName("pipeline")
	run := "See https://console.aws.amazon.com/codesuite/codepipeline/pipelines/" + pipeline + "/executions/run-1/timeline?region=us-east-1 for the run."
	var want []string
	for _, reason := range []string{
		`<action> <aws.events.event.json> <reason>`, `${AWS::AccountId} #{codepipeline.PipelineExecutionId}`, `{% $states.input %}`,
		`}", "extra": "{`, "say \"no\", 'no', `no`", "$(touch x); `touch x` && x | x > x", `Grüße 😀`, strings.Repeat("long ", 40_000),
	} {
		err := send(t.Context(), event{Source: "aws.codepipeline", DetailType: "CodePipeline Action Execution State Change", Detail: map[string]any{
			"pipeline": pipeline, "execution-id": "run-1", "state": "FAILED", "version": 1, "stage": "Build", "action": "Build_TypeScript",
			"execution-result": map[string]any{"external-execution-summary": reason},
		}})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, `"`+pipeline+`: Build_TypeScript in stage Build has failed. `+run+` Reason: `+reason+`"`)
	}
	b.expectTold(told, want...)
}

// deployTopic with its policy.
func deployTopic(t *testing.T, r rendered) {
	t.Helper()
	must[*sns.CreateTopicOutput](t)(aws.SNS.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: new(r.awsName("alarm-topic"))}))
	must[*sns.SetTopicAttributesOutput](t)(aws.SNS.SetTopicAttributes(t.Context(), &sns.SetTopicAttributesInput{
		TopicArn:       new(arn("sns", r.awsName("alarm-topic"))),
		AttributeName:  new("Policy"),
		AttributeValue: new(r.get("alarm-topic-policy").Spec.ForProvider.Policy),
	}))
}

// deployNews makes a rule, and the target that tells the topic.
func deployNews(t *testing.T, r rendered, name string) {
	t.Helper()
	rule, target := r.get(name+"-rule"), r.get(name+"-target").Spec.ForProvider
	must[*eventbridge.PutRuleOutput](t)(aws.EventBridge.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name:         new(rule.awsName()),
		EventPattern: &rule.Spec.ForProvider.EventPattern,
	}))
	out := must[*eventbridge.PutTargetsOutput](t)(aws.EventBridge.PutTargets(t.Context(), &eventbridge.PutTargetsInput{
		Rule: new(rule.awsName()),
		Targets: []eventbridgetypes.Target{{
			Id:  &target.TargetID,
			Arn: &target.ARN,
			InputTransformer: &eventbridgetypes.InputTransformer{
				InputPathsMap: target.InputTransformer.InputPaths,
				InputTemplate: &target.InputTransformer.InputTemplate,
			},
		}},
	}))
	if out.FailedEntryCount > 0 {
		t.Fatalf("%s: %s", name, *out.FailedEntries[0].ErrorMessage)
	}
}

// listen to the topic, and return what it is told from now on.
func (b *bench) listen() (told func() []string) {
	b.t.Helper()
	var (
		mu        sync.Mutex
		texts     []string
		confirmed = make(chan error, 1)
	)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var message struct {
			Type         string `json:"Type"`
			Message      string `json:"Message"`
			SubscribeURL string `json:"SubscribeURL"`
		}
		if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
			b.t.Errorf("cannot read what the topic sends: %v", err)
		}
		if message.Type == "SubscriptionConfirmation" {
			confirmed <- confirm(context.WithoutCancel(r.Context()), message.SubscribeURL)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		texts = append(texts, message.Message)
	}))
	b.t.Cleanup(server.Close)
	must[*sns.SubscribeOutput](b.t)(aws.SNS.Subscribe(b.t.Context(), &sns.SubscribeInput{
		TopicArn: new(arn("sns", b.rendered.awsName("alarm-topic"))),
		Protocol: new("http"),
		Endpoint: &server.URL,
	}))
	select {
	case err := <-confirmed:
		if err != nil {
			b.t.Fatal(err)
		}
	case <-b.t.Context().Done():
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Sorted(slices.Values(texts))
	}
}

// confirm a subscription, as a person does who clicks on the link.
func confirm(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer rsp.Body.Close()
	if rsp.StatusCode != http.StatusOK {
		return fmt.Errorf("cannot confirm the subscription: %s", rsp.Status)
	}
	return nil
}

// expectTold waits until the topic has told as many texts, which must be these, in any order.
func (b *bench) expectTold(told func() []string, want ...string) {
	b.t.Helper()
	slices.Sort(want)
	err := process.Eventually(b.t.Context(), "the topic tells people", ministack.Process, func(context.Context) bool { return len(told()) >= len(want) })
	if err != nil {
		b.t.Errorf("%v, and has told %q", err, told())
		return
	}
	if diff := cmp.Diff(want, told()); diff != "" {
		b.t.Errorf("what the topic tells: -want, +got:\n%s", diff)
	}
}
