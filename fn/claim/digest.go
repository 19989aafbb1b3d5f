package claim

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// Digest identifies what the claim of a composite resource asks for. It does not change with what Crossplane writes into the spec itself.
// Another build of this package may compute another digest.
func Digest(xr *structpb.Struct) string {
	spec := &structpb.Struct{Fields: maps.Clone(xr.GetFields()["spec"].GetStructValue().GetFields())}
	for _, name := range machinery {
		delete(spec.GetFields(), name)
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(spec)
	if err != nil { // A text that is not UTF-8, which no request has.
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
