package release

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// Bytes that were built, and those that an attacker puts in their place.
const (
	built = "what was built"
	evil  = "what nobody has reviewed"
)

// giveBuilt code to a version of a function, as a deploy action does: it reads the newest version of what was built.
func (b *bench) giveBuilt(function, version string) {
	versions := b.cloud.S3.Versions(b.bucket(), builtKey(b.execution))
	b.cloud.Lambda.Code(function, version, fakeaws.HashOf(versions[len(versions)-1].Body))
}

// replaceBuilt as a build does that runs at the same time, and may write what builds put out.
func (b *bench) replaceBuilt() {
	b.cloud.S3.Put(b.bucket(), builtKey(b.execution), evil, nil, false)
}

// moments of a run of the pipeline, in order, at which somebody may replace bytes.
var moments = []string{"BeforeGreen", "BeforeSmokeTest", "BeforeBlue", "BeforeApproval", "BeforeShift", "WhileShifting"}

// runPipeline as far as it comes, with something that happens at a moment, and return how it ends.
func (b *bench) runPipeline(at string, happen func()) (last interpreter.Result) {
	b.t.Helper()
	for _, moment := range moments {
		switch moment {
		case "WhileShifting":
			if at == moment {
				b.clock.After(5*time.Minute, happen)
			}
			return b.shift("2")
		case at:
			happen()
		}
		switch moment {
		case "BeforeGreen":
			b.giveBuilt(b.green(), tested)
		case "BeforeSmokeTest":
			if last = b.smoke(); last.Error != "" {
				return last
			}
		case "BeforeBlue":
			b.publish(2, 2)
			b.giveBuilt(b.blue(), "2")
		case "BeforeApproval":
			b.cloud.CodePipeline.Approve(b.execution, "ada", "")
		}
	}
	return last
}

// TestReplacedBytes replaces bytes at each moment of a run of the pipeline: they never go live, and are never offered.
func TestReplacedBytes(t *testing.T) {
	of := func(function func(*bench) string, version string) func(*bench) {
		return func(b *bench) { b.cloud.Lambda.Code(function(b), version, fakeaws.HashOf(evil)) }
	}
	type want struct {
		Refused, Live string
		Offered       []string
	}
	replaced, differs, released := want{Refused: "ArtifactReplaced", Live: "1"}, want{Refused: "CodeDiffers", Live: "1"}, want{Live: "2", Offered: []string{built}}
	cases := map[string]struct {
		reason, at string
		happen     func(*bench)
		want       want
	}{
		"Never":           {"Nobody replaces anything.", "", nil, released},
		"BeforeGreen":     {"All would get the other bytes alike.", "BeforeGreen", (*bench).replaceBuilt, replaced},
		"BeforeSmokeTest": {"Blue would get others than green.", "BeforeSmokeTest", (*bench).replaceBuilt, replaced},
		"BeforeBlue":      {"Blue would get others than were tested.", "BeforeBlue", (*bench).replaceBuilt, replaced},
		"BeforeApproval":  {"Others would be offered than a person approves.", "BeforeApproval", (*bench).replaceBuilt, replaced},
		"BeforeShift":     {"Others would be offered than go live.", "BeforeShift", (*bench).replaceBuilt, replaced},
		"WhileShifting":   {"What is offered is the version that was checked.", "WhileShifting", (*bench).replaceBuilt, released},
		"GreenChanged":    {"Green was given other code past the pipeline.", "BeforeBlue", of((*bench).green, tested), differs},
		"BlueChanged":     {"So was blue.", "BeforeApproval", of((*bench).blue, "2"), differs},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, offering, allAtOnce)
			b.cloud.S3.Tamper(b.bucket(), builtKey(b.execution), built)
			got := want{Refused: b.runPipeline(tc.at, func() { tc.happen(b) }).Error, Live: b.cloud.Lambda.Alias().Version}
			for _, o := range b.cloud.S3.Versions(b.bucket(), releasedKey) {
				got.Offered = append(got.Offered, o.Body)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if n := len(b.cloud.S3.Versions(b.bucket(), builtKey(b.execution))); tc.want.Refused == "ArtifactReplaced" && n != 2 {
				t.Errorf("want what was built and what replaces it, got %d versions", n)
			}
			b.golden("Replaced" + name)
		})
	}
}

// TestReplacedBytesDownstream replaces bytes on their way to another environment: they do not go live there.
func TestReplacedBytesDownstream(t *testing.T) {
	// The object says of itself what the release has said that it took the place of.
	replace := func(b *bench, bucket, key string) {
		versions := b.cloud.S3.Versions(bucket, key)
		b.cloud.S3.Put(bucket, key, evil, versions[len(versions)-1].Metadata, true)
	}
	cases := map[string]struct {
		reason string
		act    func(b *bench)
		error  string
	}{
		"BeforeItIsTaken": {
			reason: "Lambda of the other environment has never had these bytes.",
			act: func(b *bench) {
				replace(b, devBucket, releasedKey)
				b.lookForReleases()
			},
			error: "CodeDiffers",
		},
		"BeforeTheRun": {
			reason: "They are not those that the other environment has offered.",
			act: func(b *bench) {
				b.lookForReleases()
				replace(b, b.bucket(), promotedKey)
			},
			error: "ArtifactDiffers",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, promoting, allAtOnce)
			b.offered("d-DEV1", built, false)
			tc.act(b)
			b.deploy(2, evil, false)
			if result := b.shiftPromoted("2"); result.Error != tc.error {
				t.Errorf("%s\nwant %s, got %s: %s", tc.reason, tc.error, result.Error, result.Cause)
			}
			if got := b.cloud.Lambda.Alias().Version; got != "1" {
				t.Errorf("%s\nversion %s is live", tc.reason, got)
			}
		})
	}
}

// TestBuildsWriteTheirOutput asks IAM what a build may write in the bucket, of all that is there.
func TestBuildsWriteTheirOutput(t *testing.T) {
	b := newBench(t, offering, allAtOnce)
	role := "arn:aws:iam::" + b.rendered.setup(fakeaws.Shift{}).Account + ":role/" + b.rendered.awsName("build-role")
	keys := []string{
		builtKey(execution), "payment-processor-pi/source_out/abc1234", "payment-processor-ch/source_out/abc1234", "bootstrap/blue.zip",
		"cache/0f1e", releasedKey, promotedKey, "payment-processor-pi/other_outp/abc1234", "build_outp",
	}
	may := func(action string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
			decision, err := b.account.Decide(role, access.Request{Action: action, Resource: "arn:aws:s3:::" + b.bucket() + "/" + key})
			if err != nil {
				t.Fatal(err)
			}
			return decision != access.Allowed
		})
	}
	if diff := cmp.Diff([]string{builtKey(execution)}, may("s3:PutObject")); diff != "" {
		t.Errorf("-want written by builds, +got:\n%s", diff)
	}
	for _, action := range []string{"s3:GetObject", "s3:GetObjectVersion"} {
		if diff := cmp.Diff([]string{"payment-processor-pi/source_out/abc1234"}, may(action)); diff != "" {
			t.Errorf("%s: -want read by builds, +got:\n%s", action, diff)
		}
	}
	if got := may("s3:DeleteObjectVersion"); len(got) > 0 {
		t.Errorf("builds may delete versions, which tell that something was replaced: %v", got)
	}
}
