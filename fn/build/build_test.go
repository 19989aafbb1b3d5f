package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// TestProject checks all that a project has.
func TestProject(t *testing.T) {
	smallest := Project{
		ContainerType:    "LINUX_CONTAINER",
		Image:            "aws/codebuild/amazonlinux-x86_64-standard:6.0",
		ImageCredentials: "CODEBUILD",
		ComputeType:      "BUILD_GENERAL1_SMALL",
		TimeoutMinutes:   60,
		Buildspec:        newConfig().buildspec(),
		LogGroup:         "/aws/codebuild/build-pr-123",
	}
	all := Project{
		ContainerType:    "LINUX_CONTAINER",
		Image:            testImage,
		ImageCredentials: "SERVICE_ROLE",
		ComputeType:      "BUILD_GENERAL1_SMALL",
		Privileged:       true,
		TimeoutMinutes:   60,
		Variables: []Variable{
			{Name: "Z", Type: "PLAINTEXT", Value: "1"},
			{Name: "LICENCE", Type: "PARAMETER_STORE", Value: "/payments/limits"},
			{Name: "NPM_TOKEN", Type: "SECRETS_MANAGER", Value: testSecret + ":token"},
		},
		Buildspec:     newConfig(everything).buildspec(),
		CacheLocation: "artifacts-pr-123/cache",
		VPC:           testVPC(),
		LogGroup:      "/aws/codebuild/build-pr-123",
	}
	notReviewed := all
	notReviewed.Variables, notReviewed.CacheLocation, notReviewed.VPC = all.Variables[:1], "", nil
	cases := map[string]struct {
		reason string
		config Config
		want   Project
	}{
		"Smallest":   {reason: "A claim need not say anything of builds.", config: newConfig(), want: smallest},
		"Everything": {reason: "All that a claim says is there.", config: newConfig(everything), want: all},
		"Unreviewed": {
			reason: "Code that nobody has reviewed gets no secrets, reaches no network of the team's, and writes nothing that a release reads.",
			config: newConfig(everything, unreviewed), want: notReviewed,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.config.Project()); diff != "" {
				t.Errorf("%s\nProject(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestVariablesAreSorted checks that nothing changes that nobody has changed.
func TestVariablesAreSorted(t *testing.T) {
	c := newConfig(func(c *Config) {
		c.Build.Environment = map[string]v1alpha1.BuildVariable{"C": "3", "B": "2", "A": "1", "E": "5", "D": "4"}
	})
	plain := func(name, value string) Variable { return Variable{Name: name, Type: "PLAINTEXT", Value: value} }
	want := []Variable{plain("A", "1"), plain("B", "2"), plain("C", "3"), plain("D", "4"), plain("E", "5")}
	if diff := cmp.Diff(want, c.Project().Variables); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
