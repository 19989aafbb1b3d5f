// Command payment answers requests of API Gateway or of a function URL.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(handle)
}

// An answer says which version of the service gave it.
type answer struct {
	Version string       `json:"version"`
	ID      string       `json:"id,omitempty"`
	Status  string       `json:"status,omitempty"`
	Errors  []fieldError `json:"errors,omitempty"`
}

// handle accepts a payment, or says what is wrong with it.
func handle(_ context.Context, event events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	p, errs := read(event.Body)
	if len(errs) > 0 {
		return respond(http.StatusBadRequest, answer{Errors: errs})
	}
	digest := sha256.Sum256([]byte(p.idempotencyKey))
	return respond(http.StatusAccepted, answer{ID: fmt.Sprintf("pay_%x", digest[:16]), Status: "accepted"})
}

func respond(status int, a answer) (events.APIGatewayProxyResponse, error) {
	a.Version = os.Getenv("VERSION")
	body, err := json.Marshal(a)
	return events.APIGatewayProxyResponse{
		StatusCode: status,
		Headers:    map[string]string{"content-type": "application/json"},
		Body:       string(body),
	}, err
}
