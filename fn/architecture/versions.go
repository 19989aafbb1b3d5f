package architecture

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// When the configuration of the blue function changes, the provider publishes a version with it, which nobody serves before the next
// release. A version keeps the configuration that it was published with, and AWS tells the provider only of that of $LATEST. So
// what each version has is noted in the XR's status while the version is the newest.

// A configurationField is a part of a function's configuration, as Lambda calls it, that a version carries.
type configurationField struct {
	// field of the claim's service that says it.
	field string

	// path of the managed resource's parameter, in what is asked for and in what is observed.
	path []string

	// otherwise is what a version has of which nothing is told. Empty: it is always told.
	otherwise string

	// unordered: the provider may tell the values of a list in any order.
	unordered bool
}

// notSet is what a version has of a field for which Lambda has no value.
const notSet = "none"

// fieldEnvironment is the field of which only a hash is told.
const fieldEnvironment = "environment"

// configurationFields are all that a version carries and a claim can change.
var configurationFields = []configurationField{
	{field: "runtime", path: []string{"runtime"}},
	{field: "handler", path: []string{"handler"}},
	{field: "memorySizeMiB", path: []string{"memorySize"}},
	{field: "timeoutSeconds", path: []string{"timeout"}},
	{field: fieldEnvironment, path: []string{"environment", "variables"}},
	{field: "vpc.subnetIds", path: []string{"vpcConfig", "subnetIds"}, otherwise: notSet, unordered: true},
	{field: "vpc.securityGroupIds", path: []string{"vpcConfig", "securityGroupIds"}, otherwise: notSet, unordered: true},
	{field: "ephemeralStorageMiB", path: []string{"ephemeralStorage", "size"}, otherwise: "512"},
	{field: "tracing", path: []string{"tracingConfig", "mode"}, otherwise: string(v1alpha1.TracingPassThrough)},
	{field: "logging.format", path: []string{"loggingConfig", "logFormat"}, otherwise: string(v1alpha1.LogFormatText)},
	{field: "logging.applicationLevel", path: []string{"loggingConfig", "applicationLogLevel"}, otherwise: notSet},
	{field: "logging.systemLevel", path: []string{"loggingConfig", "systemLogLevel"}, otherwise: notSet},
	{field: "snapStart", path: []string{"snapStart", "applyOn"}, otherwise: string(v1alpha1.SnapStartNone)},
	{field: "layers", path: []string{"layers"}, otherwise: notSet},
	{field: "kmsKeyArn", path: []string{"kmsKeyArn"}, otherwise: notSet},
}

// DesiredConfiguration is what the claim asks for, by its fields. What Lambda has otherwise is left out.
func (p Pipeline) DesiredConfiguration() map[string]string {
	asked := map[string]any{}
	if err := json.Unmarshal([]byte(document.JSON(p.functionParameters(blue))), &asked); err != nil {
		panic(err) // It was written a line above.
	}
	return configurationOf(asked)
}

// observedConfiguration is that of the blue function, and so of its newest version. Nil unless all of it is told.
func observedConfiguration(function compose.Observed) map[string]string {
	configuration := configurationOf(function.Value("status", "atProvider"))
	for _, f := range configurationFields {
		if f.otherwise == "" && configuration[f.field] == "" {
			return nil
		}
	}
	return configuration
}

// configurationOf parameters are those that a version carries, by the claim's fields, as text. What is not there is left out, and so is what
// Lambda has otherwise.
func configurationOf(parameters any) map[string]string {
	configuration := map[string]string{}
	for _, f := range configurationFields {
		if text := f.text(parameterAt(parameters, f.path)); text != f.otherwise {
			configuration[f.field] = text
		}
	}
	return configuration
}

