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
	// names of what it sends and gets.
	names

	// prefix before the dot.
	prefix string

	// base is the error that stands for those which the API model does not have.
	base string

	// cause is a format of message, status code and error code.
	cause string
}

var (
	deploy          = service{javaNames("codedeploy"), "CodeDeploy", "CodeDeployException", "%s (Service: CodeDeploy, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	pipelines       = service{javaNames("codepipeline"), "CodePipeline", "CodePipelineException", "%s (Service: CodePipeline, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	metrics         = service{javaNames("cloudwatch"), "CloudWatch", "CloudWatchException", "%s (Service: CloudWatch, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	plainLambda     = service{javaNames("lambda"), "Lambda", "LambdaException", "%s (Service: Lambda, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	optimisedLambda = service{names{}, "Lambda", "AWSLambdaException", "%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"}
	objects         = service{javaNames("s3"), "S3", "S3Exception", "%s (Service: S3, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000, Extended Request ID: 00000000-0000-0000-0000-000000000000)"}
	topic           = service{names{}, "SNS", "AmazonSNSException", "%s (Service: AmazonSNS; Status Code: %d; Error Code: %s; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"}
	plainTable      = service{javaNames("dynamodb"), "DynamoDb", "DynamoDbException", "%s (Service: DynamoDb, Status Code: %d, Request ID: 00000000-0000-0000-0000-000000000000)"}
	table           = service{names{}, "DynamoDB", "AmazonDynamoDBException", "%s (Service: AmazonDynamoDBv2; Status Code: %d; Error Code: %s; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"}
)

// failed returns the error as the task reports it. Arguments that the SDK refuses are no error of the service's.
func (s service) failed(err error) error {
	if invalid := (smithy.InvalidParamsError{}); errors.As(err, &invalid) {
		return invalid
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return &interpreter.Error{Name: s.prefix + ".SdkClientException", Cause: "Unable to execute HTTP request"}
	}
	status := 0
	if response := (*smithyhttp.ResponseError)(nil); errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	exception := s.exception(api)
	if !s.knows(exception) {
		return fmt.Errorf("the AWS SDK for Java has no error %s of %s", exception, s.prefix)
	}
	args := []any{api.ErrorMessage(), status, api.ErrorCode()}
	return &interpreter.Error{Name: s.prefix + "." + exception, Cause: fmt.Sprintf(s.cause, args[:strings.Count(s.cause, "%")]...)}
}

func (s service) exception(err smithy.APIError) string {
	if _, ok := err.(*smithy.GenericAPIError); ok {
		return s.base
	}
	name := reflect.Indirect(reflect.ValueOf(err)).Type().Name()
	// Step Functions adds the suffix where an API leaves it out.
	return strings.TrimSuffix(name, "Exception") + "Exception"
}
