package fakeaws

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Publish versions of a function, from first to last.
func (l *Lambda) Publish(function string, first, last int) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	for v := first; v <= last; v++ {
		l.versions[function] = append(l.versions[function], strconv.Itoa(v))
		l.published[function+":"+strconv.Itoa(v)] = l.cloud.clock.Now()
		l.settings[function+":"+strconv.Itoa(v)] = l.settings[function]
	}
}

// Serve production with a version.
func (l *Lambda) Serve(version string) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.move(Alias{Version: version})
}

// Versions of a function that there are, in the order in which they were published.
func (l *Lambda) Versions(function string) []string {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	return slices.Clone(l.versions[function])
}

// listVersions answers with a page of versions, $LATEST first. The marker is the number of those before it.
func (l *Lambda) listVersions(r request) (string, any, error) {
	name, _, err := l.function(r)
	resource := l.cloud.arn("lambda", "function:"+name)
	if err != nil {
		return resource, nil, err
	}
	all := append([]string{latest}, l.versions[name]...)
	query := r.http.URL.Query()
	start, _ := strconv.Atoi(query.Get("Marker"))
	size, err := strconv.Atoi(query.Get("MaxItems"))
	if err != nil || size > 50 {
		size = 50
	}
	end := min(start+size, len(all))
	var page []map[string]any
	for _, v := range all[start:end] {
		page = append(page, map[string]any{"FunctionName": name, "Version": v})
	}
	answer := map[string]any{"Versions": page}
	if end < len(all) {
		answer["NextMarker"] = strconv.Itoa(end)
	}
	return resource, answer, nil
}

// Configure $LATEST of a function with other settings, as members of its configuration. Versions that are published from now
// on have them too.
func (l *Lambda) Configure(function string, settings map[string]any) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.settings[function] = settings
}

// Code of a version of a function, by its hash. Other versions have the same code, all of them.
func (l *Lambda) Code(function, version, hash string) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.codes[function+":"+version] = hash
}

// Hide the variables, as from a role that may not decrypt them with the functions' key.
func (l *Lambda) Hide() {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.hidden = true
}

// Settings of a function's $LATEST, or of a version, in words.
func (l *Lambda) Settings(function, version string) string {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	key := function
	if version != "" {
		key += ":" + version
	}
	return fmt.Sprint(l.settings[key])
}

// getFunctionConfiguration of a version, or of $LATEST. A version that was not published here was there from the beginning.
func (l *Lambda) getFunctionConfiguration(r request) (string, any, error) {
	name, _, err := l.function(r)
	version := r.http.URL.Query().Get("Qualifier")
	resource, key := l.cloud.arn("lambda", "function:"+name), name
	if version != "" {
		resource, key = resource+":"+version, name+":"+version
	}
	if err != nil {
		return resource, nil, err
	}
	at, ok := l.published[key]
	if !ok {
		at = l.cloud.begin
	}
	answer := map[string]any{
		"FunctionName": name, "Version": cmp.Or(version, latest), "LastModified": at.Format("2006-01-02T15:04:05.000+0000"),
		"LastUpdateStatus": "Successful", "CodeSha256": cmp.Or(l.codes[key], "sha256-of-code"),
	}
	maps.Copy(answer, l.nextState(key))
	maps.Copy(answer, l.settings[key])
	if _, has := answer["Environment"]; has && l.hidden {
		answer["Environment"] = map[string]any{"Error": map[string]any{"ErrorCode": "AccessDeniedException", "Message": "Lambda was unable to decrypt your environment variables because the KMS access was denied."}}
	}
	return resource, answer, nil
}

// States lets Lambda say the supplied states of a version of a function, one at a time, and the last one again and again. Other
// versions are Active.
func (l *Lambda) States(function, version string, states ...State) {
	l.cloud.mu.Lock()
	defer l.cloud.mu.Unlock()
	l.states[function+":"+version] = states
}

// nextState of a version.
func (l *Lambda) nextState(key string) map[string]any {
	states := l.states[key]
	if len(states) == 0 {
		return map[string]any{"State": "Active"}
	}
	if len(states) > 1 {
		l.states[key] = states[1:]
	}
	if states[0].Reason == "" {
		return map[string]any{"State": states[0].Name}
	}
	return map[string]any{"State": states[0].Name, "StateReason": states[0].Reason}
}

// isRunnable says whether Lambda invokes a version, and CodeDeploy may give it traffic.
func (l *Lambda) isRunnable(function, version string) bool {
	states := l.states[function+":"+version]
	return len(states) == 0 || states[0].Name == "Active" || states[0].Name == "Inactive"
}

// deleteVersion of a function. No scenario deletes a function, nor a version that an alias has.
func (l *Lambda) deleteVersion(r request) (string, any, error) {
	name, _, err := l.function(r)
	version := r.http.URL.Query().Get("Qualifier")
	resource := l.cloud.arn("lambda", "function:"+name+":"+version)
	if err != nil {
		return resource, nil, err
	}
	if version == "" || version == latest {
		return resource, nil, l.cloud.unexpected("%s: version %q cannot be deleted", name, version)
	}
	live := l.current()
	if _, weighted := live.Weights[version]; name == l.cloud.setup.Function && (weighted || version == live.Version) {
		return resource, nil, &Fault{
			Status: http.StatusConflict, Code: "ResourceConflictException",
			Message: "Version " + version + " of " + name + " is referenced by alias " + l.cloud.setup.Alias,
		}
	}
	// A version that is gone is deleted without an error.
	l.versions[name] = slices.DeleteFunc(l.versions[name], func(v string) bool { return v == version })
	return resource, answerWithStatus{http.StatusNoContent}, nil
}
