package architecture

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/crossplane/function-sdk-go/errors"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// annotationExternalName holds a managed resource's name in AWS.
const annotationExternalName = "crossplane.io/external-name"

// uidPrefix is the part of an XR's UID that makes the bucket's name unique.
var uidPrefix = regexp.MustCompile(`^[0-9a-f]{8}`)

// Names are the names of one pipeline: in AWS, where the claim's suffix makes them unique in the account, and in the
// cluster, where they keep two claims from owning the same AWS resource.
type Names struct {
	// Bucket is the artifact bucket's name in AWS.
	Bucket string

	suffix string
	scope  string

	// existing are the metadata.names of the managed resources that exist.
	existing map[resource.Name]string
}

// artifactsBase begins the names of artifact buckets.
const artifactsBase = "pipeline-artifacts"

// newNames returns the names of the pipeline with the supplied suffix. Bucket names are shared with the whole world, so
// the bucket's also carries the start of the XR's UID. A bucket that exists keeps its name for ever.
func newNames(suffix, providerConfig string, seen compose.Observation) (Names, error) {
	n := Names{suffix: suffix, scope: providerConfig, existing: map[resource.Name]string{}}
	for name := range seen.Resources {
		n.existing[resource.Name(name)] = seen.Composed(resource.Name(name)).ObjectName()
	}
	n.Bucket = cmp.Or(
		seen.Composed(artifactBucket).ExternalName(),
		seen.XR.String("status", "artifactBucketName"),
	)
	if n.Bucket != "" {
		return n, nil
	}
	uid := uidPrefix.FindString(seen.XR.String("metadata", "uid"))
	if uid == "" {
		return Names{}, errors.Errorf("cannot name the artifact bucket: metadata.uid of the composite resource is %q, not a UUID", seen.XR.String("metadata", "uid"))
	}
	n.Bucket = n.aws(artifactsBase) + "-" + uid
	return n, nil
}

// exists reports whether there is a managed resource of that name in the composition.
func (n Names) exists(name resource.Name) bool {
	return n.existing[name] != ""
}

// aws returns the name in AWS of the thing with the supplied base name.
func (n Names) aws(base string) string {
	return base + "-" + n.suffix
}

// object returns the metadata.name of a managed resource. It is the same for every claim that would own the same AWS
// name, so the API server lets only one of them have it. The region is not part of it, since IAM names are global. The
// dots cannot occur in the parts before them, so no two pipelines come to the same name by accident. A resource that
// exists keeps the name it has: Crossplane would keep it in any case, and references must agree.
func (n Names) object(name resource.Name) string {
	if existing := n.existing[name]; existing != "" {
		return existing
	}
	return strings.Join([]string{n.suffix, string(name), n.scope}, ".")
}

// shortHash is the beginning of a text's SHA-256, in hexadecimal digits.
func shortHash(text []byte, digits int) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])[:digits]
}
