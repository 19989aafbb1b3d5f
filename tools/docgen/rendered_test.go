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
	`    definition: '{"StartAt": "Bake.Heat", "States": {`,
	`      "Bake.Heat": {"Type": "Task", "Next": "Bake.IsDone", "Catch": [{"Next": "Bake.Burnt"}]},`,
	`      "Bake.IsDone": {"Type": "Choice", "Choices": [{"Next": "Done"}], "Default": "Bake.Rest"},`,
	`      "Bake.Rest": {"Type": "Wait", "Next": "Bake.Turn"},`,
	`      "Bake.Turn": {"Type": "Pass", "Next": "Bake.Heat"},`,
	`      "Bake.Burnt": {"Type": "Fail"},`,
	`      "Done": {"Type": "Succeed"}}}'`,
}

func TestStatePictures(t *testing.T) {
	got, err := statePictures(file(t, "expected.yaml", aMachine...))
	if len(got) != 1 {
		t.Errorf("want one picture, got %d", len(got))
	}
	checkText(t, got["machine"], err,
		"```mermaid", "flowchart TD",
		"  start((start)) --> Bake_Heat",
		"  subgraph step_Bake [Bake]",
		"  Bake_Burnt[[Burnt]]",
		"  Bake_Heat[Heat]",
		"  Bake_IsDone{IsDone}",
		"  Bake_Rest[/Rest/]",
		"  Bake_Turn(Turn)",
		"  end",
		"  Done([Done])",
		"  Bake_Heat --> Bake_IsDone",
		"  Bake_Heat -.-> Bake_Burnt",
		"  Bake_IsDone --> Done",
		"  Bake_IsDone --> Bake_Rest",
		"  Bake_Rest --> Bake_Turn",
		"  Bake_Turn --> Bake_Heat",
		"```",
	)
}

func TestStatePicturesRefuses(t *testing.T) {
	_, err := statePictures(file(t, "expected.yaml", "kind: XCake"))
	checkError(t, err, "StateMachine")

	_, err = statePictures(file(t, "expected.yaml",
		"kind: StateMachine", "metadata: {name: pr-123.machine.default}", "spec: {forProvider: {definition: no JSON}}"))
	checkError(t, err, "pr-123.machine.default")
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
