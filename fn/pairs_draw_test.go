package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// A filed claim is what a team of its own has filed.
type filed struct {
	suffix, uid string
	spec        map[string]any
}

// bucket that the pipeline of the claim gets.
func (f filed) bucket() string {
	return "pipeline-artifacts-" + f.suffix + "-" + f.uid[:8]
}

// takes tells whether the pipeline takes the releases of another one, which may know nothing of that.
func (f filed) takes(from filed) bool {
	source, _ := f.spec["source"].(map[string]any)["promotedFrom"].(map[string]any)
	return source["bucketName"] == from.bucket()
}

// offers tells whether the pipeline offers its releases to another one.
func (f filed) offers(to filed) bool {
	targets, _ := f.spec["promoteTo"].([]any)
	return slices.ContainsFunc(targets, func(target any) bool {
		return target.(map[string]any)["environmentSuffix"] == to.suffix && target.(map[string]any)["accountId"] == fntest.Account
	})
}

// teams in one account and region, whose suffixes are related in each way that could make a name of one that of another, or match it.
const teams = 5

// drawTeams draws their claims, and the settings of their platform team.
func drawTeams(t *rapid.T) (claims []filed, region string, settings *structpb.Struct) {
	region = rapid.SampledFrom([]string{"us-east-1", "eu-central-1"}).Draw(t, "region")
	uids := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9a-f]{8}`), teams, teams, rapid.ID[string]).Draw(t, "uids")
	suffixes := []string{rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?`).Draw(t, "first suffix")}
	for len(suffixes) < teams {
		related := drawRelated(t, rapid.SampledFrom(suffixes).Draw(t, "of"), uids[0])
		if !slices.Contains(suffixes, related) {
			suffixes = append(suffixes, related)
		}
	}
	for i, suffix := range suffixes {
		f := filed{suffix: suffix, uid: uids[i] + anUID[8:], spec: drawSpec(t, region)}
		fit(f.spec, suffix, region)
		claims = append(claims, f)
	}
	drawTaker(t, claims[0], claims[1])
	fitBuild(claims[1].spec, region)
	return claims, region, drawInput(t, region)
}

// How long a suffix may be: with a connection of the pipeline's own, with a rule for any event source that is drawn, and at all.
const (
	longestOwnConnection = 14
	longestWithSources   = 17
)

// fit a spec to a suffix, which may leave no name for something.
func fit(spec map[string]any, suffix, region string) {
	spec["environmentSuffix"] = suffix
	if source, _ := spec["source"].(map[string]any); len(suffix) > longestOwnConnection && source["promotedFrom"] == nil {
		source["connectionArn"] = inRegion(fntest.Connection, region)
	}
	if len(suffix) > longestWithSources {
		delete(spec["service"].(map[string]any), "eventSources")
	}
}

// drawTaker has a pipeline take the releases of another one sometimes, with its leave or without.
func drawTaker(t *rapid.T, from, to filed) {
	if rapid.Bool().Draw(t, "takes") {
		to.spec["source"] = map[string]any{"promotedFrom": map[string]any{"accountId": fntest.Account, "bucketName": from.bucket()}}
		to.spec["build"] = map[string]any{}
	}
	if rapid.Bool().Draw(t, "offers") && !from.offers(to) {
		targets, _ := from.spec["promoteTo"].([]any)
		from.spec["promoteTo"] = append(slices.Clone(targets[:min(len(targets), 9)]), map[string]any{"accountId": fntest.Account, "environmentSuffix": to.suffix})
	}
}

var validSuffix = regexp.MustCompile(fmt.Sprintf(`^[a-z0-9]([a-z0-9-]{0,%d}[a-z0-9])?$`, longestSuffix-2))

// drawRelated draws a suffix that is related to another: longer or shorter at either end, by characters, or by words of names that the
// pipelines have. The UID is the beginning of what ends the name of a bucket.
func drawRelated(t *rapid.T, suffix, uid string) string {
	word := rapid.SampledFrom(wordsOfNames()).Draw(t, "word")
	characters := rapid.StringMatching(`[a-z0-9-]{1,3}`).Draw(t, "characters")
	long := strings.Repeat(characters, longestSuffix)
	all := []string{
		suffix + "-" + word, word + "-" + suffix, word, suffix + "-" + word + "-" + suffix,
		suffix + characters, characters + suffix, suffix + "-" + uid, uid + "-" + suffix, suffix + "-" + suffix,
		suffix[:1], suffix[1:], suffix[:len(suffix)-1], suffix[:(len(suffix)+1)/2],
		(suffix + long)[:longestOwnConnection], (suffix + long)[:longestSuffix], (long + suffix)[len(long)+len(suffix)-longestSuffix:],
	}
	fitting := slices.DeleteFunc(all, func(s string) bool { return !validSuffix.MatchString(s) || s == suffix })
	// Where no relation leaves a valid suffix, any will do.
	fitting = append(fitting, rapid.StringMatching(`[a-z0-9]{1,14}`).Draw(t, "another"))
	return rapid.SampledFrom(fitting).Draw(t, "related suffix")
}

// wordsOfNames are the words of all names that pipelines have in AWS or had, and neighbouring ones.
var wordsOfNames = sync.OnceValue(func() []string {
	type named struct {
		ExternalName string `json:"externalName"`
	}
	identities := map[string]named{}
	for _, file := range []string{"testdata/identities.yaml", "testdata/retired.yaml"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		if err := yaml.Unmarshal(raw, &identities); err != nil {
			panic(err)
		}
	}
	words := map[string]bool{}
	for _, i := range identities {
		name, _, _ := strings.Cut(i.ExternalName, "pr-123")
		parts := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLower(r) && !unicode.IsDigit(r) })
		for from := range parts {
			for to := from + 1; to <= len(parts); to++ {
				if joined := strings.Join(parts[from:to], "-"); len(joined) < longestSuffix {
					words[joined] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(words))
})
