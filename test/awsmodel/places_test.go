package awsmodel

import (
	"slices"
	"testing"
)

// TestPlaces checks what IAM knows of a few resources: themselves, what is in them, and what services other than their own say of them.
func TestPlaces(t *testing.T) {
	pipeline := []Managed{
		managed("lambda.aws.upbound.io", "Function", "f"), managed("iam.aws.upbound.io", "Role", "r"),
		managed("deploy.aws.upbound.io", "App", "a"), managed("deploy.aws.upbound.io", "DeploymentGroup", "g"),
		managed("codestarconnections.aws.upbound.io", "Connection", "arn:aws:codestar-connections:us-east-1:111122223333:connection/c"),
		managed("codepipeline.aws.upbound.io", "Codepipeline", "p"),
	}
	places, err := Places(pipeline, "us-east-1", "111122223333")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []Place{
		{"lambda", "function", "arn:aws:lambda:us-east-1:111122223333:function:f"},
		{"lambda", "function alias", "arn:aws:lambda:us-east-1:111122223333:function:f:live"},
		{"lambda", "function version", "arn:aws:lambda:us-east-1:111122223333:function:f:2"},
		{"iam", "role", "arn:aws:iam::111122223333:role/r"},
		{"sts", "role", "arn:aws:iam::111122223333:role/r"},
		{"codedeploy", "deploymentgroup", "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:a/g"},
		{"codestar-connections", "Connection", "arn:aws:codestar-connections:us-east-1:111122223333:connection/c"},
		{"codepipeline", "action", "arn:aws:codepipeline:us-east-1:111122223333:p/x/x"},
		{"logs", "log-stream", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/codepipeline/p:log-stream:x"},
	} {
		if !slices.Contains(places, want) {
			t.Errorf("want %v, got %v", want, places)
		}
	}
	for _, p := range places {
		if p.Service == "s3" || p.Type == "layer" {
			t.Errorf("nothing here is %v", p)
		}
	}
}

// TestKindsHavePlaces checks that it is known of each kind what it is for IAM, of each variable that there is one, and of nothing twice.
func TestKindsHavePlaces(t *testing.T) {
	types, err := namedTypes()
	if err != nil {
		t.Fatal(err)
	}
	for kind := range Kinds() {
		if (namings[kind] != nil) == (unnamed[kind] != "") {
			t.Errorf("%s: want either how it is named in ARNs, or why not", kind)
		}
	}
	for kind, all := range namings {
		for _, n := range all {
			if !slices.ContainsFunc(types, func(t namedType) bool { return slices.Contains(t.variables, n.variable) }) {
				t.Errorf("%s: no ARN of service %s has %s", kind, n.service, n.name)
			}
		}
	}
	for kind := range unnamed {
		if _, is := Kinds()[kind]; !is {
			t.Errorf("there is no kind %s", kind)
		}
	}
}

func TestUnknownKindHasNoPlaces(t *testing.T) {
	if _, err := Places([]Managed{managed("ec2.aws.upbound.io", "Instance", "i")}, "us-east-1", "111122223333"); err == nil {
		t.Error("want an error, got none")
	}
}

func managed(group, kind, name string) Managed {
	m := Managed{APIVersion: group + "/v1beta1", KindName: kind}
	m.Metadata.Annotations = map[string]string{"crossplane.io/external-name": name}
	return m
}
