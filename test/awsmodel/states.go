package awsmodel

import (
	"encoding/json"
	"fmt"
)

// Where state machines are rendered.
const (
	machineKind  = "sfn/StateMachine"
	machineField = "definition"
)

// CheckStates of a managed resource, if it is a state machine.
func CheckStates(m Managed) []string {
	text, _ := m.Spec.ForProvider[machineField].(string)
	if m.Kind() != machineKind || text == "" {
		return nil
	}
	return machines.get(text, func() []string { return CheckStateMachine(text) })
}

// machines that have been checked.
var machines memo

// CheckStateMachine in the States Language.
func CheckStateMachine(text string) []string {
	var machine map[string]any
	if err := json.Unmarshal([]byte(text), &machine); err != nil {
		return []string{fmt.Sprintf("is not JSON: %v", err)}
	}
	inheritLanguage(machine, machine[languageKey])
	spelled, err := json.Marshal(machine)
	if err != nil {
		return []string{err.Error()}
	}
	return checkSchema("states", string(spelled))
}

// languageKey names the language of a machine's expressions, and of a state's that has its own.
const languageKey = "QueryLanguage"

// inheritLanguage gives the machine's language to each state, as the schema looks for it there. A Succeed can have none.
func inheritLanguage(machine map[string]any, language any) {
	states, _ := machine["States"].(map[string]any)
	for _, s := range states {
		state, _ := s.(map[string]any)
		if state == nil || language == nil {
			continue
		}
		if _, own := state[languageKey]; !own && state["Type"] != "Succeed" {
			state[languageKey] = language
		}
		branches, _ := state["Branches"].([]any)
		for _, b := range append(branches, state["ItemProcessor"]) {
			if branch, _ := b.(map[string]any); branch != nil {
				inheritLanguage(branch, state[languageKey])
			}
		}
	}
}
