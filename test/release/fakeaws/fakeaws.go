// Package fakeaws answers, in process and on a virtual clock, the AWS API calls that a release makes: those of Lambda,
// CodeDeploy, CodePipeline, CloudWatch, DynamoDB, S3 and SNS, in their wire formats. What it does not know fails the test.
package fakeaws

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
)

// A Setup is what there is in the account.
type Setup struct {
	Region  string
	Account string

	// Function whose Alias serves production, first at version 1.
	Function string
	Alias    string

	// Live is where that alias is, when it is in a Lambda other than this Cloud's.
	Live Live

	// Others are functions without aliases.
	Others []string

	// Application and Group of CodeDeploy, which shifts traffic as Shift says.
	Application string
	Group       string
	Shift       Shift

	// RollbackEvents are those after which the group undoes a deployment.
	RollbackEvents []string

	// Table of DynamoDB with a string as Key.
	Table string
	Key   string

	// Pipeline of CodePipeline. Empty: there is none yet.
	Pipeline string

	// Topic of SNS.
	Topic string
}

// Live is the alias that CodeDeploy shifts, in a Lambda of someone else's.
type Live interface {
	Alias() (Alias, error)
	Move(to Alias) error
}

// A Cloud is one AWS account in one region.
type Cloud struct {
	Lambda       *Lambda
	CodeDeploy   *CodeDeploy
	CodePipeline *CodePipeline
	CloudWatch   *CloudWatch
	DynamoDB     *DynamoDB
	S3           *S3
	SNS          *SNS

	tb       testing.TB
	clock    *clock.Clock
	begin    time.Time
	setup    Setup
	server   *httptest.Server
	handlers map[string]handler

	mu     sync.Mutex
	calls  []Call
	faults map[string][]Fault
}

// A Call that was made, by its action in IAM. Who may make it, test/access decides.
type Call struct {
	Action   string
	Resource string
	At       time.Time
}

// A Fault is how a call fails.
//
//nolint:errname // It is a fault that a test plans before it becomes an error.
type Fault struct {
	Status  int
	Code    string
	Message string

	// After the call has had its effect.
	After bool

	// Cut the connection, so that there is no answer at all.
	Cut bool
}

func (f *Fault) Error() string {
	return f.Code + ": " + f.Message
}

// A handler answers a request with the ARN of what it was about, and a body, or a Fault.
type handler func(r request) (resource string, answer any, err error)

type request struct {
	http *http.Request
	body []byte
}

// New returns a Cloud that lives as long as the test.
func New(tb testing.TB, c *clock.Clock, s Setup) *Cloud {
	tb.Helper()
	cloud := &Cloud{tb: tb, clock: c, begin: c.Now(), setup: s, faults: map[string][]Fault{}}
	cloud.Lambda = newLambda(cloud)
	cloud.CodeDeploy = newCodeDeploy(cloud)
	cloud.CloudWatch = newCloudWatch(cloud)
	cloud.DynamoDB = newDynamoDB(cloud)
	cloud.CodePipeline = newCodePipeline(cloud)
	cloud.S3 = &S3{cloud: cloud, store: NewStore()}
	cloud.SNS = &SNS{cloud: cloud}
	cloud.handlers = map[string]handler{
		"lambda:DeleteFunction":                cloud.Lambda.deleteVersion,
		"lambda:GetAlias":                      cloud.Lambda.getAlias,
		"lambda:GetFunctionConfiguration":      cloud.Lambda.getFunctionConfiguration,
		"lambda:ListVersionsByFunction":        cloud.Lambda.listVersions,
		"lambda:UpdateAlias":                   cloud.Lambda.updateAlias,
		"lambda:InvokeFunction":                cloud.Lambda.invoke,
		"codedeploy:BatchGetDeployments":       cloud.CodeDeploy.batchGetDeployments,
		"codedeploy:BatchGetDeploymentTargets": cloud.CodeDeploy.batchGetDeploymentTargets,
		"codedeploy:CreateDeployment":          cloud.CodeDeploy.createDeployment,
		"codedeploy:GetDeployment":             cloud.CodeDeploy.getDeployment,
		"codedeploy:GetDeploymentGroup":        cloud.CodeDeploy.getDeploymentGroup,
		"codedeploy:ListDeployments":           cloud.CodeDeploy.listDeployments,
		"codedeploy:ListDeploymentTargets":     cloud.CodeDeploy.listDeploymentTargets,
		"codedeploy:StopDeployment":            cloud.CodeDeploy.stopDeployment,
		"codepipeline:ListActionExecutions":    cloud.CodePipeline.listActionExecutions,
		"codepipeline:GetPipelineState":        cloud.CodePipeline.getPipelineState,
		"codepipeline:ListPipelineExecutions":  cloud.CodePipeline.listPipelineExecutions,
		"codepipeline:StopPipelineExecution":   cloud.CodePipeline.stopPipelineExecution,
		"codepipeline:StartPipelineExecution":  cloud.CodePipeline.startPipelineExecution,
		"cloudwatch:GetMetricData":             cloud.CloudWatch.getMetricData,
		"cloudwatch:PutMetricData":             cloud.CloudWatch.putMetricData,
		"dynamodb:BatchGetItem":                cloud.DynamoDB.batchGetItem,
		"dynamodb:GetItem":                     cloud.DynamoDB.getItem,
		"dynamodb:UpdateItem":                  cloud.DynamoDB.updateItem,
		"s3:GetObject":                         cloud.S3.headObject,
		"s3:GetObjectVersion":                  cloud.S3.headObject,
		"s3:ListBucketVersions":                cloud.S3.listObjectVersions,
		"s3:PutObject":                         cloud.S3.write,
		"sns:Publish":                          cloud.SNS.publish,
	}
	cloud.server = httptest.NewServer(cloud)
	tb.Cleanup(cloud.server.Close)
	return cloud
}

// Endpoint of every API.
func (c *Cloud) Endpoint() string {
	return c.server.URL
}

// Fail lets the next calls of an IAM action fail, one Fault each. The zero Fault lets a call pass.
func (c *Cloud) Fail(action string, faults ...Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handlers[action] == nil {
		c.tb.Errorf("cannot let unknown action %q fail", action)
	}
	c.faults[action] = append(c.faults[action], faults...)
}

// Calls that were made, in order. A call that failed before it was understood has no resource.
func (c *Cloud) Calls() []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Call(nil), c.calls...)
}

// arn of a resource in the account.
func (c *Cloud) arn(service, resource string) string {
	return strings.Join([]string{"arn", "aws", service, c.setup.Region, c.setup.Account, resource}, ":")
}

func (c *Cloud) takeFault(action string) Fault {
	if len(c.faults[action]) == 0 {
		return Fault{}
	}
	fault := c.faults[action][0]
	c.faults[action] = c.faults[action][1:]
	return fault
}

// unexpected fails the test and the call.
func (c *Cloud) unexpected(format string, args ...any) *Fault {
	c.tb.Errorf(format, args...)
	return &Fault{Status: http.StatusBadRequest, Code: "UnknownOperationException"}
}

// read a request's body, which must have no members but those of v.
func (c *Cloud) read(r request, v any) error {
	d := json.NewDecoder(strings.NewReader(string(r.body)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return c.unexpected("cannot read request: %v\n%s", err, r.body)
	}
	return nil
}
