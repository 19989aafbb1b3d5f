package release

import (
	"maps"
	"mime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// hostile texts are what somebody may write where people, Git or other services of AWS's put text.
var hostile = map[string]string{
	"Quotes":      `say "no", or 'no', or ` + "`no`" + ` \ \" \' \u0022`,
	"Braces":      `}} ] ) ({[ {"S": "x"} }`,
	"Expression":  `{% $states.context.Execution.Id %}`,
	"Ends":        ` %} {% $error('evaluated') %} {% `,
	"Joined":      `' & $states.context.Execution.Id & '`,
	"JoinedTwice": `" & $states.context.Execution.Id & "`,
	"Variables":   `${AWS::AccountId} #{codepipeline.PipelineExecutionId} <aws.events.event.json> $.detail $$.Execution`,
	"Newlines":    "one\ntwo\r\nthree\u2028four\u0000five\ttab",
	"Unicode":     "Grüße \U0001F600 \u202e right to left",
	"Shell":       "$(touch x); `touch x` && touch x | touch x > x",
	"JSON":        `","targetVersion":"1","requestedBy":"somebody else`,
	"Update":      ", #status = :succeeded REMOVE #error",
}

// TestDataOfApprovals has somebody approve a release with such a comment: the release goes on, and the history has the comment.
func TestDataOfApprovals(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, allAtOnce)
			b.cloud.CodePipeline.Approve(b.execution, text, text)
			if result := b.shift("2"); result.Status != interpreter.Succeeded {
				t.Fatalf("want a release, got %s: %s", result.Error, result.Cause)
			}
			b.wantInHistory(map[string]any{"approvedBy": text, "approvalComment": text, "status": "Succeeded"})
		})
	}
}

// selfDeclared follows on who asks, wherever it is shown.
const selfDeclared = " (self-declared)"

// TestDataOfRollbacks has somebody ask for a rollback with such a reason: production goes back, the history has the reason, and people are told.
func TestDataOfRollbacks(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, allAtOnce)
			b.publish(1, 2)
			b.shift("2")
			result := b.run(rollbackMachine, "rollback", object{"requestedBy": text, "reason": text})
			if result.Status != interpreter.Succeeded {
				t.Fatalf("want a rollback, got %s: %s", result.Error, result.Cause)
			}
			b.wantInHistory(map[string]any{"requestedBy": text + selfDeclared, "reason": text, "status": "Succeeded"})
			b.wantTold(", as " + text + selfDeclared + " has asked: " + text + ". See ")
		})
	}
}

// TestLongDataOfRollbacks asks for a rollback with as much text as an execution takes: no message and no item takes that and more, so it is cut.
func TestLongDataOfRollbacks(t *testing.T) {
	const most = 256 << 10
	const word = "ä{% 1 %} "
	long := strings.Repeat(word, (most-230)/len(word))
	cut := string([]rune(long)[:1000])
	for name, input := range map[string]object{
		"Reason":      {"requestedBy": "ada", "reason": long},
		"RequestedBy": {"requestedBy": long, "reason": "payments are charged twice"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, allAtOnce)
			b.publish(1, 2)
			b.shift("2")
			result := b.run(rollbackMachine, "rollback", input)
			if result.Status != interpreter.Succeeded {
				t.Fatalf("want a rollback, got %s: %s", result.Error, result.Cause)
			}
			for member, text := range map[string]any{"requestedBy": cut + selfDeclared, "reason": cut} {
				if input[member] == long {
					b.wantInHistory(map[string]any{member: text, "status": "Succeeded"})
				}
			}
			b.wantTold(cut)
		})
	}
}

// TestDataOfEvents sends events of a deployment with such an id: nothing comes of them in the history.
func TestDataOfEvents(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, allAtOnce)
			b.publish(1, 2)
			b.shift("2")
			b.recordNew()
			before := b.cloud.DynamoDB.Items()
			e := b.cloud.CodeDeploy.Events()[0].(map[string]any)
			e["detail"].(map[string]any)["deploymentId"] = text
			b.record(e)
			if diff := cmp.Diff(before, b.cloud.DynamoDB.Items()); diff != "" {
				t.Errorf("-want the history as it was, +got:\n%s", diff)
			}
		})
	}
}

