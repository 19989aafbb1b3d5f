package document

import "testing"

func TestJSON(t *testing.T) {
	v := struct {
		Name   string `json:"name"`
		Number int    `json:"number,omitempty"`
	}{Name: "a < b && c > d"}
	if want, got := `{"name":"a < b && c > d"}`, JSON(v); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}
