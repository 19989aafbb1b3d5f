package fakeaws

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"
)

// targets are the services behind the header by which AWS's JSON protocols name an operation.
var targets = map[string]string{
	"CodeDeploy_20141006":   "codedeploy",
	"CodePipeline_20150709": "codepipeline",
	"DynamoDB_20120810":     "dynamodb",

	"GraniteServiceVersion20100801": "cloudwatch",
}

// contentTypes of the protocols: AWS JSON 1.1, AWS JSON 1.0, REST JSON.
var contentTypes = map[string]string{
	"codedeploy":   "application/x-amz-json-1.1",
	"codepipeline": "application/x-amz-json-1.1",
	"dynamodb":     "application/x-amz-json-1.0",
	"lambda":       "application/json",
	"cloudwatch":   "application/cbor",
	"s3":           "application/xml",
	"sns":          "text/xml",
}

// action of a request, by its IAM name. Unknown: empty.
func action(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		version, operation, _ := strings.Cut(target, ".")
		service := targets[version]
		if want := contentTypes[service]; service != "cloudwatch" && r.Header.Get("Content-Type") != want {
			return ""
		}
		return service + ":" + operation
	}
	if operation, ok := strings.CutPrefix(r.URL.Path, "/service/GraniteServiceVersion20100801/operation/"); ok {
		return "cloudwatch:" + operation
	}
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return "sns:Publish"
	}
	if !strings.HasPrefix(r.URL.Path, "/2015-03-31/") {
		return s3Action(r)
	}
	switch path := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/2015-03-31/functions/"), "/"); {
	case r.Method == http.MethodGet && len(path) == 3 && path[1] == "aliases":
		return "lambda:GetAlias"
	case r.Method == http.MethodPut && len(path) == 3 && path[1] == "aliases":
		return "lambda:UpdateAlias"
	case r.Method == http.MethodDelete && len(path) == 1:
		return "lambda:DeleteFunction"
	case r.Method == http.MethodGet && len(path) == 2 && path[1] == "configuration":
		return "lambda:GetFunctionConfiguration"
	case r.Method == http.MethodGet && len(path) == 2 && path[1] == "versions":
		return "lambda:ListVersionsByFunction"
	case r.Method == http.MethodPost && len(path) == 2 && path[1] == "invocations":
		return "lambda:InvokeFunction"
	default:
		return ""
	}
}

// ServeHTTP answers a call of any API.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()

	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.tb.Errorf("cannot read request: %v", err)
	}
	name := action(r)
	service, _, _ := strings.Cut(name, ":")
	handle, ok := c.handlers[name]
	if !ok {
		c.answer(w, r, service, nil, c.unexpected("unknown operation: %s %s %s", r.Method, r.URL, r.Header.Get("X-Amz-Target")))
		return
	}
	c.CodeDeploy.settle()

	fault := c.takeFault(name)
	if !fault.After && (fault.Code != "" || fault.Cut) {
		c.calls = append(c.calls, Call{Action: name, At: c.clock.Now()})
		c.answer(w, r, service, nil, &fault)
		return
	}
	resource, answer, err := handle(request{http: r, body: body})
	c.calls = append(c.calls, Call{Action: name, Resource: resource, At: c.clock.Now()})
	if fault.After {
		err = &fault
	}
	c.answer(w, r, service, answer, err)
}

// An answer with headers of its own. Other answers are only a body.
type answerWithHeader struct {
	header map[string]string
	body   any
}

// noBody is the answer to a HEAD.
type noBody struct{}

// answerWithStatus has no body.
type answerWithStatus struct{ status int }

// noID is the ID of every request.
const noID = "00000000-0000-0000-0000-000000000000"

// contentType of an answer. CloudWatch answers in the protocol that it was asked in.
func contentType(r *http.Request, service string) string {
	if service == "cloudwatch" && isJSON(r) {
		return "application/x-amz-json-1.0"
	}
	return contentTypes[service]
}

func (c *Cloud) answer(w http.ResponseWriter, r *http.Request, service string, answer any, err error) {
	w.Header().Set("Content-Type", contentType(r, service))
	w.Header().Set("X-Amzn-Requestid", noID)
	if service == "s3" { // Which has headers of its own for that.
		w.Header().Set("X-Amz-Request-Id", noID)
		w.Header().Set("X-Amz-Id-2", noID)
	}
	if err != nil {
		c.fail(w, err)
		return
	}
	if a, ok := answer.(answerWithHeader); ok {
		for k, v := range a.header {
			w.Header()[k] = []string{v}
		}
		answer = a.body
	}
	if _, none := answer.(noBody); none {
		return
	}
	if a, ok := answer.(xmlBody); ok {
		if err := xml.NewEncoder(w).Encode(a.body); err != nil {
			c.tb.Errorf("cannot write answer: %v", err)
		}
		return
	}
	if body, ok := answer.(cborBody); ok {
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		_, _ = w.Write(body)
		return
	}
	if a, ok := answer.(answerWithStatus); ok {
		w.WriteHeader(a.status)
		return
	}
	// Without a line's end: what a function answers has none.
	data, err := json.Marshal(answer)
	if err != nil {
		c.tb.Errorf("cannot write answer: %v", err)
	}
	_, _ = w.Write(data)
}

func (c *Cloud) fail(w http.ResponseWriter, err error) {
	var fault *Fault
	if !errors.As(err, &fault) {
		c.tb.Errorf("cannot answer: %v", err)
		fault = &Fault{Status: http.StatusInternalServerError, Code: "InternalFailure"}
	}
	if fault.Cut {
		// The server closes the connection and logs nothing.
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("X-Amzn-Errortype", fault.Code)
	if w.Header().Get("Content-Type") == contentTypes["cloudwatch"] {
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.WriteHeader(fault.Status)
		_, _ = w.Write(cbor.Encode(cbor.Map{"__type": cbor.String(fault.Code), "message": cbor.String(fault.Message)}))
		return
	}
	w.WriteHeader(fault.Status)
	if w.Header().Get("Content-Type") == contentTypes["s3"] {
		// Of one who asks with HEAD, nothing is heard of it.
		_ = xml.NewEncoder(w).Encode(s3Error{Code: fault.Code, Message: fault.Message, RequestID: noID, HostID: noID})
		return
	}
	if w.Header().Get("Content-Type") == contentTypes["sns"] {
		if err := xml.NewEncoder(w).Encode(xmlError{Code: fault.Code, Message: fault.Message, RequestID: noID}); err != nil {
			c.tb.Errorf("cannot write error: %v", err)
		}
		return
	}
	if err := json.NewEncoder(w).Encode(map[string]string{"__type": fault.Code, "message": fault.Message}); err != nil {
		c.tb.Errorf("cannot write error: %v", err)
	}
}