// TestDataOfVersions names such a version to go back to: nothing is deployed.
func TestDataOfVersions(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ready, allAtOnce)
			b.publish(1, 2)
			b.shift("2")
			b.rollBack(text)
			if diff := cmp.Diff("2", b.cloud.Lambda.Alias().Version); diff != "" {
				t.Errorf("-want it to stay live, +got:\n%s", diff)
			}
		})
	}
}

// offerFields are those of an offer's metadata from which nothing is computed, ones that this pipeline adds, and one that nobody knows.
var offerFields = []string{"commit", "authored", "environment", "version", "deployment", "codepipeline-artifact-revision-summary", "bucket", "sha256", "unknown"}

// TestDataOfOffers has another account offer a release whose metadata say such a text in each of these fields. What goes live is the code that
// was offered. The history and the next offer have the text as it is, and neither has what the other account says of itself where S3 knows.
func TestDataOfOffers(t *testing.T) {
	texts := maps.Clone(hostile)
	// S3 takes 2 KB of metadata in all.
	texts["Large"] = strings.Repeat(`"'{%}`, 160/5)
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, promoting, allAtOnce)
			// S3 encodes what a header has no room for.
			told := mime.BEncoding.Encode("UTF-8", strings.TrimSpace(text))
			b.offered("d-DEV1", "code", false)
			for _, field := range offerFields {
				b.cloud.S3.Say(devBucket, releasedKey, field, told)
			}
			if result := b.lookForReleases(); result.Status != interpreter.Succeeded {
				t.Fatalf("want the offer taken, got %s: %s", result.Error, result.Cause)
			}
			b.deploy(2, "code", false)
			if result := b.shiftPromoted("2"); result.Status != interpreter.Succeeded {
				t.Fatalf("want a release, got %s: %s", result.Error, result.Cause)
			}
			b.wantInHistory(map[string]any{
				"status": "Succeeded", "toVersion": "2", "artifactSha256": fakeaws.HashOf("code"), "promotedFromBucket": devBucket,
				"commitId": told, "promotedFromEnvironment": told, "promotedFromVersion": told, "promotedFromDeployment": told,
			})
			b.wantOffered("code", map[string]string{
				"commit": told, "authored": told, "environment": "pay-staging", "version": "2", "deployment": "d-TEST00001", "code": fakeaws.HashOf("code"),
				"codepipeline-artifact-revision-summary": "Version 2 of payment-processor-blue-pay-staging, from commit " + told,
			})
		})
	}
}

// wantOffered to other environments nothing but this code with these metadata.
func (b *bench) wantOffered(code string, metadata map[string]string) {
	b.t.Helper()
	want := []fakeaws.Object{{Version: "released-1", Body: code, Metadata: metadata, SHA256: fakeaws.HashOf(code)}}
	if diff := cmp.Diff(want, b.cloud.S3.Versions(b.bucket(), releasedKey)); diff != "" {
		b.t.Errorf("-want offered, +got:\n%s", diff)
	}
}

// wantInHistory an item with such attributes.
func (b *bench) wantInHistory(want map[string]any) {
	b.t.Helper()
	items := b.cloud.DynamoDB.Items()
	for _, item := range items {
		has := true
		for name, value := range want {
			has = has && item[name] == value
		}
		if has {
			return
		}
	}
	b.t.Errorf("want an item with %q, got %q", want, items)
}

// wantTold that somebody was told a text.
func (b *bench) wantTold(text string) {
	b.t.Helper()
	for _, message := range b.cloud.SNS.Messages() {
		if strings.Contains(message, text) {
			return
		}
	}
	b.t.Errorf("want to be told %q, got %q", text, b.cloud.SNS.Messages())
}
