package router

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// functionRead reads a function itself, and not one of its versions.
var functionRead = regexp.MustCompile(`^GET /2015-03-31/functions/[^/?]+$`)

// tellReservation: AWS tells what is reserved for a function with all else.
func tellReservation(r *Router, w http.ResponseWriter, req *http.Request, _ []byte) {
	answer := newRecorded()
	r.pass(answer, req)

	ask := req.Clone(req.Context())
	ask.URL.Path = strings.Replace(ask.URL.Path, "/2015-03-31/", "/2019-09-30/", 1) + "/concurrency"
	reservation := newRecorded()
	r.pass(reservation, ask)
	if strings.Contains(reservation.body.String(), "ReservedConcurrentExecutions") {
		answer.add(map[string]json.RawMessage{"Concurrency": reservation.body.Bytes()})
	}
	answer.send(w)
}

// mappingCall makes, changes or reads one event source mapping.
var mappingCall = regexp.MustCompile(`^(POST|PUT|GET) /2015-03-31/event-source-mappings/?[0-9a-f-]*$`)

// completeMapping: AWS keeps how many calls a mapping may have under way, gives it an ARN of its own, and keeps its tags.
func completeMapping(r *Router, w http.ResponseWriter, req *http.Request, body []byte) {
	var asked struct {
		ScalingConfig json.RawMessage `json:"ScalingConfig"`
		Tags          json.RawMessage `json:"Tags"`
	}
	_ = json.Unmarshal(body, &asked)
	answer := newRecorded()
	r.pass(answer, req)

	var says struct {
		UUID        string `json:"UUID"`
		FunctionArn string `json:"FunctionArn"`
	}
	if json.Unmarshal(answer.body.Bytes(), &says) == nil && says.UUID != "" {
		account, _, _ := strings.Cut(says.FunctionArn, ":function:")
		arn := account + ":event-source-mapping:" + says.UUID
		members := map[string]json.RawMessage{"EventSourceMappingArn": json.RawMessage(strconv.Quote(arn))}
		if kept := r.keep("scaling "+says.UUID, asked.ScalingConfig); kept != nil {
			members["ScalingConfig"] = kept
		}
		r.keep("tags "+arn, asked.Tags)
		answer.add(members)
	}
	answer.send(w)
}

// mappingTags are of one event source mapping, by its ARN.
var mappingTags = regexp.MustCompile(`^(GET|POST|DELETE) /2017-03-31/tags/(arn:[^/?]+:event-source-mapping:[0-9a-f-]+)`)

// tagMapping: AWS has tags on event source mappings.
func tagMapping(r *Router, w http.ResponseWriter, req *http.Request, body []byte) {
	thing := "tags " + mappingTags.FindStringSubmatch(req.Method + " " + req.URL.Path)[2]
	tags := map[string]string{}
	_ = json.Unmarshal(r.keep(thing, nil), &tags)

	var asked struct {
		Tags map[string]string `json:"Tags"`
	}
	_ = json.Unmarshal(body, &asked)
	maps.Copy(tags, asked.Tags)
	for _, key := range req.URL.Query()["tagKeys"] {
		delete(tags, key)
	}
	kept := asJSON(tags)
	r.keep(thing, kept)

	answer := newRecorded()
	answer.header.Set("Content-Type", "application/json")
	if req.Method == http.MethodGet {
		_, _ = fmt.Fprintf(&answer.body, `{"Tags": %s}`, kept)
	} else {
		answer.status = http.StatusNoContent
	}
	answer.send(w)
}

// policyCall adds to the policy of a function or alias, or reads it.
var policyCall = regexp.MustCompile(`^(POST|GET) /2015-03-31/functions/[^/?]+/policy(\?Qualifier=[^&]+)?$`)

// A permission is what AddPermission is asked for, as far as the emulator forgets it.
type permission struct {
	StatementID           string `json:"StatementId"`
	PrincipalOrgID        string `json:"PrincipalOrgID,omitempty"`
	FunctionURLAuthType   string `json:"FunctionUrlAuthType,omitempty"`
	InvokedViaFunctionURL *bool  `json:"InvokedViaFunctionUrl,omitempty"`
}

// keepConditions: AWS makes conditions of these too, and begins the names of those about sources in capitals.
func keepConditions(r *Router, w http.ResponseWriter, req *http.Request, body []byte) {
	answer := newRecorded()
	r.pass(answer, req)
	if req.Method == http.MethodPost {
		var asked permission
		if json.Unmarshal(body, &asked) == nil && answer.status == http.StatusCreated {
			r.keep("permission "+asked.StatementID+" "+req.URL.Path, body)
		}
		answer.send(w)
		return
	}

	var says struct {
		Policy string `json:"Policy"`
	}
	var policy struct {
		Version   string           `json:"Version"`
		ID        string           `json:"Id,omitempty"`
		Statement []map[string]any `json:"Statement"`
	}
	if json.Unmarshal(answer.body.Bytes(), &says) == nil && json.Unmarshal([]byte(says.Policy), &policy) == nil {
		for _, statement := range policy.Statement {
			sid, _ := statement["Sid"].(string)
			var asked permission
			_ = json.Unmarshal(r.keep("permission "+sid+" "+req.URL.Path, nil), &asked)
			asked.addTo(statement)
		}
		names := strings.NewReplacer(`"aws:SourceArn"`, `"AWS:SourceArn"`, `"aws:SourceAccount"`, `"AWS:SourceAccount"`)
		answer.add(map[string]json.RawMessage{"Policy": asJSON(names.Replace(string(asJSON(policy))))})
	}
	answer.send(w)
}

// addTo a statement the conditions of a permission.
func (p permission) addTo(statement map[string]any) {
	conditions, _ := statement["Condition"].(map[string]any)
	if conditions == nil {
		conditions = map[string]any{}
	}
	equals, _ := conditions["StringEquals"].(map[string]any)
	if equals == nil {
		equals = map[string]any{}
	}
	if p.PrincipalOrgID != "" {
		equals["aws:PrincipalOrgID"] = p.PrincipalOrgID
	}
	if p.FunctionURLAuthType != "" {
		equals["lambda:FunctionUrlAuthType"] = p.FunctionURLAuthType
	}
	if len(equals) > 0 {
		conditions["StringEquals"] = equals
	}
	if p.InvokedViaFunctionURL != nil {
		conditions["Bool"] = map[string]any{"lambda:InvokedViaFunctionUrl": *p.InvokedViaFunctionURL}
	}
	if len(conditions) > 0 {
		statement["Condition"] = conditions
	}
}

// keep what was said of a thing, if anything was, and return what was said of it last.
func (r *Router) keep(thing string, said json.RawMessage) json.RawMessage {
	r.mx.Lock()
	defer r.mx.Unlock()
	if said != nil {
		r.kept[thing] = said
	}
	return r.kept[thing]
}

// add members to an answer that is an object.
func (r *recorded) add(members map[string]json.RawMessage) {
	says := map[string]json.RawMessage{}
	if json.Unmarshal(r.body.Bytes(), &says) != nil {
		return
	}
	maps.Copy(says, members)
	r.body = *bytes.NewBuffer(asJSON(says))
}

// asJSON writes what was read from JSON.
func asJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
