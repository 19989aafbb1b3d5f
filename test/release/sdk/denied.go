package sdk

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A denier is a service with the status code of its refusals: 400 in the protocols that have no other.
type denier struct {
	service

	status int
}

// deniers by the beginning of their integrations.
var deniers = map[string]denier{
	plain + "cloudwatch":   {metrics, http.StatusForbidden},
	plain + "codedeploy":   {deploy, http.StatusBadRequest},
	plain + "codepipeline": {pipelines, http.StatusBadRequest},
	plain + "lambda":       {plainLambda, http.StatusForbidden},
	plain + "s3":           {objects, http.StatusForbidden},
	optimised + "dynamodb": {table, http.StatusBadRequest},
	optimised + "lambda":   {optimisedLambda, http.StatusForbidden},
	optimised + "sns":      {topic, http.StatusForbidden},
}

// Denied is the error of a task whose role may not call an integration, with the message that the service gives.
func Denied(resource, message string) error {
	var err error = &smithy.GenericAPIError{Code: "AccessDeniedException", Message: message}
	of := deniers[resource[:strings.LastIndex(resource, ":")]]
	if of.service == topic {
		err = &types.AuthorizationErrorException{Message: &message}
	}
	response := &smithyhttp.Response{Response: &http.Response{StatusCode: of.status}}
	return of.failed(&smithyhttp.ResponseError{Response: response, Err: err})
}
