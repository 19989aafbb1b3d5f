package main

import (
	"path/filepath"
	"testing"
)

// aMachine is a rendered case with a state machine that has a state of each shape.
var aMachine = []string{
	"---",
	"kind: XCake",
	"metadata:",
	"  name: cake",
	"---",
	"kind: StateMachine",
	"metadata:",
	"  name: pr-123.machine.default",
	"spec:",
	"  forProvider:",
	`    definition: '{"StartAt": "Bake", "States": {`,
	`      "Bake": {"Type": "Task", "Next": "IsDone", "Catch": [{"Next": "Burnt"}]},`,
	`      "IsDone": {"Type": "Choice", "Choices": [{"Next": "Done"}], "Default": "Rest"},`,
	`      "Rest": {"Type": "Wait", "Next": "Turn"},`,
	`      "Turn": {"Type": "Pass", "Next": "Bake"},`,
	`      "Done": {"Type": "Succeed"},`,
	`      "Burnt": {"Type": "Fail"}}}'`,
}

func TestStatePicture(t *testing.T) {
	got, err := statePicture(file(t, "expected.yaml", aMachine...))
	checkText(t, got, err,
		"```mermaid", "flowchart TD",
		"  start((start)) --> Bake",
		"  Bake[Bake]",
		"  Bake --> IsDone",
		"  Bake -.-> Burnt",
		"  Burnt[[Burnt]]",
		"  Done([Done])",
		"  IsDone{IsDone}",
		"  IsDone --> Done",
		"  IsDone --> Rest",
		"  Rest[/Rest/]",
		"  Rest --> Turn",
		"  Turn(Turn)",
		"  Turn --> Bake",
		"```",
	)
}

func TestStatePictureRefuses(t *testing.T) {
	_, err := statePicture(file(t, "expected.yaml", "kind: XCake"))
	checkError(t, err, "StateMachine")
}

func TestResourcesTable(t *testing.T) {
	code := filepath.Dir(file(t, "bake.go",
		"package architecture",
		`import "example.org/resource"`,
		`const machine resource.Name = "machine"`,
		`const text = "topping-cherries"`,
		"func topping(of string) resource.Name {",
		`	return resource.Name("topping-" + of)`,
		"}",
	))
	locked := file(t, "identities.yaml",
		"machine:",
		"  kind: StateMachine.sfn.aws.upbound.io",
		"  objectName: pr-123.machine.default",
		"  externalName: cake-machine-pr-123",
		"topping-cherries:",
		"  kind: Policy.iam.aws.upbound.io",
		"  objectName: pr-123.topping-cherries.default",
	)
	smallest := file(t, "expected.yaml", aMachine...)
	got, err := resourcesTable(locked, smallest, code)
	checkText(t, got, err,
		"The smallest claim has 1 resources, of 1 kinds.",
		"",
		"| resource | kind | name in AWS | made | by |",
		"|---|---|---|---|---|",
		"| `machine` | StateMachine.sfn | `cake-machine-<suffix>` | always | [`bake.go`](../fn/architecture/bake.go) |",
		"| `topping-cherries` | Policy.iam |  | if asked for | [`bake.go`](../fn/architecture/bake.go) |",
	)

	_, err = resourcesTable(file(t, "identities.yaml", "machine-unknown: {kind: Policy.iam.aws.upbound.io}"), smallest, code)
	checkError(t, err, "machine-unknown")
}
