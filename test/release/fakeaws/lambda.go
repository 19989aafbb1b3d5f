package fakeaws

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
)

const latest = "$LATEST"

// Lambda has functions that answer as they are told to, one of them with an alias.
type Lambda struct {
	cloud     *Cloud
	alias     Alias
	answers   map[string][]Answer
	versions  map[string][]string
	published map[string]time.Time
	settings  map[string]map[string]any
	states    map[string][]State
	codes     map[string]string
	hidden    bool
	traffic   Traffic
}

// An Alias sends traffic to a version, and the share of it that Weights say to others.
type Alias struct {
	Version string
	Weights map[string]float64
}

// An Answer of a function.
type Answer struct {
	Payload any

	// Error says that the function failed, and that the payload tells how.
	Error bool
}

// A State of a version of a function.
type State struct {
	Name   string
	Reason string
}

func newLambda(c *Cloud) *Lambda {
	return &Lambda{cloud: c, alias: Alias{Version: "1"}, answers: map[string][]Answer{}, versions: map[string][]string{}, published: map[string]time.Time{}, settings: map[string]map[string]any{}, states: map[string][]State{}, codes: map[string]string{}}
}

// Answers lets a function give the supplied answers, the last one again and again. At first functions answer with
// status code 200.
func (l *Lambda) Answers(function string, answers ...Answer) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.answers[function] = answers
}

// Alias as it is now.
func (l *Lambda) Alias() Alias {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.cloud.CodeDeploy.settle()
	return l.current()
}

// current is the alias as it is now.
func (l *Lambda) current() Alias {
	live := l.cloud.setup.Live
	if live == nil {
		return l.alias
	}
	alias, err := live.Alias()
	if err != nil {
		l.cloud.tb.Errorf("cannot read the alias: %v", err)
	}
	return alias
}

// move the alias, unless it is there already.
func (l *Lambda) move(to Alias) {
	live := l.cloud.setup.Live
	if live == nil {
		l.alias = to
		return
	}
	if reflect.DeepEqual(to, l.current()) {
		return
	}
	if err := live.Move(to); err != nil {
		l.cloud.tb.Errorf("cannot move the alias: %v", err)
	}
}

// function that the path names, by its name or ARN, and the qualifier that may follow it.
func (l *Lambda) function(r request) (name, qualifier string, err error) {
	path := strings.Split(r.http.URL.EscapedPath(), "/")
	name, err = url.PathUnescape(path[3])
	if err != nil {
		return "", "", err
	}
	name, qualifier, _ = strings.Cut(strings.TrimPrefix(name, l.cloud.arn("lambda", "function:")), ":")
	if name == l.cloud.setup.Function || slices.Contains(l.cloud.setup.Others, name) {
		return name, qualifier, nil
	}
	return name, qualifier, &Fault{
		Status:  http.StatusNotFound,
		Code:    "ResourceNotFoundException",
		Message: "Function not found: " + l.cloud.arn("lambda", "function:"+name),
	}
}

func (l *Lambda) getAlias(r request) (string, any, error) {
	name, _, err := l.function(r)
	resource := l.cloud.arn("lambda", "function:"+name)
	if err != nil {
		return resource, nil, err
	}
	alias := r.http.URL.Path[strings.LastIndex(r.http.URL.Path, "/")+1:]
	arn := resource + ":" + alias
	if name != l.cloud.setup.Function || alias != l.cloud.setup.Alias {
		return resource, nil, &Fault{Status: http.StatusNotFound, Code: "ResourceNotFoundException", Message: "Cannot find alias arn: " + arn}
	}
	answer := map[string]any{
		"AliasArn":        arn,
		"Name":            alias,
		"FunctionVersion": l.alias.Version,
		"Description":     "",
		"RevisionId":      "00000000-0000-0000-0000-000000000000",
	}
	if len(l.alias.Weights) > 0 {
		answer["RoutingConfig"] = map[string]any{"AdditionalVersionWeights": l.alias.Weights}
	}
	return resource, answer, nil
}

// updateAlias gives the alias a version, and takes all weights from it or leaves them: a release asks for nothing else.
func (l *Lambda) updateAlias(r request) (string, any, error) {
	name, _, err := l.function(r)
	resource := l.cloud.arn("lambda", "function:"+name)
	if err != nil {
		return resource, nil, err
	}
	var in struct {
		FunctionVersion string
		RoutingConfig   *struct{ AdditionalVersionWeights map[string]float64 }
	}
	if err := l.cloud.read(r, &in); err != nil {
		return resource, nil, err
	}
	if in.RoutingConfig == nil || len(in.RoutingConfig.AdditionalVersionWeights) > 0 {
		return resource, nil, l.cloud.unexpected("only an update that takes all weights away is known, got %s", r.body)
	}
	l.move(Alias{Version: in.FunctionVersion})
	return l.getAlias(r)
}

func (l *Lambda) invoke(r request) (string, any, error) {
	name, qualifier, err := l.function(r)
	if q := r.http.URL.Query().Get("Qualifier"); q != "" {
		qualifier = q
	}
	resource := l.cloud.arn("lambda", "function:"+name)
	if qualifier != "" {
		resource += ":" + qualifier
	}
	if err != nil {
		return resource, nil, err
	}
	var payload any
	if len(r.body) > 0 {
		if err := json.Unmarshal(r.body, &payload); err != nil {
			return resource, nil, &Fault{Status: http.StatusBadRequest, Code: "InvalidRequestContentException", Message: err.Error()}
		}
	}

	if !l.isRunnable(name, qualifier) {
		return resource, nil, &Fault{
			Status: http.StatusConflict, Code: "ResourceConflictException",
			Message: "The operation cannot be performed at this time. The function is currently in the following state: " + l.states[name+":"+qualifier][0].Name,
		}
	}
	answer := l.nextAnswer(name)
	header := map[string]string{"X-Amz-Executed-Version": l.executed(name, qualifier)}
	if answer.Error {
		header["X-Amz-Function-Error"] = "Unhandled"
	}
	return resource, answerWithHeader{header: header, body: answer.Payload}, nil
}

// executed version of a function.
func (l *Lambda) executed(name, qualifier string) string {
	switch {
	case qualifier == "":
		return latest
	case name == l.cloud.setup.Function && qualifier == l.cloud.setup.Alias:
		return l.alias.Version
	default:
		return qualifier
	}
}

func (l *Lambda) nextAnswer(function string) Answer {
	answers := l.answers[function]
	switch len(answers) {
	case 0:
		return Answer{Payload: map[string]any{"statusCode": 200}}
	case 1:
	default:
		l.answers[function] = answers[1:]
	}
	return answers[0]
}
