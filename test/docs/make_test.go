package docs_test

import (
	"regexp"
	"strings"
	"testing"
)

var (
	// makeCommand is "make" with a target and variables: make target [VARIABLE=value].
	makeCommand = regexp.MustCompile(`(?:^|[ (;&])make ([a-z][a-z0-9-]*)((?: [A-Z_]+=\S+)*)`)

	// makeRule is a rule of the Makefile: a target and all that stands below it.
	makeRule = regexp.MustCompile(`(?m)^([a-z][a-z0-9-]*):.*\n(?:\t.*\n)*`)

	// makeVariable is a variable of the Makefile: its name, and what it is made of.
	makeVariable = regexp.MustCompile(`(?m)^([A-Z_]+) *[:?]?= *(.*)$`)

	assignment = regexp.MustCompile(`([A-Z_]+)=`)
)

// TestMake looks for each target of the Makefile that a document names, and for the variables that it gives it.
func TestMake(t *testing.T) {
	makefile := string(read(t, "Makefile"))
	rules := map[string]string{}
	for _, rule := range makeRule.FindAllStringSubmatch(makefile, -1) {
		rules[rule[1]] = rule[0]
		for _, variable := range makeVariable.FindAllStringSubmatch(makefile, -1) {
			if strings.Contains(rule[0], "$("+variable[1]+")") {
				rules[rule[1]] += variable[2]
			}
		}
	}
	for _, d := range documents(t) {
		for _, line := range d.shellLines() {
			for _, command := range makeCommand.FindAllStringSubmatch(line, -1) {
				rule, found := rules[command[1]]
				if !found {
					t.Errorf("%s: the Makefile has no target %q", d.path, command[1])
				}
				for _, variable := range assignment.FindAllStringSubmatch(command[2], -1) {
					if !strings.Contains(rule, "$("+variable[1]+")") {
						t.Errorf("%s: make %s has no variable %s", d.path, command[1], variable[1])
					}
				}
			}
		}
	}
}
