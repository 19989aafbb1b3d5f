package architecture

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestEveryFieldIsKnown changes each field of claims that have all. If that changes a parameter of the functions, it must change a
// setting that versions carry, or this test says why not: a change that no setting tells is never released.
func TestEveryFieldIsKnown(t *testing.T) {
	others := map[string]string{
		"tags":                         "are the function's, and change at once",
		"reservedConcurrentExecutions": "is of all of a function's versions together, and changes at once",
	}
	told, explained := map[string]bool{}, map[string]bool{}
	for _, p := range []Pipeline{examplePipeline(t, "full.yaml"), newTestPipeline(t, everything)} {
		for path, field := range fntest.Fields(reflect.TypeOf(p.Spec)) {
			if slices.Contains(immutable, path) {
				continue
			}
			for _, spec := range fntest.Variants(t, p.Spec, path, field) {
				variant := p
				variant.Spec = spec
				fields := changedFields(p, variant)
				for _, member := range changedMembers(t, p, variant) {
					tells := false
					for _, s := range fields {
						tells = tells || strings.HasPrefix(member+".", strings.Join(s.path, ".")+".")
						told[s.field] = true
					}
					top, _, _ := strings.Cut(member, ".")
					explained[top] = others[top] != ""
					if tells == explained[top] {
						t.Errorf("spec.%s changes %s of the functions: want a setting in configurationFields that tells, or here the reason why not", path, member)
					}
				}
			}
		}
	}
	for _, s := range configurationFields {
		if !told[s.field] {
			t.Errorf("%s: no field of a claim changes it", s.field)
		}
	}
	for member := range others {
		if !explained[member] {
			t.Errorf("%s: no field of a claim changes it, and it is explained here", member)
		}
	}
}

// immutable fields of a claim, as far as functions depend on them: TestImmutableFields.
var immutable = []string{"environmentSuffix", "region", "service.architecture"}

// changedFields are those that two pipelines do not have in common.
func changedFields(a, b Pipeline) []configurationField {
	return slices.DeleteFunc(slices.Clone(configurationFields), func(s configurationField) bool {
		return a.DesiredConfiguration()[s.field] == b.DesiredConfiguration()[s.field]
	})
}

