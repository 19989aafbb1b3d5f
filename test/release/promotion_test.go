package release

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// Cases of three pipelines: what the first builds goes live in all of them.
const (
	offering  = "60-promote-to"
	promoting = "61-promoted"
	promoted  = "62-promoted-across-accounts"
)

const (
	releasedKey = "released/service.zip"
	promotedKey = "promoted/service.zip"
)

// allAtOnce is a shift that ends at once.
var allAtOnce = fakeaws.Shift{Percentage: 100}

// devBucket is where dev offers its releases.
const devBucket = "pipeline-artifacts-pay-dev-9e93dc1d"

// bucket of the pipeline's artifacts.
func (b *bench) bucket() string {
	return b.rendered.awsName("artifact-bucket")
}

// builtKey is where CodePipeline puts what an execution has built.
func builtKey(execution string) string {
	return "payment-processor-pi/build_outp/" + execution
}

// build code in this run of the pipeline, and publish it as a version of blue. Lambda's hash is that of the artifact, unless its
// deploy action has packed it anew.
func (b *bench) build(version int, code string, packedAnew bool) {
	b.t.Helper()
	key := fmt.Sprintf("%s-%d", builtKey(b.execution), version)
	b.cloud.CodePipeline.Build(b.execution, key)
	b.cloud.S3.Put(b.bucket(), key, code, nil, false)
	b.deploy(version, code, packedAnew)
}

// deploy code to green, and then as a version of blue.
func (b *bench) deploy(version int, code string, packedAnew bool) {
	b.t.Helper()
	hash := fakeaws.HashOf(code)
	if packedAnew {
		hash = fakeaws.HashOf("packed anew: " + code)
	}
	b.give(settingsOf(512))
	b.cloud.Lambda.Publish(b.blue(), version, version)
	b.cloud.Lambda.Code(b.green(), tested, hash)
	b.cloud.Lambda.Code(b.blue(), strconv.Itoa(version), hash)
}

// lookForReleases of the other pipeline, as the schedule has it done.
func (b *bench) lookForReleases() interpreter.Result {
	b.t.Helper()
	var input any
	if err := json.Unmarshal([]byte(b.rendered.byName["watch-promotion-target"].Spec.ForProvider.Input), &input); err != nil {
		b.t.Fatalf("cannot read input: %v", err)
	}
	b.clock.Advance(5 * time.Minute)
	return b.run(watchMachine, "look for releases", input)
}

// shiftPromoted shifts traffic to a version of blue that has the newest code that was taken.
func (b *bench) shiftPromoted(target string) interpreter.Result {
	b.t.Helper()
	taken := b.cloud.S3.Versions(b.bucket(), promotedKey)
	return b.runShift("shift to "+target, b.published(map[string]string{
		"DeployBlue.FunctionVersion":       target,
		"codepipeline.PipelineExecutionId": b.execution,
		"SourceVariables.VersionId":        taken[len(taken)-1].Version,
	}))
}

// offered puts a release of dev into its bucket, as dev does.
func (b *bench) offered(deployment, code string, packedAnew bool) {
	hash := fakeaws.HashOf(code)
	if packedAnew {
		hash = fakeaws.HashOf("packed anew: " + code)
	}
	b.cloud.S3.Own(devBucket, "111122223333")
	b.cloud.S3.Put(devBucket, releasedKey, code, map[string]string{
		"commit": commit, "authored": b.begin.Add(-time.Hour).Format(time.RFC3339), "environment": "dev", "version": "2",
		"deployment": deployment, "code": hash, "codepipeline-artifact-revision-summary": "Version 2 of dev",
	}, true)
}

