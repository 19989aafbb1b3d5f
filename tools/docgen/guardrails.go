package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// guardrails are what the command of that name prints.
type guardrails struct {
	Rules []struct {
		Name     string   `json:"name"`
		Fields   []string `json:"fields"`
		How      string   `json:"how"`
		Separate any      `json:"separate"`
	} `json:"rules"`
	Unlimited []struct {
		Why    string   `json:"why"`
		Fields []string `json:"fields"`
	} `json:"unlimited"`
}

// readGuardrails that the function knows.
func readGuardrails(root string) (guardrails, error) {
	cmd := exec.CommandContext(context.Background(), "go", "run", "./test/docs/cmd/guardrails")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return guardrails{}, fmt.Errorf("cannot print guardrails: %w", err)
	}
	g := guardrails{}
	return g, json.Unmarshal(out, &g)
}

// ruleTable documents each rule: what it reads, and how a value keeps it.
func (g guardrails) ruleTable() string {
	b := &strings.Builder{}
	b.WriteString("| rule | fields of the claim | a value keeps it if it | under `separateTeams` |\n|---|---|---|---|\n")
	for _, r := range g.Rules {
		row(b, code(r.Name), codes(r.Fields), r.How, separate(r.Separate))
	}
	return b.String()
}

// fieldTable documents which rules limit each field, and why none limits the others.
func (g guardrails) fieldTable() string {
	says := map[string][]string{}
	for _, r := range g.Rules {
		for _, f := range r.Fields {
			says[f] = append(says[f], code(r.Name))
		}
	}
	for _, u := range g.Unlimited {
		for _, f := range u.Fields {
			says[f] = []string{"none: " + u.Why}
		}
	}
	b := &strings.Builder{}
	b.WriteString("| field | rule |\n|---|---|\n")
	for _, f := range slices.Sorted(maps.Keys(says)) {
		row(b, code(f), strings.Join(says[f], ", "))
	}
	return b.String()
}

func separate(value any) string {
	switch v := value.(type) {
	case nil:
		return "—"
	case []any:
		var all []string
		for _, pattern := range v {
			all = append(all, fmt.Sprint(pattern))
		}
		return codes(all)
	default:
		return code(fmt.Sprint(v))
	}
}

func codes(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, code(text))
	}
	return strings.Join(all, ", ")
}