// changedMembers are the parameters of the blue function that two pipelines do not have in common, by their paths.
func changedMembers(t *testing.T, a, b Pipeline) []string {
	t.Helper()
	var members [2]map[string]any
	for i, p := range []Pipeline{a, b} {
		var parameters any
		if err := json.Unmarshal([]byte(document.JSON(p.functionParameters(blue))), &parameters); err != nil {
			t.Fatal(err)
		}
		members[i] = map[string]any{}
		addMembers(members[i], "", parameters)
	}
	changed := map[string]bool{}
	for i, of := range members {
		for path, value := range of {
			if !cmp.Equal(value, members[1-i][path]) {
				changed[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(changed))
}

// addMembers of a value that have no members themselves. To the provider, an object is a list of one.
func addMembers(members map[string]any, path string, value any) {
	if list, ok := value.([]any); ok && len(list) == 1 {
		if _, isObject := list[0].(map[string]any); isObject {
			value = list[0]
		}
	}
	object, ok := value.(map[string]any)
	if !ok {
		members[path] = value
	}
	for name, member := range object {
		addMembers(members, strings.TrimPrefix(path+"."+name, "."), member)
	}
}

func TestDesiredConfiguration(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Environment = v1alpha1.FunctionVariables{"TOKEN": "secret"} })
	want := map[string]string{
		"runtime": "nodejs24.x", "handler": "index.handler", "memorySizeMiB": "512", "timeoutSeconds": "30",
		// This is what XRs remember: another way to write it would be another configuration, on every pipeline at once.
		"environment": "dc42f68777de25f0",
	}
	if diff := cmp.Diff(want, p.DesiredConfiguration()); diff != "" {
		t.Errorf("DesiredConfiguration(): -want, +got:\n%s", diff)
	}
}

// TestOptionalConfiguration checks fields that a version may not have: what the claim asks for, and what AWS tells, must come to the
// same text, whatever else AWS tells and in which order.
func TestOptionalConfiguration(t *testing.T) {
	const always = "version: '7', runtime: nodejs24.x, handler: index.handler, memorySize: 512, timeout: 30, environment: [{variables: {A: b}}]"
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		told   string
		want   map[string]string
	}{
		"None":  {reason: "What Lambda has otherwise needs no words."},
		"Empty": {reason: "Nothing is told in more than one way.", told: "vpcConfig: []"},
		"Otherwise": {
			reason: "AWS tells what Lambda has otherwise, and levels that there are none.",
			told: "ephemeralStorage: [{size: 512}], tracingConfig: [{mode: PassThrough}], layers: [], kmsKeyArn: '', " +
				"loggingConfig: [{logFormat: Text, logGroup: /aws/lambda/blue, applicationLogLevel: '', systemLogLevel: ''}]",
		},
		"All": {
			reason: "Each should be told as the claim says it.",
			change: func(p *Pipeline) {
				p.Spec.Service.EphemeralStorageMiB, p.Spec.Service.Tracing = 1024, v1alpha1.TracingActive
				p.Spec.Service.Logging = v1alpha1.Logging{Format: v1alpha1.LogFormatJSON, ApplicationLevel: "WARN"}
				p.Spec.Service.Layers, p.Spec.Service.KMSKeyARN = []string{"b", "a"}, fntest.Key
			},
			told: "ephemeralStorage: [{size: 1024}], tracingConfig: [{mode: Active}], layers: [b, a], kmsKeyArn: '" + fntest.Key + "', " +
				"loggingConfig: [{logFormat: JSON, logGroup: /aws/lambda/blue, applicationLogLevel: WARN, systemLogLevel: INFO}]",
			want: map[string]string{
				"ephemeralStorageMiB": "1024", "tracing": "Active", "layers": `["b","a"]`, "kmsKeyArn": fntest.Key,
				"logging.format": "JSON", "logging.applicationLevel": "WARN", "logging.systemLevel": "INFO",
			},
		},
		"VPC": {
			reason: "Ids come in any order, with what the claim does not ask for.", change: inVPC,
			told: "vpcConfig: [{ipv6AllowedForDualStack: false, securityGroupIds: [sg-0c], subnetIds: [subnet-0b, subnet-0a], vpcId: vpc-1}]",
			want: map[string]string{"vpc.subnetIds": `["subnet-0a","subnet-0b"]`, "vpc.securityGroupIds": `["sg-0c"]`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			optional := func(configuration map[string]string) map[string]string {
				for field := range configurationWith(512) {
					delete(configuration, field)
				}
				if len(configuration) == 0 {
					return nil
				}
				return configuration
			}
			if diff := cmp.Diff(tc.want, optional(newTestPipeline(t, tc.change).DesiredConfiguration())); diff != "" {
				t.Errorf("%s\nDesiredConfiguration(): -want, +got:\n%s", tc.reason, diff)
			}
			function := "status: {atProvider: {" + strings.TrimSuffix(always+", "+tc.told, ", ") + "}}"
			seen := compose.NewObservation(fntest.State(t, "{}", map[resource.Name]string{blueFunction: function}))
			if diff := cmp.Diff(tc.want, optional(observedConfiguration(seen.Composed(blueFunction)))); diff != "" {
				t.Errorf("%s\nobservedConfiguration(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDifferencesOfOptionalConfiguration checks that a version of which nothing is told is as Lambda makes it otherwise.
func TestDifferencesOfOptionalConfiguration(t *testing.T) {
	plain := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Environment = v1alpha1.FunctionVariables{"A": "b"} })
	with := plain
	inVPC(&with)
	subnets, groups := `["subnet-0a","subnet-0b"]`, `["sg-0c"]`
	cases := map[string]struct {
		reason string
		claim  Pipeline
		has    map[string]string
		want   []Difference
	}{
		"Plain": {reason: "Neither has any.", claim: plain, has: plain.DesiredConfiguration()},
		"Same":  {reason: "Both have the same.", claim: with, has: with.DesiredConfiguration()},
		"Added": {
			reason: "A version from before is in no VPC.", claim: with, has: plain.DesiredConfiguration(),
			want: []Difference{{"vpc.subnetIds", notSet, subnets}, {"vpc.securityGroupIds", notSet, groups}},
		},
		"TakenAway": {
			reason: "The version is in a VPC still.", claim: plain, has: with.DesiredConfiguration(),
			want: []Difference{{"vpc.subnetIds", subnets, notSet}, {"vpc.securityGroupIds", groups, notSet}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, known := tc.claim.Differences(tc.has)
			if diff := cmp.Diff(tc.want, got); diff != "" || !known {
				t.Errorf("%s\nDifferences(...): known: %t, -want, +got:\n%s", tc.reason, known, diff)
			}
		})
	}
}

// blueWith is a blue function whose newest version the provider knows, with its memory in MiB.
func blueWith(version string, memory int) string {
	return fmt.Sprintf(`status: {atProvider: {version: %q, runtime: nodejs24.x, handler: index.handler, memorySize: %d, timeout: 30, environment: [{variables: {A: b}}]}}`,
		version, memory)
}

// configurationWith are those of blueWith, as they are remembered.
func configurationWith(memory int) map[string]string {
	return map[string]string{
		"runtime": "nodejs24.x", "handler": "index.handler", "memorySizeMiB": fmt.Sprint(memory), "timeoutSeconds": "30",
		"environment": "7fdf1ff73fa105d0",
	}
}

func TestRememberVersions(t *testing.T) {
	version := func(name string, memory int) v1alpha1.VersionStatus {
		return v1alpha1.VersionStatus{Version: name, Settings: configurationWith(memory)}
	}
	many := func(last, count int) (versions []v1alpha1.VersionStatus) {
		for i := range count {
			versions = append(versions, version(fmt.Sprint(last-i), 512))
		}
		return versions
	}
	type args struct {
		before   []v1alpha1.VersionStatus
		function string
		serving  Serving
	}
	cases := map[string]struct {
		reason string
		args   args
		want   []v1alpha1.VersionStatus
	}{
		"First": {
			reason: "The newest version's configuration is told by AWS.",
			args:   args{function: blueWith("1", 512)},
			want:   []v1alpha1.VersionStatus{version("1", 512)},
		},
		"Newer": {
			reason: "The newest comes first, and numbers are no text.",
			args:   args{before: many(9, 1), function: blueWith("10", 1024)},
			want:   []v1alpha1.VersionStatus{version("10", 1024), version("9", 512)},
		},
		"NotPublishedYet": {
			reason: "A configuration of $LATEST that no version has yet should not be taken for the newest version's.",
			args:   args{before: many(9, 1), function: blueWith("9", 1024)},
			want:   many(9, 1),
		},
		"NewField": {
			reason: "A field that was not known of the newest version is added.",
			args: args{
				before:   []v1alpha1.VersionStatus{{Version: "9", Settings: map[string]string{"memorySizeMiB": "128"}}},
				function: blueWith("9", 1024),
			},
			want: []v1alpha1.VersionStatus{version("9", 128)},
		},
		"OptionalNotPublishedYet": {
			reason: "Nor should those that a version may not have.",
			args: args{
				before:   many(9, 1),
				function: strings.Replace(blueWith("9", 512), "timeout: 30", "timeout: 30, vpcConfig: [{subnetIds: [subnet-0a]}]", 1),
			},
			want: many(9, 1),
		},
		"Silent": {
			reason: "Nothing is forgotten while AWS tells nothing.",
			args:   args{before: many(9, 2), function: "{}"},
			want:   many(9, 2),
		},
		"Latest": {
			reason: "$LATEST is no version.",
			args:   args{before: many(9, 2), function: blueWith("$LATEST", 1024)},
			want:   many(9, 2),
		},
		"Hidden": {
			reason: "Variables that the provider may not decrypt are told as none, and nothing is known of the version.",
			args:   args{before: many(9, 2), function: strings.Replace(blueWith("10", 512), "{A: b}", "{}", 1)},
			want:   many(9, 2),
		},
		"OneObject": {
			reason: "The same variables should have the same hash where the provider tells an object and no list.",
			args:   args{before: many(9, 1), function: strings.Replace(blueWith("10", 512), "[{variables: {A: b}}]", "{variables: {A: b}}", 1)},
			want:   many(10, 2),
		},
		"HalfTold": {
			reason: "Nothing is made of half of a configuration.",
			args:   args{before: many(9, 2), function: "status: {atProvider: {version: '10', memorySize: 512}}"},
			want:   many(9, 2),
		},
		"NumbersBeginAgain": {
			reason: "What was known of a function that is gone says nothing of the one that was made again.",
			args:   args{before: many(9, 3), function: blueWith("8", 1024)},
			want:   []v1alpha1.VersionStatus{version("8", 512), version("7", 512)},
		},
		"Many": {
			reason: "Those that take traffic should be kept, and the newest ten.",
			args:   args{before: many(30, 30), function: blueWith("31", 512), serving: Serving{Version: "3", Candidate: "7"}},
			want:   append(many(31, 10), version("7", 512), version("3", 512)),
		},
		"Garbage": {
			reason: "What is no version is dropped.",
			args:   args{before: []v1alpha1.VersionStatus{version("x", 1), version("-1", 1), version("0", 1), version("", 1)}, function: blueWith("1", 512)},
			want:   many(1, 1),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := tc.args.before
			for i := range 2 {
				xr, err := json.Marshal(map[string]any{"status": map[string]any{"release": v1alpha1.ReleaseStatus{Versions: before}}})
				if err != nil {
					t.Fatal(err)
				}
				seen := compose.NewObservation(fntest.State(t, string(xr), map[resource.Name]string{blueFunction: tc.args.function}))
				before = RememberVersions(seen, tc.args.serving)
				if diff := cmp.Diff(tc.want, before); diff != "" {
					t.Errorf("%s\nRememberVersions(...), time %d: -want, +got:\n%s", tc.reason, i+1, diff)
				}
			}
		})
	}
}

// TestSeenSettings checks what the watch is told: which versions have what the claim asks for, and which have something else.
func TestSeenSettings(t *testing.T) {
	p := newTestPipeline(t, releasesConfiguration, func(p *Pipeline) { p.Spec.Service.Environment = v1alpha1.FunctionVariables{"A": "b"} })
	asked := p.DesiredConfiguration()
	other := maps.Clone(asked)
	other["memorySizeMiB"] = "128"
	half := map[string]string{"memorySizeMiB": "512"}
	wanted := p.seenSettings(compose.NewObservation(fntest.State(t, "{}", nil)), Serving{}).Wanted
	cases := map[string]struct {
		reason   string
		function string
		versions []v1alpha1.VersionStatus
		want     string
	}{
		"Nothing": {reason: "Before there is a version none is known.", function: "{}", want: `"newestVersion":"0"`},
		"Some": {
			reason: "A version of which not all is known is in neither list.", function: "status: {atProvider: {version: '10'}}",
			versions: []v1alpha1.VersionStatus{{Version: "10", Settings: asked}, {Version: "9", Settings: half}, {Version: "8", Settings: other}, {Version: "7", Settings: asked}},
			want:     `"newestVersion":"10","versionsWith":["10","7"],"versionsWithout":["8"]`,
		},
		"Hidden": {
			reason: "A version whose variables are hidden is newest, and unknown.", function: strings.Replace(blueWith("11", 512), "{A: b}", "{}", 1),
			versions: []v1alpha1.VersionStatus{{Version: "10", Settings: asked}},
			want:     `"newestVersion":"11","versionsWith":["10"]`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			xr, err := json.Marshal(map[string]any{"status": map[string]any{"release": v1alpha1.ReleaseStatus{Versions: tc.versions}}})
			if err != nil {
				t.Fatal(err)
			}
			seen := compose.NewObservation(fntest.State(t, string(xr), map[resource.Name]string{blueFunction: tc.function}))
			want := `{"settings":"` + wanted + `",` + tc.want + `,"action":"configuration"}`
			if diff := cmp.Diff(want, p.Facts(seen)[settingsSeen]); diff != "" {
				t.Errorf("%s\n-want input, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestWantedSettings checks that the hash of what the claim asks for changes with it, and never otherwise: what the table remembers is
// compared with it.
func TestWantedSettings(t *testing.T) {
	nothing := compose.NewObservation(fntest.State(t, "{}", nil))
	wanted := func(variables v1alpha1.FunctionVariables) string {
		p := newTestPipeline(t, releasesConfiguration, func(p *Pipeline) { p.Spec.Service.Environment = variables })
		return p.seenSettings(nothing, Serving{}).Wanted
	}
	if diff := cmp.Diff("5fe4b1a50b443e6a", wanted(v1alpha1.FunctionVariables{"TOKEN": "secret"})); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	if wanted(v1alpha1.FunctionVariables{"TOKEN": "secret"}) == wanted(v1alpha1.FunctionVariables{"TOKEN": "another"}) {
		t.Error("another variable has the same hash")
	}
}
