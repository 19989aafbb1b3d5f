package architecture

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// When a setting of the blue function changes, the provider publishes a version with it, which nobody serves before the next
// release. A version keeps the settings that it was published with, and AWS tells the provider only of those of $LATEST. So
// what each version has is noted in the XR's status while the version is the newest.

// A setting is one that a version of a function carries.
type setting struct {
	// field of the claim's service that says it.
	field string

	// parameter of the managed resource, in what is asked for and in what is observed.
	parameter string

	// member of the function's configuration in AWS's API.
	member string
}

// fieldEnvironment is the setting of which only a hash is told.
const fieldEnvironment = "environment"

// versionSettings are all settings that a version carries and a claim can change.
var versionSettings = []setting{
	{field: "runtime", parameter: "runtime", member: "Runtime"},
	{field: "handler", parameter: "handler", member: "Handler"},
	{field: "memorySizeMiB", parameter: "memorySize", member: "MemorySize"},
	{field: "timeoutSeconds", parameter: "timeout", member: "Timeout"},
	{field: fieldEnvironment, parameter: "environment", member: "Environment"},
}

// settingMembers are the settings that a version carries, as AWS's API calls them.
func settingMembers() []string {
	var members []string
	for _, s := range versionSettings {
		members = append(members, s.member)
	}
	return members
}

// Settings that the claim asks for, by its fields.
func (p Pipeline) Settings() map[string]string {
	asked := map[string]any{}
	if err := json.Unmarshal([]byte(*jsonText(p.functionParameters(blue))), &asked); err != nil {
		panic(err) // It was written a line above.
	}
	return settingsOf(func(parameter string) any { return asked[parameter] })
}

// observedSettings are those of the blue function, and so of its newest version. Nil unless all are told.
func observedSettings(function compose.Observed) map[string]string {
	settings := settingsOf(func(parameter string) any { return function.Value("status", "atProvider", parameter) })
	if len(settings) < len(versionSettings) {
		return nil
	}
	return settings
}

// settingsOf are the settings among parameters, by the claim's fields, as text. What is not there is left out.
func settingsOf(parameter func(string) any) map[string]string {
	settings := map[string]string{}
	for _, s := range versionSettings {
		if text := settingText(s.field, parameter(s.parameter)); text != "" {
			settings[s.field] = text
		}
	}
	return settings
}

// hashLength is how many hexadecimal digits of a hash are kept: enough to tell ten versions apart.
const hashLength = 16

// settingText is a value as text, or "" if there is none. Variables may be secret, and are many: of them there is a hash.
func settingText(field string, value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil || value == nil {
		return ""
	}
	if field != fieldEnvironment {
		return string(text)
	}
	return shortHash(text, hashLength)
}

// keptVersions is how many of the newest versions are remembered, beside those that take traffic.
const keptVersions = 10

// RememberVersions returns the versions whose settings are known and may still matter, newest first. What is known of a
// version stays: $LATEST may have other settings already, of which no version has been published yet.
func RememberVersions(seen compose.Observation, s Serving) []v1alpha1.VersionStatus {
	known := map[uint64]map[string]string{}
	for _, v := range seen.XR.List("status", "release", "versions") {
		if n := number(v.String("version")); n > 0 {
			known[n] = v.Strings("settings")
		}
	}
	function := seen.Composed(blueFunction)
	if newest, settings := number(function.String("status", "atProvider", "version")), observedSettings(function); newest > 0 && settings != nil {
		// Numbers that begin again are those of a function that was made again.
		maps.DeleteFunc(known, func(n uint64, _ map[string]string) bool { return n > newest })
		maps.Copy(settings, known[newest])
		known[newest] = settings
	}
	return versionList(known, number(s.Version), number(s.Candidate))
}

// versionList of the newest versions and those that take traffic.
func versionList(known map[uint64]map[string]string, serving ...uint64) []v1alpha1.VersionStatus {
	newest := slices.SortedFunc(maps.Keys(known), func(a, b uint64) int { return cmp.Compare(b, a) })
	var list []v1alpha1.VersionStatus
	for i, n := range newest {
		if i < keptVersions || slices.Contains(serving, n) {
			list = append(list, v1alpha1.VersionStatus{Version: strconv.FormatUint(n, 10), Settings: known[n]})
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

// A Difference is a setting of which a version has another value than the claim.
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

// Differences between a version's settings and the claim's. Known is false if there is none as far as is known, and not all is
// known.
func (p Pipeline) Differences(has map[string]string) (differences []Difference, known bool) {
	wants, known := p.Settings(), true
	for _, s := range versionSettings {
		value, told := has[s.field]
		switch {
		case !told:
			known = false
		case value != wants[s.field]:
			differences = append(differences, Difference{Field: s.field, Has: value, Wants: wants[s.field]})
		}
	}
	return differences, known || len(differences) > 0
}