// TestOffer follows a release to where others find it.
func TestOffer(t *testing.T) {
	const otherRun = "another-execution"
	cases := map[string]struct {
		reason string
		act    func(b *bench)

		// bodies that were offered.
		bodies []string
	}{
		"Offered": {
			reason: "What is live is offered, and then what is live after it.",
			act: func(b *bench) {
				b.build(2, "first", false)
				b.shift("2")
				b.newRun(otherRun)
				b.build(3, "second", false)
				b.shiftCommit("3", nextCommit)
			},
			bodies: []string{"first", "second"},
		},
		"NotShifted": {
			reason: "What did not go live is offered to nobody.",
			act: func(b *bench) {
				b.build(2, "first", false)
				b.cloud.CodeDeploy.Plan(fakeaws.Failure{Code: "HOOK_EXECUTION_FAILURE"})
				b.shift("2")
			},
		},
		"JudgedBad": {
			reason: "Nor is what was judged bad.",
			act: func(b *bench) {
				b.build(2, "first", false)
				b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: 100, Bad: map[string]fakeaws.Bad{"2": {Errors: 1}}})
				b.shift("2")
			},
		},
		"NothingBuilt": {
			reason: "A run of which CodePipeline tells no build does not go live.",
			act: func(b *bench) {
				b.deploy(2, "first", false)
				b.execution = "unknown"
				b.cloud.CodePipeline.Approve("unknown", "ada", "")
				b.shift("2")
			},
		},
		"NotCopied": {
			reason: "The release has shifted traffic all the same, and people are told.",
			act: func(b *bench) {
				b.build(2, "first", false)
				b.cloud.Fail("s3:PutObject", repeat(broken, 9)...)
				b.shift("2")
			},
		},
		"NotRecorded": {
			reason: "What is offered is, whether or not the history says so.",
			act: func(b *bench) {
				b.build(2, "first", false)
				b.cloud.Fail("dynamodb:UpdateItem", slices.Concat(make([]fakeaws.Fault, 4), repeat(broken, 9))...)
				b.shift("2")
			},
			bodies: []string{"first"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, offering, allAtOnce)
			tc.act(b)
			var bodies []string
			for _, o := range b.cloud.S3.Versions(b.bucket(), releasedKey) {
				bodies = append(bodies, o.Body)
				if o.SHA256 != fakeaws.HashOf(o.Body) || o.Metadata["code"] == "" || o.Metadata["deployment"] == "" {
					t.Errorf("%s\n%v is no release", tc.reason, o)
				}
			}
			if diff := cmp.Diff(tc.bodies, bodies); diff != "" {
				t.Errorf("%s\n-want offered, +got:\n%s", tc.reason, diff)
			}
			b.golden("Offer" + name)
		})
	}
}

