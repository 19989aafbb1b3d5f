package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// send a payment that is right but for the changes.
func send(t *testing.T, changes map[string]any) (int, answer) {
	t.Helper()
	t.Setenv("VERSION", "blue")
	fields := map[string]any{"idempotencyKey": "order-0001", "amount": 1250, "currency": "EUR", "source": "tok_4f9aQx72"}
	maps.Copy(fields, changes)
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return sendBody(t, string(body))
}

func sendBody(t *testing.T, body string) (int, answer) {
	t.Helper()
	r, err := handle(t.Context(), events.APIGatewayProxyRequest{Body: body})
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal([]byte(r.Body), &a); err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, a
}

func TestAccepts(t *testing.T) {
	status, first := send(t, nil)
	if status != http.StatusAccepted || first.Version != "blue" || first.Status != "accepted" {
		t.Errorf("got %d, %+v", status, first)
	}
	if _, again := send(t, nil); again.ID != first.ID {
		t.Errorf("the same payment has the ids %q and %q", first.ID, again.ID)
	}
	if _, other := send(t, map[string]any{"idempotencyKey": "order-0002"}); other.ID == first.ID {
		t.Errorf("two payments have the id %q", other.ID)
	}
}

func TestRefuses(t *testing.T) {
	cases := map[string][]any{
		"idempotencyKey": {nil, "short", "order 0001", "order-0001\n", 12345678},
		"amount":         {nil, 0, 12.5, 1_000_001, "1250", true},
		"currency":       {nil, "eur", "XXX"},
		"source":         {nil, "tok_", "4111111111111111", "4111 1111-1111 1111", "tok_4111111111111111"},
	}
	for field, values := range cases {
		for _, value := range values {
			status, a := send(t, map[string]any{field: value})
			if status != http.StatusBadRequest || len(a.Errors) != 1 || a.Errors[0].Field != field {
				t.Errorf("%s %v: got %d, %+v", field, value, status, a)
			}
		}
	}
}

func TestRefusesWhatIsNotAnObject(t *testing.T) {
	want := []fieldError{{"body", "must be a JSON object"}}
	for _, body := range []string{"", "no JSON", "[]", "null"} {
		if status, a := sendBody(t, body); status != http.StatusBadRequest || !reflect.DeepEqual(a.Errors, want) {
			t.Errorf("%q: got %d, %+v", body, status, a)
		}
	}
}
