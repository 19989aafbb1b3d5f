package release

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// with returns settings with other members.
func with(members object) object {
	settings := settingsOf(512)
	maps.Copy(settings, members)
	return settings
}

// TestUntestedConfiguration edits the claim at some moment of a run of the pipeline: a version goes live with the configuration that was
// tested, or not at all. Versions keep theirs, so only an edit between the two that the pipeline publishes makes them differ.
func TestUntestedConfiguration(t *testing.T) {
	wrapped := with(object{"Environment": object{"Variables": object{"DEPLOYMENT_TABLE": "history", "VERSION": "blue", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"}}})
	steered := with(object{"Environment": object{"Variables": object{"DEPLOYMENT_TABLE": "history", "VERSION": "blue", "Version": "steered"}}})
	layered := with(object{"Layers": []any{object{"Arn": "arn:aws:lambda:us-east-1:111122223333:layer:team-a_tools:1"}}})
	several := with(object{"Handler": "other.handler", "Runtime": "nodejs26.x", "Architectures": []any{"arm64"}})
	differs := func(what string) string {
		return "Version 2 differs in " + what + " from version 7 of payment-processor-green-pay-dev, which was tested. Start the pipeline to test the configuration too. " +
			"It does not go live, unless rollout.bypassAlarmsForCommit names commit " + commit + " and rollout.bypassReason says why."
	}
	type want struct{ Refused, Cause, Live string }
	released := want{Live: "2"}
	refused := func(what string) want { return want{"ConfigurationDiffers", differs(what), "1"} }
	cases := map[string]struct {
		reason, at string
		settings   object
		hidden     bool
		want       want
	}{
		"Never":          {reason: "Only the variable that names the function differs.", want: released},
		"BeforeGreen":    {reason: "Both are published after the edit.", at: "BeforeGreen", settings: layered, want: released},
		"BeforeApproval": {reason: "Both were published before the edit.", at: "BeforeApproval", settings: layered, want: released},
		"WhileShifting":  {reason: "What shifts stays as it is.", at: "WhileShifting", settings: layered, want: released},
		"Layer":          {reason: "A layer was not tested.", at: "BeforeBlue", settings: layered, want: refused("Layers")},
		"Variable":       {reason: "Nor a variable that starts other code.", at: "BeforeBlue", settings: wrapped, want: refused("Environment")},
		"LikeColor":      {reason: "Nor one that is called like the function's color.", at: "BeforeBlue", settings: steered, want: refused("Environment")},
		"Several":        {reason: "All that was not tested is named.", at: "BeforeBlue", settings: several, want: refused("Architectures, Handler, Runtime")},
		"Memory":         {reason: "More memory runs the same code.", at: "BeforeBlue", settings: settingsOf(1024), want: released},
		"Hidden":         {reason: "Variables that the role may not read are not compared.", at: "BeforeBlue", settings: wrapped, hidden: true, want: released},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, offering, allAtOnce)
			b.cloud.S3.Tamper(b.bucket(), builtKey(b.execution), built)
			b.give(settingsOf(512))
			if tc.hidden {
				b.cloud.Lambda.Hide()
			}
			result := b.runPipeline(tc.at, func() { b.edit(tc.at, tc.settings) })
			got := want{Refused: result.Error, Cause: result.Cause, Live: b.cloud.Lambda.Alias().Version}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// edit the claim at a moment of a run of the pipeline: green has been published by then, unless it is before that.
func (b *bench) edit(at string, settings object) {
	if at == "BeforeGreen" {
		b.give(settings)
		return
	}
	b.cloud.Lambda.Configure(b.blue(), settings)
}
