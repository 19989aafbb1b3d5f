package main

import "testing"

// aRole is a rendered case with a role that has a policy of its own and one of AWS's.
var aRole = []string{
	"kind: Role",
	"metadata:",
	"  name: pr-123.baker.default",
	"  annotations: {crossplane.io/external-name: baker-pr-123}",
	"spec:",
	"  forProvider:",
	`    assumeRolePolicy: '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "oven.example.org"}}]}'`,
	"---",
	"kind: RolePolicyAttachment",
	"metadata:",
	"  name: own",
	"spec:",
	"  forProvider: {policyArnRef: {name: cakes}, roleRef: {name: pr-123.baker.default}}",
	"---",
	"kind: RolePolicyAttachment",
	"metadata:",
	"  name: of-aws",
	"spec:",
	"  forProvider: {policyArn: arn:aws:iam::aws:policy/service-role/Bakery, roleRef: {name: pr-123.baker.default}}",
	"---",
	"kind: RolePolicyAttachment",
	"metadata:",
	"  name: of-another-role",
	"spec:",
	"  forProvider: {policyArn: arn:aws:iam::aws:policy/Butcher, roleRef: {name: pr-123.cook.default}}",
	"---",
	"kind: Policy",
	"metadata:",
	"  name: cakes",
	"spec:",
	"  forProvider:",
	`    policy: '{"Statement": [{"Effect": "Allow", "Action": ["cake:Eat", "cake:GetRecipe", "cake:Bake"]}, {"Effect": "Deny", "Action": ["cake:Drop"]}]}'`,
}

func TestRolesTable(t *testing.T) {
	got, err := rolesTable(file(t, "expected.yaml", aRole...))
	checkText(t, got, err,
		"| role | assumed by | may change |",
		"|---|---|---|",
		"| `baker-<suffix>` | oven.example.org | `cake:Bake`, `cake:Eat`, AWS's `Bakery` |",
	)
}
