package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/names"
)

// TestNamesBelongToOneClaim draws pairs of claims in one account with all options and looks for a name in AWS that both have. The
// second has the suffixes by which one of its names would be one of the first's, if there are such, and a suffix made of the words of our
// names, which often begins or ends with that of the first.
func TestNamesBelongToOneClaim(t *testing.T) {
	t.Parallel()
	words := wordsOfNames()
	rapid.Check(t, func(t *rapid.T) {
		region := drawRegion(t)
		suffix := drawWords(t, words, 1, 3)
		ours, other := namesOf(t, drawNamed(t, words, region), suffix), drawNamed(t, words, region)
		for _, aimed := range append(suffixesFor(t, ours, suffix, other), drawOther(t, words, suffix)) {
			theirs := namesOf(t, other, aimed)
			if shared := names.Shared(ours, theirs); len(shared) > 0 {
				t.Errorf("suffixes %q and %q share %v", suffix, aimed, shared)
			}
			for name, object := range theirs {
				if _, both := byObject(ours)[object]; both {
					t.Errorf("suffixes %q and %q: %v has the object %s, which is of something else in AWS", suffix, aimed, name, object)
				}
			}
		}
	})
}

// suffixesFor a claim by which one of its names would be one of ours: what is left of ours behind what its names begin with.
func suffixesFor(t *rapid.T, ours map[names.Name]string, suffix string, other map[string]any) []string {
	const placeholder = "x-0-x"
	var found []string
	for theirs := range namesOf(t, other, placeholder) {
		base, suffixed := strings.CutSuffix(theirs.Name, placeholder)
		for name := range ours {
			rest, begins := strings.CutPrefix(name.Name, base)
			if suffixed && begins && theirs.In == "" && name.Kind == theirs.Kind && rest != suffix && isSuffix.MatchString(rest) {
				found = append(found, rest)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// isSuffix is the schema's pattern, and its greatest length.
var isSuffix = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$`)

// byObject are the names by their objects in the cluster. What AWS makes has none.
func byObject(all map[names.Name]string) map[string]names.Name {
	objects := map[string]names.Name{}
	for name, object := range all {
		if object != "" {
			objects[object] = name
		}
	}
	return objects
}

// TestObjectsAreLocks draws pairs of claims with one suffix and looks for a name in AWS of which the API server would let both have an
// object, or for an object that both want and that is of two names.
func TestObjectsAreLocks(t *testing.T) {
	t.Parallel()
	words := wordsOfNames()
	rapid.Check(t, func(t *rapid.T) {
		region, suffix := drawRegion(t), drawWords(t, words, 1, 3)
		ours, theirs := namesOf(t, drawNamed(t, words, region), suffix), namesOf(t, drawNamed(t, words, region), suffix)
		for _, name := range names.Shared(ours, theirs) {
			if ours[name] != theirs[name] {
				t.Errorf("suffix %q: %v is %s of one claim and %s of the other", suffix, name, ours[name], theirs[name])
			}
		}
		mine := byObject(ours)
		for object, name := range byObject(theirs) {
			if same, both := mine[object]; both && same != name {
				t.Errorf("suffix %q: %s is %v of one claim and %v of the other", suffix, object, same, name)
			}
		}
	})
}

// longestSuffix that a claim can have.
const longestSuffix = 24

// drawWords draws a suffix of so many words.
func drawWords(t *rapid.T, words []string, least, most int) string {
	drawn := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.StringMatching(`[a-z0-9]{1,4}`)), least, most).Draw(t, "words")
	return cutSuffix(strings.Join(drawn, "-"))
}

// cutSuffix to what a claim can have.
func cutSuffix(suffix string) string {
	return strings.Trim(suffix[:min(len(suffix), longestSuffix)], "-")
}

// drawOther draws another suffix: this one with words before or behind it, or one of its own.
func drawOther(t *rapid.T, words []string, suffix string) string {
	more := drawWords(t, words, 1, 2)
	related := cutSuffix(rapid.SampledFrom([]string{more + "-" + suffix, suffix + "-" + more, more}).Draw(t, "related"))
	if related == suffix {
		return cutSuffix("x-" + suffix)
	}
	return related
}

// drawNamed draws a claim whose event sources have words of our names in theirs, and which has no need of a connection's name.
func drawNamed(t *rapid.T, words []string, region string) map[string]any {
	spec := drawSpec(t, region)
	if source := spec["source"].(map[string]any); source["promotedFrom"] == nil && rapid.Bool().Draw(t, "connection given") {
		source["connectionArn"] = inRegion(fntest.Connection, region)
	}
	sources, _ := spec["service"].(map[string]any)["eventSources"].([]any)
	for i, source := range sources {
		source.(map[string]any)["name"] = drawWords(t, words, 1, 2) + "-" + strconv.Itoa(i)
	}
	return spec
}

// namesOf a claim with this suffix. Of a claim that has no room for the suffix in a name there are none. What only AWS refuses is of no
// matter here.
func namesOf(t *rapid.T, spec map[string]any, suffix string) map[names.Name]string {
	spec["environmentSuffix"] = suffix
	req := newRequest(spec, newAccount("default", fntest.Account).settings())
	c, err := claim.Read(sourcesOf(req), req.GetObserved().GetComposite().GetResource(), claim.Existing{})
	must(t, err)
	p, err := architecture.New(c, compose.NewObservation(req.GetObserved()))
	if err != nil && strings.Contains(err.Error(), "spec.environmentSuffix") {
		return nil
	}
	must(t, err)
	all, err := names.Of(p)
	must(t, err)
	return all
}
