package runtime

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io/fs"
)

// A file of the bootstrap code.
type file struct {
	name    string
	content []byte

	// mode of a program. 0: Lambda lets everybody read it.
	mode fs.FileMode
}

// newZip returns a zip file in base64. The same files always give the same bytes: nothing is compressed, since that depends on
// the Go version, and no time is recorded.
func newZip(files []file) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Store}
		if f.mode != 0 {
			header.SetMode(f.mode)
		}
		// Writing to a buffer cannot fail.
		entry, _ := w.CreateHeader(header)
		_, _ = entry.Write(f.content)
	}
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// A bootstrap serves nobody: AWS takes an event that a function has answered for done, and deletes it. So a bootstrap answers one event,
// the empty one, which the smoke test of a claim sends that names no other. It fails on all other events, and API Gateway and function
// URLs answer with an error then.
const emptyEvent = "{}"

// whyItFails is the text of a bootstrap's error. Each language can have it in its own quotes.
const whyItFails = "This is the code that the pipeline created the function with. Nothing has been released yet. " +
	"The condition TrafficShifting of the claim says what waits for the first release."

// What a bootstrap answers to the empty event, around the function's colour: what API Gateway and function URLs take.
const (
	answerBegin = `{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"version\":\"`
	answerEnd   = `\",\"bootstrap\":true}"}`
)