// parameterAt a path. To the provider, an object is a list of one.
func parameterAt(value any, path []string) any {
	for _, name := range path {
		if list, ok := value.([]any); ok && len(list) > 0 {
			value = list[0]
		}
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

// hashLength is how many hexadecimal digits of a hash are kept: enough to tell ten versions apart.
const hashLength = 16

// text of a value, or what the field is otherwise if there is none. Variables may be secret, and are many: of them there is
// a hash.
func (f configurationField) text(value any) string {
	list, isList := value.([]any)
	variables, areVariables := value.(map[string]any)
	if value == nil || value == "" || isList && len(list) == 0 || areVariables && len(variables) == 0 {
		return f.otherwise
	}
	if text, ok := value.(string); ok {
		return text
	}
	if f.unordered && isList {
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		value = list
	}
	text, err := json.Marshal(value)
	if err != nil {
		return f.otherwise
	}
	if f.field != fieldEnvironment {
		return string(text)
	}
	// The functions always have variables, so none are told only if AWS hides them. XRs remember the hash of this text.
	return shortHash([]byte(`[{"variables":`+string(text)+`}]`), hashLength)
}

// keptVersions is how many of the newest versions are remembered, beside those that take traffic.
const keptVersions = 10

// RememberVersions returns the versions whose configuration is known and may still matter, newest first. What is known of a
// version stays: $LATEST may have another already, with which no version has been published yet. The commit of a version is known
// once a release has made it live, and told again after a rollback.
func RememberVersions(seen compose.Observation, s Serving) []v1alpha1.VersionStatus {
	known, commits := map[uint64]map[string]string{}, map[uint64]string{}
	for _, v := range seen.XR.List("status", "release", "versions") {
		if n := number(v.String("version")); n > 0 {
			known[n], commits[n] = v.Strings("settings"), v.String("commit")
		}
	}
	if live := ReadProgress(seen).Live; live != nil && live.Commit != "" {
		commits[number(live.Version)] = live.Commit
	}
	function := seen.Composed(blueFunction)
	if newest, configuration := number(function.String("status", "atProvider", "version")), observedConfiguration(function); newest > 0 && configuration != nil {
		// Numbers that begin again are those of a function that was made again.
		maps.DeleteFunc(known, func(n uint64, _ map[string]string) bool { return n > newest })
		known[newest] = withKnown(configuration, known[newest])
	}
	return versionList(known, commits, number(s.Version), number(s.Candidate))
}

// withKnown adds to what was known of a version what is told now. A field that may be left out was as it is otherwise.
func withKnown(told, known map[string]string) map[string]string {
	if known == nil {
		return told
	}
	for _, f := range configurationFields {
		if f.otherwise != "" {
			delete(told, f.field)
		}
	}
	maps.Copy(told, known)
	return told
}

// versionList of the newest versions and those that take traffic.
func versionList(known map[uint64]map[string]string, commits map[uint64]string, serving ...uint64) []v1alpha1.VersionStatus {
	newest := slices.SortedFunc(maps.Keys(known), func(a, b uint64) int { return cmp.Compare(b, a) })
	var list []v1alpha1.VersionStatus
	for i, n := range newest {
		if i < keptVersions || slices.Contains(serving, n) {
			list = append(list, v1alpha1.VersionStatus{Version: strconv.FormatUint(n, 10), Settings: known[n], Commit: commits[n]})
		}
	}
	return list
}

// number of a version, or 0 if it is none.
func number(version string) uint64 {
	n, err := strconv.ParseUint(version, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// seenSettings is what is known of the claim's configuration and of the versions that have it, for the watch.
func (p Pipeline) seenSettings(seen compose.Observation, s Serving) release.Settings {
	settings := release.Settings{
		Wanted: shortHash([]byte(document.JSON(p.DesiredConfiguration())), hashLength),
		Newest: strconv.FormatUint(number(seen.Composed(blueFunction).String("status", "atProvider", "version")), 10),
	}
	for _, v := range RememberVersions(seen, s) {
		differences, known := p.Differences(v.Settings)
		switch {
		case len(differences) > 0:
			settings.Without = append(settings.Without, v.Version)
		case known:
			settings.With = append(settings.With, v.Version)
		}
	}
	return settings
}

// A Difference is a field of the configuration of which a version has another value than the claim.
type Difference struct {
	// Field of the claim's service.
	Field string

	// Has is the version's value, and Wants the claim's.
	Has, Wants string
}

// Secret reports whether the values are hashes, which tell nobody anything.
func (d Difference) Secret() bool {
	return d.Field == fieldEnvironment
}

// Differences between a version's configuration and the claim's. Known is false if there is none as far as is known, and not all is
// known. Of a version that nobody has seen nothing is known.
func (p Pipeline) Differences(has map[string]string) (differences []Difference, known bool) {
	if len(has) == 0 {
		return nil, false
	}
	wants, known := p.DesiredConfiguration(), true
	for _, f := range configurationFields {
		value, want := cmp.Or(has[f.field], f.otherwise), cmp.Or(wants[f.field], f.otherwise)
		switch {
		case value == "":
			known = false
		case value != want:
			differences = append(differences, Difference{Field: f.field, Has: value, Wants: want})
		}
	}
	return differences, known || len(differences) > 0
}
