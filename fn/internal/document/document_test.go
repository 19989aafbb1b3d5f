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

// TestBytes counts the bytes of texts and of what has them.
func TestBytes(t *testing.T) {
	t.Parallel()
	for want, v := range map[int]any{
		2: "", 7: "plain", 4: `"`, 8: "<", 3: 1.5,
		len(`{"\u0026":["é",null,true,"\u2028\n"]}`): map[string]any{"&": []any{"é", nil, true, "\u2028\n"}},
	} {
		if got := Bytes(v); got != want {
			t.Errorf("%q: want %d, got %d", v, want, got)
		}
	}
}
