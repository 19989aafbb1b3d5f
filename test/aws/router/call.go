package router

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Call of AWS that has been answered.
type Call struct {
	At time.Time

	// Service as signatures name it: s3, states.
	Service string

	// Action as AWS names it, or method and path where it is only in them.
	Action string

	// AccessKeyID of who called.
	AccessKeyID string

	Status int

	// about is all that the request says: its path, its query and its body.
	about string
}

// String is a line for a person.
func (c Call) String() string {
	return fmt.Sprintf("%s %d %s %s", c.At.Format("15:04:05"), c.Status, c.Service, c.Action)
}

// reads are how actions begin that change nothing.
var reads = []string{"Get", "List", "Describe", "BatchGet", "Validate", "Head", "GET ", "HEAD ", "AssumeRole"}

// Writes reports whether the call would change something.
func (c Call) Writes() bool {
	return !slices.ContainsFunc(reads, func(begin string) bool { return strings.HasPrefix(c.Action, begin) })
}

// credential is in the header or the query of a signed request: key, date, region, service.
var credential = regexp.MustCompile(`Credential=([^/,&]+)/[0-9]+/([^/]+)/([^/]+)/aws4_request`)

func serviceOf(req *http.Request) string {
	if m := credential.FindStringSubmatch(req.Header.Get("Authorization")); m != nil {
		return m[3]
	}
	return ""
}

// callOf names a request. AWS has protocols that put the action into a header, into the path and into the body.
func callOf(req *http.Request, body []byte) Call {
	c := Call{At: time.Now(), Service: serviceOf(req), Action: req.Method + " " + req.URL.Path}
	c.about = req.Host + req.URL.String() + string(body)
	if m := credential.FindStringSubmatch(req.Header.Get("Authorization")); m != nil {
		c.AccessKeyID = m[1]
	}
	if req.URL.RawQuery != "" {
		c.Action += "?" + req.URL.RawQuery
	}
	if target := req.Header.Get("X-Amz-Target"); target != "" {
		c.Action = target[strings.LastIndex(target, ".")+1:]
	} else if _, action, ok := strings.Cut(req.URL.Path, "/operation/"); ok {
		c.Action = action
	} else if strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
			c.Action = form.Get("Action")
		}
	}
	return c
}

func (r *Router) record(c Call) {
	r.mx.Lock()
	defer r.mx.Unlock()
	r.calls = append(r.calls, c)
}

// Calls that were made since then, in the order of their answers.
func (r *Router) Calls(since time.Time) []Call {
	r.mx.Lock()
	defer r.mx.Unlock()
	calls := []Call{}
	for _, c := range r.calls {
		if c.At.After(since) {
			calls = append(calls, c)
		}
	}
	return calls
}

// Writes that were made since then.
func (r *Router) Writes(since time.Time) []Call {
	return slices.DeleteFunc(r.Calls(since), func(c Call) bool { return !c.Writes() })
}

// WritesAbout things whose names end in a pipeline's suffix, that were made since then.
func (r *Router) WritesAbout(suffix string, since time.Time) []Call {
	return slices.DeleteFunc(r.Writes(since), func(c Call) bool { return !strings.Contains(c.about, "-"+suffix) })
}
