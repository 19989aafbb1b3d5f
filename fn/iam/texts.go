package iam

import (
	"encoding/json"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
)

// Texts are written as a list. IAM takes one text for a list of it, and may give back either.
type Texts []string

// UnmarshalJSON of a list, or of one text.
func (t *Texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = Texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// Values are Texts, but one alone is written without a list.
type Values []string

// UnmarshalJSON of a list, or of one text.
func (v *Values) UnmarshalJSON(data []byte) error {
	return (*Texts)(v).UnmarshalJSON(data)
}

// MarshalJSON of a list, or of one text.
func (v Values) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return []byte(document.JSON(v[0])), nil
	}
	return []byte(document.JSON([]string(v))), nil
}
