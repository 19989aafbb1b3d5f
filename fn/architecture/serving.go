package architecture

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/provider"
)

// Who deletes the blue function in AWS deletes its versions and its alias with it. The provider makes the function again,
// with the bootstrap code and a new version, whose number is another one: AWS's documentation says that numbers are never
// given twice, also not to a function that has been deleted and made again, but nothing here relies on that. The alias
// cannot come back on the version that was live. So it comes back on the one that the function has, and the app team is
// told until a release makes another version live.

// Serving says which version takes production traffic.
type Serving struct {
	// Version that does, or will when the alias is there. Empty before blue has published one.
	Version string

	// Told is the version that AWS said last the alias has. It may be gone since.
	Told string

	// Before is the version that took production traffic as far as anyone knows. Empty before there was one.
	Before string

	// Lost is the version that a release made live and that is gone. Empty unless one is.
	Lost string

	// Bootstrap is the version of the blue function with the code that the pipeline created the function with, as far as it was ever
	// live. Empty: none was, or nobody knows.
	Bootstrap string

	// BootstrapCode is the code that Bootstrap was recognised by, in base64, until the XR's status has Bootstrap: while it is what the bucket
	// has, Bootstrap is recognised again. Empty otherwise.
	BootstrapCode string

	// Candidate is the version that traffic moves to, while it moves, and CandidateShare its share of it, 0 to 1.
	Candidate      string
	CandidateShare float64
}

// ReadServing looks for the version where it is freshest: in AWS, then in the XR's status, which remembers it so that an
// alias that someone deletes comes back on the version it had, and not on whatever was built last. Only then, the first
// version that blue has published is the one.
func ReadServing(seen compose.Observation) Serving {
	alias := seen.Composed(LiveAlias)
	s := Serving{
		Told: published(alias.String("status", "atProvider", "functionVersion")),
		Lost: seen.XR.String("status", "release", "lostVersion"),
	}
	remembered := published(seen.XR.String("status", "release", "liveVersion"))
	s.Before = cmp.Or(s.Told, remembered)

	candidates := []string{
		s.Told,
		remembered,
		published(alias.String("spec", "forProvider", "functionVersion")),
		published(seen.Composed(blueFunction).String("status", "atProvider", "version")),
	}
	gone := goneVersions(alias, s.Lost)
	there := slices.DeleteFunc(slices.Clone(candidates), func(v string) bool { return slices.Contains(gone, v) })
	// If all are gone, the function is not there again yet. Then nothing changes.
	s.Version = cmp.Or(append(there, remembered, s.Told)...)

	switch {
	case s.Version != s.Before && s.Before != "":
		s.Lost = cmp.Or(s.Lost, s.Before)
	case s.Told != "" && s.Told != remembered:
		// A release has made this one live.
		s.Lost = ""
	}
	if s.Version == s.Told {
		// While CodeDeploy shifts traffic, the alias's own version is the one that traffic leaves. Lambda allows one more. What
		// AWS told last of an alias that is gone does not count.
		for version, share := range alias.Numbers("status", "atProvider", "routingConfig", "additionalVersionWeights") {
			s.Candidate, s.CandidateShare = version, share
		}
	}
	s.Bootstrap = readBootstrap(seen, s)
	if s.Bootstrap != "" && rememberedBootstrap(seen) == "" {
		s.BootstrapCode = seen.Composed(blueBootstrap).String("spec", "forProvider", "contentBase64")
	}
	return s
}

// IsReleased reports whether the version that takes production traffic, or will, is one that was released. Before a version is
// known, none is.
func (s Serving) IsReleased() bool {
	return s.Version != "" && s.Version != s.Bootstrap
}

// readBootstrap returns the live version while the function has the bootstrap code and no release can have made the version live: a
// release uploads its code first, so a version with other code is newer than all that the provider has seen with the bootstrap code.
// Otherwise the version that the XR's status remembers: no version ever gets other code. That version stays until the function is made
// again: the provider reads the code and the versions of a function one after the other, and a release may come between.
func readBootstrap(seen compose.Observation, s Serving) string {
	remembered := rememberedBootstrap(seen)
	if remembered != "" && s.Lost == "" {
		return remembered
	}
	newest := number(seen.Composed(blueFunction).String("status", "atProvider", "version"))
	if n := number(s.Version); n > 0 && n <= newest && hasBootstrapCode(seen) {
		return s.Version
	}
	return remembered
}

func rememberedBootstrap(seen compose.Observation) string {
	return published(seen.XR.String("status", "release", "bootstrapVersion"))
}

// hasBootstrapCode reports whether the blue function has the code that it was created with. Lambda tells the SHA-256 of a function's
// zip file in base64: see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html.
func hasBootstrapCode(seen compose.Observation) bool {
	code, err := base64.StdEncoding.DecodeString(seen.Composed(blueBootstrap).String("spec", "forProvider", "contentBase64"))
	if err != nil || len(code) == 0 {
		return false
	}
	sum := sha256.Sum256(code)
	return seen.Composed(blueFunction).String("status", "atProvider", "codeSha256") == base64.StdEncoding.EncodeToString(sum[:])
}

// goneVersions are the versions that the alias cannot come back on: the one that AWS says it does not have, and the one that
// was lost before. Nothing else may take the alias from the version that was live, no other error either: where it went
// nobody has approved.
func goneVersions(alias compose.Observed, lost string) []string {
	if alias.Condition("Ready").Status == "True" {
		// It is there, and so is its version.
		return nil
	}
	gone := []string{lost}
	// The provider makes the alias in the background, and tells how that went in a condition of its own too.
	for _, kind := range []string{"Synced", "LastAsyncOperation"} {
		c := alias.Condition(kind)
		if version := provider.UnknownVersion(c.Message); c.Status == "False" && version != "" {
			gone = append(gone, version)
		}
	}
	return gone
}

// published returns the supplied version of a function unless it is $LATEST, which is not one: an alias on it serves
// whatever is uploaded next, and CodeDeploy cannot shift it.
func published(version string) string {
	if version == "$LATEST" {
		return ""
	}
	return version
}
