package aws

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// holds waits until AWS has what a file says that another test has seen there, and what the claim keeps beyond that: parts of
// lines.
func holds(t *testing.T, c claims.Claim, file string, kept ...string) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", file+".json"))
	claims.Must(t, err)
	diff := func() string {
		got := strings.Split(holdings(t, c).Normal(c.Suffix), "\n")
		for _, text := range kept {
			i := slices.IndexFunc(got, func(line string) bool { return strings.Contains(line, text) })
			if i < 0 {
				return "AWS no longer has " + text
			}
			got[i] = strings.Replace(got[i], text, "", 1)
		}
		return cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), got)
	}
	c.WaitFor(t, "AWS has what is in "+file, func() bool { return diff() == "" }, diff)
}

// forVPC are the statements of the functions' role that stay when a claim takes its VPC away, as they are in AWS.
var forVPC = []string{
	`,{\"Action\":[\"ec2:DescribeNetworkInterfaces\",\"ec2:DescribeSubnets\"],\"Effect\":\"Allow\",\"Resource\":[\"*\"],\"Sid\":\"LookAtNetworks\"}` +
		`,{\"Action\":[\"ec2:CreateNetworkInterface\"],\"Effect\":\"Allow\",\"Resource\":[\"arn:aws:ec2:*:*:network-interface/*\",` +
		`\"arn:aws:ec2:*:*:security-group/*\",\"arn:aws:ec2:*:*:subnet/*\"],\"Sid\":\"MakeInterfaces\"}` +
		`,{\"Action\":[\"ec2:AssignPrivateIpAddresses\",\"ec2:DeleteNetworkInterface\",\"ec2:UnassignPrivateIpAddresses\"],\"Effect\":\"Allow\",` +
		`\"Resource\":[\"arn:aws:ec2:*:*:network-interface/*\"],\"Sid\":\"UseInterfaces\"}`,
	`,{\"Action\":[\"ec2:*NetworkInterface\",\"ec2:*PrivateIpAddresses\"],` +
		`\"Condition\":{\"ArnLike\":{\"lambda:SourceFunctionArn\":\"arn:*:lambda:*:*:function:*\"}},\"Effect\":\"Deny\",` +
		`\"Resource\":[\"arn:aws:ec2:*:*:network-interface/*\"],\"Sid\":\"NetworksAreForLambdaOnly\"}`,
}

// TestFields makes the smallest claim the full one and the other way round: every field arrives in AWS, and what was made
// for a field goes with it. In between it sets what the full claim cannot show.
func TestFields(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "fields")
	smallest := c.Copy()
	holds(t, c, "smallest")

	full := newFull(t, "fields")
	claims.Must(t, full.Apply(t))
	holds(t, c, "complete")

	other := full.Copy()
	other.Set(nil, "rollout", "custom")
	other.Set("LambdaAllAtOnce", "rollout", "deploymentConfig")
	other.Set(map[string]any{"required": false}, "approval")
	other.Set("Release", "rollout", "onConfigurationChange")
	other.Set("python3.13", "service", "runtime")
	// It has neither provisioned concurrency nor more room in /tmp beside it.
	other.Set("PublishedVersions", "service", "snapStart")
	other.Set(nil, "service", "concurrency")
	other.Set(nil, "service", "ephemeralStorageMiB")
	other.Set("aws/codebuild/standard:8.0", "build", "image")
	other.Set(map[string]any{"topicArn": "arn:aws:sns:us-east-1:111122223333:payments-team"}, "notifications")
	claims.Must(t, other.Apply(t))
	c.Until(t, "AWS has what the other claim says", func() bool {
		h := holdings(t, c)
		return h.At("DeploymentGroup payment-processor-dg-fields", "DeploymentConfigName") == "CodeDeployDefault.LambdaAllAtOnce" &&
			h.At("Function payment-processor-blue-fields", "Configuration", "Runtime") == "python3.13" &&
			h.At("Function payment-processor-blue-fields", "Configuration", "SnapStart", "ApplyOn") == "PublishedVersions" &&
			!strings.Contains(h.JSON(""), `"ProvisionedConcurrency `) &&
			h.At("Project payment-processor-build-fields", "Environment", "Image") == "aws/codebuild/standard:8.0" &&
			strings.Contains(h.JSON("Rule payment-processor-watch-configuration-fields"), "rate(5 minutes)") &&
			strings.Contains(h.JSON("Alarm lambda-errors-fields"), "111122223333:payments-team") &&
			strings.Contains(h.JSON("Rule payment-processor-pipeline-failed-fields"), "111122223333:payments-team") &&
			!strings.Contains(h.JSON(""), `"Topic `) &&
			!strings.Contains(h.JSON("Pipeline payment-processor-pipeline-fields"), "Approve_Traffic_Shift") &&
			!strings.Contains(h.JSON(""), `"DeploymentConfig `)
	})

	claims.Must(t, smallest.Apply(t))
	authorise(t, c)
	c.WaitReady(t)
	// Versions that were published in the VPC stay in it, and the functions' code is denied what that role has for Lambda.
	holds(t, c, "smallest", forVPC...)
	quiet(t, c)
}

// quiet waits until a claim's pipeline is no longer written to in AWS.
func quiet(t *testing.T, c claims.Claim) {
	t.Helper()
	c.WaitFor(t, "nobody writes to AWS for a while", func() bool {
		return len(routes.WritesAbout(c.Suffix, time.Now().Add(-2*poll))) == 0
	}, func() string { return lines(routes.WritesAbout(c.Suffix, time.Now().Add(-2*poll))) })
}

// TestPlatform has a pipeline made with a key and a permissions boundary of the platform team's.
func TestPlatform(t *testing.T) {
	created, err := cloud.IAM.CreatePolicy(t.Context(), &iam.CreatePolicyInput{
		PolicyName:     aws.String("payment-delivery-boundary"),
		PolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`),
	})
	claims.Must(t, err)
	boundary := *created.Policy.Arn
	claims.Must(t, shared.Configure(t.Context(), map[string]any{"kmsKeyArn": kmsKey, "permissionsBoundaryArn": boundary}))
	t.Cleanup(func() { claims.Must(t, shared.Configure(context.WithoutCancel(t.Context()), nil)) })

	c := fileReady(t, "examples/claims/minimal.yaml", "platform")
	h := holdings(t, c)
	for name := range h {
		says := h.JSON(name)
		switch kind, _, _ := strings.Cut(name, " "); kind {
		case "Bucket", "Table", "Topic", "LogGroup", "Pipeline", "Project":
			if !strings.Contains(says, kmsKey) {
				t.Errorf("%s does not name the key %s:\n%s", name, kmsKey, says)
			}
		case "Role":
			if h.At(name, "Role", "PermissionsBoundary", "PermissionsBoundaryArn") != boundary {
				t.Errorf("%s has not the boundary %s:\n%s", name, boundary, says)
			}
		}
	}
}
