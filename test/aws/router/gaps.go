package router

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Gap is something that AWS does and the emulators do not, or not as AWS does it. The router does it instead.
type Gap struct {
	// Service and Calls that it is about.
	Service, Calls string

	matches func(Call) bool
	fill    func(r *Router, w http.ResponseWriter, req *http.Request, body []byte)
}

// lambda is what signatures call AWS Lambda.
const lambda = "lambda"

// Gaps that are filled. docs/aws.md says of each what it can no longer prove.
var Gaps = []Gap{
	{
		Service: "codebuild",
		Calls:   "BatchGetProjects, UpdateProject, DeleteProject",
		matches: func(c Call) bool {
			return strings.HasSuffix(c.Action, "Project") || strings.HasSuffix(c.Action, "Projects")
		},
		fill: nameProjects,
	},
	{
		Service: lambda,
		Calls:   "CreateFunction",
		matches: func(c Call) bool { return c.Action == "POST /2015-03-31/functions" },
		fill:    publishAtCreation,
	},
	{
		Service: lambda,
		Calls:   "GetFunction",
		matches: func(c Call) bool { return functionRead.MatchString(c.Action) },
		fill:    tellReservation,
	},
	{
		Service: lambda,
		Calls:   "AddPermission, GetPolicy",
		matches: func(c Call) bool { return policyCall.MatchString(c.Action) },
		fill:    keepConditions,
	},
	{
		Service: lambda,
		Calls:   "CreateEventSourceMapping, UpdateEventSourceMapping, GetEventSourceMapping",
		matches: func(c Call) bool { return mappingCall.MatchString(c.Action) },
		fill:    completeMapping,
	},
	{
		Service: lambda,
		Calls:   "ListTags, TagResource, UntagResource",
		matches: func(c Call) bool { return mappingTags.MatchString(c.Action) },
		fill:    tagMapping,
	},
	{
		Service: "codestar-connections",
		Calls:   "GetConnection",
		matches: func(c Call) bool { return c.Action == "GetConnection" },
		fill:    completeHandshake,
	},
}

func (r *Router) gap(c Call) *Gap {
	for i := range Gaps {
		if Gaps[i].Service == c.Service && Gaps[i].matches(c) {
			return &Gaps[i]
		}
	}
	return nil
}

var projectARN = regexp.MustCompile(`"arn:[^"]*:project/([^"]+)"`)

// noVPC is what the emulator has of a project that was in a VPC, and is in none.
var noVPC = regexp.MustCompile(`,"vpcConfig":\{\}|"vpcConfig":\{\},`)

// nameProjects: AWS takes the ARN of a project for its name, and tells no VPC where there is none.
func nameProjects(r *Router, w http.ResponseWriter, req *http.Request, body []byte) {
	setBody(req, projectARN.ReplaceAll(body, []byte(`"$1"`)))
	answer := newRecorded()
	r.pass(answer, req)
	answer.body = *bytes.NewBuffer(noVPC.ReplaceAll(answer.body.Bytes(), nil))
	answer.send(w)
}

// publishAtCreation: AWS takes the code from S3 and publishes version 1, if it is asked to.
func publishAtCreation(r *Router, w http.ResponseWriter, req *http.Request, body []byte) {
	var asked struct {
		FunctionName string `json:"FunctionName"`
		Publish      bool   `json:"Publish"`
	}
	answer := newRecorded()
	setBody(req, withCode(r, req, body))
	r.pass(answer, req)
	if json.Unmarshal(body, &asked) == nil && asked.Publish && answer.status == http.StatusCreated {
		publish := req.Clone(req.Context())
		publish.URL.Path += "/" + asked.FunctionName + "/versions"
		setBody(publish, []byte("{}"))
		r.pass(newRecorded(), publish)
	}
	answer.send(w)
}

// withCode puts code that is in S3 into the request, so that the emulator tells the SHA-256 of the code, and not of where it is. As on AWS,
// the caller reads the object.
func withCode(r *Router, req *http.Request, body []byte) []byte {
	var where struct {
		Code struct {
			S3Bucket string `json:"S3Bucket"`
			S3Key    string `json:"S3Key"`
		} `json:"Code"`
	}
	members := map[string]json.RawMessage{}
	if json.Unmarshal(body, &where) != nil || json.Unmarshal(body, &members) != nil || where.Code.S3Key == "" {
		return body
	}
	read := req.Clone(req.Context())
	read.Method, read.URL = http.MethodGet, &url.URL{Path: "/" + where.Code.S3Bucket + "/" + where.Code.S3Key}
	read.Header.Set("Authorization", strings.Replace(req.Header.Get("Authorization"), "/lambda/", "/s3/", 1))
	setBody(read, nil)
	object := newRecorded()
	// AWS refuses a function whose object is not there yet, and the provider tries again. Here it waits.
	for r.pass(object, read); object.status != http.StatusOK; r.pass(object, read) {
		select {
		case <-req.Context().Done():
			return body
		case <-time.After(100 * time.Millisecond):
			object = newRecorded()
		}
	}
	members["Code"] = asJSON(map[string][]byte{"ZipFile": object.body.Bytes()})
	return asJSON(members)
}

// Authorise a connection, as a person does in the console.
func (r *Router) Authorise(connectionARN string) {
	r.mx.Lock()
	defer r.mx.Unlock()
	r.authorised[connectionARN] = true
}

// completeHandshake: what a person has authorised is available.
func completeHandshake(r *Router, w http.ResponseWriter, req *http.Request, body []byte) {
	var asked struct {
		ConnectionArn string `json:"ConnectionArn"`
	}
	_ = json.Unmarshal(body, &asked)
	r.mx.Lock()
	authorised := r.authorised[asked.ConnectionArn]
	r.mx.Unlock()

	answer := newRecorded()
	r.pass(answer, req)
	if authorised {
		available := bytes.ReplaceAll(answer.body.Bytes(), []byte(`"PENDING"`), []byte(`"AVAILABLE"`))
		answer.body = *bytes.NewBuffer(available)
	}
	answer.send(w)
}

func setBody(req *http.Request, body []byte) {
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// send the answer on.
func (r *recorded) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.header)
	w.Header().Set("Content-Length", strconv.Itoa(r.body.Len()))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes())
}