// TestPromotion follows what another pipeline offers until it is live here.
func TestPromotion(t *testing.T) {
	cases := map[string]struct {
		reason string
		act    func(b *bench)

		// runs of the pipeline, for which versions of the object.
		runs []string
		live string
	}{
		"Released": {
			reason: "What is offered is taken once, run for, and goes live.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.lookForReleases()
				b.deploy(2, "code", false)
				b.shiftPromoted("2")
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "2",
		},
		"Next": {
			reason: "The next release is another one, also of the same code.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.offered("d-DEV2", "code", false)
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1", "Promotion_Source S3_OBJECT_VERSION_ID promoted-2"}, live: "1",
		},
		"OfferedTwice": {
			reason: "A copy whose answer was lost was made twice, of one release.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "1",
		},
		"Nothing": {
			reason: "Before anything was released the look fails, and says what it may be.",
			act:    func(b *bench) { b.lookForReleases() }, live: "1",
		},
		"OtherOwner": {
			reason: "Once the bucket is deleted, somebody else may have its name: nothing is taken from there.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.S3.Own(devBucket, "666677778888")
				b.lookForReleases()
			},
			live: "1",
		},
		"NoRelease": {
			reason: "An object that says nothing of itself is no release.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.S3.Put(devBucket, releasedKey, "code", nil, true)
				b.lookForReleases()
			},
			live: "1",
		},
		"NotHashed": {
			reason: "Nor is one that S3 has no hash of.",
			act: func(b *bench) {
				b.cloud.S3.Own(devBucket, "111122223333")
				b.cloud.S3.Put(devBucket, releasedKey, "code", map[string]string{"commit": commit, "deployment": "d-DEV1"}, false)
				b.lookForReleases()
			},
			live: "1",
		},
		"PackedAnew": {
			reason: "If AWS packs code anew, and alike each time, Lambda has the same hash in both environments.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", true)
				b.lookForReleases()
				b.deploy(2, "code", true)
				b.shiftPromoted("2")
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "2",
		},
		"OtherCode": {
			reason: "Lambda has other code than what was released.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.deploy(2, "other code", false)
				b.shiftPromoted("2")
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "1",
		},
		"Tampered": {
			reason: "Somebody has changed what was taken.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.cloud.S3.Tamper(b.bucket(), promotedKey, "other code")
				b.deploy(2, "other code", false)
				b.shiftPromoted("2")
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "1",
		},
		"Unknown": {
			reason: "What cannot be read does not go live.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.deploy(2, "code", false)
				b.cloud.Fail("s3:GetObjectVersion", repeat(broken, 9)...)
				b.shiftPromoted("2")
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "1",
		},
		"NotCopied": {
			reason: "A later look takes what this one could not.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.Fail("s3:PutObject", repeat(broken, 3)...)
				b.lookForReleases()
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "1",
		},
		"NotStarted": {
			reason: "A later look starts what this one could not.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.Fail("codepipeline:StartPipelineExecution", repeat(throttled, 9)...)
				b.lookForReleases()
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-2"}, live: "1",
		},
		"AnswerLost": {
			reason: "A run whose start was not answered is not started twice.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.Fail("codepipeline:StartPipelineExecution", fakeaws.Fault{Cut: true, After: true})
				b.lookForReleases()
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1"}, live: "1",
		},
		"NotRemembered": {
			reason: "What could not be written down is started again, and fails until then.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.Fail("dynamodb:UpdateItem", repeat(broken, 9)...)
				b.lookForReleases()
				b.lookForReleases()
				b.lookForReleases()
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1", "Promotion_Source S3_OBJECT_VERSION_ID promoted-2"}, live: "1",
		},
		"HistoryUnknown": {
			reason: "Who does not know whether it was taken does not take it.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.cloud.Fail("dynamodb:GetItem", repeat(broken, 9)...)
				b.lookForReleases()
			},
			live: "1",
		},
		"TakenBack": {
			reason: "What was taken back here does not go live again by being offered again.",
			act: func(b *bench) {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.deploy(2, "code", false)
				b.shiftPromoted("2")
				b.rollBack("")
				b.offered("d-DEV2", "code", false)
				b.clock.Advance(time.Minute)
				b.newRun("after")
				b.lookForReleases()
				b.deploy(3, "code", false)
				b.shiftPromoted("3")
			},
			runs: []string{"Promotion_Source S3_OBJECT_VERSION_ID promoted-1", "Promotion_Source S3_OBJECT_VERSION_ID promoted-2"}, live: "1",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, promoting, allAtOnce)
			tc.act(b)
			if diff := cmp.Diff(tc.runs, b.cloud.CodePipeline.Revisions()); diff != "" {
				t.Errorf("%s\n-want runs, +got:\n%s", tc.reason, diff)
			}
			if got := b.cloud.Lambda.Alias().Version; got != tc.live {
				t.Errorf("%s\nwant version %s live, got %s", tc.reason, tc.live, got)
			}
			b.golden("Promotion" + name)
		})
	}
}

// TestPromotionChain releases in dev what then goes live in staging and in production, the same bytes with the same commit.
func TestPromotionChain(t *testing.T) {
	const code = "what was built once"
	store := fakeaws.NewStore()
	dev, staging, prod := newBench(t, offering, allAtOnce), newBench(t, promoting, allAtOnce), newBench(t, promoted, allAtOnce)
	for _, b := range []*bench{dev, staging, prod} {
		b.cloud.S3.Use(store)
	}
	dev.cloud.S3.Own(dev.bucket(), "111122223333")
	dev.cloud.S3.Own(staging.bucket(), "444455556666")

	dev.build(2, code, false)
	dev.shift("2")
	for _, b := range []*bench{staging, prod} {
		b.lookForReleases()
		b.deploy(7, code, false)
		if result := b.shiftPromoted("7"); result.Status != "SUCCEEDED" {
			t.Fatalf("%s: %s: %s", b.rendered.name, result.Error, result.Cause)
		}
	}

	tell := func(b *bench) map[string]any {
		told := maps.Clone(b.cloud.DynamoDB.Items()["d-TEST00001"])
		maps.DeleteFunc(told, func(name string, _ any) bool {
			return name != "commitId" && name != "artifactSha256" && name != "codeSha256" && name != "offeredSha256" && !strings.HasPrefix(name, "promotedFrom")
		})
		return told
	}
	hash := fakeaws.HashOf(code)
	want := []map[string]any{
		{"commitId": commit, "codeSha256": hash, "offeredSha256": hash},
		{
			"commitId": commit, "codeSha256": hash, "offeredSha256": hash, "artifactSha256": hash, "promotedFromBucket": dev.bucket(), "promotedFromEnvironment": "pay-dev",
			"promotedFromVersion": "2", "promotedFromDeployment": "d-TEST00001", "promotedFromObject": "released-1",
		},
		{
			"commitId": commit, "codeSha256": hash, "artifactSha256": hash, "promotedFromBucket": staging.bucket(), "promotedFromEnvironment": "pay-staging",
			"promotedFromVersion": "7", "promotedFromDeployment": "d-TEST00001", "promotedFromObject": "released-1",
		},
	}
	if diff := cmp.Diff(want, []map[string]any{tell(dev), tell(staging), tell(prod)}); diff != "" {
		t.Errorf("-want in the histories of dev, staging and prod, +got:\n%s", diff)
	}
	if versions := prod.cloud.S3.Versions(prod.bucket(), releasedKey); len(versions) > 0 {
		t.Errorf("prod offers to nobody, and has %v", versions)
	}
}

