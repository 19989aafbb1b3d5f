package router

import (
	"encoding/json"
	"encoding/xml"
	"net/http"

	"github.com/fxamacker/cbor/v2"
)

// A Fault is an error that AWS answers with instead of doing what it was asked for.
type Fault struct {
	// Match says which calls fail.
	Match func(Call) bool

	Status  int
	Code    string
	Message string
}

// Fail from now on, until the returned function is called.
func (r *Router) Fail(f *Fault) (heal func()) {
	r.mx.Lock()
	defer r.mx.Unlock()
	r.faults[f] = true
	return func() {
		r.mx.Lock()
		defer r.mx.Unlock()
		delete(r.faults, f)
	}
}

func (r *Router) fault(c Call) *Fault {
	r.mx.Lock()
	defer r.mx.Unlock()
	for f := range r.faults {
		if f.Match(c) {
			return f
		}
	}
	return nil
}

// A jsonError is how the JSON protocols tell errors, and the CBOR one.
type jsonError struct {
	Type    string `cbor:"__type"  json:"__type"`
	Message string `cbor:"message" json:"message"`
}

// An xmlError is how the Query and REST XML protocols tell errors. S3 has no ErrorResponse around it.
type xmlError struct {
	XMLName xml.Name     `xml:""`
	Code    string       `xml:"Code,omitempty"`
	Message string       `xml:"Message,omitempty"`
	Error   *xmlCodeText `xml:"Error,omitempty"`
}

type xmlCodeText struct {
	Code    string `xml:"Code"`
	Message string `xml:"Message"`
}

// answer in the protocol of the request.
func (f *Fault) answer(w http.ResponseWriter, req *http.Request) {
	var body []byte
	var contentType string
	message := jsonError{Type: f.Code, Message: f.Message}
	switch service := serviceOf(req); {
	case req.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		contentType = "application/cbor"
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		body, _ = cbor.Marshal(message)
	case service == "s3":
		contentType = "application/xml"
		body, _ = xml.Marshal(xmlError{XMLName: xml.Name{Local: "Error"}, Code: f.Code, Message: f.Message})
	case service == "iam", service == "sns", service == "sts":
		contentType = "text/xml"
		body, _ = xml.Marshal(xmlError{XMLName: xml.Name{Local: "ErrorResponse"}, Error: &xmlCodeText{Code: f.Code, Message: f.Message}})
	default:
		contentType = "application/x-amz-json-1.1"
		w.Header().Set("X-Amzn-Errortype", f.Code)
		body, _ = json.Marshal(message) //nolint:errchkjson // Text always marshals.
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(f.Status)
	_, _ = w.Write(body)
}
