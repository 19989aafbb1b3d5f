package sdk

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// A service names its errors as Step Functions does, which are the names of AWS's SDK for Java: version 2 for the plain
// integrations, version 1 for the optimised ones.
type service struct {
	// name before the dot.
	name string

	// base is the error that stands for those which the API model does not have.
	base string

	// cause is a format of message, status code and error code.
	cause string
}

var (
	deploy          = service{"CodeDeploy", "CodeDeployException", "%s (Service: CodeDeploy, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	pipelines       = service{"CodePipeline", "CodePipelineException", "%s (Service: CodePipeline, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	metrics         = service{"CloudWatch", "CloudWatchException", "%s (Service: CloudWatch, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	plainLambda     = service{"Lambda", "LambdaException", "%s (Service: Lambda, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	optimisedLambda = service{"Lambda", "AWSLambdaException", "%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"}
	objects         = service{"S3", "S3Exception", "%s (Service: S3, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	topic           = service{"SNS", "AmazonSNSException", "%s (Service: AmazonSNS; Status Code: %d; Error Code: %s; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"}
	plainTable      = service{"DynamoDb", "DynamoDbException", "%s (Service: DynamoDb, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	table           = service{"DynamoDB", "AmazonDynamoDBException", "%s (Service: AmazonDynamoDBv2; Status Code: %d; Error Code: %s; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"}
)

// failed returns the error as the task reports it. Arguments that the SDK refuses are no error of the service's.
func (s service) failed(err error) error {
	if invalid := (smithy.InvalidParamsError{}); errors.As(err, &invalid) {
		return invalid
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return &interpreter.Error{Name: s.name + ".SdkClientException", Cause: "Unable to execute HTTP request"}
	}
	status := 0
	if response := (*smithyhttp.ResponseError)(nil); errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	args := []any{api.ErrorMessage(), status, api.ErrorCode()}
	return &interpreter.Error{Name: s.name + "." + s.exception(api), Cause: fmt.Sprintf(s.cause, args[:strings.Count(s.cause, "%")]...)}
}

func (s service) exception(err smithy.APIError) string {
	if _, ok := err.(*smithy.GenericAPIError); ok {
		return s.base
	}
	name := reflect.Indirect(reflect.ValueOf(err)).Type().Name()
	// Step Functions adds the suffix where an API leaves it out.
	return strings.TrimSuffix(name, "Exception") + "Exception"
}