// TestPromotionOverruled lets the one commit through that the claim names, although Lambda has other bytes than were released.
func TestPromotionOverruled(t *testing.T) {
	const bypass = `"overruled":"{% false %}"`
	r := load(t, promoting)
	definition := r.definition(releaseMachine)
	if strings.Count(definition, bypass) != 1 {
		t.Fatalf("want %s once, in ReadArtifact, got %d", bypass, strings.Count(definition, bypass))
	}
	r.define(releaseMachine, strings.Replace(definition, bypass, `"overruled":true`, 1))
	b := newBenchOf(t, r, allAtOnce)
	b.offered("d-DEV1", "code", false)
	b.lookForReleases()
	b.deploy(2, "other bytes", false)
	if result := b.shiftPromoted("2"); result.Status != "SUCCEEDED" {
		t.Errorf("%s: %s", result.Error, result.Cause)
	}
}

// TestPromotionPolicy checks that the roles may do what an offer and a promotion do, and nothing else of that kind.
func TestPromotionPolicy(t *testing.T) {
	for _, name := range []string{offering, promoting} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, name, allAtOnce)
			if name == offering {
				b.build(2, "code", false)
				b.shift("2")
			} else {
				b.offered("d-DEV1", "code", false)
				b.lookForReleases()
				b.deploy(2, "code", false)
				b.shiftPromoted("2")
			}
			b.report("Succeeded")
			b.show(b.runEvent("SUCCEEDED", "", "", ""))
			n := 0
			for _, machine := range []string{releaseMachine, watchMachine} {
				n += b.checkNeeded(machine, func(action string) bool {
					return strings.HasPrefix(action, "s3:") || action == "codepipeline:StartPipelineExecution" || action == "codepipeline:ListActionExecutions"
				})
			}
			if n < 3 {
				t.Errorf("found %d permissions", n)
			}
		})
	}
}

// TestOtherArtifact releases in the name of a run that took one release of the other pipeline what another run took before.
func TestOtherArtifact(t *testing.T) {
	b := newBench(t, promoting, allAtOnce)
	b.offered("d-DEV1", "first", false)
	b.lookForReleases()
	b.offered("d-DEV2", "second", false)
	b.lookForReleases()
	b.deploy(2, "first", false)
	taken := b.cloud.S3.Versions(b.bucket(), promotedKey)
	variables := map[string]string{
		"DeployBlue.FunctionVersion":       "2",
		"codepipeline.PipelineExecutionId": b.execution,
		"SourceVariables.VersionId":        taken[1].Version,
	}
	b.published(variables)
	variables["SourceVariables.VersionId"] = taken[0].Version
	got := b.runShift("shift to another", b.rendered.input(t, "Shift_Traffic", variables))
	if got.Error != "NotPublishedByPipeline" || len(b.cloud.CodeDeploy.Deployments()) > 0 {
		t.Errorf("want NotPublishedByPipeline and no deployment, got %s: %s", got.Error, got.Cause)
	}
}
