package v1alpha1

// A SnapStart says which versions start from a snapshot.
// See https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html.
type SnapStart string

// Which versions start from a snapshot.
const (
	SnapStartNone              SnapStart = "None"
	SnapStartPublishedVersions SnapStart = "PublishedVersions"
)
