package awsmodel

import (
	"fmt"
	"slices"
	"strings"
)

// Java is what the AWS SDK for Java 2.x calls the errors of a service, and the members of what it sends and gets. Step Functions takes
// its names from there, with the first letter in upper case.
// See https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
type Java struct {
	// Errors by their classes. One stands for all that the model does not know.
	Errors []string `json:"errors"`

	// Shapes have the names of their members, by their classes. Those of an operation end in Request and Response.
	Shapes map[string][]string `json:"shapes"`
}

// javas that have been read.
var javas cache[Java]

// LoadJava of a service, by the name of its package in the SDK.
func LoadJava(service string) (Java, error) {
	return javas.load("java/" + service + ".json")
}

// body is what is uploaded. The SDK takes it beside the request, whose class has no such member. Step Functions takes it by the API's name:
// see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html.
const body = "Body"

// Member returns the name of a shape's member that has the supplied name but for upper and lower case, which the SDKs of different
// languages choose in different ways.
func (j Java) Member(shape, name string) (string, error) {
	members, ok := j.Shapes[shape]
	if !ok {
		return "", fmt.Errorf("the AWS SDK for Java has no %q in what a state machine calls", shape)
	}
	if shape == "PutObjectRequest" && name == body {
		return body, nil
	}
	i := slices.IndexFunc(members, func(m string) bool { return strings.EqualFold(m, name) })
	if i < 0 {
		return "", fmt.Errorf("%s has no member %q in the AWS SDK for Java", shape, name)
	}
	return members[i], nil
}
